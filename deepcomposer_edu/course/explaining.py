"""A word of the course, explained in a notebook: read it, hear it, go on from it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from deepcomposer_edu.course.listening import SAMPLE_RATE, Player, play
from deepcomposer_edu.course.terms import KINDS, Term, find_term, terms
from deepcomposer_edu.errors import InputError


@dataclass(frozen=True)
class Explanation:
    """A term that shows itself: what it means, and how it sounds.

    Args:
        term: what is explained.
        player: its sound; None if there is nothing to hear.
    """

    term: Term
    player: Player | None = None

    def __repr__(self) -> str:
        heard = f"\nTo hear: {self.term.heard}" if self.player else ""
        return self.term.text + heard

    def _repr_html_(self) -> str:
        name, _, rest = self.term.text.partition(": ")
        text = f"<p><b>{escape(name)}</b>: {escape(rest)}</p>"
        return text + (self.player._repr_html_() if self.player else "")


def explain(word: str) -> Explanation:
    """Return what a word means, in plain words, and how it sounds.

    As a cell's last line it shows itself.

    Args:
        word: such as "triad", "seed" or "GAN"; in any case and form.

    Raises:
        InputError: if the glossary does not have it; names what comes near.

    >>> explain("seed")
    seed: A number from which a program draws all its chance. The same seed gives the \
same music. Lesson 00 teaches it. See also: noise.
    """
    from deepcomposer_edu.course.term_sounds import RATE, sound_of
    from deepcomposer_edu.music.score import Score

    term = find_term(word)
    sound = sound_of(term)
    if sound is None:
        return Explanation(term)
    rate = SAMPLE_RATE if isinstance(sound, Score) else RATE
    return Explanation(term, play(sound, term.heard, sample_rate=rate))


@dataclass(frozen=True)
class Glossary:
    """Terms that show themselves as lists.

    Args:
        terms: in the order in which they are shown.
    """

    terms: tuple[Term, ...]

    def __repr__(self) -> str:
        return "\n".join(f"{term.name}: {term.means}" for term in self.terms)

    def _repr_html_(self) -> str:
        parts = []
        for kind, title in KINDS.items():
            rows = "".join(
                f"<dt><b>{escape(term.name)}</b></dt><dd>{escape(term.means)}</dd>"
                for term in self.terms
                if term.kind == kind
            )
            if rows:
                summary = f"<summary>{escape(title)}</summary>"
                parts.append(f"<details open>{summary}<dl>{rows}</dl></details>")
        return "".join(parts)


def glossary(kind: str | None = None) -> Glossary:
    """Return all words that the course explains, by their alphabet.

    Args:
        kind: "music", "sound" or "learning"; None for all.

    Raises:
        InputError: if there is no such kind.

    >>> [term.name for term in glossary("sound").terms][:3]
    ['amplitude', 'cents', 'clipping']
    """
    if kind is not None and kind not in KINDS:
        raise InputError(
            f"The glossary has no kind {kind!r}; there are {', '.join(KINDS)}. For one "
            'word ask explain("triad").'
        )
    found = (term for term in terms().values() if kind in (None, term.kind))
    return Glossary(tuple(sorted(found, key=lambda term: term.name.lower())))
