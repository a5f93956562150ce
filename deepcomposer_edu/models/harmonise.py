"""From a melody of any length to four voices, with a trained generator.

The generator was trained on windows of two bars. A longer melody is heard through
overlapping windows whose hidden states are cross-faded, and only then are the voices
drawn, from the first step to the last: so no seam can be heard.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.counterpoint import draw_voice
from deepcomposer_edu.models.heard import HeardMelody, hear
from deepcomposer_edu.models.one_hot import decode, encode
from deepcomposer_edu.models.overlap import cross_faded
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.models.wgan import (
    CHAIN,
    STEPS_PER_NOISE,
    Critic,
    Generator,
    WGANConfig,
    critic_of,
)
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.repertoire import GENRES as ALL_GENRES
from deepcomposer_edu.music.repertoire import genre_index
from deepcomposer_edu.nn.drawing import draw_bit, shared_gumbel
from deepcomposer_edu.nn.threads import one_thread

GENRES = {  # genre, or a smaller size of it -> name of its weights
    "bach": "wgan-bach",
    "bach-small": "wgan-small",
    "palestrina": "wgan-genres",
    "quartet": "wgan-genres",
}
SMOOTHNESS = 3.0  # chosen on the validation chorales


class Harmoniser:
    """A generator that writes alto, tenor and bass, and a critic that chooses.

    Args:
        config: the networks' settings.
        generator: the trained generator.
        critic: the trained critic; without it the first candidate is taken.
        name: name of the weights.
        weight_sha256: hash of the weights.
        genre: what to write, for networks that know several genres; the first of them
            if left out.
    """

    def __init__(
        self,
        config: WGANConfig,
        generator: Generator,
        critic: Critic | None = None,
        name: str = "",
        weight_sha256: str = "",
        genre: str | None = None,
    ) -> None:
        if genre is not None and genre not in ALL_GENRES[: config.n_genres]:
            known = ", ".join(ALL_GENRES[: config.n_genres]) or "none by name"
            raise InputError(
                f"The genre is {genre!r}, but this network has learned {known}."
            )
        self.config = config
        self.genre = genre
        self.generator = generator.eval()
        self.critic = critic.eval() if critic is not None else None
        self.name = name
        self.weight_sha256 = weight_sha256

    @one_thread()
    @torch.inference_mode()
    def harmonise(
        self,
        melody: Grid,
        to_c: int = 0,
        steps_per_bar: int = 16,
        pickup: int = 0,
        seed: int = 0,
        temperature: float = 0.9,
        inertia: float = 0.5,
        candidates: int = 1,
        avoid_parallels: bool = True,
        smoothness: float = SMOOTHNESS,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Grid:
        """Return the melody with alto, tenor and bass below it, in its own key.

        Args:
            melody: one voice, (1, T), any length from 1 step.
            to_c: semitones that move the melody to C major or A minor.
            steps_per_bar: 16 for 4/4, 12 for 3/4.
            pickup: steps before the first whole bar.
            seed: the same seed gives the same voices.
            temperature: 0 takes the likeliest notes; 1 draws as in training. The
                default and that of `inertia` were chosen on the validation chorales.
            inertia: how much the voices like to stay on their notes; 0 leaves it to the
                generator, which moves an eighth more often than Bach.
            candidates: how many harmonisations the critic chooses from.
            avoid_parallels: whether fifths and octaves in parallel are passed over
                when a voice is drawn.
            smoothness: how much the voices dislike leaps that are hard to sing and
                clashes that nobody comes to by step; 0 leaves it to the generator.
            on_progress: called with (voices drawn, voices in all); an exception raised
                in it ends the work.

        Returns:
            Four voices (4, T); the first is the melody, untouched.

        Raises:
            InputError: if the melody is not one voice, or has no steps or no notes.
        """
        heard = hear(melody, self.config, to_c, steps_per_bar, pickup)
        sing = functools.partial(
            draw_voice,
            low=self.config.low,
            inertia=inertia,
            avoid_parallels=avoid_parallels,
            smoothness=smoothness,
        )
        voices, repeats = self.draw(
            heard,
            candidates,
            torch.Generator().manual_seed(seed),
            temperature,
            sing,
            on_progress,
        )
        best = self.choose(voices, repeats, heard.starts, heard.position)
        lower = decode(voices[best : best + 1, 1:], self.config)[0, :, heard.inside]
        lower = lower.numpy()
        lower = np.where(lower >= 0, lower - heard.shift, REST)
        struck = repeats[best, :, heard.inside].numpy().astype(bool)
        return Grid(
            np.concatenate([melody.pitches, lower]),
            np.concatenate([melody.onsets, struck]),
        )

    def hidden(
        self, melody: Tensor, starts: Tensor, position: Tensor, noise: Tensor, hop: int
    ) -> Tensor:
        """Return the generator's hidden state for any length, (B, C, T)."""
        genre = self.genre_numbers(len(melody))

        def window(cut: slice) -> Tensor:
            heard = slice(cut.start // STEPS_PER_NOISE, cut.stop // STEPS_PER_NOISE)
            return self.generator.hidden(
                melody[:, cut],
                starts[:, cut],
                position[:, cut],
                noise[..., heard],
                genre,
            )

        return cross_faded(window, melody.shape[1], self.config.n_steps, hop)

    def draw(
        self,
        melody: HeardMelody,
        n_candidates: int,
        random: torch.Generator,
        temperature: float,
        sing: Callable[[np.ndarray, list[np.ndarray]], np.ndarray],
        on_progress: Callable[[int, int], None] | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Draw the voices of B candidates, the bass first.

        Args:
            melody: T steps of it.
            n_candidates: B.
            random: the source of all noise.
            temperature: scale of the drawing noise.
            sing: draws a voice, (1, T), from scores (1, T, V) and the voices so far.
            on_progress: called with (voices drawn, voices in all).

        Returns:
            voices (B, 4, T, V) one-hot, the melody first; repeats (B, 3, T).
        """
        soprano, starts, position = (
            x.expand(n_candidates, *x.shape[1:])
            for x in (melody.pitches, melody.starts, melody.position)
        )
        shape = self.generator.noise_shape(n_candidates, soprano.shape[1])
        noise = torch.randn(shape, generator=random)
        hidden = self.hidden(soprano, starts, position, noise, melody.hop)
        drawn, repeats = {0: soprano}, {}
        heard = [soprano.transpose(1, 2)]
        pitches = [decode(soprano[:, None], self.config)[:, 0].numpy()]
        for head, voice in zip(self.generator.heads, CHAIN, strict=True):
            logits, repeat = head(hidden, heard)  # (B, T, V), (B, T)
            scores = logits + temperature * shared_gumbel(logits.shape, random)
            rows = []
            for b in range(n_candidates):
                others = [voice_pitches[b : b + 1] for voice_pitches in pitches]
                rows.append(sing(scores[b : b + 1].numpy(), others))
                if on_progress is not None:
                    n_drawn = (len(pitches) - 1) * n_candidates + b + 1
                    on_progress(n_drawn, len(CHAIN) * n_candidates)
            pitches.append(np.concatenate(rows))  # (B, T)
            one_hot = encode(torch.from_numpy(pitches[-1])[:, None], self.config)
            drawn[voice] = one_hot[:, 0]
            repeats[voice] = draw_bit(repeat, temperature, random).round()
            heard.append(one_hot[:, 0].transpose(1, 2))
        voices = torch.stack([drawn[v] for v in range(4)], dim=1)
        return voices, torch.stack([repeats[v] for v in (1, 2, 3)], dim=1)

    def choose(
        self, voices: Tensor, repeats: Tensor, starts: Tensor, position: Tensor
    ) -> int:
        """Return the index of the candidate that the critic scores highest.

        Args:
            voices: (B, 4, T, V) one-hot, the melody first.
            repeats: (B, 3, T) of the voices below it.
            starts: (1, T) 1 where a melody note begins.
            position: (1, T) step within the bar.
        """
        if self.critic is None or len(voices) == 1:
            return 0
        repeats = torch.cat([starts.expand(len(voices), 1, -1), repeats], dim=1)
        heard = [voices, repeats, position.expand(len(voices), -1)]
        genre = self.genre_numbers(len(voices))
        if genre is not None:
            heard.append(genre)
        return int(self.critic(*heard).argmax())

    def genre_numbers(self, n_windows: int) -> Tensor | None:
        """Return the genre's number for each of B windows, (B,), or None without."""
        if not self.config.n_genres:
            return None
        return torch.full((n_windows,), genre_index(self.genre or ALL_GENRES[0]))


def harmoniser_of(
    config: WGANConfig,
    tensors: Mapping[str, Tensor],
    name: str,
    sha256: str,
    genre: str | None = None,
) -> Harmoniser:
    """Return the harmoniser whose weights are given.

    Args:
        config: the networks' settings.
        tensors: "generator." and "critic." before each parameter's name.
        name: name of the weights.
        sha256: hash of the weights.
        genre: what to write, for networks that know several genres.

    Raises:
        RuntimeError: if the weights do not fit the settings.
    """
    makers = {"generator": Generator, "critic": critic_of}
    networks = {}
    for part, make in makers.items():
        start = part + "."
        own = {k[len(start) :]: x for k, x in tensors.items() if k.startswith(start)}
        networks[part] = filled(functools.partial(make, config), own)
    return Harmoniser(
        config, networks["generator"], networks["critic"], name, sha256, genre
    )


@functools.cache
def _load(name: str, folder: Path | None, genre: str) -> Harmoniser:
    weights = load_weights(name, folder)
    config = WGANConfig(**weights.info["config"])
    known = ALL_GENRES[: config.n_genres]
    chosen = genre if genre in known else None
    return harmoniser_of(config, weights.tensors, name, weights.sha256, chosen)


def load_harmoniser(genre: str = "bach", folder: Path | None = None) -> Harmoniser:
    """Return the shipped harmoniser of a genre, with its weights checked.

    Args:
        genre: one of GENRES.
        folder: where the weights lie; the shipped ones if left out.

    Raises:
        InputError: if the genre is unknown or its weights are missing or damaged.
    """
    if genre not in GENRES:
        raise InputError(
            f"The genre {genre!r} is not known; choose one of {', '.join(GENRES)}."
        )
    return _load(GENRES[genre], folder or weights_dir(), genre)
