"""The Transformer at work: going on where music ends, and harmonising a melody.

A frame is drawn voice by voice. What is given stays as it is; what is forbidden (a
parallel, a rest that lasts too long) is taken out before the draw.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.counterpoint import parallel_classes
from deepcomposer_edu.models.frames import (
    LOW,
    N_CLASSES,
    N_PITCHES,
    REST_CLASS,
    VOICES,
    to_classes,
    to_pitches,
)
from deepcomposer_edu.models.harmonise import one_thread
from deepcomposer_edu.models.transformer import (
    CHAIN,
    N_BAR_BEATS,
    STEPS_PER_BEAT,
    Frames,
    FrameTransformer,
    TransformerConfig,
)
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.repertoire import GENRES, genre_info
from deepcomposer_edu.nn.sampling import NEVER, check_sampling, sample

MAX_STEPS = 16_384  # of one piece: memory grows with its length
LONGEST_REST = 16  # steps that a voice below a melody may rest if nobody says otherwise
Progress = Callable[[int, int], None] | None


@dataclass(frozen=True)
class Taste:
    """How notes are drawn.

    Args:
        temperature: above 0; 1 draws as the network learned.
        top_k: draw from the k likeliest only; 0 for no limit.
        top_p: draw from the nucleus of this probability only; 1 for no limit.
        max_rest: steps that a voice may rest; 0 for no limit.
        max_note: steps after which a note that stays is struck again; 0 for no limit.
        avoid_parallels: whether parallel fifths and octaves are passed over.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    max_rest: int = 0
    max_note: int = 0
    avoid_parallels: bool = True

    def __post_init__(self) -> None:
        check_sampling(self.temperature, self.top_k, self.top_p, N_CLASSES)
        if self.max_rest < 0 or self.max_note < 0:
            raise InputError(
                f"The longest rest is {self.max_rest} steps and the longest note "
                f"{self.max_note}, but both must be 0 (no limit) or more."
            )


