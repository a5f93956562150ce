"""The writer: vocabulary, batches, training that resumes, writing, refusals."""

import json
import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.char_lstm import ContinuedLSTM
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.models.writer import (
    CharLSTM,
    Vocabulary,
    Writer,
    WriterConfig,
    continue_tokens,
    load_writer,
    nats_per_character,
)
from deepcomposer_edu.nn.repeats import forbid_long_runs, longest_run
from deepcomposer_edu.training.checkpoint import checkpoint_path, load_checkpoint
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.predictor import TrainingSettings
from deepcomposer_edu.training.writer import (
    Batches,
    load_writer_run,
    shift,
    steps_per_epoch,
    train_writer,
    writer_loss,
)

TEXT = "the cat sat on the mat and the rat ran to the cat. " * 12
TINY = WriterConfig(8, 12, 2, 0.2, sequence_length=8, batch_size=4)
SHUFFLED = WriterConfig(8, 12, 1, 0.0, 8, 4, is_stateful=False)


def tiny_writer(text=TEXT, config=TINY):
    torch.manual_seed(0)
    vocabulary = Vocabulary(text)
    return Writer(CharLSTM(config, len(vocabulary)), vocabulary)


def train(run, n_steps, config=TINY, **options):
    return train_writer(run, config, n_steps=n_steps, **({"text": TEXT} | options))


# --- vocabulary ----------------------------------------------------------------


@given(st.text(max_size=40))
def test_decoding_gives_the_text_back(text):
    vocabulary = Vocabulary(text)
    assert vocabulary.decode(vocabulary.encode(text)) == text
    assert len(vocabulary) == len(set(text))


def test_an_unknown_character_is_named():
    with pytest.raises(InputError, match="never read the character 'ß'"):
        Vocabulary("abc").encode("aß")


# --- the network ---------------------------------------------------------------


def test_the_original_recipe_can_be_chosen_in_full():
    config = WriterConfig.original()
    assert (config.sequence_length, config.batch_size) == (100, 64)
    assert (config.embedding_size, config.n_units, config.n_layers) == (256, 1024, 1)
    assert config.is_stateful
    network = CharLSTM(config, 65)
    n_weights = sum(p.numel() for p in network.parameters())
    lstm = 4 * 1024 * (256 + 1024 + 2)
    assert n_weights == 65 * 256 + lstm + 65 * 1025


@pytest.mark.parametrize(
    "wrong", [{"n_units": 0}, {"dropout": 1.0}, {"batch_size": 0}, {"n_layers": 0}]
)
def test_impossible_sizes_are_refused(wrong):
    with pytest.raises(InputError, match="at least"):
        WriterConfig(**wrong)


def test_character_by_character_equals_the_whole_text():
    writer = tiny_writer()
    tokens = torch.tensor([writer.vocabulary.encode("the cat")])
    with torch.no_grad():
        whole, _ = writer.network(tokens)
        state, pieces = None, []
        for i in range(tokens.shape[1]):
            logits, state = writer.network(tokens[:, i : i + 1], state)
            pieces.append(logits)
    torch.testing.assert_close(torch.cat(pieces, 1), whole)


def test_the_future_does_not_change_the_past():
    writer = tiny_writer()
    one, other = (torch.tensor([writer.vocabulary.encode(t)]) for t in ("then", "that"))
    with torch.no_grad():
        left, right = writer.network(one)[0], writer.network(other)[0]
    torch.testing.assert_close(left[:, :2], right[:, :2])
    assert not torch.allclose(left[:, 2], right[:, 2])


def test_a_fresh_network_is_about_as_surprised_as_dice():
    writer = tiny_writer()
    bits = writer.bits_per_character(TEXT)
    assert abs(bits - math.log2(len(writer.vocabulary))) < 0.5


def test_surprise_by_hand():
    class HalfSure(torch.nn.Module):
        def forward(self, tokens, state):
            logits = torch.zeros(*tokens.shape, 4)
            return logits, state

    tokens = torch.tensor([0, 1, 2, 3, 0])
    assert nats_per_character(HalfSure(), tokens) == pytest.approx(math.log(4))


@pytest.mark.parametrize("n_streams", [1, 3])
def test_every_character_is_measured_once(n_streams):
    seen = []

    class Spy(torch.nn.Module):
        def forward(self, tokens, state):
            seen.append(tokens.clone())
            return torch.zeros(*tokens.shape, 700), state

    nats_per_character(Spy(), torch.arange(601), n_streams)
    read = torch.cat(seen, dim=1).flatten().tolist()
    assert sorted(read) == list(range(600))


# --- batches -------------------------------------------------------------------


def test_targets_are_the_inputs_one_place_on():
    inputs, targets = shift(torch.arange(10).reshape(2, 5))
    assert inputs.tolist() == [[0, 1, 2, 3], [5, 6, 7, 8]]
    assert targets.tolist() == [[1, 2, 3, 4], [6, 7, 8, 9]]


