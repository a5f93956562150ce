"""Wrong answers that learners bring to lesson 05, each refused by name."""

import torch
from refusals import refuses
from torch import nn

from deepcomposer_edu.music.augment import SHIFTS
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.nn.layers import EPSILON


def forgets_the_bias(x, weight, bias=None):
    return x @ weight.T


def weights_the_wrong_way(x, weight, bias=None):
    output = x @ weight
    return output if bias is None else output + bias


def bias_must_be_there(x, weight, bias=None):
    return x @ weight.T + bias


def turns_all_axes(x, weight, bias=None):
    output = (weight @ x.T).T if x.dim() > 1 else weight @ x
    return output if bias is None else output + bias


def windows_of(x, weight, padding):
    x = nn.functional.pad(x, (padding, padding))
    return x.unfold(2, weight.shape[2], 1)


def turned_kernel(x, weight, bias=None, padding=0):
    windows = windows_of(x, weight.flip(2), padding)
    output = torch.einsum("bitk,oik->bot", windows, weight.flip(2))
    return output if bias is None else output + bias[:, None]


def channels_last(x, weight, bias=None, padding=0):
    output = torch.einsum("bitk,oik->bto", windows_of(x, weight, padding), weight)
    return output if bias is None else output + bias


def bias_along_the_steps(x, weight, bias=None, padding=0):
    output = torch.einsum("bitk,oik->bot", windows_of(x, weight, padding), weight)
    if bias is None:
        return output
    fits = len(bias) == output.shape[2]
    return output + (bias if fits else bias[:, None])


def pads_one_end(x, weight, bias=None, padding=0):
    x = nn.functional.pad(x, (padding, 0))
    output = torch.einsum("bitk,oik->bot", windows_of(x, weight, 0), weight)
    return output if bias is None else output + bias[:, None]


def unbiased_variance(x, axes):
    mean = x.mean(dim=axes, keepdim=True)
    return (x - mean) / (x.var(dim=axes, keepdim=True) + EPSILON).sqrt()


def without_the_root(x, axes):
    centred = x - x.mean(dim=axes, keepdim=True)
    return centred / (centred.square().mean(dim=axes, keepdim=True) + EPSILON)


def loses_the_axes(x, axes):
    return (x - x.mean(dim=axes)) / x.std(dim=axes)


def divides_by_zero(x, axes):
    centred = x - x.mean(dim=axes, keepdim=True)
    return centred / centred.square().mean(dim=axes, keepdim=True).sqrt()


def momentum_turned_round(x, mean, variance, momentum=0.1):
    rows = x.detach().transpose(0, 1).flatten(1)
    new = rows.mean(1), rows.var(1)
    return tuple(
        momentum * old + (1 - momentum) * now
        for old, now in zip((mean, variance), new, strict=True)
    )


def variance_by_n(x, mean, variance, momentum=0.1):
    rows = x.detach().transpose(0, 1).flatten(1)
    new = rows.mean(1), rows.var(1, correction=0)
    return tuple(
        (1 - momentum) * old + momentum * now
        for old, now in zip((mean, variance), new, strict=True)
    )


def keeps_the_gradient(x, mean, variance, momentum=0.1):
    rows = x.transpose(0, 1).flatten(1)
    new_mean = (1 - momentum) * mean + momentum * rows.mean(1)
    return new_mean, (1 - momentum) * variance + momentum * rows.var(1)


def writes_into_the_memory(x, mean, variance, momentum=0.1):
    rows = x.detach().transpose(0, 1).flatten(1)
    mean.mul_(1 - momentum).add_(momentum * rows.mean(1))
    variance.mul_(1 - momentum).add_(momentum * rows.var(1))
    return mean, variance


def does_not_scale(x, rate, generator=None):
    return x * (torch.rand(x.shape, generator=generator) >= rate)


def keeps_the_rate(x, rate, generator=None):
    return x * (torch.rand(x.shape, generator=generator) < rate) / max(rate, 1e-9)


