"""Training: it learns, it can be killed, and it resumes to the same numbers."""

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_training import TINY, chord_windows, train, without_seconds

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.nn.gan import LOSSES
from deepcomposer_edu.training.checkpoint import (
    checkpoint_path,
    checkpoints,
    latest_checkpoint,
)
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.wgan import WGANGame
from deepcomposer_edu.training.wgan_data import TrainingSet


def test_windows_are_moved_to_c_and_repeats_are_marked() -> None:
    data = TrainingSet.from_windows(chord_windows(key=2), TINY)
    plain = TrainingSet.from_windows(chord_windows(), TINY)
    assert torch.equal(data.pitches, plain.pitches)
    struck = torch.zeros(32)
    struck[4::4] = 1
    stays = (plain.pitches[0, 0, 1:] == plain.pitches[0, 0, :-1]).float()
    expected = torch.nn.functional.pad(stays, (1, 0)) * struck
    assert torch.equal(plain.repeats[0, 0], expected)


def test_a_melody_note_starts_where_it_moves_or_repeats() -> None:
    data = TrainingSet.from_windows(chord_windows(), TINY)
    starts = data.rows(slice(0, 1), TINY).starts[0]
    assert starts.nonzero().flatten().tolist() == list(range(0, 32, 4))


def test_a_run_leaves_all_that_its_folder_promises(tmp_path: Path) -> None:
    run = tmp_path / "run"
    train(run, 4)
    names = {path.relative_to(run).as_posix() for path in run.rglob("*.*")}
    assert names == {
        "config.json",
        "reference.json",
        "metrics.jsonl",
        "state.json",
        "checkpoints/step_000002.safetensors",
        "checkpoints/step_000004.safetensors",
        "samples/step_000000.mid",
        "samples/step_000002.mid",
        "samples/step_000004.mid",
    }
    rows = read_history(run)
    assert [row["step"] for row in rows] == [0, 1, 2, 3, 4]
    assert "triad_rate" in rows[4]
    assert rows[4].keys() >= json.loads((run / "reference.json").read_text()).keys()


def test_a_resumed_run_is_bit_for_bit_the_uninterrupted_one(tmp_path: Path) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    train(whole, 6)
    train(halves, 4)
    train(halves, 6, resume=True)
    name = "step_000006"
    assert (
        checkpoint_path(whole, 6).read_bytes()
        == checkpoint_path(halves, 6).read_bytes()
    )
    sample = f"samples/{name}.mid"
    assert (whole / sample).read_bytes() == (halves / sample).read_bytes()
    assert without_seconds(read_history(whole)) == without_seconds(read_history(halves))


def test_a_killed_run_resumes_to_the_same_numbers(tmp_path: Path) -> None:
    """A real process, killed with SIGKILL while it trains."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    train(whole, 20, checkpoint_every=5, sample_every=10)
    script = textwrap.dedent(f"""
        import sys; sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
        from pathlib import Path
        from tiny_training import train
        train(Path({str(killed)!r}), 100000, checkpoint_every=5, sample_every=10)
    """)
    process = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 120
    while not checkpoint_path(killed, 10).exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(
        signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM
    )
    process.wait()
    reached = latest_checkpoint(killed).step
    for path in checkpoints(killed):
        if path != checkpoint_path(killed, 10):
            path.unlink()  # however far it came, go on from step 10
    assert reached >= 10
    train(killed, 20, checkpoint_every=5, sample_every=10, resume=True)
    assert (
        checkpoint_path(whole, 20).read_bytes()
        == checkpoint_path(killed, 20).read_bytes()
    )
    assert without_seconds(read_history(whole)) == without_seconds(read_history(killed))


def test_a_line_cut_off_by_a_crash_is_left_out(tmp_path: Path) -> None:
    run = tmp_path / "run"
    train(run, 2)
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"step": 3, "critic_lo')
    assert [row["step"] for row in read_history(run)] == [0, 1, 2]
    train(run, 4, resume=True)
    assert [row["step"] for row in read_history(run)] == [0, 1, 2, 3, 4]


def test_another_seed_is_another_run(tmp_path: Path) -> None:
    first = train(tmp_path / "a", 2, seed=1).rows[-1]["critic_loss"]
    assert first != train(tmp_path / "b", 2, seed=2).rows[-1]["critic_loss"]


def test_a_folder_with_a_run_is_not_overwritten(tmp_path: Path) -> None:
    train(tmp_path / "run", 2)
    with pytest.raises(InputError, match="already holds a run"):
        train(tmp_path / "run", 2)


def test_an_empty_folder_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run"):
        train(tmp_path / "run", 2, resume=True)


def test_damaged_settings_are_named(tmp_path: Path) -> None:
    train(tmp_path / "run", 2)
    (tmp_path / "run" / "config.json").write_text("{")
    with pytest.raises(InputError, match=r"config\.json"):
        train(tmp_path / "run", 4, resume=True)


@pytest.mark.parametrize("n_steps", [0, -3])
def test_at_least_one_step_is_needed(tmp_path: Path, n_steps: int) -> None:
    with pytest.raises(InputError, match="at least 1"):
        train(tmp_path / "run", n_steps)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_trains_without_a_nan(tmp_path: Path, loss: str) -> None:
    config = WGANConfig(**{**TINY.to_dict(), "loss": loss})
    rows = train(tmp_path / "run", 3, config=config).rows[1:]
    assert all(np.isfinite([r["critic_loss"], r["generator_loss"]]).all() for r in rows)


def test_clipping_bounds_every_critic_weight() -> None:
    config = WGANConfig(**{**TINY.to_dict(), "loss": "wgan-clip", "clip": 0.02})
    game = WGANGame(config)
    data = TrainingSet.from_windows(chord_windows(), config)
    game.step(data, 1)
    assert max(p.abs().max().item() for p in game.critic.parameters()) <= 0.02 + 1e-6


def test_without_critic_steps_the_critic_never_learns() -> None:
    config = WGANConfig(**{**TINY.to_dict(), "n_critic": 0})
    game = WGANGame(config)
    before = [p.clone() for p in game.critic.parameters()]
    game.step(TrainingSet.from_windows(chord_windows(), config), 1)
    after = game.critic.parameters()
    assert all(torch.equal(b, a) for b, a in zip(before, after, strict=True))


def test_the_critic_learns_to_tell_chords_from_an_untrained_generator() -> None:
    config = WGANConfig(
        hidden_channels=16, critic_channels=16, batch_size=16, critic_rate=2e-3
    )
    game = WGANGame(config)
    data = TrainingSet.from_windows(chord_windows(), config)
    rows = [game.critic_step(data.batch(config, game.random)) for _ in range(60)]
    assert rows[-1]["wasserstein"] > rows[0]["wasserstein"] + 1.0


def test_the_averaged_generator_follows_the_trained_one() -> None:
    game = WGANGame(TINY)
    data = TrainingSet.from_windows(chord_windows(), TINY)
    before = [p.clone() for p in game.average.parameters()]
    game.step(data, 1)
    for old, mean, new in zip(
        before, game.average.parameters(), game.generator.parameters(), strict=True
    ):
        torch.testing.assert_close(mean, old + (new - old) * (1 - 2 / 11))
