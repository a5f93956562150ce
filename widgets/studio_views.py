"""What each panel of the studio shows, worked out from a session: data, no widget.

Every function takes the session and gives the dictionary that a panel's JavaScript
draws (`widgets/studio/`). Nothing here changes anything.
"""

from __future__ import annotations

from deepcomposer_edu.compose.export.saving import PART_WORDS
from deepcomposer_edu.compose.instruments import instrument_names
from deepcomposer_edu.compose.session.melody_desk import BAR_CHOICES, MAX_SHIFT
from deepcomposer_edu.compose.session.melody_state import GRIDS
from deepcomposer_edu.compose.session.parts import melody_notes
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.compose.techniques.catalogue import (
    find_technique,
    technique_names,
)
from deepcomposer_edu.compose.versions import Version
from deepcomposer_edu.music.limits import MAX_FILE_BYTES
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.music.words import counted
from deepcomposer_edu.widgets.studio_words import (
    PART_TITLES,
    genre_title,
    parameter_title,
    sentence,
    short_path,
    technique_title,
    value_words,
    version_title,
)

MAX_NOTES_TO_ASK = 2000  # a menu of more would be of no use
NOTHING_YET = "Nothing composed yet. Press Compose in step 2, and it can be heard here."
BY_RULE = (
    "The harmony is the network's; how the band plays it follows rules written by "
    "hand, since no network here has learned this style."
)
Busy = dict[str, object] | None


def head_view(session: Session) -> dict:
    """Return the four steps with where each stands."""
    current = session.current
    n_files = len(session.files)
    details = [
        (session.desk.score.title or "a melody", True),
        (genre_title(session.genre), current is not None),
        (version_title(current) if current else "nothing yet", current is not None),
        (counted(n_files, "file") if n_files else "not saved yet", n_files > 0),
    ]
    return {"steps": [{"detail": text, "is_done": done} for text, done in details]}


def melody_view(session: Session, tab: str) -> dict:
    """Return where the melody comes from: the tunes, and the one chosen."""
    state = session.desk.state
    tunes = [_tune(row) for row in session.desk.tunes()]
    chosen = state.name if state.source == "tune" else None
    return {
        "tab": tab,
        "tunes": [{"name": tune["name"], "title": tune["title"]} for tune in tunes],
        "tune": chosen,
        "about": next((t["about"] for t in tunes if t["name"] == chosen), ""),
        "max_bytes": MAX_FILE_BYTES,
    }


def desk_view(session: Session, is_editing: bool) -> dict:
    """Return the melody itself, with what is turned on it."""
    desk, state = session.desk, session.desk.state
    return {
        "summary": desk.summary,
        "said": desk.said,
        "music": score_to_dict(desk.score),
        "shift": state.shift,
        "max_shift": MAX_SHIFT,
        "tempo": desk.score.tempo,
        "rhythm": state.rhythm,
        "rhythms": list(GRIDS),
        "n_bars": state.n_bars,
        "bar_choices": [
            n for n in BAR_CHOICES if n <= desk.n_bars or n == state.n_bars
        ],
        "can_undo": desk.can_undo,
        "can_redo": desk.can_redo,
        "is_editing": is_editing,
    }


def compose_view(session: Session, busy: Busy) -> dict:
    """Return what can be chosen to compose with, and what is."""
    technique = find_technique(session.technique)
    values = session.values
    genres = session.genres()
    is_band = any(g.kind == "band" and g.name == session.genre for g in genres)
    return {
        "limits": [BY_RULE] if is_band else [],
        "aside": f"{genre_title(session.genre)}, seed {session.seed}",
        "genres": [
            {
                "name": genre.name,
                "title": genre_title(genre.name),
                "summary": sentence(genre.summary),
            }
            for genre in genres
        ],
        "genre": session.genre,
        "techniques": [
            {"name": name, "title": technique_title(name)} for name in technique_names()
        ],
        "technique": session.technique,
        "about": technique.summary,
        "origin": session.origin,
        "origins": [
            {"id": None, "title": "the melody"},
            *(
                {"id": version.id, "title": f"{version_title(version)} (chain)"}
                for version in session.versions
            ),
        ],
        "seed": session.seed,
        "parameters": [
            {
                "name": parameter.name,
                "title": parameter_title(parameter.name),
                "meaning": sentence(parameter.meaning),
                "value": values[parameter.name],
                "kind": type(parameter.default).__name__,
                "low": parameter.low,
                "high": parameter.high,
                "choices": list(parameter.choices),
                "example": parameter.example.strip('"'),
                "code": code_view(session, parameter.name),
            }
            for _, parameter in session.parameters.values()
        ],
        "can_try_again": session.current is not None,
        "busy": busy,
    }


