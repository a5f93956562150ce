"""What the charts of GANGame and FailureClinic show, as plain data."""

from __future__ import annotations

from deepcomposer_edu.viz.names import LABELS

_WORDS = LABELS | {
    "real_score": "of real pieces",
    "fake_score": "of generated ones",
    "covered_share": "places reached",
    "near_share": "points near a place",
    "top_share": "the most frequent one",
    "distinct_share": "different bars",
    "known_share": "bars that are in the data",
    "off_beat_share": "off the beat",
    "sixteenth_share": "between eighths",
    "onsets_per_bar": "notes started",
    "step_share": "to the next note of the scale",
    "repeat_share": "to the same note",
}


def panel(title: str, is_share: bool, names: tuple[str, ...]) -> dict[str, object]:
    """Return one picture of a chart: its title, whether in per cent, its lines."""
    lines = [
        {"name": name, "label": _WORDS[name], "track": track}
        for track, name in enumerate(names)
    ]
    return {"title": title, "is_share": is_share, "lines": lines}


LOSSES = (
    panel("Losses", False, ("critic_loss", "generator_loss")),
    panel("Critic's mean scores", False, ("real_score", "fake_score")),
)
POINTS = (panel("Points", True, ("covered_share", "near_share", "top_share")),)
ONE_BAR = panel("Bars", True, ("distinct_share", "known_share", "top_share"))
BARS = (
    ONE_BAR,
    panel("Where notes start", True, ("off_beat_share", "sixteenth_share")),
    panel("Notes in a bar", False, ("onsets_per_bar",)),
)
MELODIES = (*BARS, panel("Moves", True, ("step_share", "repeat_share")))
