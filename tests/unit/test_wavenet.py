"""WaveNet: causal, conditioned, and drawn from by three engines alike."""

from importlib.util import find_spec

import pytest
import torch
from needs import require

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models import wave_generation, wave_numba
from deepcomposer_edu.models.note_wavenet import (
    NoteConfig,
    NoteWaveNet,
    envelope_features,
    note_wavenet_of,
    phase_features,
)
from deepcomposer_edu.models.wave_generation import Queues, draw, generate
from deepcomposer_edu.models.wavenet import WaveNet, WaveNetConfig

SMALL = {"residual": 6, "skip": 10, "n_classes": 16}
CONFIGS = {
    "plain": WaveNetConfig(dilations=(1, 2, 4, 8), **SMALL),
    "told": WaveNetConfig(
        dilations=(1, 2, 1, 2), local_width=3, global_width=2, **SMALL
    ),
    "wide kernel": WaveNetConfig(kernel=3, dilations=(1, 3), local_width=3, **SMALL),
    "kernel of one": WaveNetConfig(kernel=1, dilations=(1, 1), **SMALL),
}


def network_of(name):
    """A network with large random weights, so that its logits are far apart."""
    torch.manual_seed(0)
    network = WaveNet(CONFIGS[name]).eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.mul_(3)
    return network


def told(config, n_sounds, n_frames):
    random = torch.Generator().manual_seed(1)
    local = torch.randn(n_sounds, n_frames, config.local_width, generator=random)
    whole = torch.randn(n_sounds, config.global_width, generator=random)
    return (
        local if config.local_width else None,
        whole if config.global_width else None,
    )


@pytest.mark.parametrize("name", CONFIGS)
def test_a_prediction_sees_the_field_and_nothing_else(name):
    network = network_of(name)
    config = network.config
    field, n = config.receptive_field, 40
    codes = torch.randint(16, (1, n), generator=torch.Generator().manual_seed(2))
    conditions = told(config, 1, n)
    before = network(codes, *conditions)
    codes[0, 5] = (codes[0, 5] + 7) % 16
    moved = (network(codes, *conditions) != before).any(dim=2)[0]
    reached = torch.arange(n)
    assert not moved[reached <= 5].any()
    assert not moved[reached > 5 + field].any()
    assert moved[6]
    assert moved[5 + field]  # the oldest sample that it sees


def test_a_condition_acts_from_its_frame_on():
    network = network_of("told")
    codes = torch.zeros(1, 20, dtype=torch.int64)
    local, whole = told(network.config, 1, 5)  # frames of four samples
    before = network(codes, local, whole)
    local[0, 2] += 1
    moved = (network(codes, local, whole) != before).any(dim=2)[0]
    # the first layer's share of the last moment goes through dilations 2, 1 and 2
    assert moved.tolist() == [False] * 8 + [True] * (4 + 2 + 1 + 2) + [False] * 3


