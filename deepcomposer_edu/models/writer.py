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
from dataclasses import fields
from pathlib import Path

import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import bounded
from deepcomposer_edu.models.char_lstm import CharLSTM, State, nats_per_character
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.models.writer_config import WriterConfig
from deepcomposer_edu.nn.sampling import check_sampling, sample
from deepcomposer_edu.nn.threads import one_thread

KIND = "writer"
SHIPPED = "writer-abc"
MAX_LENGTH = 100_000  # characters written in one go: about a minute
MAX_VOCABULARY = 5_000  # characters, enough for any alphabet and most of Chinese


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
