"""Wrong answers that learners bring to lesson 11, each refused by name."""

import math

import torch
from refusals import refuses
from torch.nn import functional as F

# 11.1 mu_law


def equal_steps(audio, n_classes=256):
    return ((audio.clamp(-1, 1) + 1) / 2 * (n_classes - 1) + 0.5).long()


def rounds_down(audio, n_classes=256):
    mu = n_classes - 1
    x = audio.clamp(-1, 1)
    y = x.sign() * torch.log1p(mu * x.abs()) / math.log1p(mu)
    return ((y + 1) / 2 * mu).long()


def always_255(audio, n_classes=256):
    x = audio.clamp(-1, 1)
    y = x.sign() * torch.log1p(255 * x.abs()) / math.log1p(255)
    return ((y + 1) / 2 * (n_classes - 1) + 0.5).long()


def forgets_to_clip(audio, n_classes=256):
    mu = n_classes - 1
    y = audio.sign() * torch.log1p(mu * audio.abs()) / math.log1p(mu)
    return ((y + 1) / 2 * mu + 0.5).long()


# 11.2 causal_convolution


def looks_ahead(x, weight, dilation=1):
    kernel, n_samples = len(weight), x.shape[1]
    padded = F.pad(x, (0, 0, 0, (kernel - 1) * dilation))
    taps = [padded[:, k * dilation :][:, :n_samples] for k in range(kernel)]
    return torch.cat(taps, dim=-1) @ weight.flatten(0, 1)


def newest_tap_first(x, weight, dilation=1):
    kernel, n_samples = len(weight), x.shape[1]
    padded = F.pad(x, (0, 0, (kernel - 1) * dilation, 0))
    taps = [padded[:, k * dilation :][:, :n_samples] for k in range(kernel)]
    return torch.cat(taps[::-1], dim=-1) @ weight.flatten(0, 1)


def without_dilation(x, weight, dilation=1):
    kernel, n_samples = len(weight), x.shape[1]
    padded = F.pad(x, (0, 0, kernel - 1, 0))
    taps = [padded[:, k:][:, :n_samples] for k in range(kernel)]
    return torch.cat(taps, dim=-1) @ weight.flatten(0, 1)


def without_padding(x, weight, dilation=1):
    kernel = len(weight)
    n_left = x.shape[1] - (kernel - 1) * dilation
    taps = [x[:, k * dilation :][:, :n_left] for k in range(kernel)]
    return torch.cat(taps, dim=-1) @ weight.flatten(0, 1)


# 11.3 receptive_field


def forgets_the_newest(dilations, kernel=2):
    return (kernel - 1) * sum(dilations)


def counts_the_layers(dilations, kernel=2):
    return 1 + (kernel - 1) * len(dilations)


def as_many_gaps_as_taps(dilations, kernel=2):
    return 1 + kernel * sum(dilations) if kernel > 2 else 1 + sum(dilations)


def always_doubles(dilations, kernel=2):
    return kernel ** len(dilations)


# 11.4 count_paths


def one_or_none(dilations, kernel=2):
    paths = [1]
    for dilation in dilations:
        longer = [0] * (len(paths) + (kernel - 1) * dilation)
        for lag, n in enumerate(paths):
            for tap in range(kernel):
                if n:
                    longer[lag + tap * dilation] = n
        paths = longer
    return paths


def neighbours_only(dilations, kernel=2):
    paths = [1]
    for dilation in dilations:
        longer = [0] * (len(paths) + (kernel - 1) * dilation)
        for lag, n in enumerate(paths):
            for tap in range(kernel):
                longer[lag + tap] += n
        paths = longer
    return paths


def two_taps_only(dilations, kernel=2):
    paths = [1]
    for dilation in dilations:
        longer = [0] * (len(paths) + (kernel - 1) * dilation)
        for lag, n in enumerate(paths):
            longer[lag] += n
            longer[lag + dilation] += n
        paths = longer
    return paths


def one_place_short(dilations, kernel=2):
    return [1] * ((kernel - 1) * sum(dilations))


# 11.5 gated


def halves_exchanged(x):
    how_much, content = x.chunk(2, dim=-1)
    return torch.tanh(content) * torch.sigmoid(how_much)


def a_sum(x):
    content, how_much = x.chunk(2, dim=-1)
    return torch.tanh(content) + torch.sigmoid(how_much)


def every_other_channel(x):
    return torch.tanh(x[..., ::2]) * torch.sigmoid(x[..., 1::2])


def tanh_twice(x):
    content, how_much = x.chunk(2, dim=-1)
    return torch.tanh(content) * torch.tanh(how_much)


# 11.6 queue_step


def newest_of_the_queue(now, queue, weight):
    output = queue[:, -1] @ weight[0] + now @ weight[1]
    return output, torch.cat([queue[:, 1:], now[:, None]], dim=1)


def joins_in_front(now, queue, weight):
    output = queue[:, 0] @ weight[0] + now @ weight[1]
    return output, torch.cat([now[:, None], queue[:, :-1]], dim=1)


def nobody_leaves(now, queue, weight):
    output = queue[:, 0] @ weight[0] + now @ weight[1]
    return output, torch.cat([queue, now[:, None]], dim=1)


def taps_exchanged(now, queue, weight):
    output = queue[:, 0] @ weight[1] + now @ weight[0]
    return output, torch.cat([queue[:, 1:], now[:, None]], dim=1)


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("11.1", equal_steps, "The logarithm is missing"),
    ("11.1", rounds_down, "was rounded down"),
    ("11.1", always_255, "still uses 255"),
    ("11.1", forgets_to_clip, "are clipped"),
    ("11.2", looks_ahead, "it looks ahead"),
    ("11.2", newest_tap_first, "The taps are exchanged"),
    ("11.2", without_dilation, "`dilation` is not used"),
    ("11.2", without_padding, "put zeros in front"),
    ("11.3", forgets_the_newest, "The newest sample, lag 0"),
    ("11.3", counts_the_layers, "That counts the layers"),
    ("11.3", as_many_gaps_as_taps, "two gaps between them, not three"),
    ("11.3", always_doubles, "2 to the power of the layers"),
    ("11.4", one_or_none, "`+=`, not `=`"),
    ("11.4", neighbours_only, "`dilation` is not used"),
    ("11.4", two_taps_only, "`kernel` is not used"),
    ("11.4", one_place_short, "expected 4 numbers"),
    ("11.5", halves_exchanged, "The halves are exchanged"),
    ("11.5", a_sum, "A gate multiplies"),
    ("11.5", every_other_channel, "Every other channel was taken"),
    ("11.5", tanh_twice, "Both halves went through tanh"),
    ("11.6", newest_of_the_queue, "the newest input of the queue"),
    ("11.6", joins_in_front, "The newest joined in front"),
    ("11.6", nobody_leaves, "or it grows for ever"),
    ("11.6", taps_exchanged, "The taps are exchanged"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
