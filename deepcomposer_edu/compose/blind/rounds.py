"""A listening test: rounds in random order, each a coin flip, and their sound."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from deepcomposer_edu.compose.blind.sound import clip_seconds, matched_clips, mp3_of
from deepcomposer_edu.compose.parameters import checked_seed
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.instruments import find_instrument
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_to_dict

N_ROUNDS = (1, 60)
MAX_SECONDS = 60  # of one round
NAMES = ("Bach", "Bot")


@dataclass(frozen=True)
class Round:
    """One piece of a listening test.

    Args:
        is_real: whether it is the person's music and not the machine's.
        score: what is played.
        title: where it comes from; shown after the answer.
        made_by: who made it; shown after the answer.
        grid: the same on the grid, if it is voices.
        says: what each machine judge says, True for real, by the judge's name.
        heard: what can be counted in it, by name; see `clicks.voice_features`.
    """

    is_real: bool
    score: Score
    title: str = ""
    made_by: str = ""
    grid: Grid | None = None
    says: Mapping[str, bool] = field(default_factory=dict)
    heard: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class BlindTest:
    """A listening test.

    Args:
        rounds: in the order in which they are heard.
        names: what the person and the machine are called on the two buttons.
        seed: of all that was random.
        about: a sentence about what is compared.
    """

    rounds: tuple[Round, ...]
    names: tuple[str, str] = NAMES
    seed: int = 0
    about: str = ""

    @cached_property
    def clips(self) -> list[bytes]:
        """The sound of each round as MP3, all of one size; made once."""
        return [mp3_of(clip) for clip in matched_clips([r.score for r in self.rounds])]

    def make_clips(self, on_progress: Callable[[int, int], None]) -> list[bytes]:
        """Return `clips`; where they are made now, tell how far that is.

        Args:
            on_progress: called with (rounds done, rounds in all).
        """
        if "clips" not in self.__dict__:
            sounds = matched_clips([r.score for r in self.rounds], on_progress)
            self.__dict__["clips"] = [mp3_of(sound) for sound in sounds]
        return self.clips

    @property
    def seconds(self) -> float:
        """How long each clip lasts."""
        return clip_seconds([r.score for r in self.rounds])

    @cached_property
    def digest(self) -> str:
        """Sixteen letters that tell this test from any other: its music, in order."""
        content = [[r.is_real, score_to_dict(r.score)] for r in self.rounds]
        text = json.dumps(content, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def blind_test_of(
    real: Sequence[Score],
    made: Sequence[Score],
    n_rounds: int = 10,
    seed: int = 0,
    names: tuple[str, str] = NAMES,
    about: str = "",
    n_steps: int | None = None,
    instrument: int | str = 0,
) -> BlindTest:
    """Return a listening test between two lists of scores.

    A coin is flipped for each round, so nothing follows from the rounds before: after
    nine real ones the tenth is real in one of two cases. No score is played twice. All
    are cut to one length and played at one tempo, that of the first real score, on one
    instrument; drums stay drums.

    Args:
        real: by a person, at least as many as there may be rounds.
        made: by a machine, as many.
        n_rounds: 1 to 60.
        seed: of the coin and of the order.
        names: of the person and the machine.
        about: a sentence about what is compared.
        n_steps: how many sixteenths of each are played; None: as many as the shortest
            has.
        instrument: General MIDI number or name; the piano if left out.

    Raises:
        InputError: if there are too few scores, or a value is not allowed.
    """
    n_rounds, seed = checked_rounds(n_rounds), checked_seed(seed)
    names = checked_names(names)
    if min(len(real), len(made)) < n_rounds:
        raise InputError(
            f"There are {len(real)} real and {len(made)} made scores, but a coin "
            f"decides each of {n_rounds} rounds, so {n_rounds} of each are needed; "
            "give more, or ask for fewer rounds."
        )
    random = np.random.default_rng(seed)
    coins = flip(n_rounds, random)
    orders = [random.permutation(len(some)) for some in (made, real)]
    chosen = [
        (made, real)[int(coin)][orders[int(coin)][i]] for i, coin in enumerate(coins)
    ]
    length = min(score.end for score in chosen) if n_steps is None else n_steps
    if length <= 0:
        raise InputError(
            "One of the scores has no notes, so there would be nothing to hear; leave "
            "it out."
        )
    program = find_instrument(instrument)
    rounds = tuple(
        Round(
            bool(coin),
            _alike(score, length, real[0].tempo, program),
            score.title,
            names[0 if coin else 1],
        )
        for coin, score in zip(coins, chosen, strict=True)
    )
    return checked_length(BlindTest(rounds, names, seed, about))


def flip(n_rounds: int, random: np.random.Generator) -> np.ndarray:
    """Return whether each round is real, shape (n_rounds,), bool: fair coins."""
    return random.random(n_rounds) < 0.5


def checked_rounds(n_rounds: int) -> int:
    """Return the number of rounds, or raise an InputError."""
    low, high = N_ROUNDS
    is_whole = hasattr(n_rounds, "__index__") and not isinstance(n_rounds, bool)
    if not is_whole or not low <= int(n_rounds) <= high:
        raise InputError(
            f"{str(n_rounds)[:40]} rounds were asked for, but a test has {low} to "
            f"{high}; 20 is usual."
        )
    return int(n_rounds)


def checked_names(names: Sequence[str]) -> tuple[str, str]:
    """Return two names for the buttons, or raise an InputError."""
    some = [str(name).strip() for name in names]
    if isinstance(names, str) or len(some) != 2 or some[0] == some[1] or not all(some):
        raise InputError(
            f"The names are {str(names)[:60]}, but two different ones are needed: of "
            'the person and of the machine, such as ("Bach", "Bot").'
        )
    return some[0][:24], some[1][:24]


def checked_length(test: BlindTest) -> BlindTest:
    """Return a test whose rounds are short enough, or raise an InputError."""
    if test.seconds > MAX_SECONDS:
        raise InputError(
            f"A round would last {test.seconds:.0f} s, but at most {MAX_SECONDS} s can "
            "be compared by ear; give shorter music."
        )
    return test


def _alike(score: Score, length: float, tempo: float, program: int) -> Score:
    """Return the score up to a step, at a tempo, with the instruments of all rounds."""
    tracks = [
        replace(
            track,
            program=0 if track.is_drum else program,
            notes=tuple(
                replace(note, duration=min(note.duration, length - note.start))
                for note in track.notes
                if note.start < length
            ),
        )
        for track in score.tracks
    ]
    return Score(tuple(tracks), tempo=tempo, title=score.title)
