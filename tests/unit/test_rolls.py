"""Piano rolls, colours and figures."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.viz.colours import TRACK_COLOURS, darker, track_colour
from deepcomposer_edu.viz.figures import new_axes, save_figure
from deepcomposer_edu.viz.rolls import bar_lines, plot_pianoroll

PNG = b"\x89PNG\r\n\x1a\n"


def boxes(ax):
    """Return the drawn rectangles as (left, bottom, right, top), bars then onsets."""
    shapes = [c for c in ax.collections if isinstance(c, PolyCollection)]
    return [
        [(*p.vertices.min(axis=0), *p.vertices.max(axis=0)) for p in c.get_paths()]
        for c in shapes
    ]


# Bars


def test_bars_of_four_quarters_are_sixteen_steps():
    assert bar_lines(Score.from_notes([(0, 60, 33)])) == [
        (0, 1),
        (16, 2),
        (32, 3),
        (48, 4),
    ]


def test_a_piece_that_fills_its_bars_ends_with_the_last_line():
    assert bar_lines(Score.from_notes([(0, 60, 32)])) == [(0, 1), (16, 2), (32, 3)]


def test_a_pickup_is_bar_zero():
    score = Score.from_notes([(0, 60, 20)], pickup=4)
    assert bar_lines(score) == [(0, 0), (4, 1), (20, 2)]


def test_bars_follow_a_change_of_metre():
    score = Score.from_notes(
        [(0, 60, 56)], metres=(Metre(0, 3, 4), Metre(24, 4, 4), Metre(40, 6, 8))
    )
    assert [step for step, _ in bar_lines(score)] == [0, 12, 24, 40, 52, 64]


def test_a_metre_that_changes_within_a_bar_starts_a_new_one():
    score = Score.from_notes([(0, 60, 20)], metres=(Metre(0, 4, 4), Metre(10, 2, 4)))
    assert [step for step, _ in bar_lines(score)] == [0, 10, 18, 26]


# The drawing


def test_time_runs_to_the_right_and_pitch_upwards():
    bars, _ = boxes(plot_pianoroll(Score.from_notes([(0, 60, 4), (8, 67, 6)])))
    (left, low, right, high), (left2, low2, right2, _) = bars
    assert (left, right, left2, right2) == (0, 4, 8, 14)
    assert low < 60 < high < low2 < 67


def test_every_c_in_sight_has_a_tick_with_its_name():
    ax = plot_pianoroll(Score.from_notes([(0, 35, 4), (4, 73, 4)]))
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert list(zip(ax.get_yticks(), names, strict=True)) == [
        (36, "C2"),
        (48, "C3"),
        (60, "C4"),
        (72, "C5"),
    ]


@pytest.mark.parametrize("pitch", [0, 1, 61, 66, 70, 126, 127])
def test_one_note_alone_shows_a_c_too(pitch):
    assert len(plot_pianoroll(Score.from_notes([(0, pitch, 4)])).get_yticks()) >= 1


def test_a_line_stands_at_every_bar():
    ax = plot_pianoroll(Score.from_notes([(0, 60, 40)], pickup=4))
    lines = [line.get_xdata()[0] for line in ax.lines]
    assert lines == [0, 4, 20, 36, 52]
    assert ax.get_xlim() == (0, 52)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1", "2", "3"]


def test_long_pieces_number_only_some_bars():
    ax = plot_pianoroll(Score.from_notes([(16 * i, 60, 16) for i in range(200)]))
    assert len(ax.lines) == 201
    assert 8 <= len(ax.get_xticks()) <= 18


def test_a_held_note_has_one_onset_and_repeated_ones_have_their_own():
    def onsets(notes):
        return len(boxes(plot_pianoroll(Score.from_notes(notes)))[1])

    assert onsets([(0, 60, 8)]) == 1
    assert onsets([(0, 60, 4), (4, 60, 4)]) == 2


def test_held_and_repeated_notes_differ_on_paper(tmp_path):
    def pixels(notes):
        path = save_figure(plot_pianoroll(Score.from_notes(notes)), tmp_path / "a.png")
        return path.read_bytes()

    assert pixels([(0, 60, 8)]) != pixels([(0, 60, 4), (4, 60, 4)])


def test_an_onset_never_covers_more_than_a_part_of_its_note():
    score = Score.from_notes([(i, 60, 1) for i in range(0, 3_000, 2)])
    bars, onsets = boxes(plot_pianoroll(score))
    for bar, onset in zip(bars, onsets, strict=True):
        assert onset[0] == bar[0]
        assert onset[2] - onset[0] <= 0.36 * (bar[2] - bar[0])


def test_tracks_keep_their_colours_and_are_named():
    tracks = tuple(Track((Note(0, 60 + i, 4),), name=f"T{i}") for i in range(4))
    ax = plot_pianoroll(Score(tracks))
    bars = [c for c in ax.collections if isinstance(c, PolyCollection)][::2]
    shown = [tuple(np.rint(255 * c.get_facecolor()[0, :3]).astype(int)) for c in bars]
    expected = [tuple(bytes.fromhex(colour[1:])) for colour in TRACK_COLOURS[:4]]
    assert shown == expected
    assert [t.get_text() for t in ax.get_legend().get_texts()] == [
        "T0",
        "T1",
        "T2",
        "T3",
    ]


def test_an_empty_track_does_not_shift_the_colours():
    ax = plot_pianoroll(Score((Track(), Track((Note(0, 60, 4),)))))
    drawn = [
        c for c in ax.collections if isinstance(c, PolyCollection) and c.get_paths()
    ]
    expected = bytes.fromhex(TRACK_COLOURS[1][1:])
    assert tuple(np.rint(255 * drawn[0].get_facecolor()[0, :3])) == tuple(expected)


def test_drums_stand_in_rows_of_their_own_below_the_notes():
    drums = Track((Note(0, 36, 1), Note(0, 81, 1), Note(4, 36, 1)), is_drum=True)
    ax = plot_pianoroll(Score((Track((Note(0, 60, 4),)), drums)))
    melody, _, hits, _ = boxes(ax)
    assert len({low for _, low, _, _ in hits}) == 2
    assert max(high for *_, high in hits) < melody[0][1]
    assert "drums" in [label.get_text() for label in ax.get_yticklabels()]


def test_the_axes_that_were_given_are_used_and_returned():
    ax = Figure().subplots()
    assert plot_pianoroll(Score.from_notes([(0, 60, 4)]), ax) is ax


def test_new_figures_are_six_by_two_and_a_half_inches():
    ax = plot_pianoroll(Score.from_notes([(0, 60, 4)]))
    assert tuple(ax.figure.get_size_inches()) == (6, 2.5)


def test_an_empty_score_gives_an_empty_roll(tmp_path):
    for score in (Score(), Score((Track(), Track(is_drum=True)))):
        assert save_figure(plot_pianoroll(score), tmp_path / "a.png").exists()


def test_rolls_can_be_drawn_in_threads():
    scores = [Score.from_notes([(i, 60 + i, 4)]) for i in range(4)]

    def draw(score):
        return plot_pianoroll(score).figure._repr_png_()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(draw, scores)) == [draw(score) for score in scores]


def test_drawing_does_not_load_pyplot():
    program = (
        "import sys, deepcomposer_edu.viz.rolls, deepcomposer_edu.viz.video;"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"


def test_a_notebook_can_show_the_figure():
    figure = plot_pianoroll(Score.from_notes([(0, 60, 4)])).figure
    assert figure._repr_png_().startswith(PNG)


# Files


@pytest.mark.parametrize(
    ("ending", "start"), [("png", PNG), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_a_figure_is_saved_by_its_ending(tmp_path, ending, start):
    path = save_figure(new_axes(), tmp_path / f"a.{ending}")
    assert path.read_bytes().startswith(start)


def test_another_ending_is_refused_with_the_allowed_ones(tmp_path):
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        save_figure(new_axes(), tmp_path / "a.docx")
    assert not list(tmp_path.iterdir())


def test_panels_share_their_time_axis():
    upper, lower = new_axes(2)
    upper.set_xlim(3, 7)
    assert lower.get_xlim() == (3, 7)
    assert tuple(upper.figure.get_size_inches()) == (6, 5)


# Colours

# How a colour looks without one of the three kinds of cones, in linear RGB:
# Machado, Oliveira and Fernandes 2009, table 1, severity 1.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def lab(colour, seen_through):
    """Return a colour in CIELAB, where distances are those that eyes see."""
    encoded = np.array(list(bytes.fromhex(colour[1:]))) / 255
    linear = np.where(
        encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4
    )
    seen = np.clip(np.array(seen_through) @ linear, 0, 1)
    x, y, z = np.cbrt(TO_XYZ @ seen / [0.9505, 1, 1.089] + 1e-9)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_four_voices_can_be_told_apart_by_every_eye(kind):
    seen = [lab(colour, BLINDNESS[kind]) for colour in TRACK_COLOURS[:4]]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 20


def test_the_four_voices_differ_in_lightness_for_print_in_grey():
    lightness = sorted(lab(colour, np.eye(3))[0] for colour in TRACK_COLOURS[:4])
    assert min(np.diff(lightness)) > 7


def test_eight_tracks_have_eight_colours_and_then_they_repeat():
    assert len(set(TRACK_COLOURS)) == 8
    assert track_colour(9) == track_colour(1)


def test_darker_goes_from_the_colour_to_black():
    assert darker("#804020", 0) == "#804020"
    assert darker("#804020", 0.5) == "#402010"
    assert darker("#804020", 1) == "#000000"
