"""A network that writes text character by character: an LSTM over letters.

It reads one character at a time and says how likely each character is to come next. It
knows no word and no note; what it knows of them it has found out. Sutskever et al. 2011
and Karpathy 2015 (The unreasonable effectiveness of recurrent neural networks) made
such networks known; Sturm et al. 2016 trained one on tunes in ABC.

Shapes: B batch, T characters, V vocabulary, D embedding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import bounded
from deepcomposer_edu.models.harmonise import one_thread
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.nn.sampling import check_sampling, sample

KIND = "writer"
SHIPPED = "writer-abc"
MAX_LENGTH = 100_000  # characters written in one go: about a minute
MIN_STEPS = 8  # in which the small writer reads a short text once
MOST_READ = 1_000_000  # characters in a training step
MAX_VOCABULARY = 5_000  # characters, enough for any alphabet and most of Chinese

State = tuple[Tensor, Tensor]  # what the LSTM keeps in mind: two of (layers, B, units)


@dataclass(frozen=True)
class WriterConfig:
    """The sizes of the network and of what it reads in a training step.

    Args:
        embedding_size: D, numbers that stand for a character.
        n_units: LSTM units in each layer.
        n_layers: LSTM layers, one above the other.
        dropout: share of the numbers between layers that are left out in training.
        sequence_length: T, characters that it reads before its weights move.
        batch_size: B, places in the text that it reads at once.
        is_stateful: whether a batch goes on where the last one ended, with the state
            kept, so that the network can look back further than `sequence_length`.
            If not, batches are drawn from anywhere and begin with an empty state.
    """

    embedding_size: int = 64
    n_units: int = 256
    n_layers: int = 1
    dropout: float = 0.0
    sequence_length: int = 128
    batch_size: int = 32
    is_stateful: bool = True

    def __post_init__(self) -> None:
        for name in ("embedding_size", "n_units", "n_layers", "sequence_length"):
            if getattr(self, name) < 1:
                raise InputError(
                    f"{name} is {getattr(self, name)}, but at least 1 is needed."
                )
        if self.batch_size < 1 or not 0 <= self.dropout < 1:
            raise InputError(
                f"batch_size is {self.batch_size} and dropout {self.dropout:g}, but "
                "the first must be at least 1 and the second 0 or more and below 1."
            )
        if self.n_read > MOST_READ:
            raise InputError(
                f"A batch of {self.batch_size} times {self.sequence_length} characters "
                f"was asked for, but a step reads at most {MOST_READ:,} in all."
            )

    @classmethod
    def original(cls) -> WriterConfig:
        """Return the sizes of the recipe known from many tutorials.

        Sequences of 100 characters, batches of 64, an embedding of 256, one layer of
        1024 units, stateful. A step takes more than a second of one processor core.
        """
        return cls(256, 1024, 1, 0.0, 100, 64, is_stateful=True)

    @classmethod
    def fitting(cls, n_characters: int) -> WriterConfig:
        """Return the small writer, with a batch that suits a text of this length.

        A short text is read in fewer places at once, so that it is still read in
        several steps.
        """
        config = cls()
        places = n_characters // (MIN_STEPS * config.sequence_length)
        return replace(config, batch_size=max(1, min(config.batch_size, places)))

    @property
    def n_read(self) -> int:
        """How many characters a training step reads."""
        return self.batch_size * self.sequence_length

    def to_dict(self) -> dict[str, object]:
        """Return the settings as plain values, ready for JSON."""
        return asdict(self)


def number_characters(text: str) -> dict[str, int]:
    """Return a number for each character that a text contains.

    The characters are put in sorted order, each of them once, and counted from 0. The
    order is the same on every computer, so that a network which learned 7 for "c" finds
    it again.

    Args:
        text: any text, perhaps empty.

    Returns:
        Character to number, 0 to V - 1, in that order.

    >>> number_characters("abba|c")
    {'a': 0, 'b': 1, 'c': 2, '|': 3}
    """
    return {character: i for i, character in enumerate(sorted(set(text)))}


class Vocabulary:
    """The characters that a writer knows, each with its number.

    Args:
        characters: any text; each of its characters gets a number, in sorted order.
    """

    def __init__(self, characters: Iterable[str]) -> None:
        self.numbers = number_characters("".join(characters))
        self.characters = tuple(self.numbers)

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> list[int]:
        """Return the number of each character of a text.

        Raises:
            InputError: if a character is not in the vocabulary; the message names it.
        """
        for character in text:
            if character not in self.numbers:
                raise InputError(
                    f"The writer has never read the character {character!r}; use only "
                    f"those of its text: {''.join(self.characters).strip()!r}."
                )
        return [self.numbers[character] for character in text]

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text of some characters' numbers, each 0 to V - 1."""
        return "".join(self.characters[number] for number in numbers)


