"""The upper level of a stack: it learns the lower codes, and refuses what can't fit."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada_stack import UpperConfig
from deepcomposer_edu.training import ada_stack
from deepcomposer_edu.training.ada_stack import (
    CodeBatch,
    lower_codes,
    stack_loss,
    train_ada_stack,
)
from tests.tiny_ada import stack, tones, untrained


def test_the_upper_level_learns_what_the_lower_codes_are(tmp_path, monkeypatch):
    monkeypatch.setattr(ada_stack, "SAMPLE_SECONDS", 0.05)
    lower = untrained()
    config = stack().upper.config
    history = train_ada_stack(
        tmp_path / "run",
        lower,
        config,
        n_steps=40,
        sounds=tones(n_samples=1_024),
        sample_every=40,
        checkpoint_every=40,
    )
    losses = [row["loss"] for row in history.rows if "loss" in row]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    last = history.rows[-1]
    assert {"valid_loss", "lower_nats", "upper_nats", "code_use"} <= set(last)
    assert (tmp_path / "run" / "samples" / "step_000040.wav").exists()


def test_the_lower_level_is_not_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(ada_stack, "SAMPLE_SECONDS", 0.05)
    lower = untrained()
    before = {k: v.clone() for k, v in lower.state_dict().items()}
    how = {"sounds": tones(), "sample_every": 5, "checkpoint_every": 5}
    train_ada_stack(tmp_path / "run", lower, stack().upper.config, n_steps=2, **how)
    assert all(torch.equal(before[k], v) for k, v in lower.state_dict().items())


def test_dead_upper_codes_are_revived_where_the_batch_asks_for_it():
    upper = stack().upper.requires_grad_(True).train()
    lower = torch.randint(8, (4, 16), generator=torch.Generator().manual_seed(0))
    upper.quantiser.codebook.data[2:] += 100
    stack_loss(upper, CodeBatch(lower)).backward()
    assert (upper.quantiser.codebook[2:] > 50).all()
    stack_loss(upper, CodeBatch(lower, seed=1)).backward()
    assert upper.quantiser.codebook.abs().max() < 50


def test_sounds_shorter_than_an_upper_code_are_refused():
    with pytest.raises(InputError, match="one upper code"):
        lower_codes(untrained(), tones(n_samples=100), 4)


def test_an_upper_level_for_other_codes_is_refused(tmp_path):
    config = replace(UpperConfig(), n_lower=9)
    with pytest.raises(InputError, match="reads 9 codes"):
        train_ada_stack(tmp_path, untrained(), config, n_steps=1, sounds=tones())
