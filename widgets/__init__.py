"""Widgets for the notebooks: what you touch, hear and see."""

from __future__ import annotations

from importlib import import_module

# Where each widget lives; it is loaded when it is first asked for.
_HOMES = {
    "AttentionView": "attention",
    "BachOrBot": "bach_or_bot",
    "EditDesk": "edit_desk",
    "Editor": "editor",
    "EmbeddingMap": "embedding_map",
    "FailureClinic": "clinic",
    "GANGame": "gan_game",
    "LinkedView": "linked",
    "MorphPad": "morph_pad",
    "NormView": "norm_view",
    "PianoKeyboard": "keyboard",
    "Player": "player",
    "ReceptiveField": "receptive_field",
    "Sliders": "sliders",
    "Studio": "studio",
    "TrainYourOwn": "train_own",
    "TrainingMonitor": "monitor",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> type:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
