"""A small network that guesses the next note of a voice, with four embeddings.

It looks at the last notes of one voice, as the first neural language model looked at
the last words (Bengio et al. 2003): each note is a row of a table, and the rows are
learned. To the note's own vector those of its place in the bar, of the instrument and
of the genre are added.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.next_note_config import NextNoteConfig
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.repertoire import GENRES
from deepcomposer_edu.music.score import Note, Score, Track, note_name
from deepcomposer_edu.nn.embeddings import add_embeddings
from deepcomposer_edu.nn.sampling import sample

LOW_PITCH, HIGH_PITCH = 36, 96  # C2, the cello's lowest string, to C7
N_PITCHES = HIGH_PITCH - LOW_PITCH + 1
REST_NOTE, START_NOTE = N_PITCHES, N_PITCHES + 1  # the two notes without a pitch
NOTES = (*(note_name(p) for p in range(LOW_PITCH, HIGH_PITCH + 1)), "rest", "start")
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)  # steps; others are taken to the nearest
N_PLACES = 32  # places in the bar, in steps; later ones count as the last
# name, General MIDI program, a comfortable first note
_INSTRUMENTS = (
    ("soprano", 52, 67),
    ("alto", 52, 62),
    ("tenor", 52, 57),
    ("bass", 52, 48),
    ("violin", 40, 69),
    ("viola", 41, 60),
    ("cello", 42, 48),
    ("piano", 0, 67),
)
INSTRUMENTS = tuple(name for name, _, _ in _INSTRUMENTS)
PROGRAMS = {name: program for name, program, _ in _INSTRUMENTS}
FIRST_PITCHES = {name: pitch for name, _, pitch in _INSTRUMENTS}
# Who plays the four voices of each genre, highest first.
PLAYERS = {
    "chorale": INSTRUMENTS[:4],
    "palestrina": INSTRUMENTS[:4],
    "quartet": ("violin", "violin", "viola", "cello"),
    "ragtime": ("piano",) * 4,
    "folk": ("violin",) * 4,
}


class Context(NamedTuple):
    """What the network is told before it guesses: B examples.

    Args:
        notes: the last notes, the newest last, shape (B, N), numbers in NOTES.
        places: places in the bar at which they began and, last, at which the next one
            begins, shape (B, N + 1), 0 to N_PLACES - 1.
        instruments: who plays, shape (B,), numbers in INSTRUMENTS.
        genres: in which style, shape (B,), numbers in GENRES.
    """

    notes: Tensor
    places: Tensor
    instruments: Tensor
    genres: Tensor


class NextNote(nn.Module):
    """Guesses the next note of a voice, and how long it lasts.

    Four tables hold what it knows of notes, of places in the bar, of instruments and of
    genres, one row of D numbers for each.
    """

    def __init__(self, config: NextNoteConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or NextNoteConfig()
        width = config.embedding
        self.notes = nn.Embedding(len(NOTES), width)
        self.places = nn.Embedding(N_PLACES, width)
        self.instruments = nn.Embedding(len(INSTRUMENTS), width)
        self.genres = nn.Embedding(len(GENRES), width)
        for table in (self.notes, self.places, self.instruments, self.genres):
            nn.init.normal_(table.weight, std=0.1)
        self.hidden = nn.Linear((config.n_context + 1) * width, config.hidden)
        self.drop = nn.Dropout(config.dropout)
        self.to_vector = nn.Linear(config.hidden, width)
        self.note_bias = nn.Parameter(torch.zeros(len(NOTES)))
        self.to_length = nn.Linear(config.hidden + width, len(LENGTHS))

    def tables(self) -> dict[str, Tensor]:
        """Return the four tables by name, each (V, D), without gradients."""
        names = ("notes", "places", "instruments", "genres")
        return {name: getattr(self, name).weight.detach() for name in names}

    def think(self, vectors: Tensor) -> tuple[Tensor, Tensor]:
        """Return the hidden numbers and the logits of the next note.

        Args:
            vectors: one for each note looked at and one for the note to come, shape
                (B, N + 1, D).

        Returns:
            Hidden numbers (B, H), logits (B, len(NOTES)).
        """
        hidden = self.drop(torch.relu(self.hidden(vectors.flatten(1))))  # (B, H)
        wanted = self.to_vector(hidden)  # (B, D), the kind of note that should come
        # The table that notes are read with also says which note was meant (Press and
        # Wolf 2017): the more a row points the same way, the likelier its note.
        logits = wanted @ self.notes.weight.T + self.note_bias  # (B, V)
        return hidden, logits

    def embed(self, context: Context) -> Tensor:
        """Return the vectors of a context, shape (B, N + 1, D)."""
        notes = self.notes(context.notes)  # (B, N, D)
        unknown = torch.zeros_like(notes[:, :1])  # the note to come
        return add_embeddings(
            torch.cat([notes, unknown], dim=1),
            self.places(context.places),
            self.instruments(context.instruments),
            self.genres(context.genres),
        )

    def lengths(self, hidden: Tensor, notes: Tensor) -> Tensor:
        """Return the logits of the length of the next notes, (B, len(LENGTHS)).

        Args:
            hidden: what `think` returned, shape (B, H).
            notes: the next notes, shape (B,).
        """
        return self.to_length(torch.cat([hidden, self.notes(notes)], dim=1))

    def forward(self, context: Context, notes: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of the next notes, and of their lengths given the notes.

        Args:
            context: what it is told.
            notes: the notes that do come, shape (B,).

        Returns:
            (B, len(NOTES)) and (B, len(LENGTHS)).
        """
        hidden, logits = self.think(self.embed(context))
        return logits, self.lengths(hidden, notes)


