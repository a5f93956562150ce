"""What the values of a history are called, and which belong into one picture.

Nothing here draws, so that widgets can use it without loading matplotlib.
"""

from __future__ import annotations

from collections.abc import Iterable

_GAME_LOSSES = ("critic_loss", "generator_loss")  # of a WGAN
_PREDICTION_LOSSES = ("loss", "valid_loss")  # of a network that predicts what comes
LOSSES = (*_GAME_LOSSES, *_PREDICTION_LOSSES)
MEASURES = (
    "triad_rate",
    "dissonant_pair_rate",
    "best_scale_rate",
    "hold_rate",
    "voice_order_rate",
)
VOICES = ("alto", "tenor", "bass")
VOICE_MEASURES = ("empty_bar_rate", "used_pitch_classes", "in_c_major_ratio")
LABELS = {
    "critic_loss": "critic loss",
    "generator_loss": "generator loss",
    "loss": "on what it learns from",
    "valid_loss": "on music kept back",
    "learning_rate": "learning rate",
    "gradient_norm": "gradient length",
    "bits_per_character": "bits per character",
    "valid_note_bits": "bits a note",
    "wasserstein": "Wasserstein estimate",
    "gradient_penalty": "gradient penalty",
    "triad_rate": "triads",
    "dissonant_pair_rate": "dissonant pairs",
    "best_scale_rate": "notes in scale",
    "in_scale": "notes in scale",
    "hold_rate": "held notes",
    "empty_bar_rate": "empty bars",
    "in_c_major_ratio": "notes in C major",
    "used_pitch_classes": "pitch classes in a bar",
    "voice_order_rate": "voices in order",
    "onsets_per_step": "notes struck per step",
    "moving_pair_rate": "pairs that both move",
    "parallel_fifths_per_1000": "parallel fifths per 1000",
    "parallel_octaves_per_1000": "parallel octaves per 1000",
}
_NOT_SHARES = (
    *("loss", "wasserstein", "penalty", "per_", "seconds", "step", "distance"),
    *("classes", "gradient_norm", "learning_rate", "bits", "nats", "perplexity"),
)
# Pictures of several values each: title, and the values that may be in it.
_LOSS_PANELS = {
    "Loss": _PREDICTION_LOSSES,
    "Losses": _GAME_LOSSES,
    "Wasserstein estimate": ("wasserstein",),
    "Gradient penalty": ("gradient_penalty",),
}
_METRIC_PANELS = {
    "Harmony": MEASURES[:4],
    "Order and motion": ("voice_order_rate", "moving_pair_rate"),
    "Notes struck": ("onsets_per_step",),
    "Parallels": ("parallel_fifths_per_1000", "parallel_octaves_per_1000"),
}
# Of networks that predict; they come last.
_STEERING_PANELS = {
    "Gradient length": ("gradient_norm",),
    "Learning rate": ("learning_rate",),
}
_BY_GENRE = "valid_loss_"  # and the genre


def label_of(name: str) -> str:
    """Return what a key of the history is called in figures.

    >>> label_of("triad_rate"), label_of("my_own_measure")
    ('triads', 'my own measure')
    """
    return LABELS.get(name, name.replace("_", " "))


def is_share(name: str) -> bool:
    """Return whether a key holds a share between 0 and 1, shown in per cent."""
    return not any(part in name for part in _NOT_SHARES)


def loss_panels(names: Iterable[str]) -> list[dict]:
    """Return the pictures of the losses: how the game goes, or the predicting.

    Args:
        names: the keys that the history has.

    Returns:
        For each picture its `title`, whether it `is_share`, and its `lines`: each with
        `name`, `label` and `track`, the number of its colour.
    """
    return _panels(_LOSS_PANELS, set(names))


def metric_panels(names: Iterable[str]) -> list[dict]:
    """Return the pictures of the music in numbers, like `loss_panels`.

    Metrics of single voices have their voice's colour. Keys that no picture of the
    course names, your own, come after, each in a picture of its own; what steers the
    training of a network that predicts comes last.
    """
    present = set(names)
    panels = _panels(_METRIC_PANELS, present)
    by_voice = {}
    for measure in VOICE_MEASURES:
        keys = [f"{measure}_{voice}" for voice in VOICES]
        by_voice |= dict.fromkeys(keys, measure)
        lines = [
            {"name": key, "label": voice, "track": 1 + i}
            for i, (key, voice) in enumerate(zip(keys, VOICES, strict=True))
            if key in present
        ]
        if lines:
            title = _titled(label_of(measure)) + ", voice by voice"
            shown = {"title": title, "is_share": is_share(measure), "lines": lines}
            panels.append(shown)
    genres = sorted(name for name in present if name.startswith(_BY_GENRE))
    if genres:
        lines = [
            {"name": name, "label": name.removeprefix(_BY_GENRE), "track": number}
            for number, name in enumerate(genres)
        ]
        shown = {"title": "Loss by genre", "is_share": False, "lines": lines}
        panels.append(shown)
    known = {"step", "seconds", *by_voice, *genres}
    for groups in (_LOSS_PANELS, _METRIC_PANELS, _STEERING_PANELS):
        for group in groups.values():
            known |= set(group)
    own = {_titled(label_of(name)): (name,) for name in sorted(present - known)}
    return panels + _panels(own | _STEERING_PANELS, present)


def _panels(groups: dict[str, tuple[str, ...]], present: set[str]) -> list[dict]:
    panels = []
    for title, names in groups.items():
        lines = [
            {"name": name, "label": label_of(name), "track": number}
            for number, name in enumerate(names)
            if name in present
        ]
        if lines:
            share = all(is_share(line["name"]) for line in lines)
            panels.append({"title": title, "is_share": share, "lines": lines})
    return panels


def _titled(words: str) -> str:
    return words[:1].upper() + words[1:]
