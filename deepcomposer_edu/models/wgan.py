"""A Wasserstein GAN with gradient penalty that harmonises a melody in four voices.

The generator hears a melody and some noise and writes three lower voices; the critic
hears all four and gives a score: high for Bach, low for the generator. Arjovsky et al.
2017 (Wasserstein GAN), Gulrajani et al. 2017 (gradient penalty), Ronneberger et al.
2015 (U-Net), Jang et al. 2017 (straight-through Gumbel softmax). With several genres,
both networks are told which one is wanted by embeddings (Mirza and Osindero 2014), and
the critic asks besides how well its opinion fits the genre (Miyato and Koyama 2018).

Shapes: B batch, K voices, V classes (the pitches and, last, the rest), T steps.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.models.ear import N_POSITIONS, Ear
from deepcomposer_edu.models.wgan_config import WGANConfig
from deepcomposer_edu.nn.blocks import Block, KindShift
from deepcomposer_edu.nn.drawing import draw_bit, draw_one_hot
from deepcomposer_edu.nn.spectral import spectral

CHAIN = (3, 1, 2)  # the order in which voices are drawn: bass, alto, tenor
STEPS_PER_NOISE = 8  # steps for which the generator gets one set of noise values


class VoiceHead(nn.Module):
    """Writes one voice, having heard the melody and the voices drawn before it."""

    def __init__(self, n_hidden: int, n_classes: int, n_heard: int) -> None:
        super().__init__()
        self.block = Block(n_hidden + n_heard * n_classes, n_hidden)
        self.out = nn.Conv1d(n_hidden, n_classes + 1, 3, padding=1)

    def forward(self, hidden: Tensor, heard: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the pitch logits (B, T, V) and the repeat logits (B, T)."""
        out = self.out(self.block(torch.cat([hidden, *heard], dim=1)))
        out = out.transpose(1, 2).float()  # (B, T, V + 1)
        return out[..., :-1], out[..., -1]


