"""A Wasserstein GAN with gradient penalty that harmonises a melody in four voices.

The generator hears a melody and some noise and writes three lower voices; the critic
hears all four and gives a score: high for Bach, low for the generator. Arjovsky et al.
2017 (Wasserstein GAN), Gulrajani et al. 2017 (gradient penalty), Ronneberger et al.
2015 (U-Net), Jang et al. 2017 (straight-through Gumbel softmax).

Shapes: B batch, K voices, V classes (the pitches and, last, the rest), T steps.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError

LOSSES = ("original", "non-saturating", "wgan-clip", "wgan-gp")
N_POSITIONS = 16  # steps of the longest bar that has positions of its own
CHAIN = (3, 1, 2)  # the order in which voices are drawn: bass, alto, tenor
STEPS_PER_NOISE = 8  # steps for which the generator gets one set of noise values
STEPS_PER_DRAW = 4  # steps that share their drawing noise: a quarter


@dataclass(frozen=True)
class WGANConfig:
    """Everything that shapes the two networks and their training.

    Args:
        low: the lowest MIDI pitch the networks know.
        n_pitches: how many semitones from `low` up.
        n_steps: length of a training window in steps, a multiple of 8.
        hidden_channels: width of the generator's widest-in-time level.
        critic_channels: width of the critic.
        noise_channels: noise values for every 8 steps.
        loss: one of LOSSES.
        n_critic: critic steps for each generator step (0: the critic never learns).
        gradient_penalty: weight lambda of the penalty ("wgan-gp" only).
        clip: bound on every critic weight ("wgan-clip" only).
        generator_rate, critic_rate: learning rates of the two Adam optimisers.
        batch_size: windows in a batch.
        ema_decay: how slowly the averaged generator, which composes, follows.
    """

    low: int = 33
    n_pitches: int = 54
    n_steps: int = 32
    hidden_channels: int = 96
    critic_channels: int = 128
    noise_channels: int = 16
    loss: str = "wgan-gp"
    n_critic: int = 5
    gradient_penalty: float = 10.0
    clip: float = 0.01
    generator_rate: float = 2e-4
    critic_rate: float = 2e-4
    batch_size: int = 64
    ema_decay: float = 0.999

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise InputError(
                f"The loss is {self.loss!r}, but it must be one of {', '.join(LOSSES)}."
            )
        if self.n_steps < 8 or self.n_steps % 8:
            raise InputError(
                f"n_steps is {self.n_steps}, but it must be a multiple of 8 above 0."
            )
        least = {"n_pitches": 12, "hidden_channels": 8, "critic_channels": 8}
        for name, bound in {**least, "noise_channels": 1, "batch_size": 1}.items():
            if getattr(self, name) < bound:
                raise InputError(
                    f"{name} is {getattr(self, name)}, but at least {bound} is needed."
                )
        if self.n_critic < 0 or not 0 <= self.ema_decay < 1:
            raise InputError(
                f"n_critic is {self.n_critic} and ema_decay {self.ema_decay}, but "
                "n_critic must be 0 or more and ema_decay at least 0 and below 1."
            )

    @property
    def n_classes(self) -> int:
        """V: the pitches and the rest."""
        return self.n_pitches + 1

    def to_dict(self) -> dict[str, object]:
        """Return the settings as plain values, ready for JSON."""
        return asdict(self)


# ---------------------------------------------------------------- numbers to tensors


def encode(pitches: Tensor, config: WGANConfig) -> Tensor:
    """Return one-hot voices for MIDI pitches.

    Args:
        pitches: (B, K, T) MIDI numbers, -1 for a rest, all within the range.
        config: says which pitches there are.

    Returns:
        (B, K, T, V) float: 1 at the sounding pitch, or at the last class for a rest.
    """
    classes = torch.where(pitches < 0, config.n_pitches, pitches - config.low)
    return F.one_hot(classes.long(), config.n_classes).float()


def decode(voices: Tensor, config: WGANConfig) -> Tensor:
    """Return MIDI pitches (-1 for a rest), (B, K, T), the inverse of `encode`."""
    classes = voices.argmax(dim=-1)
    return torch.where(classes == config.n_pitches, -1, classes + config.low)


def same_as_before(voices: Tensor) -> Tensor:
    """Return how much each step sounds the pitch of the step before.

    It is the product of the two steps' values, summed over the classes: 1 for equal
    one-hots, 0 for different ones, and something between for mixtures. So it has a
    gradient, which a comparison with == has not.

    Args:
        voices: (B, K, T, V) one-hot, or a mixture of one-hots.

    Returns:
        (B, K, T): 1 where the pitch stays, 0 where it moves and at the first step,
        which has no step before it. A rest after a rest stays, too.
    """
    stays = (voices[:, :, 1:] * voices[:, :, :-1]).sum(-1)  # (B, K, T - 1)
    return F.pad(stays, (1, 0))


# ------------------------------------------------------------------------ generator


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of each step, (B, C, T) -> (B, C, T).

    Steps are not mixed, so a long piece and a short window sound the same (Ba et al.
    2016, eq. 3).
    """

    def __init__(self, n_channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(n_channels, 1))
        self.shift = nn.Parameter(torch.zeros(n_channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return x with mean 0 and variance 1 in each step, scaled and shifted."""
        centred = x - x.mean(dim=1, keepdim=True)
        scale = torch.rsqrt(centred.square().mean(dim=1, keepdim=True) + 1e-5)
        return centred * scale * self.gain + self.shift


class Block(nn.Module):
    """Two convolutions over time with a shortcut: (B, C_in, T) -> (B, C_out, T)."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(n_in, n_out, 3, padding=1)
        self.norm_first = ChannelNorm(n_out)
        self.second = nn.Conv1d(n_out, n_out, 3, padding=1)
        self.norm_second = ChannelNorm(n_out)
        self.shortcut = nn.Conv1d(n_in, n_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, C_out, T) from (B, C_in, T)."""
        h = F.leaky_relu(self.norm_first(self.first(x)), 0.2)
        h = self.norm_second(self.second(h))
        return F.leaky_relu(h + self.shortcut(x), 0.2)


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

    def noise_shape(self, n_windows: int, n_steps: int) -> tuple[int, int, int]:
        """Return the shape of the noise for windows of `n_steps`: (B, Z, T / 8)."""
        return n_windows, self.config.noise_channels, n_steps // STEPS_PER_NOISE

    def hidden(
        self, melody: Tensor, starts: Tensor, position: Tensor, noise: Tensor
    ) -> Tensor:
        """Return what the U-Net heard, (B, C, T).

        Args:
            melody: (B, T, V) one-hot soprano.
            starts: (B, T) 1 where a melody note starts.
            position: (B, T) step within the bar, 0 to 15.
            noise: (B, Z, T / 8) standard normal values.
        """
        place = F.one_hot(position.long(), N_POSITIONS).movedim(-1, 1).float()
        melody = melody.transpose(1, 2)  # (B, V, T)
        h = self.enter(torch.cat([melody, starts[:, None].float(), place], dim=1))
        skips = []
        for block in self.down:
            skips.append(h)
            h = block(F.avg_pool1d(h, 2))  # half the steps
        h = self.bottom(torch.cat([h, noise], dim=1))
        for block, skip in zip(self.up, reversed(skips), strict=True):
            h = F.interpolate(h, scale_factor=2.0, mode="nearest")  # twice the steps
            h = block(torch.cat([h, skip], dim=1))
        return h

    def forward(
        self,
        melody: Tensor,
        starts: Tensor,
        position: Tensor,
        noise: Tensor,
        temperature: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Draw alto, tenor and bass for a melody.

        Args:
            melody: (B, T, V) one-hot soprano.
            starts: (B, T) 1 where a melody note starts.
            position: (B, T) step within the bar, 0 to 15.
            noise: (B, Z, T / 8) standard normal values.
            temperature: scale of the drawing noise; 0 takes the likeliest class.
            generator: the source of the drawing noise.

        Returns:
            voices (B, 3, T, V) one-hot, alto first, with straight-through gradients;
            repeats (B, 3, T), 1 where a note that stays is struck again;
            pitch logits (B, 3, T, V); repeat logits (B, 3, T).
        """
        h = self.hidden(melody, starts, position, noise)
        heard, drawn = [melody.transpose(1, 2)], {}  # each (B, V, T)
        for head, voice in zip(self.heads, CHAIN, strict=True):
            logits, repeat = head(h, heard)
            one_hot = draw_one_hot(logits, temperature, generator)
            bit = draw_bit(repeat, temperature, generator)
            drawn[voice] = one_hot, bit, logits, repeat
            heard.append(one_hot.transpose(1, 2))
        parts = (
            torch.stack(part, dim=1)
            for part in zip(*(drawn[v] for v in (1, 2, 3)), strict=True)
        )
        return tuple(parts)


def draw_one_hot(
    logits: Tensor, temperature: float, generator: torch.Generator | None = None
) -> Tensor:
    """Draw a class per step; the gradient is that of the softmax (straight-through).

    The largest of logits + Gumbel noise is a draw from the softmax (Jang et al. 2017,
    section 2.1). All STEPS_PER_DRAW steps of a quarter share their noise: where the
    logits stay, the note stays, as it does when a singer holds it.

    Args:
        logits: (B, T, V).
        temperature: scale of the noise `shared_gumbel(logits.shape, generator)` that is
            added to the logits, 0 or more; 0 adds none and takes the likeliest class.
        generator: the source of the noise.

    Returns:
        (B, T, V), of the logits' dtype: 1 at the largest of the noisy logits and 0
        elsewhere. Its gradient is that of the softmax of the noisy logits, because the
        one-hot itself has none: add the softmax, and take it away again detached.
    """
    if temperature > 0:
        logits = logits + temperature * shared_gumbel(logits.shape, generator)
    soft = logits.softmax(dim=-1)
    hard = F.one_hot(logits.argmax(dim=-1), logits.shape[-1]).to(soft.dtype)
    return hard + soft - soft.detach()


def shared_gumbel(
    shape: torch.Size, generator: torch.Generator | None = None
) -> Tensor:
    """Return Gumbel noise, (B, T, V), the same for all steps of a quarter."""
    n_windows, n_steps, n_classes = shape
    n_draws = -(-n_steps // STEPS_PER_DRAW)
    uniform = torch.rand((n_windows, n_draws, n_classes), generator=generator)
    noise = -torch.log(-torch.log(uniform.clamp_(1e-9, 1 - 1e-7)))
    return noise.repeat_interleave(STEPS_PER_DRAW, dim=1)[:, :n_steps]


def draw_bit(
    logits: Tensor, temperature: float, generator: torch.Generator | None = None
) -> Tensor:
    """Draw 0 or 1 per element with probability sigmoid(logits), straight-through."""
    if temperature > 0:
        uniform = torch.rand(logits.shape, generator=generator).clamp_(1e-6, 1 - 1e-6)
        logits = logits + temperature * torch.logit(uniform)
    soft = torch.sigmoid(logits)
    return (logits > 0).to(soft.dtype) + soft - soft.detach()


# --------------------------------------------------------------------------- critic


class Ear(nn.Module):
    """What a musician listens for, computed from the four voices.

    For every step: the notes themselves; which notes are struck; the pitch class of
    each voice; the interval class between every two voices (is it a third, is it a
    tritone?); the interval class by which each voice moved and how far; and how far
    apart neighbours are. All are sums and products of the one-hot voices, so the
    gradient flows back to the generator.

    Pitch classes lie on a circle of twelve, like the hours of a clock. Each is written
    as cosines and sines of 0 to 6 times its angle (its Fourier series), because then
    the interval between two of them takes one complex product instead of a table of
    144 pairs. A linear layer can read any interval class off the result.
    """

    N_TURNS = 7  # 0 to 6 times the angle: enough to tell 12 classes apart

    def __init__(self, config: WGANConfig) -> None:
        super().__init__()
        pitches = config.low + torch.arange(config.n_pitches)
        angle = 2 * torch.pi / 12 * (pitches % 12)[:, None] * torch.arange(self.N_TURNS)
        height = (pitches - pitches.float().mean()) / 12  # in octaves
        upper, lower = torch.triu_indices(4, 4, offset=1)  # the six pairs of voices
        for name, table in (
            ("cos", F.pad(angle.cos(), (0, 0, 0, 1))),  # (V, 7): a rest has no angle
            ("sin", F.pad(angle.sin(), (0, 0, 0, 1))),
            ("height", F.pad(height, (0, 1))),
            ("upper", upper),
            ("lower", lower),
        ):
            self.register_buffer(name, table, persistent=False)
        turn = 2 * self.N_TURNS
        per_voice = config.n_classes + 1 + turn + turn + 1
        self.n_features = 4 * per_voice + 6 * turn + 3 + N_POSITIONS

    def forward(self, voices: Tensor, repeats: Tensor, position: Tensor) -> Tensor:
        """Return the features, (B, T, n_features), of voices (B, 4, T, V)."""
        struck = (1 - same_as_before(voices) * (1 - repeats)) * (1 - voices[..., -1])
        struck = F.pad(struck[..., 1:], (1, 0))  # unknown at the first step
        cos, sin = voices @ self.cos, voices @ self.sin  # (B, 4, T, 7) each
        height = voices @ self.height  # (B, 4, T)
        harmony = interval(
            cos[:, self.upper],
            sin[:, self.upper],
            cos[:, self.lower],
            sin[:, self.lower],
        )
        motion = interval(cos[:, :, 1:], sin[:, :, 1:], cos[:, :, :-1], sin[:, :, :-1])
        features = [
            voices,
            struck[..., None],
            cos,
            sin,
            harmony,
            F.pad(motion, (0, 0, 1, 0)),
            F.pad(height.diff(dim=2), (1, 0))[..., None],
            (height[:, :-1] - height[:, 1:])[..., None],
            F.one_hot(position.long(), N_POSITIONS).to(voices.dtype)[:, None],
        ]
        return torch.cat([f.transpose(1, 2).flatten(2) for f in features], dim=-1)


def interval(cos_a: Tensor, sin_a: Tensor, cos_b: Tensor, sin_b: Tensor) -> Tensor:
    """Return cosines and sines of the angles from b to a, that is of a - b.

    The angles themselves are not given, but the sums of cosines and sines say what is
    needed: cos(a - b) = cos a cos b + sin a sin b, sin(a - b) = sin a cos b - cos a
    sin b. Where b is a rest, all its values are 0, and so is the result.

    Args:
        cos_a: (..., 7) cosines of 0 to 6 times the angle of a.
        sin_a: the sines of the same angles.
        cos_b: the cosines for b.
        sin_b: the sines for b.

    Returns:
        (..., 14): first the 7 cosines, then the 7 sines.
    """
    return torch.cat(
        [cos_a * cos_b + sin_a * sin_b, sin_a * cos_b - cos_a * sin_b], dim=-1
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
        self.ear = Ear(config)
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


# --------------------------------------------------------------------------- losses


def critic_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """Return what the critic minimises, given its scores of real and fake pieces.

    "wgan-clip" and "wgan-gp": the mean score of the fakes minus that of the real ones,
    so that it falls as the critic tells them apart; it is the Wasserstein estimate with
    the sign turned (Arjovsky et al. 2017, eq. 3). "original" and "non-saturating":
    binary cross-entropy with D = sigmoid(score), the mean of -log D over the real ones
    plus the mean of -log(1 - D) over the fakes (Goodfellow et al. 2014); -log D is
    softplus(-score), -log(1 - D) is softplus(score).

    Args:
        kind: one of LOSSES.
        real: (B,) scores of real pieces, any real numbers.
        fake: (B,) scores of generated pieces.

    Returns:
        One number, a tensor without axes.
    """
    if kind in ("original", "non-saturating"):
        return F.softplus(-real).mean() + F.softplus(fake).mean()
    return fake.mean() - real.mean()


def generator_loss(kind: str, fake: Tensor) -> Tensor:
    """Return what the generator minimises, given the critic's scores (B,) of its work.

    "original": log(1 - D); "non-saturating": -log D (Goodfellow et al. 2014,
    section 3); the Wasserstein kinds: -critic(fake).
    """
    if kind == "original":
        return -F.softplus(fake).mean()
    if kind == "non-saturating":
        return F.softplus(-fake).mean()
    return -fake.mean()


def mix(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Return points between real and fake: share * real + (1 - share) * fake.

    Args:
        real: (B, ...), with one axis or more after the batch.
        fake: the same shape.
        share: (B,) values in [0, 1], one for each piece: 1 gives the real piece, 0 the
            fake one, and all numbers of a piece are mixed alike.

    Returns:
        (B, ...), the shape of `real`.
    """
    share = share.reshape(-1, *[1] * (real.dim() - 1))
    return share * real + (1 - share) * fake


def gradient_penalty(scores: Tensor, inputs: list[Tensor]) -> Tensor:
    """Return the mean of (||gradient|| - 1)^2 (Gulrajani et al. 2017, eq. 3).

    Each piece has one gradient: that of its score by all of its numbers, in every one
    of the inputs together. ||gradient|| is the root of the sum of its squares; 1e-12
    is added under the root, whose own slope at 0 is infinite.

    Args:
        scores: (B,) the critic's scores of `inputs`.
        inputs: tensors (B, ...) that require gradients, between real and fake.

    Returns:
        One number, 0 or more, through which gradients can flow back to the critic
        (`create_graph=True`).
    """
    gradients = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    flat = torch.cat([g.flatten(1) for g in gradients], dim=1)
    norm = (flat.square().sum(dim=1) + 1e-12).sqrt()  # over everything but the batch
    return (norm - 1).square().mean()
