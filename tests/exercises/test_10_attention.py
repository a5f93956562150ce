"""Wrong answers that learners bring to lesson 10, each refused by name."""

import torch
from refusals import refuses

from deepcomposer_edu.models.counterpoint import PERFECT
from deepcomposer_edu.nn.sampling import NEVER, softmax

# 10.1 attend


def forgets_the_root(query, key, value, mask=None, bias=None):
    scores = query @ key.transpose(-2, -1)
    if bias is not None:
        scores = scores + bias
    if mask is not None:
        scores = scores.masked_fill(~mask, NEVER)
    weights = scores.softmax(-1)
    return weights @ value, weights


def shares_over_the_queries(query, key, value, mask=None, bias=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    weights = scores.softmax(-2)
    return weights @ value, weights


def masks_after_the_softmax(query, key, value, mask=None, bias=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    weights = (scores if bias is None else scores + bias).softmax(-1)
    if mask is not None:
        weights = weights * mask
    return weights @ value, weights


def masks_with_zero(query, key, value, mask=None, bias=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    scores = scores if bias is None else scores + bias
    if mask is not None:
        scores = scores.masked_fill(~mask, 0)
    weights = scores.softmax(-1)
    return weights @ value, weights


# 10.2 causal_mask


def sees_the_future(n_queries, n_keys):
    step = torch.arange(n_keys - n_queries, n_keys)[:, None]
    return torch.arange(n_keys) >= step


def not_even_itself(n_queries, n_keys):
    step = torch.arange(n_keys - n_queries, n_keys)[:, None]
    return torch.arange(n_keys) < step


def counts_from_the_first(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril()


def ones_and_zeros(n_queries, n_keys):
    return torch.ones(n_queries, n_keys).tril(n_keys - n_queries)


# 10.3 leak


def compares_everything(network, x, other, step):
    changed = torch.cat([x[:, : step + 1], other[:, step + 1 :]], dim=1)
    return (network(changed) - network(x)).abs().max().item()


def changes_its_own_step(network, x, other, step):
    changed = torch.cat([x[:, :step], other[:, step:]], dim=1)
    return (network(changed) - network(x))[:, : step + 1].abs().max().item()


def changes_the_last_step_only(network, x, other, step):
    changed = torch.cat([x[:, :-1], other[:, -1:]], dim=1)
    return (network(changed) - network(x))[:, : step + 1].abs().max().item()


def keeps_the_sign(network, x, other, step):
    changed = torch.cat([x[:, : step + 1], other[:, step + 1 :]], dim=1)
    return (network(changed) - network(x))[:, : step + 1].max().item()


# 10.4 relative_bias


def looks_the_other_way(table, n_queries, n_keys):
    queries = torch.arange(n_keys - n_queries, n_keys)
    distance = torch.arange(n_keys)[None] - queries[:, None]
    return table[:, distance.clamp(0, table.shape[1] - 1)]


def place_of_the_key(table, n_queries, n_keys):
    places = torch.arange(n_keys).clamp(max=table.shape[1] - 1)
    return table[:, places][:, None].expand(-1, n_queries, -1)


def runs_off_the_table(table, n_queries, n_keys):
    queries = torch.arange(n_keys - n_queries, n_keys)
    distance = queries[:, None] - torch.arange(n_keys)[None]
    return table[:, distance.clamp(min=0)]


def forgets_the_cache(table, n_queries, n_keys):
    distance = torch.arange(n_queries)[:, None] - torch.arange(n_keys)[None]
    return table[:, distance.clamp(0, table.shape[1] - 1)]


# 10.5 Cache.extend


def new_before_old(self, key, value):
    if self.key is not None:
        key = torch.cat([key, self.key], dim=2)
        value = torch.cat([value, self.value], dim=2)
    self.key, self.value = key, value
    return key, value


def keeps_only_the_new(self, key, value):
    old_key, old_value = self.key, self.value
    self.key, self.value = key, value
    if old_key is None:
        return key, value
    return torch.cat([old_key, key], dim=2), torch.cat([old_value, value], dim=2)


def joins_the_channels(self, key, value):
    if self.key is not None:
        key = torch.cat([self.key, key], dim=-1)
        value = torch.cat([self.value, value], dim=-1)
    self.key, self.value = key, value
    return key, value


def joins_nothing_with_something(self, key, value):
    self.key = torch.cat([self.key, key], dim=2)
    self.value = torch.cat([self.value, value], dim=2)
    return self.key, self.value


# 10.6 keep_nucleus


def loses_the_crossing_token(logits, p):
    ordered, places = logits.sort(dim=-1, descending=True)
    is_outside = torch.zeros_like(logits, dtype=torch.bool)
    is_outside.scatter_(-1, places, softmax(ordered).cumsum(-1) > p)
    return logits.masked_fill(is_outside, NEVER)


def stays_in_the_sorted_order(logits, p):
    ordered, _ = logits.sort(dim=-1, descending=True)
    shares = softmax(ordered)
    is_outside = shares.cumsum(-1) - shares >= p
    return logits.masked_fill(is_outside, NEVER)


def sorts_upwards(logits, p):
    ordered, places = logits.sort(dim=-1)
    shares = softmax(ordered)
    is_outside = torch.zeros_like(logits, dtype=torch.bool)
    is_outside.scatter_(-1, places, shares.cumsum(-1) - shares >= p)
    return logits.masked_fill(is_outside, NEVER)


def gives_probabilities(logits, p):
    shares = softmax(logits)
    ordered, places = shares.sort(dim=-1, descending=True)
    is_outside = torch.zeros_like(logits, dtype=torch.bool)
    is_outside.scatter_(-1, places, ordered.cumsum(-1) - ordered >= p)
    return shares.masked_fill(is_outside, NEVER)


# 10.7 parallel_classes


def holding_counts_as_parallel(before, others_before, others):
    banned = {}
    for other_before, other in zip(others_before, others, strict=True):
        if min(before, other_before, other) < 0:
            continue
        if abs(other_before - before) % 12 in PERFECT:
            banned[before + other - other_before] = True
    return banned


def within_an_octave_only(before, others_before, others):
    banned = {}
    for other_before, other in zip(others_before, others, strict=True):
        if min(before, other_before, other) < 0 or other == other_before:
            continue
        if abs(other_before - before) in (0, 7, 12):
            banned[before + other - other_before] = True
    return banned


def below_is_not_a_fifth(before, others_before, others):
    banned = {}
    for other_before, other in zip(others_before, others, strict=True):
        if min(before, other_before, other) < 0 or other == other_before:
            continue
        if (before - other_before) % 12 in PERFECT:
            banned[before + other - other_before] = True
    return banned


def rests_are_notes(before, others_before, others):
    banned = {}
    for other_before, other in zip(others_before, others, strict=True):
        if other == other_before:
            continue
        if abs(other_before - before) % 12 in PERFECT:
            banned[before + other - other_before] = True
    return banned


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("10.1", forgets_the_root, "not divided by the root of D"),
    ("10.1", shares_over_the_queries, "goes over the steps that are looked at"),
    ("10.1", masks_after_the_softmax, "The mask came after the softmax"),
    ("10.1", masks_with_zero, "exp(0) is 1"),
    ("10.2", sees_the_future, "Past and future are swapped"),
    ("10.2", not_even_itself, "A step may look at itself"),
    ("10.2", counts_from_the_first, "It is the newest"),
    ("10.2", ones_and_zeros, "A comparison gives bool"),
    ("10.3", compares_everything, "What comes after `step` may change"),
    ("10.3", changes_its_own_step, "the future begins behind it"),
    ("10.3", changes_the_last_step_only, "Only a part of the future"),
    ("10.3", keeps_the_sign, "The sign was kept"),
    ("10.4", looks_the_other_way, "The distance is turned round"),
    ("10.4", place_of_the_key, "a number for each place of a key"),
    ("10.4", runs_off_the_table, "gets its last number"),
    ("10.4", forgets_the_cache, "taken for steps 0 and 1"),
    ("10.5", new_before_old, "in front of the old ones"),
    ("10.5", keeps_only_the_new, "Only the new steps were kept"),
    ("10.5", joins_the_channels, "That joins the channels"),
    ("10.5", joins_nothing_with_something, "An empty cache has None"),
    ("10.6", loses_the_crossing_token, "The token that crosses `p`"),
    ("10.6", stays_in_the_sorted_order, "not put back into their old places"),
    ("10.6", sorts_upwards, "keeps the unlikeliest"),
    ("10.6", gives_probabilities, "give the logits back"),
    ("10.7", holding_counts_as_parallel, "forbid this voice to hold"),
    ("10.7", within_an_octave_only, "take the interval modulo 12"),
    ("10.7", below_is_not_a_fifth, "a fifth from both sides"),
    ("10.7", rests_are_notes, "A rest is -1 and no pitch"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