def test_stateful_batches_go_on_where_the_last_one_ended():
    batches = Batches(torch.arange(4 * 8 * 5 + 1), TINY)
    rows = [batches(torch.Generator()) for _ in range(5)]
    for before, after in pairwise(rows):
        assert torch.equal(before[:, -1], after[:, 0])


def test_an_epoch_reads_every_character_once():
    batches = Batches(torch.arange(4 * 8 * 5 + 1), TINY)
    read = torch.cat([shift(batches(torch.Generator()))[0].flatten() for _ in range(5)])
    assert sorted(read.tolist()) == list(range(160))
    assert steps_per_epoch("x" * 161, TINY) == 5


def test_the_next_epoch_is_cut_elsewhere():
    batches = Batches(torch.arange(4 * 8 * 5 + 1), TINY)
    first, *_, later = (batches(torch.Generator()) for _ in range(6))
    assert not torch.equal(first, later)
    assert (later.diff(dim=1) % 161 == 1).all()


def test_batches_from_anywhere_reach_both_ends():
    batches = Batches(torch.arange(10), SHUFFLED)
    random = torch.Generator().manual_seed(0)
    starts = torch.cat([batches(random)[:, 0] for _ in range(50)])
    assert set(starts.tolist()) == {0, 1}


@pytest.mark.parametrize("config", [TINY, SHUFFLED])
def test_a_text_that_is_too_short_is_refused(tmp_path, config):
    with pytest.raises(InputError, match="give a longer text"):
        train(tmp_path / "run", 1, config, text="abc abc")
    assert not (tmp_path / "run").exists()


def test_a_short_text_is_read_in_fewer_places():
    assert WriterConfig.fitting(800_000) == WriterConfig()
    assert WriterConfig.fitting(5_000).batch_size == 4
    assert WriterConfig.fitting(10).batch_size == 1


def test_the_carried_state_is_that_after_the_last_batch():
    torch.manual_seed(0)
    network = ContinuedLSTM(TINY, 9)
    network.eval()
    batch = torch.randint(9, (4, 9))
    writer_loss(network, batch)
    _, state = CharLSTM.forward(network, batch[:, :-1])
    torch.testing.assert_close(network.carried, state)


# --- training ------------------------------------------------------------------


def test_training_makes_the_text_less_surprising(tmp_path):
    settings = TrainingSettings(learning_rate=0.02)
    rows = train(
        tmp_path / "run", 40, SHUFFLED, settings=settings, sample_every=40
    ).rows
    assert rows[-1]["bits_per_character"] < 0.8 * rows[0]["bits_per_character"]
    assert rows[-1]["bits_per_character"] == pytest.approx(
        rows[-1]["valid_loss"] / math.log(2)
    )


@pytest.mark.parametrize("config", [TINY, SHUFFLED], ids=["stateful", "shuffled"])
def test_a_run_that_was_stopped_goes_on_to_the_same_bits(tmp_path, config):
    train(tmp_path / "whole", 6, config, checkpoint_every=2)
    train(tmp_path / "parts", 2, config, checkpoint_every=2)
    train(tmp_path / "parts", 6, None, checkpoint_every=2, resume=True)
    whole, parts = (
        load_checkpoint(checkpoint_path(tmp_path / name, 6)).tensors
        for name in ("whole", "parts")
    )
    assert whole.keys() == parts.keys()
    assert all(torch.equal(whole[key], parts[key]) for key in whole)
    losses = [
        [row.get("loss") for row in read_history(tmp_path / name)]
        for name in ("whole", "parts")
    ]
    assert losses[0] == losses[1]


def test_another_text_cannot_be_gone_on_with(tmp_path):
    train(tmp_path / "run", 1)
    with pytest.raises(InputError, match="began with another text"):
        train(tmp_path / "run", 2, None, text=TEXT + "!", resume=True)


def test_a_run_of_another_model_is_refused(tmp_path):
    (tmp_path / "config.json").write_text('{"kind": "transformer"}')
    with pytest.raises(InputError, match="a run of transformer, but one of writer"):
        load_writer_run(tmp_path)
    with pytest.raises(InputError, match="a run of transformer"):
        train(tmp_path, 1, None, resume=True)


def test_a_run_without_a_checkpoint_is_refused(tmp_path):
    train(tmp_path / "run", 1)
    checkpoint_path(tmp_path / "run", 1).unlink()
    with pytest.raises(InputError, match="no checkpoint yet"):
        load_writer_run(tmp_path / "run")


def test_samples_are_text_and_music_where_it_is_a_tune(tmp_path):
    tune = "T:A\nM:2/4\nL:1/8\nK:D\nD2E2|F2G2|A4|D4|]\n\n" * 20
    train(tmp_path / "run", 1, text=tune, start="K:D\nDEFG|")
    samples = {path.name for path in (tmp_path / "run" / "samples").iterdir()}
    assert {"step_000000.txt", "step_000001.txt"} <= samples


