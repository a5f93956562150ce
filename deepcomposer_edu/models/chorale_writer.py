"""The Transformer at work: going on where music ends, and harmonising a melody.

A frame is drawn voice by voice. What is given stays as it is; what is forbidden (a
parallel, a rest that lasts too long) is taken out before the draw.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.frames import N_CLASSES, REST_CLASS, VOICES
from deepcomposer_edu.models.page import (
    Page,
    Taste,
    four_voices,
    with_given,
)
from deepcomposer_edu.models.transformer import (
    CHAIN,
    Frames,
    FrameTransformer,
    TransformerConfig,
)
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.repertoire import GENRES
from deepcomposer_edu.nn.sampling import NEVER, sample
from deepcomposer_edu.nn.threads import one_thread

MAX_STEPS = 16_384  # of one piece: memory grows with its length
LONGEST_REST = 16  # steps that a voice below a melody may rest if nobody says otherwise
Progress = Callable[[int, int], None] | None


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
        frames = page.frames(genre, steps_per_bar, pickup)
        self._write(page, frames, given.n_steps, taste, seed, use_cache, on_progress)
        return with_given(page.to_grid(), given)

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
        frames = page.frames(genre, steps_per_bar, pickup)
        frames = replace(frames, melody=page.classes[:1], is_given=torch.ones(1))
        self._write(page, frames, 0, taste, seed, use_cache, on_progress)
        return with_given(page.to_grid(), melody)

    @torch.inference_mode()
    def attention(
        self, grid: Grid, *, genre: str = "chorale", steps_per_bar: int = 16
    ) -> np.ndarray:
        """Return what each step looks at, (L, H, T, T) float32, rows summing to 1.

        [l, h, t, s] is how much step t looks at s in head h of block l. What stands at
        place s is the frame before it: s - 1.
        """
        given = self._checked(grid, 0, genre)
        page = Page(four_voices(given), given.n_steps)
        frames = page.frames(genre, steps_per_bar, 0)
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
