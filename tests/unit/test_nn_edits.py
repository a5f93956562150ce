"""Edit events: the target, corruption, budgets, probabilities, and one draw."""

import math

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.edits import (
    allowed_edits,
    apply_edit,
    corrupt,
    draw_edit,
    edit_loss,
    edit_probabilities,
    edit_roll,
    edit_target,
)


def rolls(n, seed=0, share=0.3):
    random = torch.Generator().manual_seed(seed)
    return torch.rand((n, 6, 5), generator=random) < share


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_target_is_uniform_over_what_differs():
    now = torch.tensor([[[1, 0], [0, 1]], [[0, 0], [0, 0]]])
    goal = torch.tensor([[[0, 0], [1, 1]], [[1, 1], [1, 1]]])
    found = edit_target(now, goal)
    assert found.tolist() == [[[0.5, 0], [0.5, 0]], [[0.25, 0.25], [0.25, 0.25]]]


def test_the_target_of_a_finished_piece_is_all_zeros():
    roll = rolls(2)
    assert edit_target(roll, roll).count_nonzero() == 0


def test_the_target_is_the_same_in_both_directions():
    now, goal = rolls(3, 0), rolls(3, 1)
    assert torch.equal(edit_target(now, goal), edit_target(goal, now))


@pytest.mark.parametrize(
    ("removed", "added", "expected"),
    [(0, 0, "same"), (1, 0, "silence"), (0, 1, "all"), (1, 1, "opposite")],
)
def test_corruption_at_its_extremes(removed, added, expected):
    roll = rolls(1)[0]
    found = corrupt(roll, removed, added, generator())
    wanted = {
        "same": roll,
        "silence": torch.zeros_like(roll),
        "all": torch.ones_like(roll),
        "opposite": ~roll,
    }[expected]
    assert torch.equal(found, wanted)


def test_corruption_takes_and_adds_the_shares_it_is_told():
    roll = torch.zeros(400, 400, dtype=torch.bool)
    roll[:200] = True
    found = corrupt(roll, 0.25, 0.01, generator())
    assert found[:200].float().mean().item() == pytest.approx(0.75, abs=0.01)
    assert found[200:].float().mean().item() == pytest.approx(0.01, abs=0.002)


def test_a_uniform_network_loses_the_log_of_cells_per_edit():
    now = rolls(1)
    goal = now.clone()
    goal[0, 0, :3] = ~goal[0, 0, :3]
    loss = edit_loss(torch.zeros(1, 6, 5), edit_target(now, goal))
    assert loss.item() == pytest.approx(math.log(30 / 3), abs=1e-6)


def test_the_loss_is_zero_where_the_network_knows():
    target = edit_target(rolls(2, 0), rolls(2, 1))
    loss = edit_loss(torch.log(target + 1e-12), target)
    assert loss.item() == pytest.approx(0, abs=1e-5)


def test_each_piece_has_its_own_softmax():
    target = edit_target(rolls(3, 0), rolls(3, 1))
    logits = torch.randn(3, 6, 5, generator=generator())
    shifted = logits + torch.tensor([0.0, 50.0, -50.0])[:, None, None]
    alone = [edit_loss(logits[i : i + 1], target[i : i + 1]) for i in range(3)]
    assert edit_loss(shifted, target).item() == pytest.approx(
        torch.stack(alone).mean().item(), abs=1e-5
    )


def test_finished_pieces_do_not_count_in_the_loss():
    now, goal = rolls(2, 0), rolls(2, 1)
    target = edit_target(now, goal)
    logits = torch.randn(2, 6, 5, generator=generator())
    with_none = torch.cat([target, torch.zeros(1, 6, 5)])
    more = torch.cat([logits, logits[:1]])
    assert edit_loss(more, with_none).item() == pytest.approx(
        edit_loss(logits, target).item(), abs=1e-6
    )
    nothing = edit_loss(logits.requires_grad_(), torch.zeros(2, 6, 5))
    nothing.backward()
    assert nothing.item() == 0
    assert logits.grad.count_nonzero() == 0


