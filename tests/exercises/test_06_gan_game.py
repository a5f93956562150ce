"""Wrong answers that learners bring to lesson 06, each refused by name."""

import torch
from refusals import refuses

from deepcomposer_edu.nn.gan_basics import LEAST
from deepcomposer_edu.training.tiny_statistics import FAIR_SHARE


def forgets_the_minus(probability, is_real):
    given = torch.where(is_real, probability, 1 - probability)
    return given.clamp_min(LEAST).log().mean()


def looks_at_the_real_ones_only(probability, is_real):
    logs = probability.clamp_min(LEAST).log()
    return -torch.where(is_real, logs, 0.0).mean()


def swaps_real_and_fake(probability, is_real):
    given = torch.where(is_real, 1 - probability, probability)
    return -given.clamp_min(LEAST).log().mean()


def lets_a_loss_be_infinite(probability, is_real):
    return -torch.where(is_real, probability, 1 - probability).log().mean()


def share_of_the_fakes(real, fake):
    both = real + fake
    return torch.where(both > 0, fake / both.clamp_min(LEAST), 0.5)


def divides_nothing_by_nothing(real, fake):
    return real / (real + fake)


def divides_by_the_fakes(real, fake):
    return real / fake


def says_0_of_the_unheard(real, fake):
    return real / (real + fake).clamp_min(LEAST)


def forgets_to_detach(critic, optimiser, real, fake, loss):
    value = loss(critic, real, fake)
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


def never_sets_to_zero(critic, optimiser, real, fake, loss):
    value = loss(critic, real, fake.detach())
    value.backward()
    optimiser.step()
    return value.item()


def sets_to_zero_after_backward(critic, optimiser, real, fake, loss):
    value = loss(critic, real, fake.detach())
    value.backward()
    optimiser.zero_grad()
    optimiser.step()
    return value.item()


def fakes_first(critic, optimiser, real, fake, loss):
    value = loss(critic, fake.detach(), real)
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


def cuts_the_way_back(generator, critic, optimiser, noise, loss):
    value = loss(critic(generator(noise).detach()))
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


def never_steps(generator, critic, optimiser, noise, loss):
    value = loss(critic(generator(noise)))
    optimiser.zero_grad()
    value.backward()
    return value.item()


def turns_the_sign_again(generator, critic, optimiser, noise, loss):
    value = -loss(critic(generator(noise)))
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


def scores_the_noise(generator, critic, optimiser, noise, loss):
    value = loss(critic(noise))
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


def swaps_the_two_losses(kind, score):
    if kind == "original":
        return torch.sigmoid(-score)
    if kind == "non-saturating":
        return torch.sigmoid(score)
    return torch.ones_like(score)


def one_push_for_all(kind, score):
    if kind == "original":
        return torch.sigmoid(score)
    if kind == "non-saturating":
        return torch.sigmoid(-score)
    return torch.tensor(1.0)


def overflows(kind, score):
    if kind == "original":
        return score.exp() / (1 + score.exp())
    if kind == "non-saturating":
        return 1 - score.exp() / (1 + score.exp())
    return torch.ones_like(score)


def push_counted_downwards(kind, score):
    if kind == "original":
        return -torch.sigmoid(score)
    if kind == "non-saturating":
        return -torch.sigmoid(-score)
    return -torch.ones_like(score)


def counts_the_points(points, modes, radius):
    return int((torch.cdist(points, modes).amin(1) <= radius).sum())


def one_point_is_enough(points, modes, radius):
    return int((torch.cdist(points, modes).amin(0) <= radius).sum())


def ignores_the_radius(points, modes, radius):
    counts = torch.cdist(points, modes).argmin(1).bincount(minlength=len(modes))
    return int((counts >= FAIR_SHARE * len(points) / len(modes)).sum())


def a_fifth_of_all_points(points, modes, radius):
    distance, nearest = torch.cdist(points, modes).min(1)
    counts = nearest[distance <= radius].bincount(minlength=len(modes))
    return int((counts >= FAIR_SHARE * len(points)).sum())


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("6.1", forgets_the_minus, "The sign is missing"),
    ("6.1", looks_at_the_real_ones_only, "The fakes count, too"),
    ("6.1", swaps_real_and_fake, "Real and fake are swapped"),
    ("6.1", lets_a_loss_be_infinite, "use clamp_min(LEAST)"),
    ("6.2", share_of_the_fakes, "the share of the fakes"),
    ("6.2", divides_nothing_by_nothing, "0 / 0 is not a number"),
    ("6.2", divides_by_the_fakes, "Divide by the sum of both"),
    ("6.2", says_0_of_the_unheard, "nothing is known: 0.5"),
    ("6.3", forgets_to_detach, "Detach the fakes"),
    ("6.3", never_sets_to_zero, "was never called"),
    ("6.3", sets_to_zero_after_backward, "First zero_grad, then"),
    ("6.3", fakes_first, "have changed places"),
    ("6.4", cuts_the_way_back, "Detach nothing here"),
    ("6.4", never_steps, "nobody learns"),
    ("6.4", turns_the_sign_again, "has the sign already"),
    ("6.4", scores_the_noise, "The critic scored the noise"),
    ("6.5", swaps_the_two_losses, "have changed places"),
    ("6.5", one_push_for_all, "One push for each score"),
    ("6.5", overflows, "exp(1000) is infinite"),
    ("6.5", push_counted_downwards, "no minus"),
    ("6.6", counts_the_points, "the modes that they reach"),
    ("6.6", one_point_is_enough, "A single stray point"),
    ("6.6", ignores_the_radius, "the radius is 1"),
    ("6.6", a_fifth_of_all_points, "the fair share is N / M"),
]

test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
