"""A class's leaderboard of Bach or bot, as one page for the wall."""

from __future__ import annotations

from html import escape
from pathlib import Path

from deepcomposer_edu.compose.blind.pooling import Pooled
from deepcomposer_edu.compose.blind.published import (
    PUBLISHED,
    RIGHT,
    WHAT_IS_COUNTED,
)
from deepcomposer_edu.compose.blind.result import Share
from deepcomposer_edu.compose.blind.rounds import NAMES
from deepcomposer_edu.compose.export.html_page import page_text
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.web_page import write_page

MOST_ROWS, HARDEST = 60, 3


def board_page(pooled: Pooled) -> str:
    """Return the leaderboard as HTML; a name shows as it is, whatever it holds.

    Args:
        pooled: of `pool`.

    Raises:
        InputError: if nobody has judged a round.
    """
    places = pooled.places()
    if not places:
        raise InputError(
            "None of these results has a judged round; ask the class to save theirs "
            "after they have listened."
        )
    one_test = Pooled(tuple(pooled.of_one_test()))
    n_others = len(pooled.results) - len(one_test.results)
    names = pooled.results[0].names
    title = f"{names[0]} or {names[1]}: the class"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _lead(one_test.share(RIGHT), len(places)),
        _board(places),
        _beside(one_test),
        _hardest(one_test),
        _left_out(n_others, pooled.skipped),
    ]
    return page_text(title, f"<main>{''.join(parts)}</main>", ("board.css",))


def write_board(pooled: Pooled, path: str | Path) -> Path:
    """Write the leaderboard as an HTML page and return its path.

    Raises:
        InputError: if there is nothing to show, the name does not end in .html, or the
            file cannot be written.
    """
    return write_page(path, board_page(pooled))


def _per_cent(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.0%} ({low:.0%} to {high:.0%})"


def _lead(share: Share, n_listeners: int) -> str:
    """Return how the class did as a whole, and what luck would do."""
    who = f"{n_listeners} listener{'' if n_listeners == 1 else 's'}"
    return (
        f"<p><b>{share.n} of {share.n_all}</b> answers of {who} are right: "
        f"{_per_cent(share)}. By tossing a coin, half would be. In brackets: where the "
        "true share probably lies. Where two such intervals overlap, the order may be "
        "luck.</p>"
    )


def _board(places: list[tuple[int, str, Share]]) -> str:
    """Return the listeners by right answers."""
    rows = "".join(
        f'<tr><td>{place}</td><th scope="row">{escape(name or "without a name")}</th>'
        f'<td class="count">{share.n} of {share.n_all}</td>'
        f"<td>{_per_cent(share)}</td></tr>"
        for place, name, share in places[:MOST_ROWS]
    )
    more = len(places) - MOST_ROWS
    words = f"<p>The first {MOST_ROWS}; {more} more.</p>" if more > 0 else ""
    return (
        f"<h2>Leaderboard</h2>{words}<table><thead><tr>"
        '<th scope="col">Place</th><th scope="col">Listener</th>'
        '<th scope="col">Right</th><th scope="col">Share</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _beside(pooled: Pooled) -> str:
    """Return the machine judges of this test and the published figures."""
    first = pooled.results[0]
    items = [
        f"{escape(name)}: {share.n} of {share.n_all} right"
        for name, share in first.judges().items()
    ]
    if first.names == NAMES:
        items += [
            f"{one.who}, {WHAT_IS_COUNTED[one.counts]}: {one.words}; this class: "
            f"{pooled.share(one.counts)}"
            for one in PUBLISHED
        ]
    rows = "".join(f"<li>{item}.</li>" for item in items)
    return f"<h2>Beside it</h2><ul>{rows}</ul>" if rows else ""


def _hardest(pooled: Pooled) -> str:
    """Return the rounds that fooled most."""
    names = pooled.results[0].names
    rows = "".join(
        f"<li>{escape(title or 'a round')}, by {escape(names[not is_real])}: right "
        f"{share.n} of {share.n_all}</li>"
        for title, is_real, share in pooled.rounds()[:HARDEST]
    )
    return f"<h2>Hardest to tell</h2><ol>{rows}</ol>"


def _left_out(n_others: int, skipped: tuple[str, ...]) -> str:
    """Return what was not counted."""
    other = "1 result is" if n_others == 1 else f"{n_others} results are"
    sentences = [f"{other} of another test."] if n_others else []
    rows = "".join(f"<li>{escape(one)}</li>" for one in (*sentences, *skipped))
    return f"<h2>Not counted</h2><ul>{rows}</ul>" if rows else ""
