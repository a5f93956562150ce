"""Wrong answers that learners bring to lesson 07, each refused by name."""

import torch
from refusals import refuses


def looks_at_bins_not_borders(real, fake, width=1.0):
    return width * (fake - real).abs().sum()


def lets_work_cancel(real, fake, width=1.0):
    return width * (fake - real).cumsum(dim=0).sum().abs()


def greatest_difference(real, fake, width=1.0):
    return width * (fake - real).cumsum(dim=0).abs().max()


def forgets_the_width(real, fake, width=1.0):
    return (fake - real).cumsum(dim=0).abs().sum()


def some_to_everywhere(real, fake):
    return torch.outer(fake, real)


def rows_and_columns_swapped(real, fake):
    return the_plan(fake, real)


def the_plan(real, fake):
    left, missing = fake.clone(), real.clone()
    plan = torch.zeros(len(left), len(missing), dtype=left.dtype)
    i = j = 0
    while i < len(left) and j < len(missing):
        amount = torch.minimum(left[i], missing[j])
        plan[i, j] = amount
        left[i] -= amount
        missing[j] -= amount
        i, j = (i + 1, j) if left[i] == 0 else (i, j + 1)
    return plan


def nearest_to_nearest(real, fake):
    left, missing = fake.clone(), real.clone()
    plan = torch.zeros(len(left), len(missing), dtype=left.dtype)
    pairs = [(i, j) for i in range(len(left)) for j in range(len(missing))]
    for i, j in sorted(pairs, key=lambda pair: abs(pair[0] - pair[1])):
        plan[i, j] = torch.minimum(left[i], missing[j])
        left[i] -= plan[i, j]
        missing[j] -= plan[i, j]
    return plan


def does_not_book_what_is_missing(real, fake):
    left = fake.clone()
    plan = torch.zeros(len(left), len(real), dtype=left.dtype)
    i = j = 0
    while i < len(left) and j < len(real):
        plan[i, j] = torch.minimum(left[i], real[j])
        left[i] -= plan[i, j]
        i, j = (i + 1, j) if left[i] == 0 else (i, j + 1)
    return plan


def never_asks_for_zero(real, fake):
    middle = (real + fake) / 2
    one = (real * (real / middle).log()).sum()
    return (one + (fake * (fake / middle).log()).sum()) / 2


def adds_a_crumb(real, fake):
    middle = (real + fake) / 2 + 1e-3
    both = torch.stack([real, fake])
    return (torch.xlogy(both, both) - torch.xlogy(both, middle)).sum() / 2


def forgets_the_half(real, fake):
    middle = (real + fake) / 2
    both = torch.stack([real, fake])
    return (torch.xlogy(both, both) - torch.xlogy(both, middle)).sum()


def only_from_the_real_ones(real, fake):
    middle = (real + fake) / 2
    return (torch.xlogy(real, real) - torch.xlogy(real, middle)).sum()


def prefers_the_fakes(real, fake, width=1.0):
    rises = width * (real - fake).cumsum(dim=0)[:-1].sign()
    return torch.cat([rises.new_zeros(1), rises.cumsum(dim=0)])


def as_steep_as_the_amount(real, fake, width=1.0):
    rises = width * (fake - real).cumsum(dim=0)[:-1]
    return torch.cat([rises.new_zeros(1), rises.cumsum(dim=0)])


def gives_the_rises(real, fake, width=1.0):
    rises = width * (fake - real).cumsum(dim=0)[:-1].sign()
    return torch.cat([rises.new_zeros(1), rises])


def never_flat(real, fake, width=1.0):
    rises = torch.where((fake - real).cumsum(dim=0)[:-1] > 0, width, -width)
    return torch.cat([rises.new_zeros(1), rises.cumsum(dim=0)]).to(real.dtype)


def adds_the_bounds(weights):
    return sum(torch.linalg.matrix_norm(weight, ord=2) for weight in weights)


def all_squares(weights):
    return torch.stack([weight.norm() for weight in weights]).prod()


def largest_number(weights):
    return torch.stack([weight.abs().max() for weight in weights]).prod()


def without_the_bends(weights):
    chain = weights[0]
    for weight in weights[1:]:
        chain = weight @ chain
    return torch.linalg.matrix_norm(chain, ord=2)


def nudged(critic, pieces, nudge, *, both_ways=True, one_piece=True):
    slopes = torch.zeros_like(pieces)
    for i in range(len(pieces)):
        for place in range(pieces[i].numel()):
            step = torch.zeros_like(pieces)
            rows = step.view(len(pieces), -1)
            rows[i if one_piece else slice(None), place] = nudge
            down = critic(pieces - step) if both_ways else critic(pieces)
            rise = (critic(pieces + step) - down)[i]
            way = 2 * nudge if both_ways else nudge
            slopes.view(len(pieces), -1)[i, place] = rise / way
    return slopes.flatten(1)


def walks_one_way(critic, pieces, nudge=1e-3):
    return nudged(critic, pieces, nudge, both_ways=False).norm(dim=1)


def nudges_all_at_once(critic, pieces, nudge=1e-3):
    return nudged(critic, pieces, nudge, one_piece=False).norm(dim=1)


def gives_the_gradient(critic, pieces, nudge=1e-3):
    return nudged(critic, pieces, nudge)


def takes_each_piece_out_of_the_batch(critic, pieces, nudge=1e-3):
    alone = [nudged(critic, piece[None], nudge).norm(dim=1) for piece in pieces]
    return torch.cat(alone)


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("7.1", looks_at_bins_not_borders, "Look at the borders"),
    ("7.1", lets_work_cancel, "cancelled"),
    ("7.1", greatest_difference, "add up those at all borders"),
    ("7.1", forgets_the_width, "which is not always 1"),
    ("7.2", some_to_everywhere, "Everybody sends some to everywhere"),
    ("7.2", rows_and_columns_swapped, "Rows and columns have changed places"),
    ("7.2", nearest_to_nearest, "nobody overtakes"),
    ("7.2", does_not_book_what_is_missing, "the sums of the columns"),
    ("7.3", never_asks_for_zero, "0 log 0 is nan"),
    ("7.3", adds_a_crumb, "The middle is (3/4, 1/4)"),
    ("7.3", forgets_the_half, "halve the sum"),
    ("7.3", only_from_the_real_ones, "Only one of the two"),
    ("7.4", prefers_the_fakes, "The critic is turned round"),
    ("7.4", as_steep_as_the_amount, "Take its sign only"),
    ("7.4", gives_the_rises, "the scores are their running sum"),
    ("7.4", never_flat, "Where nothing crosses the score stays"),
    ("7.5", adds_the_bounds, "multiply, do not add"),
    ("7.5", all_squares, "Frobenius"),
    ("7.5", largest_number, "The largest number in the matrix says little"),
    ("7.5", without_the_bends, "With a bend it can be more"),
    ("7.6", walks_one_way, "Walk both ways"),
    ("7.6", nudges_all_at_once, "All pieces were nudged at once"),
    ("7.6", gives_the_gradient, "the slopes along each number"),
    ("7.6", takes_each_piece_out_of_the_batch, "the piece was scored alone"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
