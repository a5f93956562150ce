"""Does it listen? A moved melody note, and what changes in the accompaniment."""

import pytest

from deepcomposer_edu.compose import compose, does_it_listen, replay
from deepcomposer_edu.compose.comparing.comparison import compare
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Note, Score, Track

pytestmark = pytest.mark.usefixtures("weights")

PITCHES = (72, 74, 76, 77, 79, 77, 74, 72) * 4
TUNE = Score.from_notes([(4 * i, p, 4) for i, p in enumerate(PITCHES)], title="Scale")


@pytest.fixture(scope="module")
def heard():
    """Return what the shipped network answers; an untrained one hardly listens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DEEPCOMPOSER_WEIGHTS", raising=False)
        yield does_it_listen(compose(TUNE, seed=2), 16, semitones=-5)


def test_only_the_asked_note_of_the_melody_moves(heard):
    before, after = (c.score.tracks[0].notes for c in (heard.before, heard.after))
    assert [
        i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b
    ] == [16]
    assert after[16].pitch == before[16].pitch - 5


def test_everything_else_is_asked_for_as_before(heard):
    for name in ("technique", "genre", "parameters", "seed", "instruments"):
        assert heard.after.provenance[name] == heard.before.provenance[name]


def test_the_changed_notes_are_those_that_differ(heard):
    found = compare(heard.before, heard.after)
    assert heard.changed_before == [a for a in found.before if a[0] > 0]
    assert heard.changed_after == [a for a in found.after if a[0] > 0]
    assert heard.changed == (heard.changed_before, heard.changed_after)


def test_the_model_answers_at_the_note_more_than_elsewhere(heard):
    assert heard.at_note > heard.elsewhere
    assert heard.nearby >= heard.elsewhere


def test_the_sentence_names_both_notes_and_the_place(heard):
    assert heard.sentence.startswith("When C5 in bar 5, beat 1 becomes G4, ")
    assert str(heard) == heard.sentence


def test_random_notes_do_not_listen():
    heard = does_it_listen(compose(TUNE, "random"), 3, new_pitch=76)
    assert heard.changed == ([], [])
    assert "does not listen" in heard.sentence


def test_the_changed_composition_can_be_replayed():
    after = does_it_listen(compose(TUNE), 3, semitones=2).after
    assert replay(after.provenance).score == after.score


@pytest.mark.parametrize("genre", ["classical", "jazz", "rock", "pop"])
def test_a_band_plays_the_same_far_from_the_note(genre):
    """A bar's chance is its own: other bars keep their patterns and their hits."""
    made = compose(TUNE, genre=genre, seed=1, temperature=0.0)
    heard = does_it_listen(made, 30, semitones=2)
    first = [
        made.score.tracks[k].notes[i].start for k, i in heard.changed_before if k > 0
    ]
    assert min(first, default=64) >= 32


def test_a_chain_can_be_asked_too():
    heard = does_it_listen(compose(compose(TUNE, "random"), "random"), 0, semitones=2)
    assert heard.after.score.tracks[0].notes[0].pitch == 74


def test_a_key_heard_otherwise_is_told():
    short = Score.from_notes([(0, 60, 4), (4, 64, 4), (8, 67, 4), (12, 60, 8)])
    heard = does_it_listen(compose(short, "random"), 1, new_pitch=63)
    assert heard.sentence.endswith(
        "heard otherwise now: The melody is in C minor; "
        "the model heard it in A minor, 3 semitones lower."
    )


@pytest.mark.parametrize(
    ("note", "options", "words"),
    [
        (99, {"semitones": 1}, "numbers 0 to 31"),
        (-1, {"semitones": 1}, "numbers 0 to 31"),
        (1.5, {"semitones": 1}, "its number"),
        (True, {"semitones": 1}, "its number"),
        (0, {}, "One of new_pitch and semitones"),
        (0, {"semitones": 1, "new_pitch": 60}, "One of new_pitch and semitones"),
        (0, {"semitones": 0}, "stays on C5"),
        (0, {"new_pitch": 72}, "stays on C5"),
        (0, {"semitones": 100}, "0 to 127"),
        (0, {"new_pitch": -1}, "0 to 127"),
        (0, {"semitones": 0.5}, "whole semitones"),
    ],
)
def test_what_cannot_move_is_refused(note, options, words):
    with pytest.raises(InputError, match=words):
        does_it_listen(compose(TUNE, "random"), note, **options)


def test_a_note_that_would_hide_another_is_refused():
    notes = (Note(0, 72, 8), Note(4, 74, 4), Note(8, 72, 8))
    made = compose(Score((Track(notes),)), "random")
    with pytest.raises(InputError, match="hide another"):
        does_it_listen(made, 1, new_pitch=70)
