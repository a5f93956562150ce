"""A judging: the entries of a folder, made equally loud, without names, in one page.

`judge.html` is for the judges, `key.json` for whoever runs the contest: it says which
entry is which, and `challenge results` needs it.
"""

from __future__ import annotations

import base64
import html
import json
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from deepcomposer_edu.challenge import PAGES, scores
from deepcomposer_edu.challenge.brief import ANCHORS
from deepcomposer_edu.challenge.entry import Entry
from deepcomposer_edu.challenge.judged_piece import JudgedPiece, judged_piece
from deepcomposer_edu.challenge.reading import read_entries
from deepcomposer_edu.challenge.submitting import refusals
from deepcomposer_edu.compose.blind.deck import seal
from deepcomposer_edu.compose.export.html_page import page_text, plain_data
from deepcomposer_edu.compose.export.staging import staged
from deepcomposer_edu.compose.parameters import checked_seed
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import write_mp3

KEY_FORMAT, KEY_VERSION = "deepcomposer-edu judging", 1
PAGE, KEY = "judge.html", "key.json"
TARGET_LUFS, SOFTEST_LUFS = -20.0, -30.0  # every entry's, if peaks allow it
PEAK = 0.9
BITRATE = 128  # kilobits per second
MIN_JUDGES = 3

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Judging:
    """Entries ready to be judged.

    Args:
        id: which judging this is; scores name it.
        seed: of the codes.
        pieces: the entries, in the order of their codes.
        skipped: a sentence for each that is not judged.
        lufs: how loud all are.
    """

    id: str
    seed: int
    pieces: tuple[JudgedPiece, ...]
    skipped: tuple[str, ...] = ()
    lufs: float = TARGET_LUFS
    sounds: dict[str, bytes] = field(default_factory=dict, repr=False)

    def page(self) -> str:
        """Return the judges' page as text."""
        body = _BODY.format(
            least=MIN_JUDGES, n=len(self.pieces), title=html.escape(_TITLE)
        )
        return page_text(
            _TITLE, body, ("judge.css",), "judge.js", self._data(), folder=PAGES
        )

    def key(self) -> dict[str, object]:
        """Return what key.json holds: which entry is which, and all about it."""
        return {
            "format": KEY_FORMAT,
            "format_version": KEY_VERSION,
            "contest": self.id,
            "seed": self.seed,
            "skipped": list(self.skipped),
            "entries": [plain_data(piece.record()) for piece in self.pieces],
        }

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write judge.html and key.json into a folder, both or neither.

        Raises:
            InputError: if they cannot be written.
        """
        folder = Path(folder)
        with staged(folder, [PAGE, KEY]) as stage:
            (stage / PAGE).write_text(self.page(), "utf-8", newline="\n")
            key = json.dumps(self.key(), ensure_ascii=False, indent=1)
            (stage / KEY).write_text(key + "\n", "utf-8")
        return {"page": folder / PAGE, "key": folder / KEY}

    def _data(self) -> dict[str, object]:
        """Return what the page's script is given; what unblinds is sealed."""
        return {
            "id": self.id,
            "format": scores.FORMAT,
            "format_version": scores.FORMAT_VERSION,
            "criteria": [
                {name: getattr(q, name) for name in ("key", "title", "short")}
                | {"question": q.question}
                for q in scores.QUESTIONS
            ],
            "anchors": {str(mark): words for mark, words in ANCHORS.items()},
            "feelings": list(scores.FEELINGS),
            "flags": list(scores.FLAGS.items()),
            "pieces": [
                {
                    "code": piece.code,
                    "seconds": round(piece.seconds, 3),
                    "peaks": list(piece.peaks),
                    "sections": [list(section) for section in piece.sections],
                    "mp3": base64.b64encode(self.sounds[piece.code]).decode(),
                    "sealed": seal(plain_data(piece.revealed())),
                }
                for piece in self.pieces
            ],
        }