def test_the_run_writes_like_the_network_that_was_trained(tmp_path):
    train(tmp_path / "run", 2)
    writer = load_writer_run(tmp_path / "run")
    assert writer.write("the ", 20) == load_writer_run(tmp_path / "run").write(
        "the ", 20
    )
    assert writer.name == "run step 2"


# --- writing -------------------------------------------------------------------


def test_the_same_seed_writes_the_same_and_another_another():
    writer = tiny_writer()
    texts = [writer.write("the ", 60, seed=seed) for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]


def test_start_and_length_are_kept():
    text = tiny_writer().write("the cat", 25)
    assert text.startswith("the cat")
    assert len(text) == 7 + 25


def test_it_stops_where_it_is_asked_to():
    writer = tiny_writer()
    whole = writer.write("the", 200)
    stopped = writer.write("the", 200, stop=" ")
    assert stopped == whole[: whole.index(" ", 3) + 1]


def test_top_k_1_writes_the_likeliest_whatever_the_seed():
    writer = tiny_writer()
    assert writer.write("the", 30, top_k=1) == writer.write("the", 30, top_k=1, seed=9)


def test_progress_is_told_and_its_exceptions_go_through():
    told = []
    tiny_writer().write("the", 3, on_progress=lambda done, n: told.append((done, n)))
    assert told == [(1, 3), (2, 3), (3, 3)]

    def cancel(_done, _n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_writer().write("the", 3, on_progress=cancel)


def test_the_number_of_threads_does_not_matter():
    writer = tiny_writer()
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = writer.write("the", 40)
        torch.set_num_threads(2)
        assert writer.write("the", 40) == one
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"temperature": 0}, "temperature is 0"),
        ({"temperature": -1.5}, "temperature is -1.5"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"top_k": 500}, "top_k is 500, but the vocabulary has"),
        ({"top_k": -1}, "top_k is -1"),
        ({"top_p": 0}, "top_p is 0"),
        ({"length": 0}, "0 characters were asked for"),
        ({"length": 10**9}, "must be 1 to 100,000"),
        ({"start": "the Ω"}, "never read the character 'Ω'"),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_sentence(wishes, words):
    with pytest.raises(InputError, match=words):
        tiny_writer().write(**({"start": "the"} | wishes))


def test_tokens_are_written_with_the_state_alone():
    writer = tiny_writer()
    with torch.no_grad():
        tokens = list(
            continue_tokens(
                writer.network, [0, 1], 5, lambda logits: int(logits.argmax())
            )
        )
        again = [0, 1]
        for _ in range(5):
            logits, _ = writer.network(torch.tensor([again]))
            again.append(int(logits[0, -1].argmax()))
    assert again[2:] == tokens


# --- weights -------------------------------------------------------------------


def saved(folder, name="small", **changed):
    writer = tiny_writer()
    info = {
        "kind": "writer",
        "config": {
            **TINY.to_dict(),
            "characters": "".join(writer.vocabulary.characters),
        },
    }
    save_weights(name, writer.network.state_dict(), info | changed, folder)
    return writer


def test_weights_come_back_as_they_went(tmp_path):
    writer = saved(tmp_path)
    loaded = load_writer("small", tmp_path)
    assert loaded.write("the", 50) == writer.write("the", 50)
    info = json.loads((tmp_path / "small.json").read_text())
    assert loaded.weight_sha256 == info["sha256"]


def test_weights_of_another_model_are_refused(tmp_path):
    saved(tmp_path, kind="transformer")
    with pytest.raises(InputError, match="those of another model, transformer"):
        load_writer("small", tmp_path)


def test_weights_that_do_not_fit_are_refused(tmp_path):
    saved(tmp_path, config={**TINY.to_dict(), "characters": "ab"})
    with pytest.raises(InputError, match="not those of a writer with these settings"):
        load_writer("small", tmp_path)
    with pytest.raises(InputError, match=r"none\.json is missing"):
        load_writer("none", tmp_path)


def test_the_shipped_writer_writes_a_tune_that_can_be_read():
    from deepcomposer_edu.music.abc import read_abc

    text = load_writer().write("T:A test\nM:6/8\nL:1/8\nK:G\n", 200, temperature=0.5)
    assert len(read_abc(text).notes) > 10


# --- runs ----------------------------------------------------------------------


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(1, 4))
def test_no_run_is_longer_than_allowed(wished, max_run):
    written = []
    for token in wished:
        logits = torch.nn.functional.one_hot(torch.tensor(token), 3) * 5.0
        written.append(int(forbid_long_runs(logits, written, max_run).argmax()))
    assert longest_run(written) <= max_run
