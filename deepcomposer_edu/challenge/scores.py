"""What judges are asked, and their answers as files, which may come from anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from deepcomposer_edu.challenge.brief import ANCHORS
from deepcomposer_edu.challenge.reading import shown
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import strict_json

FORMAT, FORMAT_VERSION = "deepcomposer-edu scores", 1
MAX_BYTES, MAX_ENTRIES = 2 << 20, 300
MAX_JUDGE, MAX_COMMENT, MAX_FELT = 60, 300, 3


@dataclass(frozen=True)
class Question:
    """One thing that a judge scores from 1 to 5.

    Args:
        key: its name in files.
        title: in a word or two.
        short: in a few letters, for a table.
        question: what the judge is asked.
        weight: points for each mark: 2 makes 1 to 5 into 2 to 10 points.
    """

    key: str
    title: str
    short: str
    question: str
    weight: float


QUESTIONS = (
    Question("originality", "Originality", "orig.", "Would I recognise this again?", 2),
    Question("rhythm", "Rhythm", "rhythm", "Does the rhythm support the tune?", 2),
    Question("accompaniment", "Accompaniment", "acc.", "Would the melody miss it?", 2),
    Question(
        "cleanliness",
        "Cleanliness",
        "clean",
        "Any moment that made you wince? 5 is: none at all.",
        2,
    ),
    Question("emotion", "Emotional resonance", "emotion", "Did it move you?", 4),
    Question("brief", "Brief", "brief", "Is it Baroque, and is it space?", 1),
)
KEYS = tuple(question.key for question in QUESTIONS)
MARKS = tuple(ANCHORS)
# What a judge may have felt, and the letters by which an intent is known to name it.
FEELINGS = {
    "wonder": "wonder",
    "awe": "awe",
    "solemn": "solemn",
    "calm": "calm",
    "joy": "joy",
    "hope": "hope",
    "longing": "longing",
    "sad": "sad",
    "lonely": "lonel",
    "tense": "tens",
    "tender": "tender",
    "proud": "proud",
}
FLAGS = {
    "rights": "I doubt that this may be used",
    "copied": "It sounds copied",
    "broken": "The sound is broken",
}


@dataclass(frozen=True)
class Said:
    """What one judge said of one entry.

    Args:
        marks: 1 to 5 for each of KEYS; empty if it was not scored.
        felt: up to three of FEELINGS.
        comment: for its composers.
        flags: of FLAGS.
        why: the reason for the flags.
        heard: how much of it was listened to, 0 to 1.
        is_own: the judge made it, or helped; then there are no marks.
    """

    marks: dict[str, int] = field(default_factory=dict)
    felt: tuple[str, ...] = ()
    comment: str = ""
    flags: tuple[str, ...] = ()
    why: str = ""
    heard: float = 0.0
    is_own: bool = False


@dataclass(frozen=True)
class Scores:
    """What one judge said.

    Args:
        judge: a name, or a made-up one.
        contest: which judging it belongs to.
        entries: what was said of each entry, by its code; finished ones only, and
            those that bear a flag.
    """

    judge: str
    contest: str
    entries: dict[str, Said]

    @property
    def n_scored(self) -> int:
        """How many entries the judge scored."""
        return sum(bool(said.marks) for said in self.entries.values())


def declared(intent: str) -> tuple[str, ...]:
    """Return which of FEELINGS an intent names.

    >>> declared("Wonder, then loneliness.")
    ('wonder', 'lonely')
    """
    words = [w.strip(".,;:!?\"'()").lower() for w in intent.split()]
    return tuple(
        feeling
        for feeling, letters in FEELINGS.items()
        if any(word.startswith(letters) for word in words)
    )


def score_files(files: Iterable[str | Path]) -> list[Path]:
    """Return the files that may hold scores: those given, and those in folders."""
    found: list[Path] = []
    for path in map(Path, files):
        inside = (one for one in path.glob("*.json") if one.name != "key.json")
        found += sorted(inside) if path.is_dir() else [path]
    return found


def read_scores(path: str | Path) -> Scores:
    """Return the scores in a file that a judge saved.

    Nothing in it is believed: types, lengths and ranges are checked, and what is
    unknown is ignored.

    Raises:
        InputError: with the file's name, if it holds no scores.
    """
    path = Path(path)
    try:
        if path.is_symlink() or not path.is_file():
            raise InputError("it is no plain file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InputError(f"it has more than {MAX_BYTES >> 20} MB")
        return _scores(strict_json(data))
    except InputError as error:
        why = str(error)
    except OSError as error:
        why = f"it could not be read ({error.strerror})"
    except ValueError:
        why = "it is no JSON"
    raise InputError(
        f"{shown(path.name)} holds no scores: {why}. Give the file that a judge saved "
        "from the page."
    )


def _scores(data: object) -> Scores:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(f'its format is not "{FORMAT}"')
    if data.get("format_version") != FORMAT_VERSION:
        raise InputError("it is of another version of this course")
    judge = _text(data.get("judge"), MAX_JUDGE, "the judge's name")
    if not judge:
        raise InputError("it does not say who judged")
    contest = _text(data.get("contest"), 64, "the contest")
    entries = data.get("entries")
    if not isinstance(entries, dict) or len(entries) > MAX_ENTRIES:
        raise InputError(f"it does not hold at most {MAX_ENTRIES} entries")
    found = {}
    for code, said in entries.items():
        one = _said(said, shown(str(code), 20))
        if one.marks or one.flags or one.is_own:
            found[shown(code, 20)] = one
    return Scores(judge, contest, found)


def _said(data: object, code: str) -> Said:
    if not isinstance(data, dict):
        raise InputError(f"what it says of {code} is no object")
    given, marks = data.get("scores"), {}
    is_own = data.get("own") is True
    if data.get("done") is True and not is_own:
        for key in KEYS:
            mark = given.get(key) if isinstance(given, dict) else None
            if type(mark) is not int or mark not in MARKS:
                raise InputError(f"the mark of {code} for {key} is not 1 to 5")
            marks[key] = mark
    heard = data.get("heard_share", 0.0)
    if isinstance(heard, bool) or not isinstance(heard, int | float):
        raise InputError(f"how much of {code} was heard is no number")
    return Said(
        marks,
        _chosen(data.get("felt", []), tuple(FEELINGS))[:MAX_FELT],
        _text(data.get("comment", ""), MAX_COMMENT, f"the comment on {code}"),
        _chosen(data.get("flags", []), tuple(FLAGS)),
        _text(data.get("why", ""), MAX_COMMENT, f"the reason of a flag on {code}"),
        float(min(max(heard, 0), 1)),
        is_own,
    )


def _chosen(data: object, allowed: tuple[str, ...]) -> tuple[str, ...]:
    given = data if isinstance(data, list) else []
    return tuple(one for one in allowed if one in given)


def _text(value: object, most: int, what: str) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise InputError(f"{what} is no text of at most {most} letters")
    return " ".join(shown(value, most).split())
