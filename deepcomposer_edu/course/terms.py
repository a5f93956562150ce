"""The words of the course: what each means, where it is taught, how it sounds.

`terms.toml` beside this file is the one source; the notebook, the command line and
`docs/glossary.md` show what stands there.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deepcomposer_edu.errors import InputError

PATH = Path(__file__).with_suffix(".toml")
KINDS = {  # what a kind of terms is called on a page
    "music": "Music",
    "sound": "Sound",
    "learning": "Networks that learn",
}


@dataclass(frozen=True)
class Term:
    """One word of the course.

    Args:
        name: the word.
        kind: one of KINDS.
        means: what it is, in plain words.
        also: other names, and other forms of the word.
        lesson: the number of the lesson that teaches it; "" if none does.
        see: names of terms that stand near it.
        heard: what is to be heard, in words; "" if there is nothing to hear.
        voices: notes of each voice, as `term_sounds` reads them.
        instruments: of each voice, by name; none for the piano.
        tempo: beats a minute.
        sound: the name of a sound that is no notes; "" for notes.
    """

    name: str
    kind: str
    means: str
    also: tuple[str, ...] = ()
    lesson: str = ""
    see: tuple[str, ...] = ()
    heard: str = ""
    voices: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: float = 100.0
    sound: str = ""

    @property
    def text(self) -> str:
        """The explanation, and where to go on, as one paragraph."""
        parts = [f"{self.name}: {self.means}"]
        if self.lesson:
            parts.append(f"Lesson {self.lesson} teaches it.")
        if self.see:
            parts.append(f"See also: {', '.join(self.see)}.")
        return " ".join(parts)


def _term(name: str, row: dict) -> Term:
    voices = row.get("hear", ())
    return Term(
        name,
        row["kind"],
        row["means"],
        also=tuple(row.get("also", ())),
        lesson=row.get("lesson", ""),
        see=tuple(row.get("see", ())),
        heard=row.get("heard", ""),
        voices=(voices,) if isinstance(voices, str) else tuple(voices),
        instruments=tuple(row.get("with", ())),
        tempo=float(row.get("tempo", 100)),
        sound=row.get("sound", ""),
    )


@cache
def terms() -> dict[str, Term]:
    """Return all terms by name, in the order of the file.

    Raises:
        InputError: if the file is missing or damaged.
    """
    try:
        rows = tomllib.loads(PATH.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{PATH} cannot be read ({error}); get the course again."
        ) from error
    return {name: _term(name, row) for name, row in rows.items()}


@cache
def _by_word() -> dict[str, Term]:
    """Return the terms by every name and form of theirs, in small letters.

    Where two terms claim a word, the one whose own name it is has it.
    """
    found: dict[str, Term] = {}
    for term in terms().values():
        for word in term.also:
            found.setdefault(word.lower(), term)
    return found | {name.lower(): term for name, term in terms().items()}


def is_term(word: str) -> bool:
    """Return whether the glossary has a word.

    >>> is_term("Triads"), is_term("aardvark")
    (True, False)
    """
    return " ".join(word.lower().split()) in _by_word()


def find_term(word: str) -> Term:
    """Return the term that a word means, whatever its case or form.

    Args:
        word: such as "triad", "Triads" or "GAN".

    Raises:
        InputError: if the glossary does not have it; names what comes near.

    >>> find_term("GAN").name
    'generative adversarial network'
    """
    if not isinstance(word, str):
        raise InputError(
            f"A word was expected, but this is a {type(word).__name__}; write it in "
            'quotes, such as "triad".'
        )
    asked = " ".join(word.lower().split())
    if asked in _by_word():
        return _by_word()[asked]
    near = difflib.get_close_matches(asked, _by_word(), n=3, cutoff=0.7)
    words = list(dict.fromkeys(_by_word()[one].name for one in near))
    hint = (
        f"did you mean {' or '.join(words)}?"
        if words
        else "course.glossary() and `deepcomposer explain` list all."
    )
    raise InputError(f"The glossary has no {word[:40]!r}; {hint}")
