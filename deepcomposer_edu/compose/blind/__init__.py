"""Bach or bot: a listening test that can be trusted.

Each round is a coin flip between a person's music and a machine's; both are cut,
played and made equally loud by the same code. `blind_test` makes one of Bach's chorales
that no network has learned from, `blind_test_of` one of any two lists of scores.
"""

from __future__ import annotations

from importlib import import_module

# Where each name lives; it is loaded when it is first asked for.
_HOMES = {
    "BlindTest": "rounds",
    "ClickJudge": "clicks",
    "PUBLISHED": "published",
    "Pooled": "pooling",
    "Result": "result",
    "Round": "rounds",
    "blind_page": "page",
    "blind_test": "chorales",
    "blind_test_of": "rounds",
    "judge_of": "clicks",
    "pool": "pooling",
    "read_result": "result_files",
    "voice_features": "clicks",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
