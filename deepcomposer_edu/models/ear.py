"""What the critic hears: harmony, motion and parallels, computed from the voices.

Shapes: B batch, T steps, V classes (the pitches and, last, the rest).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.models.one_hot import same_as_before

N_POSITIONS = 16  # steps of the longest bar that has positions of its own


class Ear(nn.Module):
    """What a musician listens for, computed from the four voices.

    For every step: the notes themselves; which notes are struck; the pitch class of
    each voice; the interval class between every two voices (is it a third, is it a
    tritone?); which two voices run in parallel octaves or fifths; the interval class by
    which each voice moved and how far; and how far apart neighbours are. All are sums
    and products of the one-hot voices, so the gradient flows back to the generator.

    Pitch classes lie on a circle of twelve, like the hours of a clock. Each is written
    as cosines and sines of 0 to 6 times its angle (its Fourier series), because then
    the interval between two of them takes one complex product instead of a table of
    144 pairs. A linear layer can read any interval class off the result.
    """

    N_TURNS = 7  # 0 to 6 times the angle: enough to tell 12 classes apart

    def __init__(self, low: int, n_pitches: int) -> None:
        super().__init__()
        pitches = low + torch.arange(n_pitches)
        angle = 2 * torch.pi / 12 * (pitches % 12)[:, None] * torch.arange(self.N_TURNS)
        height = (pitches - pitches.float().mean()) / 12  # in octaves
        upper, lower = torch.triu_indices(4, 4, offset=1)  # the six pairs of voices
        for name, table in (
            ("cos", F.pad(angle.cos(), (0, 0, 0, 1))),  # (V, 7): a rest has no angle
            ("sin", F.pad(angle.sin(), (0, 0, 0, 1))),
            ("height", F.pad(height, (0, 1))),
            ("perfect", torch.stack([is_class(0), is_class(7)], dim=1)),  # (14, 2)
            ("upper", upper),
            ("lower", lower),
        ):
            self.register_buffer(name, table, persistent=False)
        turn = 2 * self.N_TURNS
        per_voice = n_pitches + 1 + 1 + turn + turn + 1
        self.n_features = 4 * per_voice + 6 * (turn + 2) + 3 + N_POSITIONS

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
        perfect = harmony @ self.perfect  # (B, 6, T, 2): an octave? a fifth?
        moves = 1 - same_as_before(voices)  # (B, 4, T)
        both_move = (moves[:, self.upper] * moves[:, self.lower])[:, :, 1:, None]
        parallel = perfect[:, :, 1:] * perfect[:, :, :-1] * both_move
        motion = interval(cos[:, :, 1:], sin[:, :, 1:], cos[:, :, :-1], sin[:, :, :-1])
        features = [
            voices,
            struck[..., None],
            cos,
            sin,
            harmony,
            F.pad(parallel, (0, 0, 1, 0)),
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


def is_class(semitones: int) -> Tensor:
    """Return weights (14,) that make 1 of one interval class and 0 of the others.

    They undo the Fourier series of `interval`: 0 and 6 turns count once, the others
    twice, and all are divided by 12.
    """
    turns = torch.arange(Ear.N_TURNS)
    times = torch.where((turns == 0) | (turns == 6), 1, 2) / 12
    angle = 2 * torch.pi / 12 * semitones * turns
    return torch.cat([times * angle.cos(), times * angle.sin()])
