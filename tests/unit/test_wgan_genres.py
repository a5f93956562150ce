"""The WGAN with several genres: embeddings that begin at zero, and what they change."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_training import MELODY, TINY, chord_windows, train, without_seconds

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.harmonise import Harmoniser
from deepcomposer_edu.models.wgan import Generator, WGANConfig, critic_of
from deepcomposer_edu.music.grid import REST
from deepcomposer_edu.nn.blocks import KindShift
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.wgan import WGANGame, train_wgan
from deepcomposer_edu.training.wgan_data import TrainingSet, hide_melody

CONFIG = replace(TINY, n_genres=3)
WINDOWS = {"chorale": chord_windows(5), "quartet": chord_windows(20)}


def weights_of(game: WGANGame) -> dict[str, torch.Tensor]:
    return {
        f"{part}.{name}": tensor.clone()
        for part, network in (("generator", game.generator), ("critic", game.critic))
        for name, tensor in network.state_dict().items()
    }


def small_batch(game: WGANGame):
    return TrainingSet.of(WINDOWS, CONFIG).batch(CONFIG, game.random)


def test_a_shift_begins_as_nothing_and_adds_one_vector_to_every_step():
    shift = KindShift(3, 4)
    x = torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(0))
    kind = torch.tensor([0, 2])
    assert torch.equal(shift(x, kind), x)
    with torch.no_grad():
        shift.table.weight[2] = torch.arange(4.0)
    moved = shift(x, kind) - x
    assert torch.allclose(moved[1], torch.arange(4.0)[:, None].expand(4, 5), atol=1e-6)
    assert (moved[0] == 0).all()


def test_networks_that_begin_from_older_weights_compute_the_same():
    old, new = WGANGame(TINY, seed=1), WGANGame(CONFIG, seed=2)
    new.begin_from(weights_of(old))
    batch = small_batch(new)
    noise = torch.randn(old.generator.noise_shape(4, 32))
    heard = batch.melody, batch.starts, batch.position, noise
    first = old.generator(*heard, temperature=0.0)
    second = new.generator(*heard, temperature=0.0, genre=batch.genre)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    judged = batch.voices, batch.repeats, batch.position
    assert torch.equal(old.critic(*judged), new.critic(*judged, batch.genre))
    assert torch.equal(
        new.average.hidden(*heard), old.generator.hidden(*heard)
    )  # the averaged one too


def test_weights_of_another_size_are_refused():
    wide = WGANGame(replace(TINY, hidden_channels=16))
    with pytest.raises(InputError, match="do not fit this generator"):
        WGANGame(CONFIG).begin_from(weights_of(wide))


def test_without_genres_nothing_is_added_to_the_networks():
    names = {*Generator(TINY).state_dict(), *critic_of(TINY).state_dict()}
    assert not any("genre" in name for name in names)
    torch.manual_seed(0)
    plain = Generator(TINY)
    torch.manual_seed(0)
    several = Generator(CONFIG)
    assert all(
        torch.equal(value, several.state_dict()[name])
        for name, value in plain.state_dict().items()
    )


def test_a_step_of_training_moves_every_embedding_of_the_genres_in_it():
    game = WGANGame(CONFIG)
    data = TrainingSet.of(WINDOWS, CONFIG)
    for step in range(1, 4):
        game.step(data, step)
    tables = [
        game.generator.genre_in.table,
        game.generator.genre_out.table,
        game.critic.genre_in.table,
        game.critic.genre_out,
    ]
    for table in tables:
        rows = table.weight.abs().sum(dim=1)
        assert rows[0] > 0 and rows[2] > 0  # chorale and quartet
        assert rows[1] == 0  # no window of Palestrina was there


def test_the_vectors_of_genres_learn_faster_and_the_rest_as_before():
    game = WGANGame(CONFIG)
    rest, genres = game.generator_adam.param_groups
    assert (rest["lr"], genres["lr"]) == pytest.approx((5e-4, 5e-3))
    ids = [id(p) for group in (rest, genres) for p in group["params"]]
    assert ids == [id(p) for p in game.generator.parameters()]  # none lost, in order
    assert [g["lr"] for g in WGANGame(TINY).critic_adam.param_groups] == [5e-4]


def test_every_genre_is_drawn_as_often():
    data = TrainingSet.of(WINDOWS, CONFIG)
    assert torch.bincount(data.genre).tolist() == [5, 0, 20]
    config = replace(CONFIG, batch_size=4000)
    batch = data.batch(config, torch.Generator().manual_seed(0))
    shares = torch.bincount(batch.genre, minlength=3) / 4000
    assert 0.45 < shares[0] < 0.55 and shares[1] == 0
    assert 0.45 < batch.is_hidden.float().mean() < 0.55


def test_crossing_moves_melodies_and_leaves_the_voices_below():
    game = WGANGame(CONFIG)
    batch = small_batch(game)
    chosen = torch.tensor([True, False, True, False])
    random = torch.Generator().manual_seed(0)
    crossed = batch.crossed(chosen, random)
    order = torch.randperm(4, generator=torch.Generator().manual_seed(0))
    rows = [int(order[i]) if chosen[i] else i for i in range(4)]
    assert torch.equal(crossed.melody, batch.melody[rows])
    assert torch.equal(crossed.starts, batch.starts[rows])
    assert torch.equal(crossed.voices[:, 1:], batch.voices[:, 1:])
    assert torch.equal(crossed.genre, batch.genre)


def test_a_hidden_melody_is_a_rest_and_the_others_stay():
    batch = small_batch(WGANGame(CONFIG))
    hidden = torch.tensor([True, False, False, True])
    voices, repeats = hide_melody(batch.voices, batch.repeats, hidden)
    assert (voices[hidden, 0, :, -1] == 1).all() and (repeats[hidden, 0] == 0).all()
    assert (voices.sum(dim=-1) == 1).all()
    assert torch.equal(voices[~hidden], batch.voices[~hidden])
    assert torch.equal(voices[:, 1:], batch.voices[:, 1:])


def test_the_critic_cannot_hear_a_hidden_melody():
    game = WGANGame(CONFIG)
    batch = replace(small_batch(game), is_hidden=torch.ones(4, dtype=torch.bool))
    other = torch.roll(batch.voices[:, :1], 1, dims=2)
    changed = torch.cat([other, batch.voices[:, 1:]], dim=1)
    scores = game.score(batch, batch.voices, batch.repeats)
    assert torch.equal(scores, game.score(batch, changed, batch.repeats))
    heard = replace(batch, is_hidden=~batch.is_hidden)
    assert not torch.equal(scores, game.score(heard, changed, batch.repeats))


def test_a_resumed_run_of_genres_is_bit_for_bit_the_uninterrupted_one(tmp_path):
    begin = weights_of(WGANGame(TINY, seed=5))

    def run(name: str, n_steps: int, **options) -> None:
        train_wgan(
            tmp_path / name,
            CONFIG,
            WINDOWS,
            WINDOWS,
            MELODY,
            n_steps,
            sample_every=2,
            checkpoint_every=2,
            begin_from=begin,
            **options,
        )

    run("whole", 4)
    run("parts", 2)
    run("parts", 4, resume=True)
    whole, parts = (read_history(tmp_path / name) for name in ("whole", "parts"))
    assert without_seconds(whole) == without_seconds(parts)


def test_a_run_that_begins_from_weights_begins_with_their_voices(tmp_path):
    begin = weights_of(WGANGame(TINY, seed=5))
    train(tmp_path / "a", 2, config=TINY, seed=1, begin_from=begin)
    train(tmp_path / "b", 2, config=TINY, seed=1)
    first, second = (read_history(tmp_path / name)[0] for name in "ab")
    assert without_seconds([first]) != without_seconds([second])


def test_windows_of_a_genre_that_the_networks_do_not_know_are_refused():
    with pytest.raises(InputError, match="know 2; raise n_genres"):
        TrainingSet.of(WINDOWS, replace(TINY, n_genres=2))


@pytest.mark.parametrize("n_genres", [-1, 6])
def test_a_number_of_genres_that_cannot_be_is_refused(n_genres):
    with pytest.raises(InputError, match=f"n_genres is {n_genres}"):
        WGANConfig(n_genres=n_genres)


def test_the_genre_that_is_asked_for_reaches_the_voices():
    torch.manual_seed(0)
    generator = Generator(CONFIG)
    with torch.no_grad():
        generator.genre_out.table.weight[1] = torch.randn(8) * 5
    voices = {
        genre: Harmoniser(CONFIG, generator, genre=genre).harmonise(MELODY).pitches
        for genre in (None, "chorale", "palestrina")
    }
    assert np.array_equal(voices[None], voices["chorale"])  # the first is the default
    assert (voices["chorale"] != voices["palestrina"])[1:].any()
    assert (voices["palestrina"][0] == MELODY.pitches[0]).all()
    assert voices["palestrina"].min() >= REST


def test_a_genre_that_a_network_has_not_learned_is_refused():
    generator = Generator(CONFIG)
    with pytest.raises(InputError, match="'folk', but this network has learned chora"):
        Harmoniser(CONFIG, generator, genre="folk")
    with pytest.raises(InputError, match="has learned none by name"):
        Harmoniser(TINY, Generator(TINY), genre="quartet")
