"""How the answers of lesson 10 are judged that are about parallel voices."""

from __future__ import annotations

from deepcomposer_edu.course.learner import Learner


def parallels_of_a_fifth(learner: Learner) -> None:
    """Over C3 and G3, a bass that goes to D3 bans A3."""
    got = learner(55, [48], [50])
    learner.expect_equal(
        got,
        {57: True},
        "The bass goes from C3 to D3, two semitones up. G3 stands a fifth above it; "
        "going two semitones up as well, to A3, would be a parallel fifth.",
        known=[
            (
                {},
                "G3 over C3 is a fifth: 55 - 48 is 7, and 7 is in PERFECT.",
            ),
            ({53: True}, "The direction is turned: the other voice went up."),
            (
                {50: True},
                "The banned pitch is this voice's own, moved as the other voice moved.",
            ),
        ],
    )


def parallels_below(learner: Learner) -> None:
    """A voice below the other is held to the same rule: C3 under G3."""
    got = learner(48, [55], [57])
    learner.expect_equal(
        got,
        {50: True},
        "A fifth is a fifth from both sides: take the absolute difference before the "
        "modulo.",
    )


def parallels_across_octaves(learner: Learner) -> None:
    """A twelfth is a fifth, and a double octave an octave."""
    learner.expect_equal(
        learner(67, [48], [47]),
        {66: True},
        "From C3 to G4 there are 19 semitones, an octave and a fifth: take the "
        "interval modulo 12.",
    )
    learner.expect_equal(
        learner(72, [48], [53]),
        {77: True},
        "C5 stands two octaves above C3: octaves in parallel are banned as well.",
    )


def a_voice_that_stays_bans_nothing(learner: Learner) -> None:
    """Where the other voice holds its note, nothing is parallel."""
    learner.expect_equal(
        learner(55, [48], [48]),
        {},
        "The other voice does not move, so no motion is parallel to it. Banning the "
        "same pitch would forbid this voice to hold its note.",
    )


def thirds_may_be_parallel(learner: Learner) -> None:
    """Thirds and sixths may run in parallel."""
    learner.expect_equal(
        learner(52, [48], [50]),
        {},
        "A third is not perfect; parallel thirds are the most usual of all.",
    )


def rests_ban_nothing(learner: Learner) -> None:
    """A voice that rests before or now is no part of a parallel."""
    for before, others_before, others in (
        (-1, [48], [50]),
        (55, [-1], [50]),
        (55, [48], [-1]),
    ):
        learner.expect_equal(
            learner(before, others_before, others),
            {},
            "A rest is -1 and no pitch: pass over a voice that rests at either step.",
        )


def parallels_with_several_voices(learner: Learner) -> None:
    """Each of the other voices is looked at."""
    learner.expect_equal(
        learner(72, [65, 60, 48], [64, 62, 43]),
        {71: True, 74: True, 67: True},
        "All three others ban a pitch here: F4 goes to E4 a fifth below, C4 to D4 an "
        "octave below, and C3 to G2 two octaves below.",
        known=[
            ({71: True}, "Only the first voice was looked at."),
            ({67: True}, "Only the last voice's answer is left."),
        ],
    )
