"""Editing with edit events: locks, budgets, voices, and what comes of long pieces."""

import numpy as np
import pytest
import torch
from torch import nn

from deepcomposer_edu.models.ar_cnn import EditTask, ar_cnn_of
from deepcomposer_edu.models.edit_events import EditEvents
from deepcomposer_edu.models.edit_net import LOW, N_PITCHES, EditNet, EditNetConfig
from deepcomposer_edu.models.edit_voices import (
    free_pitches,
    free_voice,
    runs_parallel,
    shift_into,
    singing_voice,
)
from deepcomposer_edu.music.edits import notes_added, notes_removed, replay_edits
from deepcomposer_edu.music.grid import REST, Grid
from tests.tiny_pieces import Piece

SMALL = EditNetConfig(n_channels=4, n_layers=(1, 1, 1))
CHORD = np.array([[72], [67], [64], [48]])


def editor(seed=0, **options):
    """An editor that has learned nothing, but has something to say."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = EditNet(SMALL)
        nn.init.normal_(network.head.weight, std=2.0)
    return EditEvents(network, "untrained", **options)


class Wants(nn.Module):
    """A network that wants these pitches to sound at each step, and no others."""

    def __init__(self, pitches, chance=0.9):
        super().__init__()
        self.wanted = torch.zeros(N_PITCHES, dtype=torch.bool)
        self.wanted[[pitch - LOW for pitch in pitches]] = True
        self.chance = chance

    def forward(self, roll):
        differs = roll.bool() != self.wanted
        p = torch.where(differs, self.chance, 0.001)
        return torch.log(p)


def task(seed=0, n_steps=32, **options):
    grid = Piece(seed, n_steps).grid
    random = np.random.default_rng(seed)
    may_change = random.random(grid.pitches.shape) < 0.7
    unknown = may_change & (random.random(grid.pitches.shape) < 0.4)
    given = {"iterations": 24, "seed": seed, **options}
    return EditTask(grid, may_change, unknown, **given)


def harmonising(melody, **options):
    grid = Grid(np.concatenate([[melody], np.full((3, len(melody)), REST)]))
    free = np.ones(grid.pitches.shape, dtype=bool)
    free[0] = False
    return EditTask(grid, free, free, **{"iterations": 64, **options})


@pytest.mark.parametrize("mode", ["rewrite", "repair"])
@pytest.mark.parametrize("seed", range(4))
def test_locks_hold_and_the_edits_lead_to_the_piece(mode, seed):
    given = task(seed, mode=mode)
    made = editor(seed).edit(given)
    locked = ~given.may_change & ~given.unknown
    assert np.array_equal(made.grid.pitches[locked], given.grid.pitches[locked])
    assert np.array_equal(made.grid.onsets[locked], given.grid.onsets[locked])
    replayed = [made.start, *replay_edits(made.start, made.edits)]
    assert np.array_equal(replayed[-1].pitches, made.grid.pitches)


@pytest.mark.parametrize("seed", range(4))
def test_budgets_hold(seed):
    given = task(seed, max_added=3, max_removed=10)
    made = editor(seed).edit(given)
    assert notes_added(made.start, made.grid) <= 3
    assert notes_removed(made.start, made.grid) <= given.most_removed


def test_the_same_seed_gives_the_same_music():
    one, two = (editor().edit(task(seed=1)) for _ in range(2))
    assert one == two
    assert one.edits
    assert editor().edit(task(seed=1, temperature=3.0)) != one


def test_a_network_that_wants_a_chord_gets_it():
    made = EditEvents(Wants([72, 67, 64, 48])).edit(harmonising([72] * 32))
    assert (made.grid.pitches == CHORD).all()
    assert {edit.kind for edit in made.edits} == {"add"}
    assert made.edits[0].probability == pytest.approx(0.9)


def test_whole_notes_take_fewer_edits_than_cells():
    wants = Wants([72, 67, 64, 48])
    given = harmonising([72] * 16, iterations=200)
    whole = EditEvents(wants).edit(given)
    cells = EditEvents(wants, whole_notes=False).edit(given)
    assert len(whole.edits) == 3
    assert len(cells.edits) == 48
    assert whole.grid.pitches.tolist() == cells.grid.pitches.tolist()


def test_one_edit_a_pass_while_there_are_passes_enough():
    given = harmonising([72] * 16, iterations=200)
    made = EditEvents(Wants([72, 67, 64, 48]), whole_notes=False).edit(given)
    assert [edit.iteration for edit in made.edits] == list(range(1, 49))


def test_few_passes_still_fill_every_hole():
    given = harmonising([72] * 32, iterations=2)
    made = EditEvents(Wants([72, 67, 64, 48])).edit(given)
    assert made.grid.sounding.all()
    assert max(edit.iteration for edit in made.edits) <= 2


def test_repair_moves_a_wrong_note_to_the_right_pitch():
    pitches = np.repeat(CHORD, 16, axis=1)
    pitches[1, 4:8] = 66
    free = np.ones(pitches.shape, dtype=bool)
    given = EditTask(Grid(pitches), free, ~free, mode="repair")
    made = EditEvents(Wants([72, 67, 64, 48])).edit(given)
    assert (made.grid.pitches == CHORD).all()
    (edit,) = made.edits
    assert edit.sentence() == (
        "Pass 1: bar 1, beat 2: the alto's F#4 becomes G4 (90 %)."
    )


def test_repair_leaves_a_piece_alone_that_seems_right():
    pitches = np.repeat(CHORD, 16, axis=1)
    free = np.ones(pitches.shape, dtype=bool)
    calls = []
    given = EditTask(Grid(pitches), free, ~free, mode="repair")
    made = EditEvents(Wants([72, 67, 64, 48])).edit(
        given, on_progress=lambda done, n: calls.append((done, n))
    )
    assert made.grid == given.grid
    assert made.edits == ()
    assert calls == [(64, 64)]  # nothing is left to do after one look


def test_no_voice_crosses_another():
    made = editor(3).edit(harmonising([65, 67, 69, 71] * 8, iterations=96))
    column = np.where(made.grid.sounding, made.grid.pitches, 200)
    for step in range(made.grid.n_steps):
        sung = [p for p in column[:, step] if p < 200]
        assert sung == sorted(sung, reverse=True)


def test_notes_outside_the_roll_stay():
    pitches = np.repeat([[100], [95], [64], [20]], 16, axis=1)
    free = np.ones(pitches.shape, dtype=bool)
    nothing = np.zeros_like(free)
    made = editor().edit(EditTask(Grid(pitches), free, nothing, iterations=20))
    # 64 and the two above fit into the roll, moved down by 17 semitones: 20 does not
    assert (made.grid.pitches[3] == 20).all()
    assert (made.grid.pitches[:3] != pitches[:3]).any()


def test_music_that_is_too_high_is_moved_while_it_is_edited():
    wants = Wants([72, 67, 64, 48])
    made = EditEvents(wants).edit(harmonising([84 + 12] * 16))
    assert (made.grid.pitches[0] == 96).all()
    # 96 has come down by 13 to the roll's highest pitch, and everything goes up again
    assert set(np.unique(made.grid.pitches[1:]) - 13) <= {72, 67, 64, 48}


def test_a_long_piece_takes_no_more_passes():
    made = EditEvents(Wants([72, 67, 64, 48])).edit(
        harmonising([72] * 1024, iterations=24)
    )
    assert made.grid.sounding.all()
    assert max(edit.iteration for edit in made.edits) <= 24


def test_an_exception_in_progress_ends_the_work():
    def stop(done, n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        editor().edit(task(), on_progress=stop)


def test_each_edit_is_told_when_it_is_made():
    told = []
    made = editor().edit(task(), on_edit=told.append)
    assert tuple(told) == made.edits


def test_weights_and_settings_make_the_editor_again():
    first = editor()
    config = {"variant": "edit-events", **SMALL.to_dict()}
    again = ar_cnn_of(config, first.network.state_dict(), "mine", "0" * 64)
    assert again.name == "mine"
    assert again.edit(task()) == first.edit(task())


def test_parallels_are_passed_over():
    pitches = np.repeat(CHORD, 8, axis=1)
    pitches[0, 4:] = 74
    pitches[1, 4:] = REST
    pitches[3, 4:] = 50  # an octave with the soprano, moving alike
    pitches[3, :4] = 48
    assert runs_parallel(pitches, 3, [4, 5, 6, 7])
    pitches[3, 4:] = 47
    assert not runs_parallel(pitches, 3, [4, 5, 6, 7])


def test_parallels_out_of_a_stretch_count_too():
    pitches = np.array(
        [[72] * 4 + [74] * 4, [REST] * 8, [REST] * 8, [65] * 4 + [67] * 4]
    )
    assert runs_parallel(pitches, 3, [0, 1, 2, 3])


def test_a_pitch_goes_to_the_voice_it_suits_and_never_crosses():
    pitches = np.array([[72], [REST], [REST], [REST]])
    free = pitches == REST
    assert free_voice(pitches, free, 0, 67) == 1
    assert free_voice(pitches, free, 0, 48) == 3
    assert free_voice(pitches, free, 0, 76) is None  # above the soprano
    assert free_voice(pitches, free, 0, 64, n_above=1, n_below=1) == 2
    assert free_voice(pitches, free, 0, 64, n_above=0, n_below=2) == 1
    pitches[2, 0] = 60
    assert free_voice(pitches, free, 0, 55) == 3
    assert free_voice(pitches, free, 0, 62) == 1


def test_the_voice_nearby_gets_the_pitch():
    pitches = np.array([[72, 72], [58, REST], [55, REST], [48, 48]])
    assert free_voice(pitches, np.ones((4, 2), dtype=bool), 1, 58) == 1


def test_locked_voices_neither_sing_nor_lose():
    pitches = np.array([[72], [67], [REST], [67]])
    may_change = np.array([[True], [False], [False], [True]])
    assert singing_voice(pitches, may_change, 0, 67) == 3
    assert singing_voice(pitches, may_change, 0, 60) is None
    assert free_voice(pitches, may_change, 0, 60) is None


@pytest.mark.parametrize("seed", range(3))
def test_what_is_free_is_what_a_voice_would_take(seed):
    random = np.random.default_rng(seed)
    pitches = random.integers(40, 80, (4, 6))
    pitches[random.random((4, 6)) < 0.5] = REST
    may_change = random.random((4, 6)) < 0.7
    found = free_pitches(pitches, may_change, LOW, N_PITCHES)
    for step in range(6):
        for place in range(N_PITCHES):
            voice = free_voice(pitches, may_change, step, LOW + place)
            assert found[step, place] == (voice is not None)


def test_music_is_moved_into_the_roll_by_as_little_as_possible():
    assert shift_into(np.array([60, REST, 83]), 36, 48) == 0
    assert shift_into(np.array([60, 86]), 36, 48) == -3
    assert shift_into(np.array([30, 60]), 36, 48) == 6
    assert shift_into(np.array([REST]), 36, 48) == 0


class Hears(nn.Module):
    """A network that finds one cell wrong, and sure pitches where nothing sounds."""

    def __init__(self, wrong, chance, meant):
        super().__init__()
        self.wrong, self.chance, self.meant = wrong - LOW, chance, meant

    def forward(self, roll):
        p = torch.full_like(roll, 0.001)
        p[..., self.wrong] = self.chance * roll[..., self.wrong]
        is_away = roll[..., self.wrong] == 0
        for pitch, chance in self.meant.items():
            p[..., pitch - LOW] = torch.where(is_away, chance, p[..., pitch - LOW])
        return torch.log(p.clamp(min=1e-6))


@pytest.mark.parametrize(
    ("meant", "expected"),
    [
        ({66: 0.1, 67: 0.6, 65: 0.2}, 67),
        ({66: 0.1, 67: 0.2, 65: 0.6}, 65),
        ({66: 0.6, 67: 0.1}, 66),  # the network would add the same note again
        ({66: 0.1, 71: 0.9}, 66),  # what it wants is more than two semitones away
    ],
)
def test_a_suspect_note_is_moved_only_to_what_was_likelier_meant(meant, expected):
    pitches = np.repeat([[REST], [66], [REST], [REST]], 4, axis=1)
    free = np.zeros(pitches.shape, dtype=bool)
    free[1] = True
    given = EditTask(Grid(pitches), free, np.zeros_like(free), mode="repair")
    made = EditEvents(Hears(66, 0.5, meant)).edit(given)
    assert (made.grid.pitches[1] == expected).all()
    assert (made.grid.pitches[[0, 2, 3]] == REST).all()


def test_a_repaired_note_is_left_alone():
    pitches = np.repeat([[REST], [66], [REST], [REST]], 4, axis=1)
    free = np.zeros(pitches.shape, dtype=bool)
    free[1] = True

    class Never(nn.Module):  # whatever sounds is wrong
        def forward(self, roll):
            return torch.log(torch.where(roll > 0, 0.9, 0.3 * torch.ones_like(roll)))

    given = EditTask(Grid(pitches), free, np.zeros_like(free), mode="repair")
    assert len(EditEvents(Never()).edit(given).edits) == 1