def families_of(genre: str) -> Tensor:
    """Return the General MIDI family of each voice of a genre, (4,)."""
    return torch.tensor([program // 8 for program in genre_info(genre).programs])


def bar_times(n_steps: int, steps_per_bar: int, pickup: int) -> tuple[Tensor, Tensor]:
    """Return the beat of the bar (from 1 on) and the step within the beat, (T,) each.

    Beats beyond the eighth count as the eighth.
    """
    step = (torch.arange(n_steps) - pickup) % steps_per_bar
    beat = (step // STEPS_PER_BEAT + 1).clamp(max=N_BAR_BEATS - 1)
    return beat, step % STEPS_PER_BEAT


class Page:
    """The piece while it is written: what sounds, what is struck, how long it lasts.

    Args:
        grid: four voices; REST where nothing is given yet.
        n_steps: T of the whole piece.
    """

    def __init__(self, grid: Grid, n_steps: int) -> None:
        n_given = grid.n_steps
        self.classes = torch.full((VOICES, n_steps), REST_CLASS)
        self.classes[:, :n_given] = to_classes(grid.pitches)
        self.onsets = np.zeros((VOICES, n_steps), dtype=bool)
        self.onsets[:, :n_given] = grid.onsets
        self.is_given = np.zeros((VOICES, n_steps), dtype=bool)

    def steps_since(self, voice: int, t: int) -> int:
        """Return for how many steps before t the voice rested, or held its note."""
        n, before = 0, self.classes[voice, max(t - 1, 0)]
        while t - 1 - n >= 0 and self.classes[voice, t - 1 - n] == before:
            n += 1
            if before != REST_CLASS and self.onsets[voice, t - n]:
                break
        return n

    def forbidden(self, voice: int, t: int, drawn: list[int], taste: Taste) -> set[int]:
        """Return the classes that a voice must not take at step t.

        Args:
            voice: which.
            t: the step.
            drawn: voices whose class of step t is known.
            taste: what is passed over.
        """
        if t == 0:
            return set()
        before = int(self.classes[voice, t - 1])
        banned = set()
        rests_long = taste.max_rest and self.steps_since(voice, t) >= taste.max_rest
        if before == REST_CLASS and rests_long:
            banned.add(REST_CLASS)
        if taste.avoid_parallels and before != REST_CLASS:
            then, now = (
                to_pitches(self.classes[drawn, s]).tolist() for s in (t - 1, t)
            )
            for pitch in parallel_classes(before + LOW, then, now):
                if 0 <= pitch - LOW < N_PITCHES:
                    banned.add(pitch - LOW)
        return banned

    def to_grid(self) -> Grid:
        """Return the piece as a grid, (4, T)."""
        return Grid(to_pitches(self.classes), self.onsets)


class ChoraleWriter:
    """A trained Transformer that composes.

    Args:
        network: the network, which is put into its composing state.
        name: name of the weights.
        weight_sha256: their hash.
    """

    def __init__(
        self, network: FrameTransformer, name: str = "", weight_sha256: str = ""
    ) -> None:
        self.network = network.eval()
        self.config = network.config
        self.name, self.weight_sha256 = name, weight_sha256

    @one_thread()
    @torch.inference_mode()
    def extend(
        self,
        grid: Grid,
        n_steps: int,
        *,
        genre: str = "chorale",
        steps_per_bar: int = 16,
        pickup: int = 0,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        max_rest: int = 0,
        max_note: int = 0,
        avoid_parallels: bool = True,
        seed: int = 0,
        use_cache: bool = True,
        on_progress: Progress = None,
    ) -> Grid:
        """Return the music with `n_steps` more steps after its end.

        Args:
            grid: four voices (4, T), or a melody (1, T), which is harmonised first.
            n_steps: steps to add, at least 1.
            genre: one of `music.repertoire.GENRES`.
            steps_per_bar: length of a bar.
            pickup: steps before the first bar line.
            temperature: above 0; 1 draws as the network learned.
            top_k: draw from the k likeliest only; 0 for no limit.
            top_p: draw from the nucleus of this probability only; 1 for no limit.
            max_rest: steps that a voice may rest; 0 for no limit.
            max_note: steps after which a note that stays is struck again; 0 for no
                limit.
            avoid_parallels: whether parallel fifths and octaves are passed over.
            seed: from which all chance follows.
            use_cache: whether keys and values of earlier steps are kept; without, the
                same notes come out, many times slower.
            on_progress: called with (steps done, steps in all).

        Returns:
            (4, T + n_steps); the first T steps are those given.

        Raises:
            InputError: if a value is not allowed.
        """
        taste = Taste(temperature, top_k, top_p, max_rest, max_note, avoid_parallels)
        given = self._checked(grid, n_steps, genre)
        if given.n_voices == 1:
            given = self.harmonise(
                given,
                genre=genre,
                steps_per_bar=steps_per_bar,
                pickup=pickup,
                temperature=temperature,
                top_k=top_k,
                top_p=top_p,
                max_rest=max_rest or None,
                avoid_parallels=avoid_parallels,
                seed=seed,
            )
        page = Page(given, given.n_steps + n_steps)
        page.is_given[:, : given.n_steps] = True
        frames = self._frames(page, genre, steps_per_bar, pickup)
        self._write(page, frames, given.n_steps, taste, seed, use_cache, on_progress)
        return _with_given(page.to_grid(), given)

    @one_thread()
    @torch.inference_mode()
    def harmonise(
        self,
        melody: Grid,
        *,
        genre: str = "chorale",
        steps_per_bar: int = 16,
        pickup: int = 0,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        max_rest: int | None = None,
        avoid_parallels: bool = True,
        seed: int = 0,
        use_cache: bool = True,
        on_progress: Progress = None,
    ) -> Grid:
        """Return the melody (1, T) with three voices below it, (4, T).

        The network sees the melody `config.ahead` steps in advance. The arguments are
        those of `extend`, but for `max_rest`: None lets a voice rest for LONGEST_REST
        steps and no longer (in folk, whose tunes have one voice, for ever).

        Raises:
            InputError: if a value is not allowed.
        """
        if max_rest is None:
            max_rest = 0 if genre == "folk" else LONGEST_REST
        taste = Taste(temperature, top_k, top_p, max_rest, 0, avoid_parallels)
        melody = self._checked(melody, 0, genre).voices(0)
        rests = np.full((VOICES - 1, melody.n_steps), -1)
        page = Page(Grid(np.concatenate([melody.pitches, rests])), melody.n_steps)
        page.onsets[0] = melody.onsets[0]
        page.is_given[0] = True
        frames = self._frames(page, genre, steps_per_bar, pickup)
        frames = replace(frames, melody=page.classes[:1], is_given=torch.ones(1))
        self._write(page, frames, 0, taste, seed, use_cache, on_progress)
        return _with_given(page.to_grid(), melody)

    @torch.inference_mode()
    def attention(
        self, grid: Grid, *, genre: str = "chorale", steps_per_bar: int = 16
    ) -> np.ndarray:
        """Return what each step looks at, (L, H, T, T) float32, rows summing to 1.

        [l, h, t, s] is how much step t looks at s in head h of block l. What stands at
        place s is the frame before it: s - 1.
        """
        given = self._checked(grid, 0, genre)
        page = Page(_four(given), given.n_steps)
        frames = self._frames(page, genre, steps_per_bar, 0)
        return self.network.attention(frames)[:, 0].float().numpy()

    def _checked(self, grid: Grid, n_new: int, genre: str) -> Grid:
        """Return the grid if it can be composed with, or raise an InputError."""
        if genre not in GENRES:
            raise InputError(
                f"The genre {genre[:40]!r} is not known; choose one of "
                f"{', '.join(GENRES)}."
            )
        if grid.n_voices not in (1, VOICES):
            raise InputError(
                f"The music has {grid.n_voices} voices, but a melody (1) or four "
                "voices are needed."
            )
        if not 1 <= grid.n_steps + n_new <= MAX_STEPS or n_new < 0:
            raise InputError(
                f"{grid.n_steps} steps and {n_new} more were asked for, but a piece "
                f"has 1 to {MAX_STEPS:,} steps."
            )
        return grid

    def _frames(
        self, page: Page, genre: str, steps_per_bar: int, pickup: int
    ) -> Frames:
        beat, phase = bar_times(page.classes.shape[1], steps_per_bar, pickup)
        return Frames(
            page.classes[None],  # shares its memory with the page: it grows with it
            torch.tensor([GENRES.index(genre)]),
            families_of(genre)[None],
            beat[None],
            phase[None],
        )

    def _write(
        self,
        page: Page,
        frames: Frames,
        first: int,
        taste: Taste,
        seed: int,
        use_cache: bool,
        on_progress: Progress,
    ) -> None:
        """Draw every step of a page from `first` on that is not given."""
        random = torch.Generator().manual_seed(seed)
        # the LSTM, here to be compared with, is run again from the beginning each step
        use_cache = use_cache and self.config.backbone == "transformer"
        caches = self.network.new_caches() if use_cache else None
        n_steps, seen = page.classes.shape[1], 0
        for t in range(first, n_steps):
            # without a cache, everything is computed again for each step
            hidden = self.network.hidden(frames.until(t + 1), caches, seen)
            seen = t + 1 if use_cache else 0
            self._draw_frame(page, t, hidden[:, -1:], taste, random)
            if on_progress is not None:
                on_progress(t + 1 - first, n_steps - first)

    def _draw_frame(
        self,
        page: Page,
        t: int,
        hidden: Tensor,
        taste: Taste,
        random: torch.Generator,
    ) -> None:
        """Draw the voices of one step, each knowing those before it in the chain."""
        rest = torch.tensor(REST_CLASS)
        for i, voice in enumerate(CHAIN):
            if page.is_given[voice, t]:
                continue
            before = page.classes[voice, t - 1] if t else rest
            drawn = [page.classes[other, t][None, None] for other in CHAIN[:i]]
            logits, again = self.network.heads[i](hidden, before[None, None], drawn)
            row = logits[0, 0].float()
            banned = page.forbidden(voice, t, list(CHAIN[:i]), taste)
            if len(banned) < N_CLASSES:
                row[list(banned)] = NEVER
            found = sample(row, taste.temperature, taste.top_k, taste.top_p, random)
            page.classes[voice, t] = found
            if found == REST_CLASS:
                continue
            chance = torch.rand((), generator=random)
            is_again = bool(chance < torch.sigmoid(again.float())[0, 0])
            if taste.max_note and found == before:
                is_again |= page.steps_since(voice, t) >= taste.max_note
            page.onsets[voice, t] = is_again or found != before


def _four(grid: Grid) -> Grid:
    """Return a grid of four voices; those that are missing rest."""
    missing = np.full((VOICES - grid.n_voices, grid.n_steps), -1)
    silent = np.zeros(missing.shape, dtype=bool)
    return Grid(
        np.concatenate([grid.pitches, missing]), np.concatenate([grid.onsets, silent])
    )


def _with_given(grid: Grid, given: Grid) -> Grid:
    """Return the grid with the given notes as they were, in their own octaves."""
    pitches, onsets = grid.pitches.copy(), grid.onsets.copy()
    place = np.s_[: given.n_voices, : given.n_steps]
    pitches[place], onsets[place] = given.pitches, given.onsets
    return Grid(pitches, onsets)


def transformer_of(
    config: TransformerConfig | Mapping[str, object],
    tensors: Mapping[str, Tensor],
    name: str,
    sha256: str,
) -> ChoraleWriter:
    """Return the writer whose weights are given.

    Args:
        config: the network's settings.
        tensors: parameter name to tensor.
        name: name of the weights.
        sha256: their hash.

    Raises:
        RuntimeError: if the weights do not fit the settings.
    """
    if not isinstance(config, TransformerConfig):
        config = TransformerConfig(**config)
    network = filled(lambda: FrameTransformer(config), tensors)
    return ChoraleWriter(network, name, sha256)


@functools.cache
def _load(name: str, folder: Path) -> ChoraleWriter:
    weights = load_weights(name, folder)
    return transformer_of(weights.info["config"], weights.tensors, name, weights.sha256)


def load_transformer(
    name: str = "transformer", folder: Path | None = None
) -> ChoraleWriter:
    """Return the shipped Transformer, its weights checked.

    Args:
        name: name of the weights.
        folder: where they lie; the shipped ones if left out.

    Raises:
        InputError: if they are missing or damaged.
    """
    return _load(name, folder or weights_dir())
