"""How a composition came to be, as JSON that needs nothing else to make it again.

The melody's own notes and every number that mattered are written down, and for a chain
of compositions the parents' whole provenance too. What is read back is checked piece by
piece, since files get damaged and may come from anywhere.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import deepcomposer_edu
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import strict_json
from deepcomposer_edu.music.score import Note, Score, note_name
from deepcomposer_edu.music.score_dict import (
    DamagedError,
    field,
    score_from_dict,
    score_to_dict,
)

FORMAT = "deepcomposer-edu composition"
FORMAT_VERSION = 1
MAX_BYTES = 64 << 20  # of a provenance file
MAX_PARENTS = 100  # the longest chain of compositions
MAX_STEPS = 4 * MAX_PARENTS  # with those of other music that became sections
GIVEN_KINDS = ("tune", "file", "score")  # what the first composition was made from


def recorded_score(data: object) -> Score:
    """Return a score that a provenance holds.

    Raises:
        InputError: if anything in it is missing or impossible.
    """
    try:
        return score_from_dict(data)
    except DamagedError as error:
        raise _damaged(error.what) from None


def notes_digest(score: Score) -> str:
    """Return the SHA-256 of everything in a score, 64 hexadecimal digits."""
    text = json.dumps(score_to_dict(score), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def versions(with_torch: bool) -> dict[str, str]:
    """Return the versions that may change the notes; torch only where it was used."""
    found = {
        "deepcomposer_edu": deepcomposer_edu.__version__,
        "python": platform.python_version(),
        "numpy": metadata.version("numpy"),
        "platform": f"{platform.system()} {platform.machine()}",
    }
    if with_torch and "torch" in sys.modules:
        found["torch"] = str(sys.modules["torch"].__version__)
    return found


def to_json(provenance: Mapping) -> str:
    """Return provenance as JSON text: readable, but a note on one line."""
    lines = []
    for key, value in provenance.items():
        if key in ("parents", "result", "edits"):
            text = json.dumps(value, ensure_ascii=False)
        else:
            text = json.dumps(value, ensure_ascii=False, indent=2)
            text = text.replace("\n", "\n  ")
        lines.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_provenance(path: str | Path) -> dict:
    """Return the provenance in a composition.json, with its outline checked.

    Raises:
        InputError: if it cannot be read, or is not provenance that this version knows.
    """
    path = Path(path)
    try:
        if path.is_dir():
            path = path / "composition.json"
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{path} has {path.stat().st_size / 2**20:,.0f} MB, but a "
                f"composition.json has at most {MAX_BYTES >> 20}; choose another file."
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{path} does not exist; give the composition.json that compose wrote."
        ) from None
    except OSError as error:
        raise InputError(
            f"{path} could not be read ({error.strerror}); give the composition.json "
            "that compose wrote."
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path} is not text; give the composition.json that compose wrote."
        ) from None
    try:
        data = strict_json(text)
        check_outline(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except ValueError:
        raise InputError(
            f"{path} is empty or damaged: it is not JSON; give the composition.json "
            "that compose wrote."
        ) from None
    return data


def check_outline(data: object) -> None:
    """Raise an InputError unless `data` has the parts of a composition's provenance.

    Values of technique, genre, seed and parameters are checked by `compose` itself.
    """
    whole = data
    for _ in range(MAX_PARENTS):
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InputError(
                "This is not the provenance of a composition; give the "
                "composition.json that compose wrote."
            )
        version = data.get("format_version")
        if version != FORMAT_VERSION:
            raise InputError(
                f"The provenance has format version {str(version)[:20]}, but this "
                f"program reads version {FORMAT_VERSION}; update the course."
            )
        for name, kind in (
            ("technique", str),
            ("genre", str),
            ("parameters", dict),
            ("seed", int),
            ("instruments", list),
            ("versions", dict),
            ("input_notes", list),
        ):
            _get(data, name, kind)
        if not all(isinstance(text, str) for text in data["input_notes"]):
            raise _damaged("'input_notes' are not sentences")
        _get(_get(data, "result", dict), "sha256", str)
        if data.get("weights") is not None:
            weights = _get(data, "weights", dict)
            _get(weights, "name", str)
            _get(weights, "sha256", str)
        if data.get("raw") is not None:
            _get(_get(data, "raw", dict), "weights", dict)
        if data.get("arrangement") is not None:
            _get(data, "arrangement", dict)
        if data.get("materials") is not None:
            for source in _get(data, "materials", dict).values():
                _check_source(source)
        parents = _get(data, "parents", list)
        if len(parents) != 1:
            raise _damaged("it needs one parent")
        _check_source(parents[0])
        if parents[0]["kind"] != "composition":
            steps_of(whole)  # refuses too many
            return
        data = parents[0]["composition"]
    raise _damaged(f"the chain of compositions is longer than {MAX_PARENTS}")


def _check_source(source: object) -> None:
    """Raise an InputError unless a source is a composition or holds a score."""
    kind = _get(source, "kind", str)
    if kind == "composition":
        _get(source, "composition", dict)
    elif kind in GIVEN_KINDS:
        recorded_score(_get(source, "score", dict))
    else:
        raise _damaged(f"it was made from something of the kind {kind[:20]!r}")


def chain_of(record: Mapping) -> list[Mapping]:
    """Return the provenance of a piece and of what it was made from, the oldest first.

    Other music that an arrangement took for a section is left out; `steps_of` has it.

    Raises:
        InputError: if the chain is too long.
    """
    chain = [record]
    while chain[0]["parents"][0]["kind"] == "composition":
        if len(chain) == MAX_PARENTS:
            raise _damaged(f"the chain of compositions is longer than {MAX_PARENTS}")
        chain.insert(0, chain[0]["parents"][0]["composition"])
    return chain


def origin_of(record: Mapping) -> Mapping:
    """Return what the first composition of a piece's chain was made from.

    Raises:
        InputError: if the chain is too long.
    """
    return chain_of(record)[0]["parents"][0]


def sources_of(record: Mapping) -> list[Mapping]:
    """Return what one step was made from: its parent, and music for other sections.

    What is damaged is left out.
    """
    materials = record.get("materials")
    found = list(record.get("parents") or [])
    found += materials.values() if isinstance(materials, Mapping) else []
    return [source for source in found if isinstance(source, Mapping)]


def steps_of(record: Mapping) -> list[Mapping]:
    """Return the provenance of every step that a piece took, the oldest first.

    A step with several sources, such as an arrangement of two people's sections, comes
    after all of theirs.

    Raises:
        InputError: if there are too many.
    """
    # a step stands in the list before its sources, and the list is turned round
    waiting, found = [(record, 1)], []
    while waiting:
        step, depth = waiting.pop()
        found.append(step)
        if len(found) > MAX_STEPS or depth > MAX_PARENTS:
            raise _damaged(
                f"it has more than {MAX_STEPS} steps, or {MAX_PARENTS} in a row"
            )
        waiting += [
            (source["composition"], depth + 1)
            for source in sources_of(step)
            if isinstance(source.get("composition"), Mapping)
        ]
    return found[::-1]


def networks_of(step: Mapping) -> dict[str, str]:
    """Return the networks that one step names: each one's SHA-256 by its name.

    Those are what wrote its notes, and what plays them where a network does.
    """
    weights, raw = step.get("weights"), step.get("raw")
    found = {}
    if isinstance(weights, Mapping):
        found[str(weights.get("name"))] = str(weights.get("sha256"))
    if isinstance(raw, Mapping) and isinstance(raw.get("weights"), Mapping):
        found |= {str(name): str(sha256) for name, sha256 in raw["weights"].items()}
    return found


def differences(recorded: Mapping, now: Mapping) -> list[str]:
    """Return in words which weights and versions differ between two provenances."""
    found = []
    old, new = recorded.get("weights"), now.get("weights")
    if old != new:
        found.append(f"weights were {_weights_name(old)} and are {_weights_name(new)}")
    old, new = recorded.get("versions", {}), now.get("versions", {})
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            found.append(
                f"{name[:30]} was {str(old.get(name))[:40]} and is "
                f"{str(new.get(name))[:40]}"
            )
    return found


def _weights_name(weights: object) -> str:
    """Return weights as name and first digits of their SHA-256."""
    if not isinstance(weights, Mapping):
        return "none"
    return f"{str(weights.get('name'))[:40]} {str(weights.get('sha256'))[:12]}"


def first_difference(expected: Score, got: Score) -> str | None:
    """Return where two scores first differ, in bar, beat and voice, or None.

    >>> one = Score.from_notes([(0, 60, 4), (20, 62, 4)])
    >>> first_difference(one, Score.from_notes([(0, 60, 4), (20, 64, 4)]))
    'bar 2, beat 2, voice 1: D4 for 4 steps became E4 for 4 steps'
    """
    if len(expected.tracks) != len(got.tracks):
        return f"{len(expected.tracks)} voices became {len(got.tracks)}"
    found = []
    for k, (old, new) in enumerate(zip(expected.tracks, got.tracks, strict=True)):
        name = old.name[:30] or f"voice {k + 1}"
        pairs = zip(old.notes, new.notes, strict=False)
        i = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
        if i is None and len(old.notes) != len(new.notes):
            i = min(len(old.notes), len(new.notes))
        if i is not None:
            before = old.notes[i] if i < len(old.notes) else None
            after = new.notes[i] if i < len(new.notes) else None
            start = min(note.start for note in (before, after) if note)
            text = f"{name}: {_note_words(before)} became {_note_words(after)}"
            found.append((start, k, text))
        elif (old.program, old.name) != (new.program, new.name):
            text = f"{name}: the instrument {old.program} became {new.program}"
            found.append((0, k, text))
    if found:
        start, _, text = min(found)
        return f"{_place(expected, start)}, {text}"
    if notes_digest(expected) != notes_digest(got):
        return "the tempo, the metre or the title"
    return None


def _note_words(note: Note | None) -> str:
    """Return a note in words, or that there is none."""
    if note is None:
        return "nothing"
    return f"{note_name(note.pitch)} for {note.duration:g} steps"


def _place(score: Score, step: float) -> str:
    """Return 'bar 2, beat 3' for a step; an incomplete first bar is bar 0."""
    metre = score.metres[0]
    bar, inside = divmod(step - score.pickup, metre.steps_per_bar)  # bar -1: the pickup
    beat = inside // (16 / metre.denominator)
    return f"bar {int(bar) + 1}, beat {int(beat) + 1}"


def _damaged(what: str) -> InputError:
    """Return the error for provenance that cannot be used."""
    return InputError(
        f"The provenance is damaged: {what}; give the composition.json that compose "
        "wrote."
    )


def _get(data: object, name: str, kind: type | tuple[type, ...]) -> object:
    """Return `data[name]` if it is there and of the right kind."""
    try:
        return field(data, name, kind)
    except DamagedError as error:
        raise _damaged(error.what) from None