def note_number(pitch: int) -> int:
    """Return the number of a pitch in NOTES; far ones come in by octaves, -1 rests."""
    if pitch < 0:
        return REST_NOTE
    return fold_pitch(pitch, LOW_PITCH, HIGH_PITCH) - LOW_PITCH


def length_number(steps: float) -> int:
    """Return the number in LENGTHS of the nearest length."""
    return int(np.abs(np.array(LENGTHS) - steps).argmin())


def play_on(
    network: NextNote,
    instrument: str | Tensor = "violin",
    genre: str | Tensor = "folk",
    n_steps: int = 64,
    *,
    first: int | None = None,
    steps_per_bar: int = 16,
    temperature: float = 0.9,
    top_p: float = 0.95,
    seed: int = 0,
    tempo: float = 112.0,
) -> Score:
    """Return a melody that the network makes up, note after note.

    Args:
        network: a trained network.
        instrument: a name from INSTRUMENTS, or a vector (D,) to use in its place.
        genre: a name from GENRES, or a vector (D,).
        n_steps: T, how long the melody is, at least 1.
        first: pitch of the first note; a comfortable one if left out.
        steps_per_bar: length of a bar in steps.
        temperature: of the draw, above 0.
        top_p: draw from the nucleus of this probability, above 0, at most 1.
        seed: the same seed gives the same melody.
        tempo: of the score.

    Raises:
        InputError: for an unknown name, or a value that is not allowed.
    """
    if n_steps < 1 or steps_per_bar < 1:
        raise InputError(
            f"{n_steps} steps in bars of {steps_per_bar} were asked for, but both must "
            "be at least 1."
        )
    name = instrument if isinstance(instrument, str) else "violin"
    style = _row(network.instruments, instrument, INSTRUMENTS, "instrument")
    style = style + _row(network.genres, genre, GENRES, "genre")
    random = torch.Generator().manual_seed(seed)
    pitch = FIRST_PITCHES[name] if first is None else first
    was_training = network.training
    network.eval()
    drawn = _draw(network, style, note_number(pitch), n_steps, steps_per_bar, random,
                  temperature, top_p)  # fmt: skip
    network.train(was_training)
    notes = [
        Note(start, LOW_PITCH + number, min(length, n_steps - start))
        for start, number, length in drawn
        if number < N_PITCHES
    ]
    track = Track(tuple(notes), name, PROGRAMS[name])
    title = " ".join(x for x in (genre, instrument) if isinstance(x, str))
    return Score((track,), tempo, title=title)


@torch.no_grad()
def _draw(
    network: NextNote,
    style: Tensor,
    first: int,
    n_steps: int,
    steps_per_bar: int,
    random: torch.Generator,
    temperature: float,
    top_p: float,
) -> list[tuple[int, int, int]]:
    """Return (start, number in NOTES, length in steps) of the notes drawn."""
    n = network.config.n_context
    notes, places, step = [START_NOTE] * n, [0] * n, 0
    drawn: list[tuple[int, int, int]] = []
    while step < n_steps:
        place = min(step % steps_per_bar, N_PLACES - 1)
        seen = torch.tensor([notes[-n:]])
        vectors = torch.cat(
            [network.notes(seen), torch.zeros(1, 1, network.config.embedding)], dim=1
        )
        vectors = vectors + network.places(torch.tensor([[*places[-n:], place]]))
        hidden, logits = network.think(vectors + style)
        logits[:, START_NOTE] = float("-inf")
        if drawn:
            number = int(sample(logits, temperature, 0, top_p, random))
        else:
            number = first
        lengths = network.lengths(hidden, torch.tensor([number]))
        length = LENGTHS[int(sample(lengths, temperature, 0, top_p, random))]
        drawn.append((step, number, length))
        notes.append(number)
        places.append(place)
        step += length
    return drawn


def _row(
    table: nn.Embedding, chosen: str | Tensor, names: tuple[str, ...], kind: str
) -> Tensor:
    """Return the vector of a name, or the vector that was given."""
    if isinstance(chosen, str):
        if chosen not in names:
            raise InputError(
                f"There is no {kind} {chosen[:40]!r}; choose one of {', '.join(names)}."
            )
        return table.weight.detach()[names.index(chosen)]
    vector = torch.as_tensor(chosen, dtype=torch.float32)
    if vector.shape != (table.embedding_dim,):
        raise InputError(
            f"The {kind} is a vector of shape {tuple(vector.shape)}, but "
            f"({table.embedding_dim},) is needed."
        )
    return vector


def load_next_note(name: str = "next-note") -> NextNote:
    """Return a trained network, ready to guess.

    Args:
        name: of its weights.

    Raises:
        InputError: if the weights are missing, damaged or of another kind of network.
    """
    weights = load_weights(name)
    try:
        config = NextNoteConfig(**weights.info["config"])
        network = filled(lambda: NextNote(config), weights.tensors)
    except (KeyError, TypeError, RuntimeError) as error:
        raise InputError(
            f'The weights "{name}" are not those of a next-note network; use '
            '"next-note", or train one with `python data/make/next_note.py`.'
        ) from error
    return network.eval()
