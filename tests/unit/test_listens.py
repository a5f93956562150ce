"""The listening score: deaf techniques get 0, one that answers passes."""

import json
from dataclasses import replace

import numpy as np
import pytest

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose.comparing.listens import (
    FLOOR,
    FLOOR_AFTER,
    listening_of,
    listening_score,
)
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.score import Score, Track

PITCHES = (72, 74, 76, 77, 79, 77, 74, 72) * 4
TUNE = Score.from_notes([(4 * i, p, 4) for i, p in enumerate(PITCHES)], title="Scale")


def with_voice(melody, pitches):
    """Return the melody with a second voice of the same rhythm."""
    notes = [
        replace(note, pitch=int(pitch))
        for note, pitch in zip(melody.tracks[0].notes, pitches, strict=True)
    ]
    return replace(melody, tracks=(*melody.tracks[:1], Track(tuple(notes), "Bass")))


def in_octaves(melody, seed):
    return with_voice(melody, [note.pitch - 12 for note in melody.tracks[0].notes])


def deaf(melody, seed):
    return with_voice(melody, np.full(len(melody.tracks[0].notes), 48))


def falling_to_pieces(melody, seed):
    """Return a voice that is another one everywhere if a single note differs."""
    total = sum((i + 1) * n.pitch for i, n in enumerate(melody.tracks[0].notes))
    random = np.random.default_rng(total)
    return with_voice(melody, random.integers(30, 60, len(melody.tracks[0].notes)))


def from_left_to_right(melody, seed):
    """Return a voice that hears all melody notes so far."""
    sums = np.cumsum([note.pitch for note in melody.tracks[0].notes])
    return with_voice(melody, 36 + sums % 24)


def going_on(answers):
    def write(melody, seed):
        track = melody.tracks[0]
        last = track.notes[-1]
        added = replace(last, start=last.end, pitch=last.pitch if answers else 60)
        return replace(melody, tracks=(replace(track, notes=(*track.notes, added)),))

    return write


def test_a_voice_that_follows_the_melody_gets_one():
    found = listening_of(in_octaves, [TUNE])
    assert (found.score, found.at_note, found.elsewhere) == (1, 1, 0)
    assert found.passes and "it listens" in found.sentence


def test_a_voice_that_ignores_the_melody_gets_nothing():
    found = listening_of(deaf, [TUNE])
    assert found.score == 0 and not found.passes
    assert "it does not listen" in found.sentence


def test_a_voice_that_falls_to_pieces_does_not_pass_for_listening():
    found = listening_of(falling_to_pieces, [TUNE], n_notes=6)
    assert found.at_note > 0.8  # it does change at the note
    assert found.score < FLOOR and not found.passes


def test_who_writes_from_left_to_right_is_judged_by_what_came_before():
    found = listening_of(from_left_to_right, [TUNE])
    assert found.elsewhere == 0 and found.passes


def test_what_goes_on_after_the_melody_is_judged_by_what_it_plays():
    answering, blind = (
        listening_of(going_on(a), [TUNE], n_notes=1) for a in (True, False)
    )
    assert answering.at_note is None
    assert answering.score == 1 and answering.passes
    assert blind.score == 0 < FLOOR_AFTER and not blind.passes


def test_the_same_seed_moves_the_same_notes():
    moved = []

    def write(melody, seed):
        moved.append(tuple(n.pitch for n in melody.tracks[0].notes))
        return in_octaves(melody, seed)

    listening_of(write, [TUNE], n_notes=3, seed=5)
    first, moved[:] = list(moved), []
    listening_of(write, [TUNE], n_notes=3, seed=5)
    assert moved == first and len(set(moved)) == 4  # the tune, and three changes of it


def test_one_note_moves_by_a_third_and_stands_in_the_middle():
    seen = []

    def write(melody, seed):
        seen.append([n.pitch for n in melody.tracks[0].notes])
        return in_octaves(melody, seed)

    listening_of(write, [TUNE], n_notes=8)
    for changed in seen[1:]:
        (place,) = np.flatnonzero(np.array(changed) != np.array(seen[0]))
        assert abs(changed[place] - seen[0][place]) in (3, 4)
        assert 8 <= place < 24


def test_the_shipped_network_passes_and_random_notes_do_not(monkeypatch):
    monkeypatch.delenv("DEEPCOMPOSER_WEIGHTS", raising=False)
    assert listening_score("wgan", [TUNE], n_notes=3).passes
    assert not listening_score("random", [TUNE], n_notes=3).passes


def test_the_shipped_editor_listens_to_the_soprano_of_a_chorale(monkeypatch):
    monkeypatch.delenv("DEEPCOMPOSER_WEIGHTS", raising=False)
    sopranos = [
        from_grid(piece.melody.crop(0, 64)) for piece in load_chorales("valid")[:2]
    ]
    assert listening_score("ar-cnn", sopranos, n_notes=3).passes


@pytest.mark.parametrize(("melodies", "n_notes"), [([], 2), ([TUNE], 0)])
def test_nothing_to_move_is_refused(melodies, n_notes):
    with pytest.raises(InputError, match="at least one note of one melody"):
        listening_of(deaf, melodies, n_notes)


def test_the_command_tells_the_score_of_a_technique(capsys):
    assert main(["listens", "random", "twinkle-twinkle", "--notes", "1"]) == 0
    assert "it does not listen" in capsys.readouterr().out
    assert main(["listens", "random", "twinkle-twinkle", "-n", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["passes"] is False
    assert main(["listens", "random", "no-such-tune"]) == 2
    assert "no-such-tune" in capsys.readouterr().err
