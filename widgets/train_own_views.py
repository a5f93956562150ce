"""What the form of `train_own.py` shows, worked out from what is chosen: data only."""

from __future__ import annotations

from dataclasses import asdict

from deepcomposer_edu.compose.own_training.choices import (
    AUTO,
    TEXTURE,
    melody_choices,
)
from deepcomposer_edu.compose.own_training.desk import TrainingDesk
from deepcomposer_edu.compose.own_training.kinds import KINDS
from deepcomposer_edu.music.score import note_name

MAX_ROWS = 200  # files that are listed
TRACK_CHOICES = (
    (
        AUTO,
        "automatically: Soprano, Alto, Tenor, Bass, or the highest and three others",
    ),
    (TEXTURE, "from all notes together: for piano music and chords"),
    ("chosen", "these four tracks, melody first"),
)
FILTERS = (  # name, title, placeholder, kind
    ("metres", "Metres", "any, or 4/4, 3/4", "text"),
    ("min_bars", "Fewest bars", "any", "number"),
    ("max_bars", "Most bars", "any", "number"),
    ("min_tempo", "Slowest tempo", "any", "number"),
    ("max_tempo", "Fastest tempo", "any", "number"),
    ("min_notes", "Fewest notes", "any", "number"),
    ("max_off_grid", "Share of notes off the grid", "0.2", "number"),
    ("min_full_share", "Share of time with all four voices", "0.5", "number"),
)


def form_view(
    desk: TrainingDesk, busy: dict | None, is_training: bool, trained: str
) -> dict:
    """Return everything that the form shows."""
    return {
        "source": desk.source,
        "folder": desk.folder,
        **_tracks(desk),
        "filters": [
            {
                "name": name,
                "title": title,
                "hint": hint,
                "kind": kind,
                "value": str(desk.rules.get(name, "")),
            }
            for name, title, hint, kind in FILTERS
        ],
        "drums": desk.rules.get("drums") == "refuse",
        "report": desk.prepared.sentences if desk.prepared is not None else [],
        "files": _files(desk),
        "networks": [
            {"name": kind.name, "title": kind.title, "summary": _sentence(kind.summary)}
            for kind in KINDS.values()
        ],
        "network": desk.network,
        "sizes": [
            {"name": name, "summary": _sentence(summary)}
            for name, summary in desk.kind.sizes
        ],
        "size": desk.size,
        "settings": _settings(desk),
        **_length(desk),
        "steps": desk.kind.steps,
        "melodies": melody_choices() if desk.kind.has_melody else [],
        "melody": desk.melody,
        "seed": desk.seed,
        "name": desk.name,
        "cost": _cost(desk),
        "busy": busy,
        "is_training": is_training,
        "trained": trained,
    }


def _tracks(desk: TrainingDesk) -> dict:
    """Return the choice of tracks, and those of the first file to choose from."""
    chosen = desk.rules.get("tracks", AUTO)
    file, rows = desk.tracks
    return {
        "track_choices": [list(choice) for choice in TRACK_CHOICES],
        "tracks": chosen if chosen in (AUTO, TEXTURE) else "chosen",
        "picks": "" if chosen in (AUTO, TEXTURE) else str(chosen),
        "track_file": file,
        "track_rows": [
            [
                str(row["number"]),
                row["name"],
                row["instrument"],
                str(row["n_notes"]),
                "" if row["instrument"] == "drums" else _range(row),
            ]
            for row in rows[:32]
        ],
    }


def _range(row: dict) -> str:
    return f"{note_name(row['lowest'])} to {note_name(row['highest'])}"


def _files(desk: TrainingDesk) -> list[list]:
    """Return what became of each file, those left out first."""
    reports = desk.prepared.reports if desk.prepared is not None else ()
    ordered = sorted(reports, key=lambda report: report.is_used)
    return [[r.file, r.is_used, _sentence(r.reason)] for r in ordered[:MAX_ROWS]]


def _settings(desk: TrainingDesk) -> list[dict]:
    """Return the networks' settings, each with its value and what it is usually."""
    values, usual = desk.chosen.values, desk.usual
    return [
        asdict(setting)
        | {
            "value": values[setting.name],
            "is_changed": values[setting.name] != usual[setting.name],
        }
        for setting in desk.kind.settings_of(desk.size)
    ]


def _length(desk: TrainingDesk) -> dict:
    """Return steps and epochs; one follows from the other once the music is read."""
    unit, value = desk.length
    epochs = desk.prepared.epochs if desk.prepared is not None else None
    if unit == "epochs":
        epochs = value
    return {
        "n_steps": "" if desk.n_steps is None else desk.n_steps,
        "epochs": "" if epochs is None else float(f"{epochs:.3g}"),
    }


def _cost(desk: TrainingDesk) -> str:
    """Return what is to be learned, and how long it takes if that was measured."""
    if desk.estimate is not None:
        return desk.estimate.sentence
    first, *more = desk.chosen.parameters.items()
    text = f"The {first[0]} learns {first[1]:,} numbers"
    return text + "".join(f", the {name} {count:,}" for name, count in more) + "."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
