"""Networks of settings that anybody may have written never outgrow their weights."""

import threading

import pytest
import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from untrained import CONFIG, EDIT_EVENTS, MELODY_RNNS, ORDERLESS, TRANSFORMER

from deepcomposer_edu.compose.networks import MAKERS, make
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models import building
from deepcomposer_edu.models.building import SPARE, bounded, filled
from deepcomposer_edu.models.edit_net import EditNet
from deepcomposer_edu.models.melody_network import MelodyNetwork
from deepcomposer_edu.models.note_wavenet import NoteConfig, NoteWaveNet
from deepcomposer_edu.models.orderless import OrderlessNet
from deepcomposer_edu.models.transformer import FrameTransformer
from deepcomposer_edu.models.wgan import Generator, critic_of

HUGE = 10**9
NOTES = NoteConfig(("organ",), residual=4, skip=4, dilations=(1, 2))


def _wgan(config):
    parts = {"generator": Generator(config), "critic": critic_of(config)}
    return nn.ModuleDict(parts)


# kind of network -> its settings, and the network that has these
SMALL = {
    "wgan": (CONFIG.to_dict(), _wgan(CONFIG)),
    "melody-rnn": (MELODY_RNNS["attention"].to_dict(),
                   MelodyNetwork(MELODY_RNNS["attention"])),
    "transformer": (TRANSFORMER.to_dict(), FrameTransformer(TRANSFORMER)),
    "ar-cnn": (ORDERLESS.to_dict(), OrderlessNet(ORDERLESS)),
    "edit-events": ({"variant": "edit-events", **EDIT_EVENTS.to_dict()},
                    EditNet(EDIT_EVENTS)),
    "wavenet": (NOTES.to_dict(), NoteWaveNet(NOTES)),
}  # fmt: skip
# Settings of a training, which change nothing about the network.
ANY_SIZE = {"n_critic", "gradient_penalty", "clip", "generator_rate", "critic_rate"}


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """End endless networks sooner: the small ones here need a few hundred calls."""
    monkeypatch.setattr(building, "MOST_CALLS", 1_000)


class LargestTensor(TorchFunctionMode):
    """Remembers how many numbers the largest tensor has that torch really makes."""

    largest = 0

    def __torch_function__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        if isinstance(made, torch.Tensor):
            self.largest = max(self.largest, made.numel())
        return made


def made(kind, settings):
    _, network = SMALL[kind]
    kind = "ar-cnn" if kind == "edit-events" else kind
    return make(kind, settings, network.state_dict(), "x", "")


def test_every_kind_that_composes_is_here():
    assert SMALL.keys() - {"edit-events"} == MAKERS.keys()


@pytest.mark.parametrize("kind", SMALL)
def test_its_own_settings_make_it(kind):
    assert made(kind, SMALL[kind][0])


@pytest.mark.parametrize("kind", SMALL)
@pytest.mark.parametrize("value", [HUGE, [HUGE] * 3])
def test_a_huge_setting_is_refused_before_memory_is_asked_for(kind, value):
    settings, network = SMALL[kind]
    numbers = {k: v for k, v in settings.items() if type(v) in (int, list)}
    for name in numbers.keys() - ANY_SIZE - {"instruments"}:
        with LargestTensor() as seen, pytest.raises(InputError):
            made(kind, {**settings, name: value})
        most = sum(tensor.numel() for tensor in network.state_dict().values())
        assert seen.largest <= 2 * most + SPARE, name


def test_many_names_of_instruments_are_a_larger_network():
    settings = {**NOTES.to_dict(), "instruments": ["x"] * 1_000_000}
    with pytest.raises(InputError, match="larger network"):
        made("wavenet", settings)


@pytest.mark.parametrize(
    "ask",
    [
        lambda n: torch.empty(n, n),
        lambda n: torch.zeros((n, n)),
        lambda n: torch.ones(size=(n, n)),
        lambda n: torch.full((n, n), 0.5),
        lambda n: torch.randn(n, n),
        lambda n: torch.arange(n * n),
        lambda n: nn.Linear(n, n),
        lambda n: nn.LSTM(4, 4, num_layers=n),
        lambda n: [nn.Linear(1, 1) for _ in range(n)],
    ],
)
def test_what_is_too_much_is_refused_and_what_is_not_is_made(ask):
    with bounded(1_000):
        ask(10)
    with pytest.raises(RuntimeError, match="larger network"), bounded(1_000):
        ask(10**6)


def test_other_threads_build_what_they_like():
    sizes = []
    other = threading.Thread(target=lambda: sizes.append(len(torch.ones(4 * SPARE))))
    with bounded(0):
        other.start()
        other.join()
    assert sizes == [4 * SPARE]


def test_what_settings_of_a_wrong_kind_raise_is_told_as_one_kind_of_error():
    for ask in (lambda: nn.Linear("a", 2), lambda: {}["a"], lambda: nn.Linear(1, -5)):
        with pytest.raises(RuntimeError), bounded(10):
            ask()
    with pytest.raises(InputError, match="refused"), bounded(10):
        raise InputError("refused")


def test_tensors_are_put_in_as_they_are():
    given = {"weight": torch.randn(2, 3).half(), "bias": torch.zeros(2)}
    network = filled(lambda: nn.Linear(3, 2), given)
    assert network.weight.equal(given["weight"].float())
    with pytest.raises(RuntimeError, match="size mismatch"):
        filled(lambda: nn.Linear(4, 2), given)
