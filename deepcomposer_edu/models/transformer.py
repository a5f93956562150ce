"""A Transformer that writes music in four voices, one step of a sixteenth at a time.

Each step's frame (what the four voices sing) becomes one vector; the Transformer reads
the frames so far; the next frame is drawn voice by voice, soprano, bass, alto, tenor,
each knowing those before it. So the probability of a piece is the product of those of
its notes (definition A of the course's benchmarks).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.models.frames import (
    BASS,
    MAX_HELD,
    N_CLASSES,
    N_INTERVALS,
    N_PITCHES,
    NO_INTERVAL,
    REST_CLASS,
    START_CLASS,
    VOICES,
    held_and_moved,
    interval,
)
from deepcomposer_edu.models.transformer_config import TransformerConfig
from deepcomposer_edu.music.repertoire import GENRES
from deepcomposer_edu.nn.attention import Cache, TransformerBlock

CHAIN = (0, 3, 1, 2)  # soprano, bass, alto, tenor: the order of the draws in a frame
STEPS_PER_BEAT = 4
N_BAR_BEATS = 9  # 0: not known; 1 to 8: the beat of the bar
N_FAMILIES = 17  # 16 families of General MIDI instruments; the last: no instrument


@dataclass(frozen=True)
class Frames:
    """B pieces as the network reads them.

    Args:
        classes: (B, 4, T) what sounds.
        genre: (B,) number in GENRES.
        families: (B, 4) General MIDI family of each voice's instrument.
        bar_beat: (B, T) beat of the bar from 1 on, 0 where it is not known.
        phase: (T,) or (B, T) step within the beat, 0 to 3.
        melody: (B, at least T) the soprano where it is known in advance, or None.
        is_given: (B,) 1 for the pieces whose `melody` may be looked at.
    """

    classes: Tensor
    genre: Tensor
    families: Tensor
    bar_beat: Tensor
    phase: Tensor
    melody: Tensor | None = None
    is_given: Tensor | None = None

    def until(self, end: int) -> Frames:
        """Return the first `end` steps; a melody stays known beyond them."""
        return replace(
            self,
            classes=self.classes[..., :end],
            bar_beat=self.bar_beat[..., :end],
            phase=self.phase[..., :end],
        )


class FrameEmbedding(nn.Module):
    """Each frame as one vector: notes, instruments, genre and time, embedded and added.

    The vector at step t tells of the frame before it, and of the time of t itself.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        size, width = config.note_size, config.n_channels
        self.note = nn.Embedding(START_CLASS + 1, size)
        self.held = nn.Embedding(MAX_HELD + 1, size)
        self.relative = config.relative
        if self.relative:
            self.moved = nn.Embedding(N_INTERVALS, size)
            self.above_bass = nn.Embedding(N_INTERVALS, size)
        self.instrument = nn.Embedding(N_FAMILIES, size)
        self.voices = nn.Linear(VOICES * size, width)
        self.genre = nn.Embedding(len(GENRES), width)
        self.phase = nn.Embedding(STEPS_PER_BEAT, width)
        self.beat = nn.Embedding(N_BAR_BEATS, width)
        self.ahead = nn.Conv1d(size, width, config.ahead)
        nn.init.zeros_(self.ahead.weight)
        self.dropout = nn.Dropout(config.dropout)
        self.cell_dropout = config.cell_dropout

    def forward(self, frames: Frames, first: int = 0) -> Tensor:
        """Return (B, T - first, C): the vectors of the steps from `first` on."""
        classes = frames.classes  # (B, 4, T)
        held, moved = held_and_moved(classes)
        above = interval(classes[:, BASS : BASS + 1], classes)
        start = torch.full_like(classes[..., :1], START_CLASS)
        held, moved, above, notes = (
            torch.cat([before, x[..., :-1]], dim=-1)[..., first:]
            for before, x in (
                (start * 0, held),
                (start * 0 + NO_INTERVAL, moved),
                (start * 0 + NO_INTERVAL, above),
                (start, classes),
            )
        )
        if self.training and self.cell_dropout:
            is_hidden = torch.rand(notes.shape) < self.cell_dropout
            notes, held = notes.masked_fill(is_hidden, START_CLASS), held * ~is_hidden
            moved = moved.masked_fill(is_hidden, NO_INTERVAL)
            above = above.masked_fill(is_hidden, NO_INTERVAL)
        x = self.note(notes) + self.held(held)  # (B, 4, T, E)
        if self.relative:
            x = x + self.moved(moved) + self.above_bass(above)
        x = x + self.instrument(frames.families)[:, :, None]
        x = self.voices(x.transpose(1, 2).flatten(2))  # (B, T, C)
        x = x + self.genre(frames.genre)[:, None]
        time = self.phase(frames.phase) + self.beat(frames.bar_beat)
        x = x + time[..., first:, :]
        if frames.melody is not None:
            x = x + self._look_ahead(frames, first)
        return self.dropout(x)

    def _look_ahead(self, frames: Frames, first: int) -> Tensor:
        """Return what the melody of this step and the next ones adds, (B, T, C)."""
        n_more = self.ahead.kernel_size[0] - 1
        melody = F.pad(frames.melody, (0, n_more), value=START_CLASS)
        melody = melody[:, first : frames.classes.shape[-1] + n_more]
        seen = self.ahead(self.note(melody).transpose(1, 2))  # (B, C, T)
        return seen.transpose(1, 2) * frames.is_given[:, None, None]