def check_writing(
    vocabulary: Vocabulary,
    start: str,
    length: int,
    temperature: float,
    top_k: int,
    top_p: float,
) -> None:
    """Raise an InputError if a writer of this vocabulary cannot write with these."""
    if not 1 <= length <= MAX_LENGTH:
        raise InputError(
            f"{length} characters were asked for, but it must be 1 to {MAX_LENGTH:,}."
        )
    check_sampling(temperature, top_k, top_p, len(vocabulary))
    vocabulary.encode(start)


class CharLSTM(nn.Module):
    """Embedding, LSTM, and a layer that says what may come next.

    Args:
        config: its sizes.
        n_tokens: V.
    """

    def __init__(self, config: WriterConfig, n_tokens: int) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(n_tokens, config.embedding_size)
        self.lstm = nn.LSTM(
            config.embedding_size,
            config.n_units,
            config.n_layers,
            batch_first=True,
            dropout=config.dropout if config.n_layers > 1 else 0.0,
        )
        self.dropout = nn.Dropout(config.dropout)
        self.out = nn.Linear(config.n_units, n_tokens)

    def forward(
        self, tokens: Tensor, state: State | None = None
    ) -> tuple[Tensor, State]:
        """Return the logits of the next character at each place, and the new state.

        Args:
            tokens: characters' numbers, (B, T).
            state: what the network kept in mind so far; None for nothing.

        Returns:
            Logits (B, T, V), and the state after the last character.
        """
        read = self.dropout(self.embedding(tokens))  # (B, T, D)
        heard, state = self.lstm(read, state)  # (B, T, units)
        return self.out(self.dropout(heard)).float(), state  # (B, T, V)


def continue_tokens(
    network: Callable[[Tensor, State | None], tuple[Tensor, State]],
    start: list[int],
    n_tokens: int,
    draw: Callable[[Tensor], int],
) -> Iterator[int]:
    """Yield the tokens with which a network goes on, one after another.

    First the network reads the whole start, from an empty state (None). From then on it
    reads one token at a time, the one that it has written last, and always with the
    state that it gave back the time before: the state is all its memory.

    Args:
        network: called with tokens (1, T) and a state, it returns logits (1, T, V) for
            the token after each of them, and the new state.
        start: the numbers of the tokens to go on from, at least one.
        n_tokens: how many tokens to write.
        draw: chooses a token's number from logits (V,).

    Yields:
        The number of each token, `n_tokens` in all.
    """
    read, state = start, None
    for _ in range(n_tokens):
        logits, state = network(torch.tensor([read]), state)  # (1, T, V)
        read = [draw(logits[0, -1])]  # what comes after the last token
        yield read[0]


class Writer:
    """A trained network with its vocabulary: it goes on with any text.

    Args:
        network: the trained network.
        vocabulary: the characters it knows.
        name: name of the weights.
        weight_sha256: hash of the weights.
    """

    def __init__(
        self,
        network: CharLSTM,
        vocabulary: Vocabulary,
        name: str = "",
        weight_sha256: str = "",
    ) -> None:
        self.network = network.eval()
        self.vocabulary = vocabulary
        self.name = name
        self.weight_sha256 = weight_sha256

    @one_thread()
    @torch.inference_mode()
    def write(
        self,
        start: str = "",
        length: int = 1000,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        stop: str = "",
        on_progress: Callable[[int, int], None] | None = None,
    ) -> str:
        """Return the start and what the network writes after it.

        Args:
            start: what the text begins with; if empty, it goes on from an empty line.
            length: how many characters to write, 1 to 100,000.
            temperature: above 0: low is cautious, 1 as it learned, high is wild.
            top_k: draw from the k likeliest characters only; 0 for no limit.
            top_p: draw from the likeliest that together reach this probability only.
            seed: from which all chance follows.
            stop: writing ends before `length` once this text has been written.
            on_progress: called with characters written and characters in all.

        Raises:
            InputError: for a value that is not allowed, or a start with a character
                that the network does not know.
        """
        check_writing(self.vocabulary, start, length, temperature, top_k, top_p)
        random = torch.Generator().manual_seed(seed)

        def draw(logits: Tensor) -> int:
            return int(sample(logits, temperature, top_k, top_p, random))

        read = self.vocabulary.encode(start or self._beginning)
        written = ""
        for token in continue_tokens(self.network, read, length, draw):
            written += self.vocabulary.decode([token])
            if on_progress is not None:
                on_progress(len(written), length)
            if stop and written.endswith(stop):
                break
        return start + written

    @property
    def _beginning(self) -> str:
        """What is read before a text without a start: an empty line, if known."""
        known = self.vocabulary.characters
        return "\n\n" if "\n" in known else known[0]

    def bits_per_character(self, text: str) -> float:
        """Return how surprised the network is by a text, in bits for each character.

        Raises:
            InputError: if the text is shorter than 2 characters, or has one that the
                network does not know.
        """
        tokens = torch.tensor(self.vocabulary.encode(text))
        return nats_per_character(self.network, tokens) / math.log(2)


