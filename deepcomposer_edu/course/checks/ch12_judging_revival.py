"""How the answers of lesson 12 are judged that are about codes that are revived."""

from __future__ import annotations

import torch

from deepcomposer_edu.course.checks.random_inputs import normals, seeded
from deepcomposer_edu.course.learner import Learner


def revived_shape(learner: Learner) -> None:
    """A codebook comes back, by the same generator the same one."""
    book, vectors = normals(6, 3), 9 + normals(40, 3, seed=1)
    n_used = torch.tensor([4, 0, 0, 7, 0, 1])
    first, again = (learner(book, n_used, vectors, seeded(3)) for _ in range(2))
    learner.expect_shape(first, (6, 3), "As many codes come back as went in.")
    learner.expect(
        bool((torch.as_tensor(first) == torch.as_tensor(again)).all()),
        f"{learner.call}: two generators of the same seed gave two different "
        "codebooks. Hand `random` to the torch function that draws: generator=random.",
    )


def living_codes_stay(learner: Learner) -> None:
    """A code that was used is not touched."""
    book, vectors = normals(6, 3), 9 + normals(40, 3, seed=1)
    n_used = torch.tensor([4, 0, 0, 7, 0, 1])
    got = torch.as_tensor(learner(book, n_used, vectors, seeded()))
    is_alive = n_used > 0
    learner.expect(
        bool((got[is_alive] == book[is_alive]).all()),
        f"{learner.call}: a code that is in use was changed. It means something to the "
        "decoder by now; only codes with a count of 0 are replaced.",
    )


def dead_codes_become_vectors(learner: Learner) -> None:
    """A dead code becomes one of the encoder's own vectors."""
    book, vectors = normals(6, 3), 9 + normals(40, 3, seed=1)
    n_used = torch.tensor([4, 0, 0, 7, 0, 1])
    got = torch.as_tensor(learner(book, n_used, vectors, seeded()))
    dead = got[n_used == 0]
    learner.expect(
        not bool((dead == book[n_used == 0]).all()),
        f"{learner.call}: the dead codes are what they were. Put other vectors in "
        "their places.",
    )
    distance = torch.cdist(dead.float(), vectors).min(dim=1).values
    learner.expect(
        float(distance.max()) < 1e-3,
        f"{learner.call}: a revived code lies {float(distance.max()):.2g} away from "
        "the nearest of `vectors`, so it would die again. Put it exactly where one of "
        "them is.",
    )


def each_dead_code_its_own(learner: Learner) -> None:
    """Dead codes go to different places, drawn at random."""
    book, vectors = normals(12, 3), 9 + normals(200, 3, seed=1)
    nobody = torch.zeros(12, dtype=torch.long)
    first = torch.as_tensor(learner(book, nobody, vectors, seeded(1)))
    other = torch.as_tensor(learner(book, nobody, vectors, seeded(2)))
    n_places = len(first.unique(dim=0))
    learner.expect(
        n_places > 6,
        f"{learner.call}: 12 dead codes went to {n_places} different places. Draw one "
        "vector for each dead code, not one for all.",
    )
    learner.expect(
        not bool((first == other).all()),
        f"{learner.call}: another seed gave the same places. Draw the vectors at "
        "random: the first ones may all be from one note.",
    )
