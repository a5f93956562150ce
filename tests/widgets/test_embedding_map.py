"""The Python side of the EmbeddingMap: what it is given, what it computes, refuses."""

from __future__ import annotations

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import EmbeddingMap

# Four directions in the plane; A and B are close.
TABLE = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 2.0], [-1.0, 0.0]])
LABELS = ["A", "B", "C", "D"]
PITCHES = [60, 62, 67, 72]


def small(**options):
    return EmbeddingMap(TABLE, LABELS, PITCHES, **{"n_neighbours": 2, **options})


def test_neighbours_are_those_of_the_cosine():
    assert small().neighbours_of("A") == [("B", 0.994), ("C", 0.0)]


def test_points_lie_on_one_scale_between_0_and_1():
    shown = np.array([[point["x"], point["y"]] for point in small().points])
    assert shown.min() >= 0
    assert shown.max() <= 1
    sizes = np.ptp(shown, axis=0)
    assert sizes.max() == pytest.approx(1)
    real = np.linalg.norm(TABLE[:, None] - TABLE, axis=2)  # D is 2: nothing is lost
    seen = np.linalg.norm(shown[:, None] - shown, axis=2)
    assert seen / seen.max() == pytest.approx(real / real.max())


def test_places_of_ones_own_are_kept():
    places = np.array([[0, 0], [4, 0], [0, 2], [4, 2]])
    shown = [(point["x"], point["y"]) for point in small(places=places).points]
    assert shown == [(0, 0.25), (1, 0.25), (0, 0.75), (1, 0.75)]


def test_a_pitch_a_score_and_a_composition_sound():
    score = Score.from_notes([(0, 50, 4), (4, 52, 4)])

    class Composition:
        def __init__(self):
            self.score = score

    sounds = [60, score, Composition(), np.int64(72)]
    heard = [
        [note[1] for note in point["music"]["tracks"][0]["notes"]]
        for point in EmbeddingMap(TABLE, LABELS, sounds, n_neighbours=1).points
    ]
    assert heard == [[60], [50, 52], [50, 52], [72]]


def test_the_walk_begins_and_ends_at_its_points():
    walk = small(walk=("A", "C")).walk
    assert (walk["from"], walk["to"], len(walk["stages"])) == (0, 2, 9)
    assert walk["stages"][0]["near"][0] == [0, 1.0]
    assert walk["stages"][-1]["near"][0] == [2, 1.0]


def test_on_the_walk_the_nearer_row_is_the_louder():
    stage = small(walk=("A", "C")).walk["stages"][3]
    loudness = [track["notes"][0][3] for track in stage["music"]["tracks"]]
    assert loudness == sorted(loudness, reverse=True)
    assert loudness[0] == 80
    assert loudness[-1] < 80


def test_halfway_between_opposite_points_nothing_is_near():
    walk = small(walk=("A", "D")).walk
    assert walk["stages"][4] == {"near": [], "music": walk["stages"][4]["music"]}
    assert walk["stages"][4]["music"]["tracks"] == []


def test_make_turns_each_vector_of_the_walk_into_music():
    seen = []

    def make(vector):
        seen.append(vector.tolist())
        return Score.from_notes([(0, 60 + len(seen), 4)])

    walk = small(walk=("A", "C"), make=make).walk
    assert seen[0] == [1, 0]
    assert seen[4] == [0.5, 1]
    assert seen[-1] == [0, 2]
    first = [stage["music"]["tracks"][0]["notes"][0][1] for stage in walk["stages"]]
    assert first == list(range(61, 70))


def test_the_page_can_ask_for_another_walk():
    shown = small(walk=("A", "C"))
    shown.stage = 5
    shown._handle_custom_msg({"kind": "walk", "from": 1, "to": 3}, [])
    assert (shown.walk["from"], shown.walk["to"], shown.stage) == (1, 3, 0)


@pytest.mark.parametrize("values", [{"from": 9, "to": 1}, {"from": "x", "to": 1}, {}])
def test_nonsense_from_the_page_changes_nothing(values):
    shown = small()
    before = shown.walk
    shown._handle_custom_msg({"kind": "walk", **values}, [])
    assert shown.walk == before


def test_a_point_can_be_chosen_by_name():
    shown = small()
    shown.choose("C")
    assert shown.chosen == 2


def test_the_axes_say_how_much_they_show():
    shown = small()
    first, second = shown.axis_shares
    assert first + second == pytest.approx(1)
    assert shown.axes[0] == f"first axis, {first:.0%} of the variance"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"vectors": [1.0, 2.0]}, r"the shape \(2,\), but a table"),
        ({"vectors": "notes"}, "but a table"),
        ({"vectors": TABLE[:2]}, "2 vectors, but a map shows 3 to 200"),
        ({"vectors": TABLE * [[1], [0], [1], [1]]}, "only zeros"),
        ({"vectors": TABLE * np.nan}, "no finite number"),
        ({"labels": ["A"]}, "4 vectors but 1 labels"),
        ({"sounds": [60]}, "4 vectors but 1 sounds"),
        ({"groups": ["x"]}, "4 vectors but 1 groups"),
        ({"sounds": [60, 62, 67, 200]}, "pitch is 200"),
        ({"n_neighbours": 4}, "4 points have 1 to 3 each"),
        ({"places": [[0, 0]]}, r"\(1, 2\), but \(4, 2\)"),
        ({"walk": ("A", "Z")}, "no point 'Z'; the first ones are A, B, C, D"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(change, words):
    given = {"vectors": TABLE, "labels": LABELS, "sounds": PITCHES, "n_neighbours": 2}
    with pytest.raises(InputError, match=words):
        EmbeddingMap(**given | change)


def test_nine_groups_are_more_than_there_are_colours():
    table = np.random.default_rng(0).normal(size=(9, 3))
    names = list("ABCDEFGHI")
    with pytest.raises(InputError, match="9 groups, but only 8 colours"):
        EmbeddingMap(table, names, [60] * 9, names)
