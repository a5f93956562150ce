"""Wrong answers that learners bring to lesson 12, each refused by name."""

import torch
import torch.nn.functional as F
from refusals import refuses

# 12.1 nearest_code


def largest_product(vectors, codebook):
    return (vectors @ codebook.T).argmax(dim=-1)


def farthest(vectors, codebook):
    differences = vectors.unsqueeze(-2) - codebook
    return differences.square().sum(-1).argmax(dim=-1)


def round_the_corner(vectors, codebook):
    return (vectors.unsqueeze(-2) - codebook).abs().sum(-1).argmin(dim=-1)


def gives_the_distance(vectors, codebook):
    return (vectors.unsqueeze(-2) - codebook).square().sum(-1).min(dim=-1).values


# 12.2 straight_through


def only_the_codes(vectors, quantised):
    return quantised


def detaches_one_of_two(vectors, quantised):
    return vectors + quantised - vectors.detach()


def detaches_nothing(vectors, quantised):
    return vectors + (quantised - vectors)


def the_wrong_way_round(vectors, quantised):
    return quantised + (vectors - quantised).detach()


# 12.3 vq_loss


def nobody_is_held(vectors, chosen, commitment=0.25):
    return (1 + commitment) * F.mse_loss(vectors, chosen)


def exchanged(vectors, chosen, commitment=0.25):
    to_codes = F.mse_loss(vectors, chosen.detach())
    return to_codes + commitment * F.mse_loss(chosen, vectors.detach())


def sums_up(vectors, chosen, commitment=0.25):
    to_vectors = (chosen - vectors.detach()).square().sum()
    return to_vectors + commitment * (vectors - chosen.detach()).square().sum()


def no_commitment(vectors, chosen, commitment=0.25):
    return F.mse_loss(chosen, vectors.detach())


# 12.4 revive_codes


def one_place_for_all(codebook, n_used, vectors, random):
    revived = codebook.clone()
    chosen = torch.randint(len(vectors), (1,), generator=random)
    revived[n_used == 0] = vectors[chosen]
    return revived


def new_noise(codebook, n_used, vectors, random):
    revived = codebook.clone()
    dead = n_used == 0
    revived[dead] = torch.randn(revived[dead].shape, generator=random)
    return revived


def everybody_anew(codebook, n_used, vectors, random):
    return vectors[torch.randperm(len(vectors), generator=random)[: len(codebook)]]


def in_place(codebook, n_used, vectors, random):
    dead = (n_used == 0).nonzero().flatten()
    order = torch.randperm(len(vectors), generator=random)
    codebook[dead] = vectors[order[: len(dead)]]
    return codebook


# 12.5 argmax_shares


def a_softmax(scores):
    return scores.softmax(dim=-1)


def divides_by_nothing(scores):
    positive = F.relu(scores)
    return positive / positive.sum(dim=-1, keepdim=True)


def forgets_relu(scores):
    return scores / (scores.sum(dim=-1, keepdim=True) + 1e-9)


def sums_over_the_places(scores):
    positive = F.relu(scores)
    return positive / (positive.sum(dim=0, keepdim=True) + 1e-9)


# 12.6 stacked_field


def adds_the_hops(fields, hops):
    return [
        field * max(sum(hops[1 : i + 1]), 1) if i else field
        for i, field in enumerate(fields)
    ]


def only_its_own_hop(fields, hops):
    return [field * hop for field, hop in zip(fields, hops, strict=True)]


def the_codes_alone(fields, hops):
    return list(fields)


def all_fields_too(fields, hops):
    reaches, reach = [], 1
    for field, hop in zip(fields, hops, strict=True):
        reach *= field * hop
        reaches.append(reach)
    return reaches


# 12.7 exploit


def the_best_copies(scores, random, share=0.25):
    order = torch.tensor(scores).argsort().tolist()
    n = max(int(share * len(order)), 1)
    parents = list(range(len(order)))
    for i in order[-n:]:
        parents[i] = order[int(torch.randint(n, (1,), generator=random))]
    return parents


def all_become_the_best(scores, random, share=0.25):
    return [int(torch.tensor(scores).argmax())] * len(scores)


def always_the_very_best(scores, random, share=0.25):
    order = torch.tensor(scores).argsort().tolist()
    parents = list(range(len(order)))
    for i in order[: max(int(share * len(order)), 1)]:
        parents[i] = order[-1]
    return parents


def nobody_is_replaced(scores, random, share=0.25):
    return list(range(len(scores)))


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("12.1", largest_product, "A product is largest for the longest code"),
    ("12.1", farthest, "That is the farthest code"),
    ("12.1", round_the_corner, "The absolute differences were added"),
    ("12.1", gives_the_distance, "not its distance"),
    ("12.2", only_the_codes, "no gradient arrives at `vectors`"),
    ("12.2", detaches_one_of_two, "a gradient arrives at `quantised`, too"),
    ("12.2", detaches_nothing, "plus and minus cancel"),
    ("12.2", the_wrong_way_round, "nothing was quantised"),
    ("12.3", nobody_is_held, "Nothing is detached"),
    ("12.3", exchanged, "The two terms are exchanged"),
    ("12.3", sums_up, "take their mean"),
    ("12.3", no_commitment, "That is one of the two terms"),
    ("12.4", one_place_for_all, "not one for all"),
    ("12.4", new_noise, "it would die again"),
    ("12.4", everybody_anew, "a code that is in use was changed"),
    ("12.4", in_place, "changed the input it was given"),
    ("12.5", a_softmax, "That is the softmax"),
    ("12.5", divides_by_nothing, "0 divided by 0"),
    ("12.5", forgets_relu, "The score below 0 takes part"),
    ("12.5", sums_over_the_places, "along the last axis"),
    ("12.6", adds_the_hops, "Hops multiply from level to level"),
    ("12.6", only_its_own_hop, "multiply all hops up to that level"),
    ("12.6", the_codes_alone, "how many samples is one?"),
    ("12.6", all_fields_too, "The upper level does not need the lower one's reach"),
    ("12.7", the_best_copies, "The best goes on from the worst"),
    ("12.7", all_become_the_best, "Everybody became the best one"),
    ("12.7", always_the_very_best, "always went on from the same member"),
    ("12.7", nobody_is_replaced, "Nobody was replaced"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
