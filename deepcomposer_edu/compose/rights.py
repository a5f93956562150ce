"""Whose music is in a piece, and what may be done with it.

A piece has several layers, and each may belong to somebody: the work (the notes as
composed), the edition (somebody typed or edited them), a recording, the sounds, a
network and the data it learned from. What may be done with the whole is what every
layer allows.

The table of licences is a summary for learning, no legal advice: the text of a licence
decides, and the law of a country.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deepcomposer_edu.errors import InputError

USES = {
    "share": "pass it on unchanged",
    "change": "publish something made from it",
    "sell": "earn money with it",
}
CREDIT, SAME_LICENCE = "name the author and the licence", "under the same licence"


@dataclass(frozen=True)
class Licence:
    """What a licence allows and asks for.

    Args:
        name: its usual name.
        allows: which of USES it allows to everybody.
        asks: what has to be done in return.
        said: it in a sentence.
    """

    name: str
    allows: frozenset[str]
    asks: tuple[str, ...] = ()
    said: str = ""


def _licence(name: str, allows: str, *asks: str, said: str) -> Licence:
    return Licence(name, frozenset(allows.split()), asks, said)


LICENCES = {
    one.name: one
    for one in (
        _licence(
            "public domain",
            "share change sell",
            said="Nobody owns it, or not any more: in many countries from 70 years "
            "after the author's death.",
        ),
        _licence("CC0", "share change sell", said="The author gave up every right."),
        _licence(
            "MIT",
            "share change sell",
            CREDIT,
            said="Everything is allowed as long as the notice goes along.",
        ),
        _licence("CC BY", "share change sell", CREDIT, said="Name the author."),
        _licence(
            "CC BY-SA",
            "share change sell",
            CREDIT,
            SAME_LICENCE,
            said="Name the author; what you make of it gets the same licence.",
        ),
        _licence(
            "CC BY-NC", "share change", CREDIT, said="Name the author; earn nothing."
        ),
        _licence(
            "CC BY-ND", "share sell", CREDIT, said="Name the author; change nothing."
        ),
        _licence(
            "own work",
            "share change sell",
            said="You made it, nobody else did, and you have given no right away.",
        ),
        _licence(
            "permission to another",
            "",
            said="Somebody else was allowed to use it. That says nothing about you.",
        ),
        _licence(
            "all rights reserved", "", said="Ask the owner, and get it in writing."
        ),
        _licence(
            "unknown",
            "",
            said="No licence is no permission: without one all rights are reserved.",
        ),
    )
}


@dataclass(frozen=True)
class Layer:
    """One layer of a piece that may belong to somebody.

    Args:
        what: in a few words, such as "the melody, by a friend".
        kind: "work", "edition", "recording", "sounds", "network" or "data".
        licence: the name of a licence, one of LICENCES.

    Raises:
        InputError: if the licence is not in the table.
    """

    what: str
    kind: str
    licence: str

    def __post_init__(self) -> None:
        if self.licence not in LICENCES:
            raise InputError(
                f'The licence "{self.licence}" is not in the table; choose one of '
                f'{", ".join(LICENCES)}, and "unknown" if you cannot find out.'
            )


def in_the_way(layers: Iterable[Layer], use: str) -> list[str]:
    """Return which layers of a piece forbid a use.

    A use is allowed if *every* layer allows it. `LICENCES[layer.licence].allows` is the
    set of uses that the licence of a layer allows to everybody; what it does not name
    is not allowed.

    One thing no single layer shows: "change" also needs the conditions to fit together.
    A layer that asks for `SAME_LICENCE` (in `LICENCES[layer.licence].asks`) wants the
    whole under its own licence, so a layer that does not allow all that this licence
    allows is in the way as well.

    Args:
        layers: the layers of the piece, each with `.what` and `.licence`.
        use: one of USES: "share", "change" or "sell".

    Returns:
        The `.what` of the layers that are in the way, in the order given, each once;
        an empty list if nothing is.

    Raises:
        InputError: if there is no such use (`check_use` sees to it).
    """
    check_use(use)
    layers = list(layers)
    needed = {use}
    if use == "change":
        for layer in layers:
            licence = LICENCES[layer.licence]
            needed |= licence.allows if SAME_LICENCE in licence.asks else set()
    return [x.what for x in layers if not needed <= LICENCES[x.licence].allows]


def check_use(use: str) -> None:
    """Raise an InputError unless `use` is one of USES."""
    if use not in USES:
        raise InputError(f'There is no use "{use}"; choose {", ".join(USES)}.')


def to_do(layers: Sequence[Layer]) -> list[str]:
    """Return what the licences of a piece ask for, one sentence for each layer.

    Layers that ask for nothing are left out.
    """
    return [
        f"{layer.what}: {', '.join(LICENCES[layer.licence].asks)} ({layer.licence})"
        for layer in layers
        if LICENCES[layer.licence].asks
    ]
