"""How the answers of lesson 09 are judged that are about budgets and drawing."""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner

_AXES = ("step", "pitch")

# allowed_edits ------------------------------------------------------------------
# One step, six pitches: two notes at the start, one of them lost, one added since.
_START = torch.tensor([[1, 1, 0, 0, 0, 0]]).bool()
_NOW = torch.tensor([[1, 0, 1, 0, 0, 0]]).bool()
_ALL = torch.ones_like(_NOW)


def _cells(*sounding: int) -> Tensor:
    cells = torch.zeros(1, 6, dtype=torch.bool)
    cells[0, list(sounding)] = True
    return cells


def allowed_shape(learner: Learner) -> None:
    """The mask has the roll's shape and holds True and False."""
    got = learner(_NOW, _START, 9, 9, _ALL)
    learner.expect_shape(got, (1, 6), "One yes or no for each cell.")
    learner.expect_dtype(got, bool, "Whether an edit is allowed is True or False.")


def everything_within_the_budgets(learner: Learner) -> None:
    """While both budgets last, every cell may be edited."""
    learner.expect_equal(
        learner(_NOW, _START, 9, 9, _ALL),
        _ALL,
        "One note was added and one removed; nine of each are allowed, so every cell "
        "may change.",
        axes=_AXES,
    )


def no_note_beyond_the_budget(learner: Learner) -> None:
    """A spent budget of additions forbids new notes, and nothing else."""
    learner.expect_equal(
        learner(_NOW, _START, 1, 9, _ALL),
        _cells(0, 1, 2),
        "One note was added (pitch 2) and one is all that may be: no further note may "
        "be added at the pitches 3, 4 and 5. The notes at 0 and 2 may still be "
        "removed, and the lost one at 1 may come back.",
        known=[
            (
                _ALL,
                "The notes cap is off by one: with 1 allowed and 1 added, one more is "
                "let through. Ask whether fewer than `max_added` were added, not "
                "whether at most so many were.",
            ),
            (
                _cells(0, 2),
                "Putting back a note of `start` is no addition: pitch 1 may come back. "
                "Only a cell that is empty in `start` costs the budget.",
            ),
            (
                _cells(0, 1),
                "Taking away a note that was added should stay allowed: it gives "
                "budget back.",
            ),
            (
                _cells(1, 3, 4, 5),
                "The two budgets are exchanged: the spent one was that of additions.",
            ),
            (
                _cells(1, 2, 3, 4, 5),
                "The two budgets are exchanged: the spent one was that of additions.",
            ),
            (_cells(), "Only additions are spent; removing is still allowed."),
        ],
        axes=_AXES,
    )


def no_loss_beyond_the_budget(learner: Learner) -> None:
    """A spent budget of removals forbids to remove what was there at the start."""
    learner.expect_equal(
        learner(_NOW, _START, 9, 1, _ALL),
        _cells(1, 2, 3, 4, 5),
        "One note of the start was removed (pitch 1) and one is all that may be: the "
        "other, pitch 0, must stay. The added one at 2 may be taken away again, for it "
        "was not there at the start.",
        known=[
            (
                _ALL,
                "The cap is off by one: with 1 allowed and 1 removed, one more is let "
                "through. Ask whether fewer than `max_removed` were removed.",
            ),
            (
                _cells(1, 3, 4, 5),
                "Taking away a note that was added costs nothing of this budget: only "
                "the notes of `start` do.",
            ),
            (
                _cells(2, 3, 4, 5),
                "Putting back a removed note should stay allowed: it gives budget "
                "back.",
            ),
            (
                _cells(0, 1, 2),
                "The two budgets are exchanged: the spent one was that of removals.",
            ),
        ],
        axes=_AXES,
    )


def no_budget_at_all(learner: Learner) -> None:
    """With budgets of 0 nothing may change from the start."""
    learner.expect_equal(
        learner(_START, _START, 0, 0, _ALL),
        _cells(),
        "Nothing may be added and nothing removed, so nothing may change.",
        known=[
            (
                _ALL,
                "The cap is off by one: a budget of 0 lets one edit through. Ask "
                "whether fewer than the budget were made.",
            )
        ],
        axes=_AXES,
    )


def locks_are_kept(learner: Learner) -> None:
    """What is locked may never be edited."""
    may_change = _cells(1, 2, 3)
    learner.expect_equal(
        learner(_NOW, _START, 9, 9, may_change),
        may_change,
        "Only cells in `may_change` may be edited, whatever the budgets are.",
        known=[
            (_ALL, "`may_change` is not used: what is locked would be edited."),
            (~may_change, "`may_change` is turned round: True is what may change."),
        ],
        axes=_AXES,
    )
    learner.expect_equal(
        learner(_NOW, _START, 1, 9, may_change),
        _cells(1, 2),
        "Of the cells that may change, pitch 3 would be a second added note.",
        axes=_AXES,
    )


