"""Damaging a sound input: in its bytes, its words, its JSON or its XML.

Bytes alone rarely get past a parser's first look, so what has structure is damaged in
that, too: a number becomes a text, an entry is missing, an element comes twice.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Sequence
from xml.etree import ElementTree

Mutator = Callable[[bytes, random.Random], bytes]

DEEP = "@deep@"  # becomes lists in lists, deeper than any parser goes by itself
DEPTH = 20_000
NUMBERS = (0, -1, 1, 2, 127, 128, 255, 256, 65_535, 65_536, 2**31 - 1, 2**63, -(2**63))
MORE_NUMBERS = (0.5, -0.5, 1e-300, 1e9, 1e18, 1e308, 10**400)
NOT_FINITE = (float("nan"), float("inf"), float("-inf"))
# nothing, an escape, a line end, half a surrogate pair, markup, paths, dates
TEXTS = ("", "x", "\x1b[2J", "\n", "\ud800", "\0", "<script>", "../../x", "/etc/passwd")
MORE_TEXTS = ("1", "nan", "1e999", "9" * 5_000, "é" * 70_000, "0001-01-01T00:00:00Z")
OTHERS = (None, True, False, [], {}, [[]], {"": {}}, [None], DEEP)
ODD = (*NUMBERS, *MORE_NUMBERS, *NOT_FINITE, *TEXTS, *MORE_TEXTS, *OTHERS)

_WORDS = re.compile(rb"[A-Za-z_]+|-?\d+(?:\.\d+)?|\s+|.", re.DOTALL)


def as_bytes(data: bytes, rng: random.Random, words: Sequence[bytes] = ()) -> bytes:
    """Return bytes after one to four changes of single bytes, numbers or stretches."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(out))
        n = min(rng.choice((1, 1, 2, 4, 8, 64)), max(len(out) - at, 0))
        kind = rng.randrange(7 if words else 6)
        if kind == 0:
            out[at : at + 1] = bytes(
                b ^ 1 << rng.randrange(8) for b in out[at : at + 1]
            )
        elif kind == 1:
            out[at:at] = bytes(rng.randrange(256) for _ in range(n))
        elif kind == 2:
            del out[at : at + n]
        elif kind == 3:
            out[at:at] = out[at : at + n] * rng.choice((1, 2, 50))
        elif kind == 4:
            size, order = rng.choice((1, 2, 4)), rng.choice(("big", "little"))
            number = rng.choice(NUMBERS) % 256**size
            out[at : at + size] = number.to_bytes(size, order)
        elif kind == 5:
            del out[at:]
        else:
            out[at : at + n] = rng.choice(words)
    return bytes(out)


def as_words(data: bytes, rng: random.Random) -> bytes:
    """Return text with some of its words and numbers changed, doubled or gone."""
    words = _WORDS.findall(data) or [b""]
    for _ in range(rng.randint(1, 4)):
        at, n = rng.randrange(len(words)), rng.choice((1, 1, 2, 5, 20))
        kind = rng.randrange(4)
        if kind == 0:
            words[at] = rng.choice(words)
        elif kind == 1:
            words[at] = str(rng.choice((*NUMBERS, *MORE_NUMBERS))).encode()
        elif kind == 2:
            words[at:at] = words[at : at + n] * rng.choice((1, 1, 30))
        else:
            words[at : at + n] = [b""]
    return b"".join(words)


def as_json(data: bytes, rng: random.Random) -> bytes:
    """Return JSON with some of its values changed, moved, doubled or gone."""
    try:
        root = [json.loads(data)]
    except (ValueError, RecursionError):
        return as_words(data, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        _change(rng.choice(_places(root)), root, rng)
    return written(root[0])


def as_json_lines(data: bytes, rng: random.Random) -> bytes:
    """Return lines of JSON, one of them changed, doubled or gone."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    kind = rng.randrange(6)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[at])
    else:
        lines[at] = as_json(lines[at], rng)
    return b"\n".join(lines)


def as_xml(data: bytes, rng: random.Random) -> bytes:
    """Return XML with some of its elements changed, moved, doubled or gone."""
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError, ValueError):  # an unknown encoding
        return as_words(data, rng)
    for _ in range(rng.choice((1, 1, 2, 3))):
        elements = list(root.iter())
        one, other = rng.choice(elements), rng.choice(elements)
        inside = list(one)
        kind = rng.randrange(6)
        if kind == 0 and inside:
            one.remove(rng.choice(inside))
        elif kind == 1 and inside and len(elements) < 2_000:
            one.extend([rng.choice(inside)] * rng.choice((1, 2, 20)))
        elif kind == 2:
            one.text = _odd_text(rng)
        elif kind == 3 and one.attrib:
            one.set(rng.choice(list(one.attrib)), _odd_text(rng))
        elif kind == 4:
            one.tag = other.tag
        elif inside and not any(e is one for e in other.iter()):
            one.insert(rng.randrange(len(inside)), other)
    return ElementTree.tostring(root, "utf-8", xml_declaration=True)


def either(*ways: Mutator) -> Mutator:
    """Return a way of damage that takes one of several at a time."""
    return lambda data, rng: rng.choice(ways)(data, rng)


def written(value: object) -> bytes:
    """Return a value as JSON, DEEP in it as deep lists, lone surrogates as they are."""
    text = json.dumps(value)
    text = text.replace(json.dumps(DEEP), "[" * DEPTH + "]" * DEPTH)
    return text.encode()


def _odd_text(rng: random.Random) -> str:
    """Return a text that XML can hold."""
    text = str(rng.choice((*NUMBERS, *MORE_NUMBERS, *TEXTS, *MORE_TEXTS[:4])))
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")


def _places(root: list) -> list[tuple[list | dict, int | str]]:
    """Return (container, key) of everything inside of a value."""
    found, left = [], [root]
    while left:
        box = left.pop()
        for key in list(box) if isinstance(box, dict) else range(len(box)):
            found.append((box, key))
            if isinstance(box[key], list | dict):
                left.append(box[key])
    return found


def _change(place: tuple, root: list, rng: random.Random) -> None:
    """Change what stands at one place of a value."""
    box, key = place
    kind = rng.randrange(8)
    if kind == 0 and box is not root:
        del box[key]
    elif kind == 1 and isinstance(box, list) and box is not root:
        box[key:key] = [copy.deepcopy(box[key])] * rng.choice((1, 2, 30))
    elif kind == 2:
        other_box, other = rng.choice(_places(root))
        box[key] = copy.deepcopy(other_box[other])
    elif kind == 3 and isinstance(box, dict):
        box[rng.choice(TEXTS)] = box.pop(key)
    else:
        box[key] = copy.deepcopy(rng.choice(ODD))  # it may be changed, too