@pytest.mark.parametrize("name", CONFIGS)
def test_step_by_step_gives_the_logits_of_the_whole_pass(name):
    network, n = network_of(name), 30
    codes = torch.randint(16, (2, n), generator=torch.Generator().manual_seed(3))
    local, whole = told(network.config, 2, 10)
    queues = Queues(network, 2, local, whole, n_held=3)
    last, found = torch.full((2,), 8), []
    for t in range(n):
        found.append(queues.step(last))
        last = codes[:, t]
    expected = network(codes, local, whole)
    torch.testing.assert_close(torch.stack(found, 1), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("engine", ["queue", "numba"])
@pytest.mark.parametrize("name", CONFIGS)
def test_engines_draw_the_same_codes(name, engine):
    if engine == "numba":
        require(find_spec("numba"), "numba is not installed")
    network = network_of(name)
    local, whole = told(network.config, 2, 40)
    primer = torch.tensor([[1, 2, 3], [9, 8, 7]])
    work = {"local": local, "whole": whole, "temperature": 0.9, "seed": 4}
    slow, fast = (
        generate(network, 120, primer=primer, engine=e, **work)
        for e in ("naive", engine)
    )
    assert slow.shape == (2, 120)
    assert torch.equal(slow[:, :3], primer)
    assert len(slow.unique()) > 4  # not one code over and over
    assert torch.equal(slow, fast)


def test_machine_code_gives_the_logits_to_1e_5():
    require(find_spec("numba"), "numba is not installed")
    from deepcomposer_edu.models import wave_machine

    wanted = torch.linspace(-15, 15, 999)
    found = wanted.numpy().copy()
    wave_machine._tanh(found)
    torch.testing.assert_close(
        torch.from_numpy(found), wanted.tanh(), atol=1e-6, rtol=0
    )


def test_one_sound_has_one_axis_and_a_seed_of_its_own_in_any_batch():
    network = network_of("told")
    local, whole = told(network.config, 3, 30)
    together = generate(network, 30, local, whole, seed=[5, 6, 7], engine="queue")
    alone = generate(network, 30, local[1], whole[1], seed=6, engine="queue")
    assert alone.shape == (30,)
    assert torch.equal(together[1], alone)


def test_the_same_seed_gives_the_same_sound_and_another_another():
    network = network_of("plain")
    first, again, other = (
        generate(network, 60, seed=seed, engine="queue") for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_draws_follow_the_probabilities():
    logits = torch.tensor([[0.0, 1.0, 2.0]]).expand(3_000, 3)
    chances = (torch.arange(3_000) + 0.5) / 3_000
    for temperature in (0.5, 1.0):
        counts = draw(logits, chances.double(), temperature).bincount(minlength=3)
        expected = (logits[0] / temperature).softmax(dim=0)
        torch.testing.assert_close(counts / 3_000, expected, atol=0.001, rtol=0)


def test_auto_does_without_numba(monkeypatch):
    network = network_of("plain")
    usual = generate(network, 20)
    monkeypatch.setattr(wave_generation, "has_numba", lambda: False)
    monkeypatch.setattr(wave_numba, "has_numba", lambda: False)
    wave_numba._compiled.cache_clear()
    assert torch.equal(generate(network, 20), usual)
    with pytest.raises(InputError, match="numba, which is not installed"):
        generate(network, 20, engine="numba")
    wave_numba._compiled.cache_clear()


def test_machine_code_that_cannot_be_kept_is_compiled_anyway(monkeypatch):
    require(find_spec("numba"), "numba is not installed")
    from deepcomposer_edu.models import wave_machine

    asked = []

    def njit(cache=False, **_):
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(wave_machine.numba, "njit", njit)
    assert wave_machine._compile(abs) is abs
    assert asked == [True, False]


def test_progress_is_told_and_can_stop_the_work(monkeypatch):
    monkeypatch.setattr(wave_generation, "BLOCK", 10)
    told_of = []
    generate(
        network_of("plain"),
        12,
        engine="queue",
        on_progress=lambda done, n: told_of.append((done, n)),
    )
    assert told_of == [(10, 12), (12, 12)]

    def stop(done, n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(network_of("plain"), 12, engine="queue", on_progress=stop)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n_samples": 0}, "1 to"),
        ({"temperature": 0.0}, "temperature"),
        ({"engine": "warp"}, "engine is 'warp'"),
        ({"primer": torch.zeros(30, dtype=torch.int64)}, "begins with 30"),
        ({"whole": torch.zeros(3)}, "has 3 numbers"),
        ({"local": None}, "`local` has 0 numbers"),
        ({"local": torch.zeros(7, 3)}, "can't be divided among 7"),
        ({"local": torch.zeros(2, 20, 3), "whole": torch.zeros(3, 2)}, "same number"),
        ({"seed": [1, 2]}, "2 seeds were given for 1 sounds"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, words):
    network = network_of("told")
    usual = {"n_samples": 20, "local": torch.zeros(20, 3), "whole": torch.zeros(2)}
    with pytest.raises(InputError, match=words):
        generate(network, **{**usual, **arguments})


@pytest.mark.parametrize(
    "settings", [{"dilations": ()}, {"residual": 0}, {"local_width": -1}]
)
def test_networks_that_cannot_be_are_refused(settings):
    with pytest.raises(InputError):
        WaveNetConfig(**settings)


# --- notes ----------------------------------------------------------------------------


def test_the_phase_of_a_tone_is_a_sine_and_its_harmonics():
    frequency = torch.full((1, 8_000), 440.0)
    found = phase_features(frequency, 8_000, harmonics=2)[0]
    seconds = torch.arange(8_000).double() / 8_000
    for column, (wave, number) in enumerate(
        [(torch.sin, 1), (torch.sin, 2), (torch.cos, 1), (torch.cos, 2)]
    ):
        expected = wave(2 * torch.pi * 440 * number * seconds).float()
        torch.testing.assert_close(found[:, column], expected, atol=1e-5, rtol=0)
    ahead = phase_features(frequency, 8_000, 1, lead=torch.full((1, 8_000), 0.25))
    torch.testing.assert_close(ahead[0, :, 0], found[:, 2], atol=1e-5, rtol=0)


def test_the_envelope_knows_when_the_key_is_let_go():
    found = envelope_features(100, torch.tensor([0.5, float("inf")]), 100)
    assert found.isfinite().all()
    assert found[0, :, 0].tolist() == [1.0] * 50 + [0.0] * 50
    assert found[1, :, 0].tolist() == [1.0] * 100
    assert (found[:, 0, 1:4] == 1).all()  # the onset
    assert (found[0, :50, 4:] == 0).all()
    assert (found[0, 50, 4:] == 1).all()  # the release


def note_network(**settings):
    torch.manual_seed(0)
    config = NoteConfig(("flute", "oboe"), residual=4, skip=4, dilations=(1, 2))
    return NoteWaveNet(NoteConfig(**{**config.to_dict(), **settings}))


def test_a_later_start_continues_the_note():
    network = note_network(pitch_width=3)
    note = torch.tensor([61.0]), torch.tensor([1]), torch.tensor([80])
    whole_note, same = network.condition(*note, 500, held=0.03)
    end, also = network.condition(*note, 200, held=0.03, start=300)
    assert torch.equal(whole_note[:, 300:], end)
    assert torch.equal(same, also)


def test_pitch_instrument_and_velocity_are_told():
    network = note_network()
    told_of = network.condition(
        torch.tensor([60, 72, 60, 60]),
        torch.tensor([0, 0, 1, 0]),
        torch.tensor([80, 80, 80, 20]),
        50,
    )
    local, whole = told_of
    assert (local[1:] != local[0]).flatten(1).any(dim=1).tolist() == [True, False] + [
        False
    ]
    assert (whole[1:] != whole[0]).any(dim=1).all()


def test_a_sound_without_a_pitch_has_no_phase():
    network = note_network()
    local, whole = network.condition(
        torch.tensor([-1]), torch.tensor([0]), torch.tensor([0]), 50
    )
    assert (local[..., : 2 * network.config.harmonics] == 0).all()
    assert whole.isfinite().all()


def test_an_unknown_instrument_is_refused():
    with pytest.raises(InputError, match="flute, oboe: 0 to 1"):
        note_network().condition(
            torch.tensor([60]), torch.tensor([2]), torch.tensor([80]), 10
        )


def test_weights_and_settings_make_the_network_again():
    network = note_network(pitch_width=2, harmonics=0)
    again = note_wavenet_of(network.config.to_dict(), network.state_dict())
    assert again.config == network.config
    note = torch.tensor([60]), torch.tensor([1]), torch.tensor([80])
    codes = torch.randint(256, (1, 40))
    with torch.no_grad():
        found, expected = (x(codes, *x.condition(*note, 40)) for x in (again, network))
    assert torch.equal(found, expected)