# edit_probabilities -------------------------------------------------------------
_LOGITS = torch.tensor([[2.0, 1.0], [0.0, -1.0]])
_OPEN = torch.tensor([[True, False], [True, True]])


def probabilities_shape(learner: Learner) -> None:
    """Each cell gets a probability, together 1."""
    logits = torch.randn((6, 5), generator=torch.Generator().manual_seed(0))
    got = learner(logits, logits > -1.0, 1.0)
    learner.expect_shape(got, (6, 5), "One probability for each cell.")
    total = float(torch.as_tensor(got).sum())
    cause = "The softmax goes over all cells, steps and pitches together."
    if abs(total - 6) < 1e-3:
        cause = "Each step sums to 1 here, but one edit is drawn from the whole roll."
    if abs(total - 5) < 1e-3:
        cause = "Each pitch sums to 1 here, but one edit is drawn from the whole roll."
    elif 0 < total < 1 - 1e-4:
        cause = (
            "The mask came after the softmax: what is forbidden took its share before. "
            "Set forbidden logits to -inf first."
        )
    learner.expect(
        abs(total - 1) < 1e-4,
        f"{learner.call}: expected probabilities that sum to 1, got {total:.4g}. "
        f"{cause}",
    )


def forbidden_cells_have_none(learner: Learner) -> None:
    """A forbidden cell has a probability of 0, and takes nothing from the others."""
    scores = _LOGITS.masked_fill(~_OPEN, float("-inf"))
    right = scores.flatten().softmax(0).view(2, 2)
    everything = _LOGITS.flatten().softmax(0).view(2, 2)
    learner.expect_close(
        learner(_LOGITS, _OPEN, 1.0),
        right,
        1e-5,
        "The forbidden cell gets exactly 0, and the other three share 1 among them as "
        "their logits say.",
        known=[
            (everything, "`allowed` was not used."),
            (
                everything * _OPEN,
                "The mask came after the softmax, so the probabilities no longer sum "
                "to 1. Set forbidden logits to -inf first.",
            ),
            (
                (_LOGITS * _OPEN).flatten().softmax(0).view(2, 2),
                "A forbidden logit was set to 0. exp(0) is 1, no small share at all; "
                "-inf gives a probability of 0.",
            ),
            (
                _LOGITS.masked_fill(_OPEN, float("-inf"))
                .flatten()
                .softmax(0)
                .view(2, 2),
                "The mask is turned round: True is where an edit is allowed.",
            ),
        ],
        axes=_AXES,
    )


def temperature_by_hand(learner: Learner) -> None:
    """A low temperature makes the likeliest edit likelier."""
    logits = torch.tensor([[0.0, 1.0]])
    for temperature in (0.5, 2.0):
        right = (logits / temperature).softmax(-1)
        learner.expect_close(
            learner(logits, torch.ones(1, 2, dtype=torch.bool), temperature),
            right,
            1e-5,
            "Logits are divided by the temperature before the softmax.",
            known=[
                (
                    (logits * temperature).softmax(-1),
                    "Multiplied by the temperature instead of divided: a high one "
                    "should make all edits more alike.",
                ),
                (
                    logits.softmax(-1) / temperature,
                    "The probabilities were divided, not the logits.",
                ),
                (logits.softmax(-1), "`temperature` was not used."),
            ],
            axes=_AXES,
        )


def large_logits(learner: Learner) -> None:
    """Logits of a thousand, or a very low temperature, give no nan."""
    logits = torch.tensor([[1000.0, 999.0], [-1000.0, 0.0]])
    got = learner(logits, torch.ones(2, 2, dtype=torch.bool), 1.0)
    learner.expect(
        bool(torch.as_tensor(got).isfinite().all()),
        f"{learner.call}: got nan. exp(1000) is infinite, and infinite over infinite "
        "is no number: take the largest logit away first, as torch's own softmax does.",
    )
    learner.expect_close(
        got,
        logits.flatten().softmax(0).view(2, 2),
        1e-5,
        "Only differences between logits count, however large they are.",
        axes=_AXES,
    )
    cold = learner(_LOGITS, _OPEN, 0.01)
    learner.expect_close(
        cold,
        torch.tensor([[1.0, 0.0], [0.0, 0.0]]),
        1e-5,
        "At a temperature near 0 the likeliest allowed edit gets everything.",
        axes=_AXES,
    )


def nothing_is_allowed(learner: Learner) -> None:
    """Where no edit is allowed, all probabilities are 0."""
    got = learner(_LOGITS, torch.zeros(2, 2, dtype=torch.bool), 1.0)
    learner.expect_close(
        got,
        torch.zeros(2, 2),
        1e-6,
        "Nothing is allowed, so no edit has any probability: all zeros, not nan. Look "
        "at that case first.",
        axes=_AXES,
    )
