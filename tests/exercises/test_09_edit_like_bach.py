"""Wrong answers that learners bring to lesson 09, each refused by name."""

import torch
from refusals import refuses

# 9.1 edit_target


def only_missing_notes(now, goal):
    differs = (goal.bool() & ~now.bool()).float()
    return differs / differs.sum(dim=(-2, -1), keepdim=True).clamp(min=1)


def counts_over_the_batch(now, goal):
    differs = (now.bool() != goal.bool()).float()
    return differs / differs.sum().clamp(min=1)


def divides_by_nothing(now, goal):
    differs = (now.bool() != goal.bool()).float()
    return differs / differs.sum(dim=(-2, -1), keepdim=True)


def forgets_to_share(now, goal):
    return (now.bool() != goal.bool()).float()


# 9.2 corrupt


def keeps_instead_of_losing(roll, removed, added, random):
    chances = torch.rand(roll.shape, generator=random)
    return (roll & (chances < removed)) | (~roll & (chances < added))


def fills_what_it_emptied(roll, removed, added, random):
    kept = roll & (torch.rand(roll.shape, generator=random) >= removed)
    return kept | (torch.rand(roll.shape, generator=random) < added)


def chance_from_elsewhere(roll, removed, added, random):
    chances = torch.rand(roll.shape)
    return roll ^ (chances < torch.where(roll, removed, added))


def whole_steps(roll, removed, added, random):
    chances = torch.rand((len(roll), 1), generator=random)
    return roll ^ (chances < torch.where(roll, removed, added))


# 9.3 edit_loss


def over_the_flattened_batch(logits, target):
    log_p = logits.flatten().log_softmax(0).view(target.shape)
    nats = (torch.xlogy(target, target) - target * log_p).sum((1, 2))
    has_edits = target.sum((1, 2)) > 0
    return (nats * has_edits).sum() / has_edits.sum().clamp(min=1)


def over_the_pitches_only(logits, target):
    log_p = logits.log_softmax(-1)
    nats = (torch.xlogy(target, target) - target * log_p).sum((1, 2))
    has_edits = target.sum((1, 2)) > 0
    return (nats * has_edits).sum() / has_edits.sum().clamp(min=1)


def cross_entropy(logits, target):
    log_p = logits.flatten(1).log_softmax(-1)
    nats = -(target.flatten(1) * log_p).sum(-1)
    has_edits = target.flatten(1).sum(-1) > 0
    return (nats * has_edits).sum() / has_edits.sum().clamp(min=1)


def counts_the_finished(logits, target):
    log_p = logits.flatten(1).log_softmax(-1)
    wanted = target.flatten(1)
    return (torch.xlogy(wanted, wanted) - wanted * log_p).sum(-1).mean()


# 9.4 allowed_edits


def one_note_too_many(now, start, max_added, max_removed, may_change):
    allowed = may_change.clone()
    if (now & ~start).sum() > max_added:
        allowed &= now | start
    if (start & ~now).sum() > max_removed:
        allowed &= ~(now & start)
    return allowed


def exchanges_the_budgets(now, start, max_added, max_removed, may_change):
    allowed = may_change.clone()
    if (now & ~start).sum() >= max_added:
        allowed &= ~now
    if (start & ~now).sum() >= max_removed:
        allowed &= now
    return allowed


def forbids_to_undo(now, start, max_added, max_removed, may_change):
    allowed = may_change.clone()
    if (now & ~start).sum() >= max_added:
        allowed &= now
    if (start & ~now).sum() >= max_removed:
        allowed &= ~now
    return allowed


def forgets_the_locks(now, start, max_added, max_removed, may_change):
    allowed = torch.ones_like(now)
    if (now & ~start).sum() >= max_added:
        allowed &= now | start
    if (start & ~now).sum() >= max_removed:
        allowed &= ~(now & start)
    return allowed


# 9.5 edit_probabilities


def masks_after_the_softmax(logits, allowed, temperature=1.0):
    p = (logits / temperature).flatten().softmax(0).view(logits.shape)
    return p * allowed