class Generator(nn.Module):
    """A U-Net over time from melody and noise to three lower voices.

    It looks at the melody at four scales: steps, eighths, quarters and half bars, so a
    note can depend on the phrase around it. The voices are then drawn one after
    another, the bass first, each hearing those before it.
    """

    def __init__(self, config: WGANConfig) -> None:
        super().__init__()
        self.config = config
        width, n_classes = config.hidden_channels, config.n_classes
        wide = [width, width * 3 // 2 // 8 * 8, width * 2, width * 2]
        self.enter = Block(n_classes + 1 + N_POSITIONS, wide[0])
        self.down = nn.ModuleList(Block(wide[i], wide[i + 1]) for i in range(3))
        self.bottom = Block(wide[3] + config.noise_channels, wide[3])
        self.up = nn.ModuleList(
            Block(wide[i + 1] + wide[i], wide[i]) for i in (2, 1, 0)
        )
        self.heads = nn.ModuleList(
            VoiceHead(width, n_classes, n_heard=1 + i) for i in range(len(CHAIN))
        )
        if config.n_genres:
            self.genre_in, self.genre_out = (
                KindShift(config.n_genres, width) for _ in range(2)
            )

    def noise_shape(self, n_windows: int, n_steps: int) -> tuple[int, int, int]:
        """Return the shape of the noise for windows of `n_steps`: (B, Z, T / 8)."""
        return n_windows, self.config.noise_channels, n_steps // STEPS_PER_NOISE

    def hidden(
        self,
        melody: Tensor,
        starts: Tensor,
        position: Tensor,
        noise: Tensor,
        genre: Tensor | None = None,
    ) -> Tensor:
        """Return what the U-Net heard, (B, C, T).

        Args:
            melody: (B, T, V) one-hot soprano.
            starts: (B, T) 1 where a melody note starts.
            position: (B, T) step within the bar, 0 to 15.
            noise: (B, Z, T / 8) standard normal values.
            genre: (B,) numbers below `n_genres`; None adds no genre's vectors.
        """
        place = F.one_hot(position.long(), N_POSITIONS).movedim(-1, 1).float()
        melody = melody.transpose(1, 2)  # (B, V, T)
        h = self.enter(torch.cat([melody, starts[:, None].float(), place], dim=1))
        if genre is not None:
            h = self.genre_in(h, genre)
        skips = []
        for block in self.down:
            skips.append(h)
            h = block(F.avg_pool1d(h, 2))  # half the steps
        h = self.bottom(torch.cat([h, noise], dim=1))
        for block, skip in zip(self.up, reversed(skips), strict=True):
            h = F.interpolate(h, scale_factor=2.0, mode="nearest")  # twice the steps
            h = block(torch.cat([h, skip], dim=1))
        return h if genre is None else self.genre_out(h, genre)

    def forward(
        self,
        melody: Tensor,
        starts: Tensor,
        position: Tensor,
        noise: Tensor,
        temperature: float = 1.0,
        generator: torch.Generator | None = None,
        genre: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Draw alto, tenor and bass for a melody.

        Args:
            melody: (B, T, V) one-hot soprano.
            starts: (B, T) 1 where a melody note starts.
            position: (B, T) step within the bar, 0 to 15.
            noise: (B, Z, T / 8) standard normal values.
            temperature: scale of the drawing noise; 0 takes the likeliest class.
            generator: the source of the drawing noise.
            genre: (B,) numbers below `n_genres`; None adds no genre's vectors.

        Returns:
            voices (B, 3, T, V) one-hot, alto first, with straight-through gradients;
            repeats (B, 3, T), 1 where a note that stays is struck again.
        """
        h = self.hidden(melody, starts, position, noise, genre)
        heard, voices, repeats = [melody.transpose(1, 2)], {}, {}  # heard: (B, V, T)
        for head, voice in zip(self.heads, CHAIN, strict=True):
            logits, repeat = head(h, heard)
            voices[voice] = draw_one_hot(logits, temperature, generator)
            repeats[voice] = draw_bit(repeat, temperature, generator)
            heard.append(voices[voice].transpose(1, 2))
        return tuple(
            torch.stack([drawn[voice] for voice in (1, 2, 3)], dim=1)
            for drawn in (voices, repeats)
        )


class Critic(nn.Module):
    """Scores four voices: the higher, the more like Bach.

    There is no normalisation in it: the gradient penalty asks for the gradient of each
    piece alone, and batch normalisation would mix the pieces (Gulrajani et al. 2017,
    section 4).
    """

    def __init__(self, config: WGANConfig) -> None:
        super().__init__()
        self.config = config
        self.ear = Ear(config.low, config.n_pitches)
        width = config.critic_channels
        self.enter = nn.Linear(self.ear.n_features, width)
        self.layers = nn.ModuleList(
            nn.Conv1d(width, width, 3, padding=d, dilation=d) for d in (1, 2, 4, 1)
        )
        self.leave = nn.Conv1d(width, 1, 1)

    def forward(self, voices: Tensor, repeats: Tensor, position: Tensor) -> Tensor:
        """Return one score per piece, (B,).

        Args:
            voices: (B, 4, T, V) one-hot, or mixtures between two one-hots.
            repeats: (B, 4, T) 1 where a note that stays is struck again.
            position: (B, T) step within the bar.
        """
        h = self.enter(self.ear(voices, repeats, position)).transpose(1, 2)  # (B, C, T)
        h = F.leaky_relu(h, 0.2)
        for layer in self.layers:
            h = h + F.leaky_relu(layer(h), 0.2)
        return self.leave(h).float().mean(dim=(1, 2))


class GenreCritic(Critic):
    """A critic that knows which genre a piece is meant to be.

    With the embeddings at their first value, zero, it scores as `Critic` does, so it
    can begin with the weights of one.
    """

    def __init__(self, config: WGANConfig) -> None:
        super().__init__(config)
        width = config.critic_channels
        self.genre_in = KindShift(config.n_genres, width)
        self.genre_out = nn.Embedding(config.n_genres, width)
        nn.init.zeros_(self.genre_out.weight)

    def forward(
        self,
        voices: Tensor,
        repeats: Tensor,
        position: Tensor,
        genre: Tensor | None = None,
    ) -> Tensor:
        """Return one score per piece, (B,), with the opinion of its genre (B,) added.

        Args:
            voices: as `Critic` takes them.
            repeats: the same.
            position: the same.
            genre: (B,) numbers below `n_genres`; None adds no genre's opinion.
        """
        h = self.enter(self.ear(voices, repeats, position)).transpose(1, 2)  # (B, C, T)
        if genre is not None:
            h = self.genre_in(h, genre)
        h = F.leaky_relu(h, 0.2)
        for layer in self.layers:
            h = h + F.leaky_relu(layer(h), 0.2)
        score = self.leave(h).float().mean(dim=(1, 2))
        if genre is not None:
            score = score + (self.genre_out(genre) * h.mean(dim=2)).float().sum(dim=1)
        return score


def critic_of(config: WGANConfig) -> Critic:
    """Return an untrained critic: one that knows genres if the settings name any.

    With spectral normalisation all of its layers have it, but not the shifts of genres.
    """
    critic = GenreCritic(config) if config.n_genres else Critic(config)
    if config.critic_normalisation == "spectral":
        for layer in (critic.enter, *critic.layers, critic.leave):
            spectral(layer)
    return critic