def code_view(session: Session, parameter: str) -> dict | None:
    """Return the line of code that a parameter changes with the lines around it."""
    link = session.code_of(parameter)
    if link is None:
        return None
    return {
        "path": f"deepcomposer_edu/{link.path}",
        "line": link.line,
        "lines": [{"number": number, "text": text} for number, text in link.excerpt],
    }


def listen_view(session: Session) -> dict:
    """Return the tree of versions, and what is compared."""
    current, pair = session.current, session.pair
    view = {
        "empty": "" if current else NOTHING_YET,
        "aside": version_title(current) if current else "",
        "versions": [version_row(version) for version in session.versions],
        "current": current.id if current else None,
        "compared": pair.other if pair else None,
        "can_undo": session.versions.can_undo,
        "can_redo": session.versions.can_redo,
        "problems": list(session.versions.problems),
    }
    if pair and pair.other:
        other = session.versions.get(pair.other)
        view |= {
            "a": version_title(current),
            "b": version_title(other),
            "heard": session.heard,
            "difference": pair.sentence,
        }
    return view


def ask_view(session: Session, busy: Busy) -> dict:
    """Return the notes that can be moved, the answer, and how the version was made."""
    current, listening = session.current, session.listening
    if current is None:
        return {
            "is_empty": True,
            "notes": [],
            "note": 0,
            "semitones": 2,
            "said": [],
            "recipe": [],
            "busy": None,
        }
    notes = melody_notes(current.composition)[:MAX_NOTES_TO_ASK]
    return {
        "notes": [{"index": index, "words": words} for index, words in notes],
        "note": listening.note_index if listening else min(4, len(notes) - 1),
        "semitones": session.asked_semitones,
        "answer": listening.sentence if listening else "",
        "heard": session.heard,
        "said": list(current.composition.notes),
        "recipe": recipe(session, current),
        "busy": busy,
    }


def keep_view(session: Session, busy: Busy) -> dict:
    """Return what can be saved, and what was."""
    files = [
        {"part": part, "name": path.name, "size": path.stat().st_size}
        for part, path in session.files.items()
        if path.is_file()
    ]
    return {
        "empty": "" if session.current else "There is something to keep after step 2.",
        "aside": f"{version_title(session.current)}" if session.current else "",
        "parts": [
            {"name": part, "title": PART_TITLES[part], "words": words.replace("`", "")}
            for part, words in PART_WORDS.items()
        ],
        "chosen": list(session.parts),
        "files": files,
        "folder": f"Saved in {short_path(next(iter(session.files.values())).parent)}"
        if files
        else "",
        "busy": busy,
    }


def version_row(version: Version) -> dict:
    """Return a version as a row of the history."""
    composition = version.composition
    made = composition.provenance
    detail = [
        composition.score.title or "melody",
        genre_title(made["genre"]),
        *([] if made["technique"] == "wgan" else [made["technique"]]),
        f"seed {made['seed']}",
        version.saved_at.astimezone().strftime("%H:%M"),
    ]
    return {
        "id": version.id,
        "parent": version.parent_id,
        "title": version_title(version),
        "detail": " · ".join(detail),
    }


def recipe(session: Session, version: Version) -> list[list[str]]:
    """Return how a version was made, as rows of name and value."""
    composition = version.composition
    made = composition.provenance
    weights = made.get("weights")
    rows = [
        ["melody", _origin(made)],
        ["technique", technique_title(made["technique"])],
        ["style", genre_title(made["genre"])],
        ["seed", str(made["seed"])],
        *(
            [parameter_title(name).lower(), value_words(value)]
            for name, value in made["parameters"].items()
            if value != ""
        ),
        ["instruments", ", ".join(dict.fromkeys(instrument_names(composition)))],
    ]
    if weights:
        name, digest = weights.get("name"), str(weights.get("sha256"))[:12]
        rows.append(["network", f"{name}, fingerprint {digest}"])
    parent = version.parent_id
    if parent in session.versions:
        rows.append(["made after", version_title(session.versions.get(parent))])
    return rows


def _tune(row: dict) -> dict:
    """Return a tune's name, title and the sentence about it."""
    about = f"{row['composer']}, {row['year']}; {row['key']}, {row['metre']}."
    return {
        "name": row["name"],
        "title": row["title"],
        "about": f"{about} {row.get('about', '')}".strip(),
    }


def _origin(made: dict) -> str:
    """Return what a composition was made of, in words."""
    parent = made["parents"][0]
    if parent["kind"] == "composition":
        earlier = parent["composition"]
        how = f"{technique_title(earlier['technique'])}, seed {earlier['seed']}"
        return f"a version before it ({how})"
    kinds = {"tune": "the tune", "file": "the file", "score": "the melody"}
    return f"{kinds[parent['kind']]} {parent.get('name') or ''}".strip()
