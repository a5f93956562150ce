"""Edits as sound: when each is heard, at which pitch, how loud."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from edited import many_edits, some_edits

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.edit_sound import (
    FASTEST,
    SLOWEST,
    STEP_SECONDS,
    USUAL_SECONDS,
    edit_score,
    moments,
)
from deepcomposer_edu.music.edits import Edit


def test_a_few_edits_come_one_by_one():
    when = moments(some_edits().edits)
    assert [(m.first, m.stop) for m in when] == [(0, 1), (1, 2), (2, 3)]
    assert [m.start for m in when] == pytest.approx([0, SLOWEST, 2 * SLOWEST])


def test_no_edits_take_no_time():
    assert moments([]) == []
    assert edit_score([]).notes == ()


@pytest.mark.parametrize("n_edits", [1, 30, 250, 251, 1000, 5003])
@pytest.mark.parametrize("n_passes", [1, 7, 300])
@pytest.mark.parametrize("seconds", [None, 0.5, 3.0])
def test_every_edit_has_one_moment_and_the_time_is_kept(n_edits, n_passes, seconds):
    edits = many_edits(n_edits, min(n_passes, n_edits)).edits
    when = moments(edits, seconds)
    assert [when[0].first, when[-1].stop] == [0, n_edits]
    assert all(a.stop == b.first for a, b in itertools.pairwise(when))
    end = when[-1].start + when[-1].seconds
    assert end <= (seconds or USUAL_SECONDS) + 1e-9
    assert min(m.seconds for m in when) >= FASTEST - 1e-9
    assert max(m.seconds for m in when) <= SLOWEST


def test_edits_of_two_passes_appear_together_only_if_there_is_no_time():
    edits = many_edits(1000, n_passes=10).edits
    for moment in moments(edits):
        assert len({edit.iteration for edit in edits[moment.first : moment.stop]}) == 1


def test_busy_passes_go_fast_and_the_last_edits_come_one_by_one():
    busy, few = many_edits(2000, n_passes=10).edits, many_edits(60, n_passes=30).edits
    edits = [*busy, *(replace(e, iteration=10 + e.iteration) for e in few)]
    sizes = [m.stop - m.first for m in moments(edits) if edits[m.first].iteration > 10]
    assert len(sizes) > 55
    assert max(sizes) <= 2


def test_each_edit_is_heard_at_its_pitch_when_it_appears():
    edits = some_edits().edits
    score = edit_score(edits)
    assert score.seconds_at(1) == pytest.approx(STEP_SECONDS)
    alto, tenor, bass, taken = (list(track.notes) for track in score.tracks[1:])
    assert [(n.pitch, score.seconds_at(n.start)) for n in alto] == [(65, 0.0)]
    # a change: the old note first, then the new one
    assert [n.pitch for n in taken] == [60, 48]
    assert score.seconds_at(taken[0].start) == pytest.approx(SLOWEST)
    assert [n.pitch for n in tenor] == [62]
    assert score.seconds_at(tenor[0].start) == pytest.approx(1.5 * SLOWEST)
    assert bass == []


def test_what_the_model_was_surer_of_is_louder():
    chances = (0.0, 0.3, 0.7, 1.0)
    edits = [Edit(0, 0, 4, -1, 60, chance, 1) for chance in chances]
    loud = [note.velocity for note in edit_score(edits).tracks[0].notes]
    assert loud == sorted(set(loud))
    assert 1 <= loud[0] < loud[-1] <= 127


def test_at_one_moment_each_voice_is_heard_once():
    edits = many_edits(3000).edits
    score = edit_score(edits)
    for track in score.tracks[:-1]:
        starts = np.array([note.start for note in track.notes])
        assert np.diff(starts).min(initial=9) * STEP_SECONDS > FASTEST - 1e-6


@pytest.mark.parametrize("seconds", [0, 0.4, 301, float("nan")])
def test_an_impossible_time_is_refused(seconds):
    with pytest.raises(InputError, match=r"0.5 to 300"):
        moments(some_edits().edits, seconds)