def masks_with_zero(logits, allowed, temperature=1.0):
    scaled = logits.masked_fill(~allowed, 0.0) / temperature
    return scaled.flatten().softmax(0).view(logits.shape)


def keeps_the_largest(logits, allowed, temperature=1.0):
    powers = torch.exp(logits / temperature) * allowed
    return powers / powers.sum()


def multiplies_by_the_temperature(logits, allowed, temperature=1.0):
    scaled = (logits * temperature).masked_fill(~allowed, float("-inf"))
    return scaled.flatten().softmax(0).view(logits.shape)


# 9.6 random_cells


def a_coin_for_each(shape, random):
    return torch.rand(shape, generator=random) < 0.5


def perhaps_none(shape, random):
    chances = torch.rand(shape, generator=random).flatten()
    n_hidden = int(torch.randint(len(chances) + 1, (1,), generator=random))
    hidden = torch.zeros(len(chances), dtype=torch.bool)
    hidden[chances.argsort()[:n_hidden]] = True
    return hidden.view(shape)


def always_the_first(shape, random):
    n_cells = torch.Size(shape).numel()
    n_hidden = int(torch.randint(n_cells, (1,), generator=random)) + 1
    return (torch.arange(n_cells) < n_hidden).view(shape)


def never_all(shape, random):
    chances = torch.rand(shape, generator=random).flatten()
    n_hidden = int(torch.randint(1, len(chances), (1,), generator=random))
    hidden = torch.zeros(len(chances), dtype=torch.bool)
    hidden[chances.argsort()[:n_hidden]] = True
    return hidden.view(shape)


# 9.7 annealed_share


def falls_to_the_end(i, n, high=0.9, low=0.1, over=0.7):
    return max(low, high - (high - low) * i / n)


def falls_below_low(i, n, high=0.9, low=0.1, over=0.7):
    return high - (high - low) * i / (over * n)


def rises(i, n, high=0.9, low=0.1, over=0.7):
    return min(high, low + (high - low) * i / (over * n))


def its_own_numbers(i, n, high=0.9, low=0.1, over=0.7):
    return max(0.1, 0.9 - 0.8 * i / (0.7 * n))


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("9.1", only_missing_notes, "Only the missing notes count here"),
    ("9.1", counts_over_the_batch, "each piece sums to 1 by itself"),
    ("9.1", divides_by_nothing, "got nan for a piece that is at its goal"),
    ("9.1", forgets_to_share, "a distribution sums to 1"),
    ("9.2", keeps_instead_of_losing, "not that it is kept"),
    ("9.2", fills_what_it_emptied, "A cell that has lost its note was filled again"),
    ("9.2", chance_from_elsewhere, "Hand `random` to every torch function"),
    ("9.2", whole_steps, "whole steps or whole pitches were lost together"),
    ("9.3", over_the_flattened_batch, "went over the flattened batch"),
    ("9.3", over_the_pitches_only, "over the pitches of one step"),
    ("9.3", cross_entropy, "That is the cross-entropy"),
    ("9.3", counts_the_finished, "counted as losses of 0"),
    ("9.4", one_note_too_many, "off by one"),
    ("9.4", exchanges_the_budgets, "The two budgets are exchanged"),
    ("9.4", forbids_to_undo, "is no addition"),
    ("9.4", forgets_the_locks, "`may_change` is not used"),
    ("9.5", masks_after_the_softmax, "The mask came after the softmax"),
    ("9.5", masks_with_zero, "exp(0) is 1"),
    ("9.5", keeps_the_largest, "take the largest logit away first"),
    ("9.5", multiplies_by_the_temperature, "instead of divided"),
    ("9.6", a_coin_for_each, "A coin for each cell"),
    ("9.6", perhaps_none, "go from 1 on, not from 0"),
    ("9.6", always_the_first, "always the first ones will not do"),
    ("9.6", never_all, "never all 3 cells hidden"),
    ("9.7", falls_to_the_end, "should take a share `over`"),
    ("9.7", falls_below_low, "goes on below `low`"),
    ("9.7", rises, "It rises instead of falling"),
    ("9.7", its_own_numbers, "use its parameters"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
