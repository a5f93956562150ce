"""Wrong answers that learners bring to lesson 08, each refused by name."""

import numpy as np
import torch
import torch.nn.functional as F
from refusals import refuses

from deepcomposer_edu.music.metrics import pitch_classes_per_bar
from deepcomposer_edu.nn.drawing import shared_gumbel

# 8.1 draw_one_hot


def stays_soft(logits, temperature, generator=None):
    return (logits + temperature * shared_gumbel(logits.shape, generator)).softmax(-1)


def loses_the_gradient(logits, temperature, generator=None):
    if temperature > 0:
        logits = logits + temperature * shared_gumbel(logits.shape, generator)
    return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)


def forgets_the_temperature(logits, temperature, generator=None):
    if temperature > 0:
        logits = logits + shared_gumbel(logits.shape, generator)
    soft = logits.softmax(-1)
    hard = F.one_hot(logits.argmax(-1), logits.shape[-1]).to(soft.dtype)
    return hard + soft - soft.detach()


def new_noise_at_every_step(logits, temperature, generator=None):
    if temperature > 0:
        uniform = torch.rand(logits.shape, generator=generator)
        logits = logits - temperature * torch.log(-torch.log(uniform))
    soft = logits.softmax(-1)
    hard = F.one_hot(logits.argmax(-1), logits.shape[-1]).to(soft.dtype)
    return hard + soft - soft.detach()


# 8.2 same_as_before


def forgets_the_first_step(voices):
    return (voices[:, :, 1:] * voices[:, :, :-1]).sum(-1)


def looks_ahead(voices):
    return F.pad((voices[:, :, 1:] * voices[:, :, :-1]).sum(-1), (0, 1))


def goes_round(voices):
    return (voices * voices.roll(1, dims=2)).sum(-1)


def compares_the_largest(voices):
    notes = voices.argmax(-1)
    return F.pad((notes[..., 1:] == notes[..., :-1]).float(), (1, 0))


# 8.3 interval


def adds_the_angles(cos_a, sin_a, cos_b, sin_b):
    cos = cos_a * cos_b - sin_a * sin_b
    return torch.cat([cos, sin_a * cos_b + cos_a * sin_b], dim=-1)


def turns_it_round(cos_a, sin_a, cos_b, sin_b):
    cos = cos_a * cos_b + sin_a * sin_b
    return torch.cat([cos, cos_a * sin_b - sin_a * cos_b], dim=-1)


def sines_first(cos_a, sin_a, cos_b, sin_b):
    cos = cos_a * cos_b + sin_a * sin_b
    return torch.cat([sin_a * cos_b - cos_a * sin_b, cos], dim=-1)


def differences(cos_a, sin_a, cos_b, sin_b):
    return torch.cat([cos_a - cos_b, sin_a - sin_b], dim=-1)


# 8.4 critic_loss


def praises_the_fakes(kind, real, fake):
    return real.mean() - fake.mean()


def adds_up_the_pieces(kind, real, fake):
    return fake.sum() - real.sum()


def cross_entropy_for_all(kind, real, fake):
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def overflows(kind, real, fake):
    if kind in ("original", "non-saturating"):
        return -(
            torch.sigmoid(real).log().mean() + (1 - torch.sigmoid(fake)).log().mean()
        )
    return fake.mean() - real.mean()


# 8.5 mix


def the_other_way_round(real, fake, share):
    share = share.reshape(-1, *[1] * (real.dim() - 1))
    return share * fake + (1 - share) * real


def lines_up_with_the_last_axis(real, fake, share):
    return share[: real.shape[-1]] * real + (1 - share[: real.shape[-1]]) * fake


def one_share_for_all(real, fake, share):
    return share.mean() * real + (1 - share.mean()) * fake


def counts_on_three_axes(real, fake, share):
    share = share[:, None, None]
    return share * real + (1 - share) * fake


# 8.6 gradient_penalty


def forgets_the_distance(scores, inputs):
    gradients = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    flat = torch.cat([g.flatten(1) for g in gradients], dim=1)
    return flat.square().sum(dim=1).mean()


def one_norm_for_the_batch(scores, inputs):
    gradients = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    flat = torch.cat([g.flatten(1) for g in gradients], dim=1)
    return ((flat.square().sum() + 1e-12).sqrt() - 1).square()


def each_input_by_itself(scores, inputs):
    gradients = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
    return sum((g.flatten(1).norm(dim=1) - 1).square().mean() for g in gradients)


def forgets_the_graph(scores, inputs):
    gradients = torch.autograd.grad(scores.sum(), inputs, retain_graph=True)
    flat = torch.cat([g.flatten(1) for g in gradients], dim=1)
    return ((flat.square().sum(dim=1) + 1e-12).sqrt() - 1).square().mean()


# 8.7 chroma


def blocks_of_neighbours(roll):
    size = roll.held.shape[2] // 12
    held = roll.held[:, :, : 12 * size].astype(int)
    return held.reshape(*held.shape[:2], 12, size).sum(-1)