@one_thread()
@torch.no_grad()
def nats_per_character(
    network: nn.Module, tokens: Tensor, n_streams: int = 32
) -> float:
    """Return the mean of -ln p over the characters of a text.

    The text is cut into streams that are read side by side, each from an empty state;
    a cut is made every `len(tokens) / n_streams` characters and nowhere else.

    Args:
        network: as CharLSTM.
        tokens: characters' numbers, (N,), N at least 2.
        n_streams: how many; fewer where the text is short.

    Raises:
        InputError: if there are fewer than 2 characters.
    """
    if len(tokens) < 2:
        raise InputError(
            f"The text to measure has {len(tokens)} characters, but at least 2 are "
            "needed."
        )
    n_streams = max(1, min(n_streams, len(tokens) // 100))
    length = (len(tokens) - 1) // n_streams
    whole = n_streams * length
    inputs = tokens[:whole].reshape(n_streams, length)  # (B, T)
    targets = tokens[1 : whole + 1].reshape(n_streams, length)
    total, state = 0.0, None
    for begin in range(0, length, 200):  # a piece at a time keeps memory small
        piece = slice(begin, begin + 200)
        logits, state = network(inputs[:, piece], state)
        total += F.cross_entropy(
            logits.flatten(0, 1), targets[:, piece].flatten(), reduction="sum"
        ).item()
    return total / whole


def writer_of(
    config: Mapping[str, object],
    tensors: Mapping[str, Tensor],
    name: str = "",
    weight_sha256: str = "",
) -> Writer:
    """Return the writer of some settings and weights.

    Args:
        config: the settings of WriterConfig and "characters", its vocabulary.
        tensors: parameter name to tensor; others than the network's are ignored.
        name: name of the weights.
        weight_sha256: their hash.

    Raises:
        InputError: if they are those of another network.
    """
    try:
        known = {field.name for field in fields(WriterConfig)}
        vocabulary = Vocabulary(config["characters"])
        sizes = WriterConfig(**{k: v for k, v in config.items() if k in known})
        with bounded(sum(tensor.numel() for tensor in tensors.values())):
            network = CharLSTM(sizes, len(vocabulary))
        wanted = network.state_dict()
        network.load_state_dict(
            {key: tensors[key].float() for key in wanted if key in tensors}
        )
    except (RuntimeError, KeyError, TypeError) as error:
        raise InputError(
            f"The weights {name or 'given'} are not those of a writer with these "
            "settings; train one with `deepcomposer train writer`."
        ) from error
    return Writer(network, vocabulary, name, weight_sha256)


def load_writer(name: str = SHIPPED, folder: Path | None = None) -> Writer:
    """Return a writer from its weights.

    Args:
        name: the weights' name.
        folder: where they are; the shipped weights' folder if left out.

    Raises:
        InputError: if the weights are missing, damaged, or another model's.
    """
    weights = load_weights(name, folder or weights_dir())
    found = weights.info.get("kind", "wgan")
    if found != KIND:
        raise InputError(
            f"The weights {name} are those of another model, {found}, but a {KIND} is "
            f'needed; "{SHIPPED}" is one.'
        )
    return writer_of(weights.info["config"], weights.tensors, name, weights.sha256)
