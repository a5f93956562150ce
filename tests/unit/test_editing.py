"""The technique that edits: where it may, what comes back, what is written down."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hard_melodies import MELODIES
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from deepcomposer_edu.compose import compose, does_it_listen, networks, replay
from deepcomposer_edu.compose.export.cards import process_card
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.compose.techniques.edit_record import recorded_edits
from deepcomposer_edu.compose.techniques.edited_notes import edited_notes
from deepcomposer_edu.compose.techniques.extending import with_voices
from deepcomposer_edu.compose.techniques.lengths import heard_steps
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ar_cnn import Edited
from deepcomposer_edu.music.edits import (
    edits_between,
    notes_added,
    notes_removed,
    replay_edits,
)
from deepcomposer_edu.music.grid import REST, Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Metre, Note, Score, Track

LINE = [(4 * i, p, 4) for i, p in enumerate((72, 74, 76, 77, 79, 77, 74, 72))]
TUNE = Score.from_notes(LINE, title="Scale")  # two bars of C major
CHORD = np.array([[71], [67], [62], [43]])  # what a Scribe writes where it may


class Scribe:
    """An editor that writes down its task and puts one chord where it may."""

    name, weight_sha256, network = "scribe", "0" * 64, None

    def __init__(self):
        self.task = None

    def edit(self, task, on_progress=None, on_edit=None):
        self.task = task
        pitches = np.where(task.may_change, CHORD, task.start.pitches)
        after = Grid(pitches, task.start.onsets)
        chances = np.full(pitches.shape, 0.5)
        return Edited(
            task.start, after, tuple(edits_between(task.start, after, 1, chances))
        )


@pytest.fixture
def scribe(monkeypatch):
    scribe = Scribe()
    monkeypatch.setitem(networks.SHIPPED_LOADERS, "ar-cnn", lambda _which: scribe)
    return scribe


def edit(melody, mode, **options):
    return compose(melody, "ar-cnn", mode=mode, **options)


def four_voices(shift=0.0):
    """Two notes of half a bar in each voice, bar after bar, for four bars."""
    names = ("Melody", "Alto", "Tenor", "Bass")
    tracks = []
    for k, (low, name) in enumerate(zip((72, 65, 60, 48), names, strict=True)):
        notes = [Note(8 * i + shift, low + i % 2, 8, 70 + k) for i in range(8)]
        tracks.append(Track(tuple(notes), name))
    return Score(tuple(tracks))


def cells(mask):
    """Return where a mask of cells is True: voice -> (first step, last step + 1)."""
    return {
        k: (int(np.flatnonzero(row)[0]), int(np.flatnonzero(row)[-1]) + 1)
        for k, row in enumerate(mask)
        if row.any()
    }


# --- what may change ---------------------------------------------------------


def test_harmonise_writes_the_voices_below_and_is_told_only_the_melody(scribe):
    made = edit(TUNE, "harmonise")
    assert cells(scribe.task.may_change) == {1: (0, 32), 2: (0, 32), 3: (0, 32)}
    assert (scribe.task.unknown == scribe.task.may_change).all()
    assert made.score.tracks[0].notes == TUNE.tracks[0].notes
    assert [t.notes[0].pitch for t in made.score.tracks[1:]] == [67, 62, 43]


def test_harmonise_writes_given_voices_anew_unless_some_are_named(scribe):
    edit(four_voices(), "harmonise")
    assert cells(scribe.task.unknown) == {1: (0, 64), 2: (0, 64), 3: (0, 64)}
    made = edit(four_voices(), "harmonise", voices="tenor")
    assert cells(scribe.task.unknown) == cells(scribe.task.may_change) == {2: (0, 64)}
    for k in (0, 1, 3):
        assert made.score.tracks[k].notes == four_voices().tracks[k].notes


def test_vary_changes_the_lower_voices_or_a_melody_that_is_alone(scribe):
    edit(four_voices(), "vary")
    assert cells(scribe.task.may_change) == {1: (0, 64), 2: (0, 64), 3: (0, 64)}
    assert not scribe.task.unknown.any()
    made = edit(TUNE, "vary")
    assert cells(scribe.task.may_change) == {0: (0, 32)}
    assert cells(scribe.task.unknown) == {1: (0, 32), 2: (0, 32), 3: (0, 32)}
    assert [len(track.notes) for track in made.score.tracks[1:]] == [0, 0, 0]


def test_repair_may_change_everything_that_is_there(scribe):
    edit(four_voices(), "repair")
    assert scribe.task.mode == "repair"
    assert scribe.task.may_change.all()
    edit(TUNE, "repair")
    assert cells(scribe.task.may_change) == {0: (0, 32)}


def test_inpaint_fills_the_bars_and_voices_that_are_named(scribe):
    edit(four_voices(), "inpaint", bars="2-3", voices="bass, alto")
    assert cells(scribe.task.unknown) == {1: (16, 48), 3: (16, 48)}
    assert (scribe.task.unknown == scribe.task.may_change).all()
    edit(TUNE, "inpaint", bars="2")
    assert cells(scribe.task.may_change) == {0: (16, 32)}
    edit(TUNE, "inpaint", bars="2", voices="alto")
    assert cells(scribe.task.may_change) == {1: (16, 32)}


def test_continue_adds_bars_in_all_voices_and_keeps_what_is_given(scribe):
    made = edit(four_voices(), "continue", extension_bars=2)
    assert cells(scribe.task.may_change) == dict.fromkeys(range(4), (64, 96))
    for before, after in zip(four_voices().tracks, made.score.tracks, strict=True):
        assert after.notes[:8] == before.notes
        assert [(n.start, n.duration) for n in after.notes[8:]] == [(64, 32)]
        assert after.notes[-1].velocity == before.notes[0].velocity
    assert made.given_notes == four_voices().tracks[0].notes


def test_continue_harmonises_a_melody_that_is_alone(scribe):
    made = edit(TUNE, "continue", extension_bars=1)
    assert cells(scribe.task.may_change) == {
        0: (32, 48),
        1: (0, 48),
        2: (0, 48),
        3: (0, 48),
    }
    assert made.given_notes == TUNE.tracks[0].notes
    assert made.score.end == 48


def test_single_notes_are_kept(scribe):
    made = edit(four_voices(), "vary", keep="bass 2:3, alto 1:1")
    locked = ~scribe.task.may_change[1:]
    assert cells(locked) == {0: (0, 8), 2: (24, 32)}
    bass = made.score.tracks[3].notes
    assert Note(24, 49, 8, 73) in bass
    assert {note.pitch for note in bass} == {43, 49}


def test_bars_are_counted_as_in_the_score(scribe):
    shifted = four_voices(shift=36.0)
    upbeat = Score(shifted.tracks, pickup=4, metres=(Metre(),))
    made = edit(upbeat, "inpaint", bars="4", voices="bass")
    # the upbeat, then two silent bars: bar 4 is the second that sounds
    assert scribe.task.grid.n_steps == 64
    assert cells(scribe.task.may_change) == {3: (16, 32)}
    assert ": bar 4, beat 1: the bass gets G2" in " ".join(made.notes)
    assert recorded_edits(made.provenance).sentences()[0] in made.notes


def test_the_upbeat_is_bar_0(scribe):
    upbeat = Score.from_notes([(0, 67, 4), *((4 + s, p, d) for s, p, d in LINE)])
    upbeat = Score(upbeat.tracks, pickup=4)
    edit(upbeat, "inpaint", bars="0")
    assert cells(scribe.task.may_change) == {0: (0, 4)}


def test_the_budgets_and_the_other_parameters_reach_the_network(scribe):
    edit(
        TUNE,
        "harmonise",
        seed=9,
        max_added="12",
        max_removed=30,
        iterations=7,
        temperature=0.8,
        avoid_parallels=False,
    )
    task = scribe.task
    assert (task.max_added, task.max_removed, task.iterations) == (12, 30.0, 7)
    assert (task.temperature, task.avoid_parallels, task.seed) == (0.8, False, 9)


def test_a_thousand_notes_to_add_are_no_limit(scribe):
    edit(TUNE, "harmonise", max_added=999)
    assert scribe.task.max_added == 999
    edit(TUNE, "harmonise")
    assert scribe.task.max_added == 4 * 32


def test_the_variant_chooses_the_shipped_network(monkeypatch):
    asked = []
    monkeypatch.setitem(
        networks.SHIPPED_LOADERS,
        "ar-cnn",
        lambda which: asked.append(which) or Scribe(),
    )
    edit(TUNE, "harmonise", variant="edit-events")
    edit(TUNE, "harmonise")
    assert asked == ["edit-events", "orderless"]


# --- what comes back ---------------------------------------------------------


def test_a_melody_can_be_edited_and_what_stayed_is_as_it_was_given(scribe):
    given = Score(
        (Track(tuple(Note(s + 0.3, p, 3.5, 50 + s) for s, p, _ in LINE), "Melody"),)
    )
    made = edit(given, "inpaint", bars="2")
    notes = made.score.tracks[0].notes
    assert notes[:4] == given.tracks[0].notes[:4]
    assert [(n.start, n.pitch, n.duration) for n in notes[4:]] == [(16, 71, 16)]
    assert made.given_notes == notes
    assert made.provenance["melody_edited"]
    assert replay(made.provenance).score == made.score


def test_a_melody_that_nothing_was_done_to_counts_as_given(scribe):
    made = edit(four_voices(), "vary")
    assert not made.provenance["melody_edited"]
    assert made.score.tracks[0].notes == four_voices().tracks[0].notes


def test_a_low_melody_is_edited_low(scribe):
    low = TUNE.transposed(-24)
    made = edit(low, "inpaint", bars="2")
    assert made.score.tracks[0].notes[-1].pitch == 71 - 24


def test_a_note_too_short_for_the_grid_stays_where_nothing_is_edited(scribe):
    notes = [*LINE, (2.2, 84, 0.1), (20.2, 84, 0.1)]
    given = Score.from_notes(notes)
    made = edit(given, "inpaint", bars="2")
    line = made.score.tracks[0].notes
    assert Note(2.2, 84, 0.1, line[0].velocity) in line
    assert all(note.start != 20.2 for note in line)


def test_an_edited_piece_goes_through_every_technique_of_a_chain(scribe, weights):
    choir = compose(load_tune("ode-to-joy-off-tune"), "wgan")
    edited = edit(choir, "vary", bars="3")
    again = compose(edited, "wgan", "jazz")
    assert again.given_notes == choir.given_notes
    assert replay(json.loads(to_json(again.provenance))).score == again.score
    for before, after in zip(choir.score.tracks, edited.score.tracks, strict=True):
        outside = [n for n in before.notes if n.end <= 32 or n.start >= 48]
        assert set(outside) <= set(after.notes)


def test_the_process_card_counts_edited_notes_as_made(scribe):
    made = edit(TUNE, "inpaint", bars="2")
    assert "4 of 5 were given" in process_card(made).text


def test_few_edits_are_told_one_by_one_and_many_are_counted(scribe):
    made = edit(TUNE, "inpaint", bars="2", max_added=100)
    assert "The network made 4 edits" not in made.notes[-1]
    assert "Pass 1: bar 2, beat 1: the soprano gets B4 (50 %)." in made.notes
    many = edit(four_voices(), "vary")
    assert many.notes[-1].startswith("The network made 24 edits; in the end ")


def test_nothing_to_edit_is_said(scribe):
    made = edit(TUNE, "vary", keep=", ".join(f"soprano 1:{b}" for b in (1, 2, 3, 4)))
    assert made.notes[-1] != "The network found nothing to edit."
    held = Score.from_notes([(0, 71, 16)])
    assert edit(held, "repair").notes[-1] == "The network found nothing to edit."


# --- with both networks ------------------------------------------------------


@pytest.mark.parametrize("variant", ["orderless", "edit-events"])
@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("harmonise", {"voices": "tenor", "bars": "2-3"}),
        ("vary", {"bars": "2-3", "keep": "alto 3:1"}),
        ("repair", {"bars": "2-3", "keep": "bass 2:1"}),
        ("inpaint", {"voices": "soprano bass", "bars": "2-3"}),
        ("continue", {"extension_bars": 1}),
    ],
)
def test_what_is_not_named_stays_to_the_last_bit(weights, variant, mode, options):
    given = four_voices(shift=0.3)  # between the sixteenths
    options = {"variant": variant, "iterations": 3, "seed": 4} | options
    made = edit(given, mode, **options)
    for before, after in zip(given.tracks, made.score.tracks, strict=True):
        outside = [n for n in before.notes if n.end <= 16 or n.start >= 48]
        assert set(outside) <= set(after.notes)
        if mode == "continue":
            assert after.notes[:8] == before.notes
    if "keep" in options:
        voice = options["keep"].split()[0].capitalize()
        (track,) = (t for t in given.tracks if t.name == voice)
        kept = track.notes[4 if "3:1" in options["keep"] else 2]
        assert kept in next(t for t in made.score.tracks if t.name == voice).notes
    assert edit(given, mode, **options).score == made.score
    assert replay(json.loads(to_json(made.provenance))).score == made.score
    assert recorded_edits(made.provenance).edited.edits or mode == "repair"


@pytest.mark.parametrize("name", MELODIES)
@pytest.mark.parametrize("variant", ["orderless", "edit-events"])
def test_any_melody_can_be_edited_in_every_mode(weights, variant, name):
    for mode, options in {
        "vary": {},
        "repair": {},
        "inpaint": {"voices": "melody"},
        "continue": {"extension_bars": 1},
    }.items():
        options = {"variant": variant, "iterations": 2, "temperature": 5} | options
        made = edit(MELODIES[name], mode, **options)
        assert replay(made.provenance).score == made.score
        recorded_edits(made.provenance)  # its edits lead from its start to its end
        starts = [note.start for note in made.score.tracks[0].notes]
        assert starts == sorted(set(starts))
        if mode == "continue":
            assert made.given_notes == MELODIES[name].tracks[0].notes


def test_budgets_hold_in_the_composition(weights):
    made = edit(four_voices(), "vary", max_added=3, max_removed=10, iterations=3)
    found = recorded_edits(made.provenance).edited
    assert notes_added(found.start, found.grid) <= 3
    assert notes_removed(found.start, found.grid) <= 3  # a tenth of 32


@settings(max_examples=30)
@given_any(st.integers(0, 2**32 - 1), st.booleans())
def test_what_comes_back_sounds_as_the_network_wrote_it(seed, is_off_grid):
    dice = np.random.default_rng(seed)
    lowest = np.array([[70], [64], [57], [45]])
    pitches = lowest + dice.integers(0, 3, (4, 48))
    pitches[dice.random((4, 48)) < 0.1] = REST
    pitches[:, [0, -1]] = lowest  # all begin and end together
    given = from_grid(Grid(pitches, dice.random((4, 48)) < 0.2))
    later = dice.uniform(0, 0.4) if is_off_grid else 0.0
    given = Score(
        tuple(
            Track(tuple(replace(n, start=n.start + later) for n in t.notes), t.name)
            for t in given.tracks
        )
    )
    melody = prepare(Score(given.tracks[:1]))
    before = with_voices(melody, given.tracks[1:], heard_steps(melody, given.tracks))
    is_new = dice.random(before.pitches.shape) < 0.2
    written = lowest + dice.integers(0, 5, before.pitches.shape)
    written[dice.random(written.shape) < 0.1] = REST
    after = Grid(np.where(is_new, written, before.pitches), before.onsets & ~is_new)
    tracks = [
        Track(edited_notes(melody, track.notes, before, after, voice), track.name)
        for voice, track in enumerate(given.tracks)
    ]
    again = to_grid(Score(tuple(tracks)), after.n_steps)
    lower = with_voices(melody, tracks[1:], after.n_steps)
    moved = 12 * melody.octaves
    top = np.where(again.sounding[:1], again.pitches[:1] + moved, REST)
    if not is_off_grid:
        assert (top == after.pitches[:1]).all()
        assert (lower.pitches[1:] == after.pitches[1:]).all()
    for voice, track in enumerate(tracks):
        same = before.pitches[voice] == after.pitches[voice]
        same &= before.onsets[voice] == after.onsets[voice]
        for note in given.tracks[voice].notes:
            first, last = int(note.start), int(np.ceil(note.end)) + 1
            if same[first:last].all():
                assert note in track.notes


# --- the record --------------------------------------------------------------


def test_every_edit_is_recorded_and_read_back_without_a_network(scribe):
    made = edit(four_voices(), "vary", bars="2-3")
    found = recorded_edits(json.loads(to_json(made.provenance)))
    assert (found.tempo, found.steps_per_bar, found.pickup) == (120, 16, 0)
    *_, last = replay_edits(found.edited.start, found.edited.edits)
    assert (last.pitches == found.edited.grid.pitches).all()
    assert found.edited.edits
    assert {edit.probability for edit in found.edited.edits} == {0.5}


def test_a_piece_without_edits_says_who_made_it():
    made = compose(TUNE, "random")
    with pytest.raises(InputError, match="made by random, which makes no single edits"):
        recorded_edits(made.provenance)


@pytest.mark.parametrize(
    "damage",
    [
        {"rows": [[0, 0, 4, 72, 71, 0.5, 1]]},  # not all edits are there
        {"rows": [[0, 0, 400, 72, 71, 0.5, 1]]},
        {"rows": [[9, 0, 4, 72, 71, 0.5, 1]]},
        {"rows": [[0, 0]]},
        {"rows": "none"},
        {"start": []},
        {"n_steps": 10**9},
        {"steps_per_bar": 0},
        {"pickup": True},
        {"end": [[[0, 72, -4]], [], [], []]},
        None,
    ],
)
def test_a_damaged_record_is_one_sentence(scribe, damage):
    made = json.loads(to_json(edit(TUNE, "vary").provenance))
    if damage is None:
        del made["edits"]["rows"]
    else:
        made["edits"] |= damage
    with pytest.raises(InputError, match="record of edits does not fit together"):
        recorded_edits(made)


# --- what is refused ---------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "options", "words"),
    [
        ("sing", {}, "harmonise or vary or repair or inpaint or continue"),
        ("harmonise", {"voices": "soprano"}, "writes voices below the melody"),
        ("harmonise", {"voices": "viola"}, "voices: 'viola' is no voice"),
        ("harmonise", {"voices": 3}, "a text such as"),
        ("harmonise", {"bars": "three"}, "bars: 'three' is no bar"),
        ("harmonise", {"bars": "5"}, "piece has bars 1 to 2"),
        ("vary", {"voices": "alto"}, "only a melody was given"),
        ("repair", {"voices": "soprano bass"}, "only a melody was given"),
        ("inpaint", {}, "say which by voices, by bars"),
        ("continue", {"bars": "2"}, "leave it out, and set extension_bars"),
        ("continue", {"extension_bars": 0}, "1 to 128"),
        ("inpaint", {"bars": "1", "keep": "bass 1"}, "keep: 'bass 1' is no note"),
        ("inpaint", {"bars": "1", "keep": "bass 1:1"}, "the voice rests there"),
        ("inpaint", {"bars": "1", "keep": "soprano 9:1"}, "no such place"),
        ("harmonise", {"max_added": -1}, "0 to 1000"),
        ("harmonise", {"max_removed": 101}, "0 to 100"),
        ("harmonise", {"iterations": 0}, "1 to 512"),
        ("harmonise", {"temperature": 0}, "0.05 to 5"),
        ("harmonise", {"variant": "u-net"}, "orderless or edit-events"),
        ("harmonise", {"bar": "3"}, "did you mean bars"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(scribe, mode, options, words):
    with pytest.raises(InputError, match=words) as caught:
        edit(TUNE, mode, **options)
    assert "\n" not in str(caught.value)
    assert scribe.task is None


def test_where_nothing_may_change_it_is_said(scribe):
    held = Score.from_notes([(0, 72, 16)])
    with pytest.raises(InputError, match="Nothing may change: with the mode vary"):
        edit(held, "vary", keep="soprano 1:1")


def test_more_music_than_a_piece_may_have_is_refused_before_work(scribe):
    with pytest.raises(InputError, match="let it go on for less"):
        edit(TUNE.with_tempo(10), "continue", extension_bars=128)
    assert scribe.task is None


def test_an_edited_melody_is_not_asked_whether_it_is_listened_to(scribe):
    with pytest.raises(InputError, match="the melody itself was edited"):
        does_it_listen(edit(TUNE, "vary"), 0, semitones=2)