def prepare_judging(
    folder: str | Path,
    seed: int | None = None,
    *,
    everything: bool = False,
    replay: bool = False,
    progress: Progress | None = None,
) -> Judging:
    """Return a judging of the entries in a folder of zips.

    Entries come from strangers: one that is damaged, hostile or not allowed is left
    out with a sentence, and the others go on.

    Args:
        folder: with the zips that `deepcomposer challenge submit` made.
        seed: of the codes; None: a new one each time.
        everything: judge those, too, that did not pass a gate.
        replay: make the music of each again from its provenance. It takes seconds an
            entry, and runs networks with a stranger's settings.
        progress: called with what is being done, in words.

    Raises:
        InputError: if there is nothing to judge.
    """
    seed = secrets.randbelow(2**32) if seed is None else checked_seed(seed)
    tell = progress or (lambda _: None)
    found, skipped = [], []
    with tempfile.TemporaryDirectory() as name:
        stage = Path(name)
        for entry in read_entries(folder):
            if isinstance(entry, str):
                skipped.append(entry)
                continue
            tell(f"listening to {entry.name}")
            piece = _looked_at(entry, stage / str(len(found)), replay, skipped)
            if piece is None:
                continue
            if not (piece.report.passed or everything):
                why = " ".join(refusals(piece.report)[:2])
                skipped.append(f"{entry.name} is not judged: {why}")
                continue
            skipped += _same_music(piece, found)
            found.append(piece)
        if not found:
            first = f" {skipped[0]}" if skipped else ""
            raise InputError(f"There is no entry to judge in {folder}.{first}")
        order = np.random.default_rng(seed).permutation(len(found))
        pieces = [found[i].coded(f"E{n:02d}") for n, i in enumerate(order, 1)]
        lufs = common_loudness(pieces)
        tell("making all equally loud")
        sounds = {}
        for piece in pieces:
            sounds[piece.code], is_softer = _matched(piece, lufs)
            if is_softer:
                skipped.append(
                    f"{piece.name} is judged, but sounds softer than the others: its "
                    "highest peak is too far above the rest."
                )
    digest = f"{seed:08x}-{secrets.token_hex(4)}"
    return Judging(digest, seed, tuple(pieces), tuple(skipped), lufs, sounds)


def common_loudness(pieces: list[JudgedPiece]) -> float:
    """Return the loudness in LUFS that all pieces can have without clipping.

    It is that of everything else the course plays, or less where a piece with high
    peaks could not be so loud; but no piece makes all others inaudible.
    """
    headroom = [piece.lufs + 20 * np.log10(PEAK / piece.peak) for piece in pieces]
    return float(np.clip(min(headroom), SOFTEST_LUFS, TARGET_LUFS))


def _looked_at(
    entry: Entry, store: Path, replay: bool, skipped: list[str]
) -> JudgedPiece | None:
    """Return an entry as it is judged, or None with a sentence in `skipped`."""
    try:
        return judged_piece(entry, store, replay)
    except InputError as error:
        skipped.append(f"{entry.name} is left out: {error}")
    except Exception as error:  # a stranger's file must not stop the others
        skipped.append(
            f"{entry.name} is left out: it could not be analysed "
            f"({type(error).__name__}); tell us, this should not happen."
        )
    return None


def _same_music(piece: JudgedPiece, others: list[JudgedPiece]) -> list[str]:
    return [
        f"{piece.name} has the same notes as {other.name}; both are judged, look at "
        "them."
        for other in others
        if other.notes_sha256 == piece.notes_sha256
    ]


def _matched(piece: JudgedPiece, lufs: float) -> tuple[bytes, bool]:
    """Return a piece as MP3 at a loudness, and whether it is softer than that."""
    audio = np.load(piece.store, allow_pickle=False).astype(np.float32) / 32_768
    wanted = 10 ** ((lufs - piece.lufs) / 20)
    gain = min(wanted, PEAK / piece.peak)
    path = piece.store.with_suffix(".mp3")
    write_mp3(path, audio * np.float32(gain), piece.rate, BITRATE)
    return path.read_bytes(), gain < 0.99 * wanted


_TITLE = "One minute to space: judging"
_BODY = """<header>
<h1>{title}</h1>
<div id="tools" hidden>
<p id="progress" class="faint small"></p>
<nav aria-label="Entries"><ol id="places"></ol></nav>
<div class="row"><button type="button" id="save">Save my scores</button>
<button type="button" id="all">Overview</button></div>
</div>
<p id="status" role="status" aria-live="polite" class="small"></p>
</header>
<main id="app"></main>
<noscript><p class="note">This page needs JavaScript, which your browser does not
run.</p></noscript>
<details class="faint small"><summary>About this page</summary>
<p>Everything is in this one file: nothing is fetched and nothing is sent. Your scores
stay in this browser until you save them as a file. A result counts when at least
{least} judges have scored an entry; lenient and strict judges are evened out.</p>
<p>What unblinds an entry is only hidden from an eye, not from somebody who takes the
page apart. Judge as if you could not.</p>
</details>"""
