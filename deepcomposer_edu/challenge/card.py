"""The card of an entry: what only its composers can say, and nobody can compute.

A card may come from anybody, so what is read is checked piece by piece: types,
lengths, signs that cannot be seen.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from deepcomposer_edu.compose.rights import LICENCES
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, strict_json
from deepcomposer_edu.music.limits import read_bytes

FORMAT, FORMAT_VERSION = "deepcomposer-edu challenge card", 1
TAG = "#aug-arch-ml-workshop"  # of the workshop that the brief comes from
MAX_CARD_BYTES = 100_000
MAX_PEOPLE, MAX_BARS = 20, 1_000
# What an entry itself may be published under: all of them let judges play it.
ENTRY_LICENCES = ("CC0", "CC BY", "CC BY-SA", "CC BY-NC", "CC BY-ND")
_LENGTHS = {
    "title": 80,
    "team": 60,
    "intent": 300,
    "melody": 300,
    "melody_licence": 40,
    "licence": 40,
    "tag": 60,
}
_A_PERSON, _A_ROLE = 60, 120  # letters


@dataclass(frozen=True)
class Card:
    """What the composers of an entry say about it.

    Args:
        title: of the piece, at most 80 letters.
        composers: who made it; a name each, or a pseudonym.
        team: what they call themselves together, or "".
        roles: who did what, as (name, what) pairs.
        intent: what a listener should feel, such as "wonder", and why.
        melody: where the melody comes from: whose it is, or "own".
        melody_licence: what it is under, a name in `compose.rights.LICENCES`.
        licence: what the entry is under, one of ENTRY_LICENCES.
        tag: the tag of the challenge.
        pauses: bars, counted from 1, that are meant to be silent.

    Raises:
        InputError: if a text is too long or has signs that cannot be seen, or there
            are too many people or bars.
    """

    title: str = ""
    composers: tuple[str, ...] = ()
    team: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    intent: str = ""
    melody: str = ""
    melody_licence: str = "unknown"
    licence: str = ""
    tag: str = TAG
    pauses: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name, most in _LENGTHS.items():
            text = _text(getattr(self, name), name, most)
            object.__setattr__(self, name, text)
        names = _listed(self.composers, "composers", MAX_PEOPLE)
        people = tuple(_text(name, "composers", _A_PERSON) for name in names)
        object.__setattr__(self, "composers", tuple(filter(None, people)))
        roles = []
        for pair in _listed(self.roles, "roles", MAX_PEOPLE):
            if not isinstance(pair, list | tuple) or len(pair) != 2:
                raise _wrong("roles", "each must be a name and what was done")
            roles.append(
                (_text(pair[0], "roles", _A_PERSON), _text(pair[1], "roles", _A_ROLE))
            )
        object.__setattr__(self, "roles", tuple(roles))
        pauses = _listed(self.pauses, "pauses", MAX_BARS)
        if not all(type(bar) is int and 0 <= bar <= MAX_BARS for bar in pauses):
            raise _wrong("pauses", f"bars are whole numbers from 0 to {MAX_BARS}")
        object.__setattr__(self, "pauses", tuple(sorted(set(pauses))))

    def missing(self) -> list[str]:
        """Return what has to be said before the entry can go out, a sentence each."""
        found = []
        if not self.title:
            found.append("Give the piece a title.")
        if not self.composers:
            found.append("Say who composed it.")
        if not self.intent:
            found.append('Say what a listener should feel, such as "wonder" (intent).')
        if not self.melody:
            found.append(
                'Say where the melody comes from: whose it is, or "own" (melody).'
            )
        if self.melody_licence not in LICENCES or self.melody_licence == "unknown":
            found.append(
                "Say under which licence the melody is: one of "
                f"{', '.join(n for n, x in LICENCES.items() if 'change' in x.allows)} "
                "(melody_licence)."
            )
        elif "change" not in LICENCES[self.melody_licence].allows:
            found.append(
                f"The melody's licence, {self.melody_licence}, does not let you "
                "publish something made from it; take another melody."
            )
        if self.licence not in ENTRY_LICENCES:
            found.append(
                f"Put the entry under a licence: one of {', '.join(ENTRY_LICENCES)} "
                "(licence)."
            )
        if not self.tag:
            found.append(f"Give it the tag of the challenge, {TAG}.")
        return found

    def to_dict(self) -> dict[str, object]:
        """Return the card as plain lists and texts, for JSON."""
        head = {"format": FORMAT, "format_version": FORMAT_VERSION}
        return head | json.loads(json.dumps(asdict(self)))

    @classmethod
    def from_dict(cls, data: object) -> Card:
        """Return the card that `to_dict` wrote; fields that are unknown are left out.

        Raises:
            InputError: if it is no card, or something in it cannot be used.
        """
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise InputError(
                "This is not the card of an entry; give the card.json that "
                "`deepcomposer challenge new` wrote."
            )
        if data.get("format_version") != FORMAT_VERSION:
            raise InputError(
                f"The card has format version {str(data.get('format_version'))[:20]}, "
                f"but this program reads version {FORMAT_VERSION}; update the course."
            )
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    def changed(self, **values: object) -> Card:
        """Return the card with some values changed.

        Raises:
            InputError: if there is no such field, or a value cannot be used.
        """
        known = [field.name for field in fields(self)]
        for name in values:
            if name not in known:
                raise InputError(
                    f"A card has no {name[:30]!r}; it has {', '.join(known)}."
                )
        return replace(self, **values)


def read_card(path: str | Path) -> Card:
    """Return the card in a file.

    Raises:
        InputError: if it cannot be read or used; the sentence names the file.
    """
    path = Path(path)
    data = read_bytes(path)
    try:
        if len(data) > MAX_CARD_BYTES:
            raise InputError(f"It has more than {MAX_CARD_BYTES:,} bytes.")
        return Card.from_dict(strict_json(data))
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except ValueError:
        raise InputError(
            f"{path} is empty or damaged: it is not JSON; make it again with "
            "`deepcomposer challenge new`."
        ) from None


def write_card(path: str | Path, card: Card) -> Path:
    """Write a card as JSON and return its path.

    Raises:
        InputError: if it cannot be written.
    """
    text = json.dumps(card.to_dict(), ensure_ascii=False, indent=2) + "\n"
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return Path(path)


def _text(value: object, name: str, most: int) -> str:
    """Return a text in one line, without signs that cannot be seen."""
    if not isinstance(value, str):
        raise _wrong(name, "it must be text")
    if len(value) > most:
        raise _wrong(name, f"it has {len(value):,} letters, and at most {most} fit")
    text = " ".join(value.split())
    # control signs, lone surrogates, signs that turn the direction of reading
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in text):
        raise _wrong(name, "it has signs that cannot be seen")
    return text


def _listed(value: object, name: str, most: int) -> list:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise _wrong(name, f"it must be a list of at most {most}")
    return list(value)


def _wrong(name: str, why: str) -> InputError:
    return InputError(f"The card's {name.replace('_', ' ')} cannot be used: {why}.")
