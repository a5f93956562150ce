"""Does the music listen to its melody? The steps that made it are asked again.

One note of the given melody moves by a third, and the recorded steps compose again with
the same dice, as in `compose/comparing/listens.py`. What listens answers at the note
and nowhere else. What an arrangement does to the bars afterwards is left out: it has no
melody to listen to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile

from deepcomposer_edu.challenge.judged import given_score
from deepcomposer_edu.compose.arranging.record import ARRANGING
from deepcomposer_edu.compose.chain import chain_of
from deepcomposer_edu.compose.comparing.listens import ListeningScore, listening_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.interface import recompose
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score

N_NOTES = 3  # moved, one at a time: each composes anew
# What the deaf technique gets that scores most: benchmarks/listening.py, valid split.
DEAF = 0.14


def composing_steps(composition: Composition) -> list[Mapping]:
    """Return the records of the steps before the first arrangement, the first first.

    Those are the ones that heard the melody as it was given.
    """
    steps = chain_of(composition.provenance)
    return list(takewhile(lambda step: step["technique"] not in ARRANGING, steps))


def answer_of(composition: Composition, n_notes: int = N_NOTES) -> ListeningScore:
    """Return how much the steps that made a piece answer to its melody.

    Args:
        composition: with its whole provenance; the networks of its steps run again.
        n_notes: how many notes of the melody are moved, one at a time.

    Raises:
        InputError: if nothing was composed to a melody, or it cannot be done again.
    """
    steps, given = composing_steps(composition), given_score(composition)
    if not steps or given is None:
        raise InputError(
            "No recorded step composed to a given melody, so nobody can ask whether "
            "it listens; begin with `deepcomposer compose`."
        )
    below = given.tracks[1:]

    def write(melody: Score, _: int) -> Score:
        """Compose again with the recorded dice, whatever seed is given."""
        made: Score | Composition = replace(melody, tracks=(*melody.tracks, *below))
        for record in steps:
            made = recompose(record, made)
        return made.score

    return listening_of(write, [replace(given, tracks=given.tracks[:1])], n_notes)