def drops_whole_columns(x, rate, generator=None):
    stays = torch.rand(x.shape[-1:], generator=generator) >= rate
    return x * stays / (1 - rate)


def own_chance(x, rate, generator=None):
    return x * (torch.rand(x.shape) >= rate) / (1 - rate)


def keeps_the_signs(weights, l1=0.0, l2=0.0):
    flat = torch.cat([weight.flatten() for weight in weights])
    return l1 * flat.sum() + l2 * flat.square().sum()


def mean_instead_of_sum(weights, l1=0.0, l2=0.0):
    flat = torch.cat([weight.flatten() for weight in weights])
    return l1 * flat.abs().mean() + l2 * flat.square().mean()


def takes_the_root(weights, l1=0.0, l2=0.0):
    flat = torch.cat([weight.flatten() for weight in weights])
    return l1 * flat.abs().sum() + l2 * flat.square().sum().sqrt()


def cuts_the_gradient(weights, l1=0.0, l2=0.0):
    flat = torch.cat([weight.flatten() for weight in weights]).detach()
    return l1 * flat.abs().sum() + l2 * flat.square().sum()


def moves_the_rests(grid, low=36, high=83):
    moved = [grid.pitches.astype(int) + shift for shift in SHIFTS]
    return [Grid(pitches.clip(0, 127), grid.onsets) for pitches in moved]


def loses_the_onsets(grid, low=36, high=83):
    return [Grid(grid.transposed(shift).pitches) for shift in SHIFTS]


def cuts_at_the_edge(grid, low=36, high=83):
    copies = []
    for shift in SHIFTS:
        pitches = grid.transposed(shift).pitches.copy()
        pitches[grid.sounding] = pitches[grid.sounding].clip(low, high)
        copies.append(Grid(pitches, grid.onsets))
    return copies


def leaves_the_tune_itself_out(grid, low=36, high=83):
    return [grid.transposed(shift) for shift in SHIFTS if shift]


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("5.1", forgets_the_bias, "The bias is missing"),
    ("5.1", weights_the_wrong_way, "the weights have them along the columns"),
    ("5.1", bias_must_be_there, "The bias may be None"),
    ("5.1", turns_all_axes, "only its last one counts"),
    ("5.2", turned_kernel, "used as it stands"),
    ("5.2", channels_last, "The last two axes look swapped"),
    ("5.2", bias_along_the_steps, "each output channel has its own"),
    ("5.2", pads_one_end, "before the first step and after the last"),
    ("5.3", unbiased_variance, "divided by n - 1"),
    ("5.3", without_the_root, "not by the variance"),
    ("5.3", loses_the_axes, "keepdim=True"),
    ("5.3", divides_by_zero, "add EPSILON"),
    ("5.4", momentum_turned_round, "have changed places"),
    ("5.4", variance_by_n, "here it is n - 1"),
    ("5.4", keeps_the_gradient, "use x.detach()"),
    ("5.4", writes_into_the_memory, "changed the input"),
    ("5.5", does_not_scale, "must be divided by 1 - rate"),
    ("5.5", keeps_the_rate, "the share that falls, not that stays"),
    ("5.5", drops_whole_columns, "whole rows or columns"),
    ("5.5", own_chance, "Hand `generator` on"),
    ("5.6", keeps_the_signs, "The signs must go"),
    ("5.6", mean_instead_of_sum, "the sum is needed"),
    ("5.6", takes_the_root, "Without the root"),
    ("5.6", cuts_the_gradient, "expected a tensor with a gradient"),
    ("5.7", moves_the_rests, "a rest (-1) is not moved"),
    ("5.7", loses_the_onsets, "The onsets are lost"),
    ("5.7", cuts_at_the_edge, "leave such a copy out"),
    ("5.7", leaves_the_tune_itself_out, "The tune itself belongs to it"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