def test_a_budget_is_spent_at_its_number_and_not_one_later():
    start = torch.zeros(2, 3, dtype=torch.bool)
    start[0, 0] = True
    now = start.clone()
    now[1, 1] = True  # one note added
    anywhere = torch.ones_like(start)
    assert allowed_edits(now, start, 2, 9, anywhere).all()
    found = allowed_edits(now, start, 1, 9, anywhere)
    assert found.tolist() == [[True, False, False], [False, True, False]]


def test_a_spent_budget_still_lets_edits_be_undone():
    start = torch.tensor([[True, True, False]])
    now = torch.tensor([[False, True, False]])  # one note removed
    found = allowed_edits(now, start, 0, 1, torch.ones_like(start))
    assert found.tolist() == [[True, False, False]]


def test_locked_cells_are_never_allowed():
    start = rolls(1)[0]
    may_change = rolls(1, 2, share=0.5)[0]
    found = allowed_edits(start, start, 99, 99, may_change)
    assert torch.equal(found, may_change)


def test_probabilities_are_a_softmax_over_what_is_allowed():
    logits = torch.log(torch.tensor([[1.0, 2.0, 5.0, 2.0]]))
    allowed = torch.tensor([[True, True, False, True]])
    found = edit_probabilities(logits, allowed)
    assert found.tolist()[0] == pytest.approx([0.2, 0.4, 0, 0.4])
    colder = edit_probabilities(logits, allowed, temperature=0.5)
    assert colder.tolist()[0] == pytest.approx([1 / 9, 4 / 9, 0, 4 / 9])


def test_large_logits_make_no_overflow():
    found = edit_probabilities(
        torch.tensor([[1000.0, 999.0, 5000.0]]), torch.tensor([[True, True, False]])
    )
    assert torch.isfinite(found).all()
    assert found[0, 0].item() == pytest.approx(1 / (1 + math.exp(-1)))


def test_edits_are_drawn_as_often_as_they_are_likely():
    probabilities = torch.tensor([[0.1, 0.0], [0.6, 0.3]])
    random = generator()
    drawn = [draw_edit(probabilities, random) for _ in range(2000)]
    counts = {place: drawn.count(place) / 2000 for place in set(drawn)}
    assert (0, 1) not in counts
    assert counts[1, 0] == pytest.approx(0.6, abs=0.05)
    assert counts[0, 0] == pytest.approx(0.1, abs=0.03)


def test_where_nothing_is_allowed_nothing_is_drawn():
    nothing = edit_probabilities(torch.zeros(2, 2), torch.zeros(2, 2, dtype=torch.bool))
    assert nothing.count_nonzero() == 0
    with pytest.raises(InputError, match="every cell is locked or both budgets"):
        draw_edit(nothing, generator())


def test_an_edit_made_twice_is_no_edit():
    roll = rolls(1)[0]
    once = apply_edit(roll, 2, 3)
    assert (once != roll).sum() == 1
    assert torch.equal(apply_edit(once, 2, 3), roll)


@pytest.mark.parametrize("seed", range(5))
def test_a_roll_is_edited_within_its_budgets_and_locks(seed):
    start = rolls(1, seed)[0]
    may_change = rolls(1, seed + 10, share=0.7)[0]
    logits = torch.randn(6, 5, generator=generator(seed))
    before, n_passes = start, 0
    for now, step, pitch, p in edit_roll(
        lambda roll: logits[None, None] + 0 * roll,
        start,
        60,
        generator(seed),
        may_change=may_change,
        max_added=3,
        max_removed=2,
    ):
        assert (now != before).nonzero().tolist() == [[step, pitch]]
        assert 0 < p <= 1
        before, n_passes = now, n_passes + 1
        assert (now & ~start).sum() <= 3
        assert (start & ~now).sum() <= 2
    assert n_passes == 60  # there is always something to undo
    assert torch.equal(before[~may_change], start[~may_change])


def test_the_network_sees_its_own_edits():
    seen = []

    def network(roll):
        seen.append(int(roll.sum()))
        return torch.where(roll > 0, -1e9, 0.0)  # only adds

    start = torch.zeros(2, 2, dtype=torch.bool)
    made = list(edit_roll(network, start, 4, generator()))
    assert seen == [0, 1, 2, 3]
    assert made[-1][0].all()
    assert np.isclose(made[2][3], 0.5)