def begins_at_c(roll):
    counts = np.zeros((*roll.held.shape[:2], 12), dtype=int)
    for p in range(roll.held.shape[2]):
        counts[:, :, p % 12] += roll.held[:, :, p]
    return counts


def one_c_is_enough(roll):
    counts = np.zeros((*roll.held.shape[:2], 12), dtype=int)
    for p in range(roll.held.shape[2]):
        counts[:, :, (roll.low + p) % 12] |= roll.held[:, :, p]
    return counts


def whole_octaves_only(roll):
    counts = np.zeros((*roll.held.shape[:2], 12), dtype=int)
    for p in range(roll.held.shape[2] // 12 * 12):
        counts[:, :, (roll.low + p) % 12] += roll.held[:, :, p]
    return counts


# 8.8 empty_bar_rate


def bars_that_sound(music, steps_per_bar=None):
    used = pitch_classes_per_bar(music, steps_per_bar)
    return float((used > 0).mean()) if used.size else float("nan")


def all_tracks_at_once(music, steps_per_bar=None):
    used = pitch_classes_per_bar(music, steps_per_bar)
    return float((used == 0).all(axis=0).mean()) if used.size else float("nan")


def always_sixteen_steps(music, steps_per_bar=None):
    used = pitch_classes_per_bar(music)
    return float((used == 0).mean()) if used.size else float("nan")


def silent_steps(music, steps_per_bar=None):
    return float((music.pitches < 0).mean()) if music.n_steps else float("nan")


# 8.9 has_converged


def looks_at_the_last(rows, reference, names, tolerance=0.1, patience=3):
    measured = [row for row in rows if all(name in row for name in names)]
    return all(
        abs(measured[-1][name] - reference[name]) <= tolerance * reference[name]
        for name in names
    )


def more_is_better(rows, reference, names, tolerance=0.1, patience=3):
    measured = [row for row in rows if all(name in row for name in names)][-patience:]
    return len(measured) == patience and all(
        row[name] >= (1 - tolerance) * reference[name]
        for row in measured
        for name in names
    )


def the_same_tolerance_for_all(rows, reference, names, tolerance=0.1, patience=3):
    measured = [row for row in rows if all(name in row for name in names)][-patience:]
    return len(measured) == patience and all(
        abs(row[name] - reference[name]) <= tolerance
        for row in measured
        for name in names
    )


def trusts_every_row(rows, reference, names, tolerance=0.1, patience=3):
    return len(rows) >= patience and all(
        abs(row[name] - reference[name]) <= tolerance * reference[name]
        for row in rows[-patience:]
        for name in names
    )


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("8.1", stays_soft, "need a decision"),
    ("8.1", loses_the_gradient, "the generator cannot learn"),
    ("8.1", forgets_the_temperature, "must be scaled by `temperature`"),
    ("8.1", new_noise_at_every_step, "steps of a quarter share theirs"),
    ("8.2", forgets_the_first_step, "leaves T - 1 steps"),
    ("8.2", looks_ahead, "compared with the next one"),
    ("8.2", goes_round, "`roll` goes round"),
    ("8.2", compares_the_largest, "`argmax` and `==` cannot be used"),
    ("8.3", adds_the_angles, "formulas for a + b"),
    ("8.3", turns_it_round, "turned round: the angle is a - b"),
    ("8.3", sines_first, "cosines come first"),
    ("8.3", differences, "not the difference of the cosines"),
    ("8.4", praises_the_fakes, "teach it to praise the fakes"),
    ("8.4", adds_up_the_pieces, "Those are sums"),
    ("8.4", cross_entropy_for_all, "not turned into probabilities"),
    ("8.4", overflows, "softplus is not"),
    ("8.5", the_other_way_round, "Real and fake are swapped"),
    ("8.5", lines_up_with_the_last_axis, "(B, 1, 1, ...)"),
    ("8.5", one_share_for_all, "Each piece has its own share"),
    ("8.5", counts_on_three_axes, "`real.dim()`"),
    ("8.6", forgets_the_distance, "The distance from 1 is missing"),
    ("8.6", one_norm_for_the_batch, "One norm was taken over the whole batch"),
    ("8.6", each_input_by_itself, "join them before taking the norm"),
    ("8.6", forgets_the_graph, "`create_graph=True`"),
    ("8.7", blocks_of_neighbours, "mistake of the original metric"),
    ("8.7", begins_at_c, "the pitch `roll.low`, not a C"),
    ("8.7", one_c_is_enough, "three Cs count 3"),
    ("8.7", whole_octaves_only, "after the last whole octave are lost"),
    ("8.8", bars_that_sound, "mistake of the original metric"),
    ("8.8", all_tracks_at_once, "count the bars of each track"),
    ("8.8", always_sixteen_steps, "Bars of 12 steps"),
    ("8.8", silent_steps, "silent steps, not of bars"),
    ("8.9", looks_at_the_last, "It takes `patience` of them"),
    ("8.9", more_is_better, "take the distance on both sides"),
    ("8.9", the_same_tolerance_for_all, "a share of the data's value"),
    ("8.9", trusts_every_row, "Most rows hold losses alone"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
