"""The bands: who plays in which style, and a score arranged for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import classical, jazz, pop, rock
from deepcomposer_edu.music.bands.song import CLOSE, Song, read_song
from deepcomposer_edu.music.instruments import find_instrument
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.score import Note, Score, Track

MELODY = "Melody"
TRIPLET = 2 / 3  # where the second of two swung eighths falls in its beat
KITS = {"standard": 0, "power": 16, "jazz": 32}  # programs of drum tracks


@dataclass(frozen=True)
class Player:
    """One member of a band.

    Args:
        name: the name of the track.
        program: General MIDI instrument, or the kit if it is drums.
        is_drum: whether the player is the drummer.
    """

    name: str
    program: int
    is_drum: bool = False


@dataclass(frozen=True)
class Band:
    """A style and those who play it.

    Args:
        name: the style.
        summary: what it sounds like, in a sentence without a full stop.
        melody: the program of the melody's instrument.
        players: everybody else, in the order of the tracks.
        play: the function that writes their notes.
        costs: how unwelcome a new chord is at a bar, half a bar, other pulses.
        options: what can be turned on it: names with their defaults.
        waltz_of_eighths: whether 6/8 is felt as two bars of a quick waltz.
        close: how much the last chord is drawn to the tonic.
    """

    name: str
    summary: str
    melody: int
    players: tuple[Player, ...]
    play: Callable[[Song], dict[str, list[Note]]]
    costs: tuple[float, float, float]
    options: Mapping[str, float]
    waltz_of_eighths: bool = False
    close: float = CLOSE

    @property
    def tracks(self) -> tuple[str, ...]:
        """The names of the tracks, the melody first."""
        return (MELODY, *(player.name for player in self.players))

    @property
    def pitched(self) -> tuple[Player, ...]:
        """The players who are not drummers."""
        return tuple(player for player in self.players if not player.is_drum)


BANDS: dict[str, Band] = {
    band.name: band
    for band in (
        Band(
            "classical",
            "a piano quartet: the network's lines on viola and cello, Alberti bass",
            find_instrument("violin"),
            (
                Player("Viola", find_instrument("viola")),
                Player("Cello", find_instrument("cello")),
                Player("Piano", find_instrument("piano")),
            ),
            classical.play,
            classical.COSTS,
            {},
            close=0.4,  # two of its players hold what the network wrote
        ),
        Band(
            "jazz",
            "a quartet: sevenths on the piano, walking bass, swung drums",
            find_instrument("alto sax"),
            (
                Player("Piano", find_instrument("piano")),
                Player("Bass", find_instrument("acoustic bass")),
                Player("Drums", KITS["jazz"], is_drum=True),
            ),
            jazz.play,
            jazz.COSTS,
            {"energy": 0.5, "swing": TRIPLET},
            waltz_of_eighths=True,
        ),
        Band(
            "rock",
            "power chords on an overdriven guitar, finger bass, a hard backbeat",
            find_instrument("distortion guitar"),
            (
                Player("Guitar", find_instrument("overdriven guitar")),
                Player("Bass", find_instrument("finger bass")),
                Player("Drums", KITS["power"], is_drum=True),
            ),
            rock.play,
            rock.COSTS,
            {"energy": 0.5},
        ),
        Band(
            "pop",
            "picked chords on a clean guitar, a pad of strings, finger bass, drums",
            find_instrument("bright acoustic piano"),
            (
                Player("Guitar", find_instrument("clean guitar")),
                Player("Strings", find_instrument("strings")),
                Player("Bass", find_instrument("finger bass")),
                Player("Drums", KITS["standard"], is_drum=True),
            ),
            pop.play,
            pop.COSTS,
            {"energy": 0.5},
        ),
    )
}


def arrange(
    score: Score,
    style: str,
    key: Key | None = None,
    seed: int = 0,
    options: Mapping[str, float] | None = None,
) -> Score:
    """Return a melody with its lower voices played by a band.

    The melody stays as it is, in the first track. The band begins with the melody (in
    an upbeat only the drums do) and ends with it.

    Args:
        score: the melody first, then at least one voice below it, the bass last.
        style: one of BANDS.
        key: the key; None: it is found in the melody.
        seed: the same seed chooses the same patterns.
        options: the band's own parameters.

    Returns:
        The same score with the band's tracks instead of the lower voices.

    Raises:
        InputError: if there is no such style, or no melody with a voice below it.
    """
    if style not in BANDS:
        raise InputError(
            f"There is no band for {str(style)[:40]!r}; there is one for: "
            f"{', '.join(BANDS)}."
        )
    if not score.tracks or not score.tracks[0].notes or len(score.tracks) < 2:
        raise InputError(
            "A band needs a melody and at least one voice below it, each a track of "
            "its own; compose the voices first."
        )
    band = BANDS[style]
    melody = score.tracks[0]
    key = key or find_key(Score((melody,)))
    chosen = {**band.options, **(options or {})}
    song = read_song(
        score, key, seed, band.costs, chosen, band.waltz_of_eighths, band.close
    )
    parts = band.play(song)
    tracks = [
        Track(_tidy(parts[p.name]), p.name, p.program, p.is_drum) for p in band.players
    ]
    return replace(score, tracks=(replace(melody, program=band.melody), *tracks))


def _tidy(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return notes of which none sounds into the next of its own pitch."""
    kept: list[Note] = []
    last: dict[int, int] = {}
    for note in sorted(notes):
        i = last.get(note.pitch)
        if i is not None and kept[i].start == note.start:
            continue
        if i is not None and kept[i].end > note.start:
            kept[i] = replace(kept[i], duration=note.start - kept[i].start)
        last[note.pitch] = len(kept)
        kept.append(note)
    return tuple(kept)
