"""Do the bars of a tune in ABC add up? A measure that looks at letters alone."""

from __future__ import annotations

import re
from fractions import Fraction

from deepcomposer_edu.errors import InputError

BAR_LINE = re.compile(r"(:*\|+[\]:12]*|::)")
_ITEM = re.compile(r"\((\d)|[_^=]*[A-Ga-gzx][,']*(\d*)(/*)(\d*)")


def bar_length(bar: str) -> Fraction:
    """Return how long the notes and rests of a bar are together.

    Args:
        bar: what stands between two bar lines.

    Returns:
        The length in units of `L:`; the two notes of `A>B` last as long as `AB`, and
        three notes after `(3` as long as two.

    >>> bar_length("A2 B/c/ (3def"), bar_length("d3-d z2")
    (Fraction(5, 1), Fraction(6, 1))
    """
    total, in_tuplet, share = Fraction(0), 0, Fraction(1)
    for tuplet, times, slashes, parts in _ITEM.findall(bar):
        if tuplet:
            in_tuplet = int(tuplet)
            share = Fraction({2: 3, 3: 2, 4: 3, 6: 2}.get(in_tuplet, 2), in_tuplet or 1)
            continue
        length = Fraction(int(times or 1))
        if slashes:
            length /= int(parts or 0) or 2 ** len(slashes)
        total += length * (share if in_tuplet else 1)
        in_tuplet = max(in_tuplet - 1, 0)
    return total


def whole_bar_share(tune: str) -> float:
    r"""Return the share of a tune's bars that are exactly as long as its metre says.

    Bars at the beginning or end of a part may be short (a pickup), so only those
    between two single bar lines count.

    Args:
        tune: one tune in ABC, with its M: and L: lines.

    Returns:
        0 to 1; 0 if there is no such bar.

    Raises:
        InputError: if M: or L: is missing or no fraction.

    >>> whole_bar_share("M:2/4\nL:1/8\nK:C\nC2 D2|EFGA|GFED E|D2C2|C4||")
    0.6666666666666666
    """
    fields = dict(re.findall(r"(?m)^([ML]): *(\d{1,2}/\d{1,2}) *$", tune))
    if set(fields) != {"M", "L"} or "/0" in "".join(fields.values()):
        raise InputError(
            "The tune does not say its metre and unit; it needs lines such as M:6/8 "
            "and L:1/8."
        )
    size = Fraction(fields["M"]) / Fraction(fields["L"])
    body = re.sub(r"(?m)^[A-Za-z]:.*$", "", tune)
    pieces = BAR_LINE.split(body)
    whole = [
        bar_length(pieces[i]) == size
        for i in range(2, len(pieces) - 1, 2)
        if pieces[i - 1] == "|" == pieces[i + 1] and pieces[i].strip()
    ]
    return sum(whole) / len(whole) if whole else 0.0