class VoiceHead(nn.Module):
    """The scores of one voice's classes, given the voices drawn before it.

    A note is scored by its pitch, by its interval from this voice's last note, and by
    its intervals from the voices already drawn. The last two are the same in every key.
    """

    def __init__(self, config: TransformerConfig, n_drawn: int) -> None:
        super().__init__()
        width = config.n_channels
        self.drawn = nn.ModuleList(
            nn.Embedding(N_CLASSES, width) for _ in range(n_drawn)
        )
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(config.dropout)
        self.by_pitch = nn.Linear(width, N_CLASSES)
        n_scores = (1 + n_drawn) if config.relative else 0
        self.by_interval = nn.ModuleList(
            nn.Linear(width, 2 * N_PITCHES - 1, bias=False) for _ in range(n_scores)
        )
        for score in self.by_interval:
            nn.init.zeros_(score.weight)  # or the sum of all scores begins too bold
        self.by_repeat = nn.Linear(width, 1)

    def forward(
        self, hidden: Tensor, before: Tensor, drawn: list[Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Return the logits of the classes and of striking a note that stays again.

        Args:
            hidden: (B, T, C) what the network knows of the past.
            before: (B, T) this voice's class at the step before.
            drawn: (B, T) classes of this step, one for each voice drawn before.

        Returns:
            (B, T, N_CLASSES) and (B, T).
        """
        for embed, voice in zip(self.drawn, drawn, strict=True):
            hidden = hidden + embed(voice)
        wide = F.gelu(self.widen(self.norm(hidden)))
        hidden = hidden + self.dropout(self.narrow(wide))
        logits = self.by_pitch(hidden)
        for score, voice in zip(self.by_interval, [before, *drawn], strict=False):
            logits = logits + F.pad(at_intervals(score(hidden), voice), (0, 1))
        return logits, self.by_repeat(hidden)[..., 0]


def at_intervals(scores: Tensor, voice: Tensor) -> Tensor:
    """Return scores of intervals as scores of pitches, seen from a voice.

    Args:
        scores: (B, T, 2P - 1) of the intervals from -(P - 1) to P - 1 semitones.
        voice: (B, T) classes to count from.

    Returns:
        (B, T, P); all 0 where the voice rests.
    """
    pitches = torch.arange(N_PITCHES)
    is_sounding = voice < N_PITCHES
    origin = torch.where(is_sounding, voice, 0)
    places = pitches - origin[..., None] + N_PITCHES - 1  # (B, T, P)
    return scores.gather(-1, places) * is_sounding[..., None]


class FrameTransformer(nn.Module):
    """The network: embedding, backbone, one head a voice."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        width = config.n_channels
        self.embedding = FrameEmbedding(config)
        if config.backbone == "lstm":
            self.lstm = nn.LSTM(
                width, width, config.n_layers, batch_first=True, dropout=config.dropout
            )
        else:
            self.blocks = nn.ModuleList(
                TransformerBlock(
                    width, config.n_heads, config.n_distances, config.dropout
                )
                for _ in range(config.n_layers)
            )
        self.norm = nn.LayerNorm(width)
        self.heads = nn.ModuleList(VoiceHead(config, i) for i in range(VOICES))

    def hidden(
        self, frames: Frames, caches: list[Cache] | None = None, first: int = 0
    ) -> Tensor:
        """Return what is known before each step is drawn, (B, T - first, C).

        Args:
            frames: the music; the frame of the last step is not looked at.
            caches: one for each block, filled by the steps before `first`.
            first: step from which on the vectors are wanted.
        """
        x = self.embedding(frames, first)
        if self.config.backbone == "lstm":
            return self.norm(self.lstm(x)[0])
        for i, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[i])
        return self.norm(x)

    def new_caches(self) -> list[Cache]:
        """Return an empty cache for each block."""
        return [Cache() for _ in self.blocks]

    def forward(self, frames: Frames) -> tuple[Tensor, Tensor]:
        """Return the logits of every note, given all earlier ones.

        Returns:
            Logits of the classes (B, 4, T, N_CLASSES) and of striking a note that stays
            again (B, 4, T), in the order soprano, alto, tenor, bass.
        """
        hidden = self.hidden(frames)
        classes = frames.classes
        start = torch.full_like(classes[..., :1], REST_CLASS)
        before = torch.cat([start, classes[..., :-1]], dim=-1)  # (B, 4, T)
        logits, repeats = {}, {}
        for i, voice in enumerate(CHAIN):
            drawn = [classes[:, other] for other in CHAIN[:i]]
            logits[voice], repeats[voice] = self.heads[i](
                hidden, before[:, voice], drawn
            )
        return (
            torch.stack([logits[v] for v in range(VOICES)], dim=1),
            torch.stack([repeats[v] for v in range(VOICES)], dim=1),
        )

    def attention(self, frames: Frames) -> Tensor:
        """Return what each step looks at in each block: (L, B, H, T, T)."""
        x = self.embedding(frames)
        found = []
        for block in self.blocks:
            found.append(block.attention.weights(block.norm_attention(x)))
            x = block(x)
        return torch.stack(found)
