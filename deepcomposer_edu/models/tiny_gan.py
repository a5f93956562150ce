"""A GAN small enough to watch: points of a plane, or one bar of rhythm or melody.

Goodfellow et al. 2014. Both networks are a few linear maps with bends between them.
A bar is drawn step by step, with a gradient that flows through the draw (Jang et al.
2017, straight-through).

Shapes: B batch, D numbers of a piece: 2 for a point, 16 for a rhythm (1 where a note
starts), 16 * N_CLASSES for a melody (a one-hot for each step).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.keys import MAJOR_SCALE
from deepcomposer_edu.music.score import STEPS_PER_BAR, Note, Score, Track
from deepcomposer_edu.nn.drawing import draw_bit, draw_one_hot
from deepcomposer_edu.nn.gan import LOSSES
from deepcomposer_edu.nn.spectral import spectral

PLANE = ("ring", "grid", "spiral", "moons")  # points with two coordinates
DATA = (*PLANE, "rhythm", "melody")
NORMALISATIONS = ("none", "batch", "layer", "spectral")

LOWEST_DEGREE = -3  # the fifth below the tonic: G3 in C major
N_DEGREES = 15  # notes of the scale, up to G5
HOLD, REST = N_DEGREES, N_DEGREES + 1  # a note goes on; nothing sounds
N_CLASSES = N_DEGREES + 2

_WOODBLOCK = 76  # General MIDI drum: high wood block


@dataclass(frozen=True)
class TinyConfig:
    """Everything that shapes the two networks and their game.

    Args:
        data: one of DATA: what the generator is to learn.
        loss: one of `nn.gan.LOSSES`.
        normalisation: one of NORMALISATIONS, in the critic.
        n_critic: critic steps for each generator step (0: the critic never learns).
        width: numbers in each hidden layer of both networks.
        depth: hidden layers of both networks.
        noise: random numbers that the generator makes a piece of.
        temperature: scale of the chance in drawing a bar; 0 takes the likeliest.
        generator_rate, critic_rate: learning rates of the two Adam optimisers.
        clip: bound on every critic weight ("wgan-clip" only).
        gradient_penalty: weight of the penalty ("wgan-gp" only).
        batch: pieces in a batch, 2 or more.

    Raises:
        InputError: if a value is not allowed.
    """

    data: str = "ring"
    loss: str = "non-saturating"
    normalisation: str = "none"
    n_critic: int = 1
    width: int = 64
    depth: int = 2
    noise: int = 8
    temperature: float = 1.0
    generator_rate: float = 2e-3
    critic_rate: float = 2e-3
    clip: float = 0.1
    gradient_penalty: float = 1.0
    batch: int = 128

    def __post_init__(self) -> None:
        choices = {"data": DATA, "loss": LOSSES, "normalisation": NORMALISATIONS}
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise InputError(
                    f"The {name} is {getattr(self, name)!r}, but it must be one of "
                    f"{', '.join(allowed)}."
                )
        least = {"n_critic": 0, "width": 1, "depth": 1, "noise": 1, "batch": 2}
        for name, bound in least.items():
            value = getattr(self, name)
            if not isinstance(value, int) or value < bound:
                raise InputError(
                    f"{name} is {value!r}, but it must be a whole number from {bound} "
                    "up."
                )
        for name in ("temperature", "gradient_penalty"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise InputError(
                    f"{name} is {getattr(self, name)}, but it must be 0 or more."
                )
        for name in ("generator_rate", "critic_rate", "clip"):
            if not 0 < getattr(self, name) < float("inf"):
                raise InputError(
                    f"{name} is {getattr(self, name)}, but it must be above 0."
                )

    @property
    def n_numbers(self) -> int:
        """D: how many numbers a piece has."""
        if self.data == "rhythm":
            return STEPS_PER_BAR
        return STEPS_PER_BAR * N_CLASSES if self.data == "melody" else 2

    def to_dict(self) -> dict[str, object]:
        """Return the settings as plain values, ready for JSON."""
        return asdict(self)


def layers(n_in: int, config: TinyConfig, n_out: int) -> list[nn.Linear]:
    """Return the linear maps of a network: `depth` hidden ones and the last."""
    sizes = [n_in, *[config.width] * config.depth, n_out]
    return [nn.Linear(a, b) for a, b in pairwise(sizes)]


def draw_weights(network: nn.Module, chance: torch.Generator) -> None:
    """Draw the first weights of all linear maps anew, from `chance` alone.

    The range is torch's own, 1 / sqrt(inputs). Nothing is taken from torch's shared
    random numbers, so that several games can run beside each other.
    """
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, nn.Linear):
                bound = layer.in_features**-0.5
                layer.weight.uniform_(-bound, bound, generator=chance)
                layer.bias.uniform_(-bound, bound, generator=chance)


class TinyGenerator(nn.Module):
    """Makes pieces of random numbers; it never sees a real one.

    Args:
        config: the settings.
        chance: where the first weights come from; None: from the seed 0.
    """

    def __init__(
        self, config: TinyConfig, chance: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.config = config
        self.maps = nn.ModuleList(layers(config.noise, config, config.n_numbers))
        draw_weights(self, chance or torch.Generator().manual_seed(0))

    def logits(self, noise: Tensor) -> Tensor:
        """Return the numbers before anything is drawn, (B, D)."""
        h = noise
        for linear in self.maps[:-1]:
            h = F.leaky_relu(linear(h), 0.2)
        return self.maps[-1](h)

    def forward(self, noise: Tensor, chance: torch.Generator | None = None) -> Tensor:
        """Return pieces made of noise.

        Args:
            noise: (B, Z) standard normal values, Z = `config.noise`.
            chance: the source of the draws, for bars.

        Returns:
            (B, D): points as they are, bars drawn, with straight-through gradients.
        """
        out, temperature = self.logits(noise), self.config.temperature
        if self.config.data == "rhythm":
            return draw_bit(out, temperature, chance)
        if self.config.data == "melody":
            steps = out.reshape(-1, 1, N_CLASSES)  # each step is drawn by itself
            return draw_one_hot(steps, temperature, chance).reshape(len(noise), -1)
        return out


class TinyCritic(nn.Module):
    """Scores pieces: the higher, the more it takes them for real.

    Args:
        config: the settings.
        chance: where the first weights come from; None: from the seed 1.
    """

    def __init__(
        self, config: TinyConfig, chance: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.config = config
        maps = layers(config.n_numbers, config, 1)
        self.maps = nn.ModuleList(maps)
        draw_weights(self, chance or torch.Generator().manual_seed(1))
        kind, hidden = config.normalisation, range(config.depth)
        norm = {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm}.get(kind)
        self.norms = nn.ModuleList(
            norm(config.width) if norm else nn.Identity() for _ in hidden
        )
        if kind == "spectral":
            for linear in self.maps:
                spectral(linear)

    def forward(self, pieces: Tensor) -> Tensor:
        """Return one score for each piece (B, D), (B,)."""
        h = pieces
        for linear, norm in zip(self.maps[:-1], self.norms, strict=True):
            h = F.leaky_relu(norm(linear(h)), 0.2)
        return self.maps[-1](h)[:, 0]


def to_bars(pieces: Tensor, data: str) -> Tensor:
    """Return bars in plain numbers, (B, 16), whole numbers.

    Args:
        pieces: (B, D) rhythms or melodies as the networks have them.
        data: "rhythm" or "melody".

    Returns:
        A rhythm: 1 where a note starts, else 0. A melody: the number of the scale's
        note, 0 to N_DEGREES - 1, where one starts (LOWEST_DEGREE steps of the scale
        from the tonic), HOLD where it goes on, REST where nothing sounds.

    Raises:
        InputError: for points of a plane.
    """
    _expect_bars(data)
    if data == "rhythm":
        return (pieces.detach() > 0.5).long()
    codes = pieces.detach().reshape(len(pieces), STEPS_PER_BAR, N_CLASSES).argmax(-1)
    for step in range(STEPS_PER_BAR):  # a note that never began cannot go on
        before = codes[:, step - 1] if step else torch.full_like(codes[:, 0], REST)
        stays_silent = (codes[:, step] == HOLD) & (before == REST)
        codes[stays_silent, step] = REST
    return codes


def from_bars(bars: Tensor, data: str) -> Tensor:
    """Return bars (B, 16) as the networks have them, (B, D); undoes `to_bars`."""
    _expect_bars(data)
    if data == "rhythm":
        return bars.float()
    return F.one_hot(bars.long(), N_CLASSES).flatten(start_dim=1).float()


def bars_to_score(bars: Tensor, data: str, tempo: float = 100.0) -> Score:
    """Return bars one after another, to be heard.

    Args:
        bars: (B, 16) as `to_bars` returns them.
        data: "rhythm" (on a wood block) or "melody" (in C major, on a piano).
        tempo: quarters a minute.
    """
    _expect_bars(data)
    notes = []
    for i, bar in enumerate(bars.tolist()):
        starts = [
            step
            for step, code in enumerate(bar)
            if (code == 1 if data == "rhythm" else code < N_DEGREES)
        ]
        for step in starts:
            if data == "rhythm":
                pitch, stop = _WOODBLOCK, step + 1
            else:
                octave, degree = divmod(bar[step] + LOWEST_DEGREE, 7)
                pitch = 60 + 12 * octave + MAJOR_SCALE[degree]
                stop = step + 1
                while stop < STEPS_PER_BAR and bar[stop] == HOLD:
                    stop += 1
            velocity = 100 if step == 0 else 80 if step % 4 == 0 else 64
            start = i * STEPS_PER_BAR + step
            notes.append(Note(start, pitch, stop - step, velocity))
    is_drum = data == "rhythm"
    track = Track(tuple(notes), name=data.capitalize(), is_drum=is_drum)
    return Score((track,), tempo=tempo)


def _expect_bars(data: str) -> None:
    if data not in ("rhythm", "melody"):
        raise InputError(
            f"Bars were asked of {data!r}, but only rhythm and melody have bars."
        )
