"""Pictures of sound: what is drawn, what is said, what is refused."""

import numpy as np
import pytest
import torch

from deepcomposer_edu import course
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.waves import count_paths, mu_law, mu_law_decode
from deepcomposer_edu.viz.field import plot_field, plot_paths, reached_lags
from deepcomposer_edu.viz.sound_codes import code_shares, plot_code_use, plot_codes
from deepcomposer_edu.viz.spectrogram import plot_spectrogram
from deepcomposer_edu.viz.waves import plot_mu_law, plot_next_sample, plot_waves

RATE = 8000


def sine(hertz=440.0, seconds=0.5, loudness=0.5):
    turns = 2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE
    return loudness * np.sin(turns)


def lines(ax):
    return [line for line in ax.get_lines() if len(line.get_xdata()) > 2]


def test_a_short_piece_is_drawn_sample_by_sample_in_milliseconds():
    (ax,) = plot_waves(sine(), RATE, start=0.1, seconds=0.01)
    dots = lines(ax)[-1]
    assert dots.get_marker() == "."
    assert len(dots.get_xdata()) == 80
    assert dots.get_xdata()[:2].tolist() == pytest.approx([100, 100.125])
    assert ax.get_xlabel() == "time in ms"
    assert dots.get_ydata() == pytest.approx(sine()[800:880])


def test_a_long_sound_is_a_line_in_seconds():
    (ax,) = plot_waves(sine(seconds=1), RATE)
    assert all(line.get_marker() != "." for line in lines(ax))
    assert ax.get_xlabel() == "time in s"


def test_sounds_beside_each_other_share_their_axes():
    axes = plot_waves({"loud": sine(), "quiet": sine(loudness=0.1)}, RATE)
    assert [ax.get_title(loc="left") for ax in axes] == ["loud", "quiet"]
    assert axes[0].get_ylim() == axes[1].get_ylim()


def test_stereo_and_tensors_are_drawn_as_mono():
    stereo = np.stack([sine(), -sine()], axis=1)
    (ax,) = plot_waves(torch.tensor(stereo), RATE)
    assert np.abs(lines(ax)[-1].get_ydata()).max() == pytest.approx(0)


def test_the_loudest_row_of_a_spectrogram_is_the_sine():
    (ax,) = plot_spectrogram(sine(523.25), RATE)
    mesh = ax.collections[0]
    levels = np.ma.filled(mesh.get_array(), -99)
    n_octaves = np.log2(RATE / 2 / 40)
    hertz = 40 * 2 ** np.linspace(0, n_octaves, len(levels))
    middle = levels[:, levels.shape[1] // 2]
    assert 12 * np.log2(hertz[middle.argmax()] / 523.25) == pytest.approx(0, abs=0.5)
    assert levels.max() == pytest.approx(0, abs=1e-6)
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert "C5  523 Hz" in labels


def test_two_spectrograms_share_their_decibels():
    loud, quiet = plot_spectrogram({"a": sine(), "b": sine(loudness=0.05)}, RATE)
    assert loud.collections[0].get_array().max() == pytest.approx(0, abs=1e-6)
    assert quiet.collections[0].get_array().max() == pytest.approx(-20, abs=0.5)


def test_the_staircase_of_mu_law_is_that_of_the_codec():
    top, bottom = plot_mu_law(16)
    drawn = lines(top)[0]
    x = torch.tensor(np.asarray(drawn.get_xdata(), dtype=np.float32))
    left = mu_law_decode(mu_law(x, 16), 16).numpy()
    assert drawn.get_ydata() == pytest.approx(left)
    steps = lines(bottom)[0].get_ydata()
    assert len(steps) == 15
    assert steps.argmin() in {6, 7, 8}  # smallest in the middle, where it is quiet
    assert lines(bottom)[1].get_ydata() == pytest.approx(np.full(15, 2 / 15))


def peaked(codes, n_classes=256):
    distance = np.arange(n_classes)[None] - np.asarray(codes)[:, None]
    shares = np.exp(-(distance**2) / 8.0)
    return shares / shares.sum(axis=1, keepdims=True)


def test_what_came_lies_on_what_was_expected():
    codes = [128, 140, 150, 140]
    ax = plot_next_sample(peaked(codes), codes, RATE)
    (dots,) = ax.get_lines()
    assert dots.get_ydata() == pytest.approx(mu_law_decode(torch.tensor(codes)).numpy())
    cells = ax.collections[0].get_array().reshape(256, 4)
    assert cells.argmax(axis=0).tolist() == codes


def test_the_words_say_how_sure_the_network_was():
    sure = course.next_sample(np.eye(256)[[5, 9]], [5, 8])
    assert "2 samples and 256 codes" in sure.text
    assert "needs 1 codes" in sure.text
    assert "50.0% on average" in sure.text
    vague = course.next_sample(np.full((3, 10), 0.1))
    assert "needs 9 codes" in vague.text


def test_shares_and_perplexity_of_codes_by_hand():
    shares, n_used, perplexity = code_shares([3, 1, 0])
    assert shares.tolist() == [0.75, 0.25, 0]
    assert n_used == 2
    assert perplexity == pytest.approx(4 / 27**0.25, rel=1e-5)  # 0.75^-.75 0.25^-.25


def test_codes_are_drawn_by_frequency_and_dead_ones_hatched():
    (ax,) = plot_code_use({"vq": np.array([0, 1, 3])})
    heights = [bar.get_height() for bar in ax.containers[0]]
    assert heights == [0.75, 0.25, 0]
    assert "2 of 3 codes used" in ax.get_title(loc="left")
    assert "2 of 3 codes used" in course.code_use({"vq": [0, 1, 3]}).text


def test_codes_over_time_are_steps_or_a_heat_map():
    upper, lower = plot_codes({"one": np.array([3, 1, 2, 2]), "two": [5, 5]}, 1.0)
    assert upper.patches[0].get_data().values.tolist() == [3, 1, 2, 2]
    assert "4 a second" in upper.get_title(loc="left")
    assert lower.patches[0].get_data().edges.tolist() == [0, 0.5, 1]
    heat, _ = plot_codes({"a": np.zeros((5, 16)), "b": [1]}, 1.0)
    assert heat.collections[0].get_array().size == 80


def test_who_reaches_the_output_row_by_row():
    assert reached_lags([1, 2, 4], 2)[0] == set(range(8))
    assert reached_lags([1, 3], 2)[0] == {0, 1, 3, 4}


def test_the_lines_of_a_field_are_its_taps_and_the_thick_ones_its_paths():
    ax = plot_field([1, 1], kernel=2, lag=1)
    thin, thick = ax.collections
    # two outputs of layer 1 with two taps each, and two taps of layer 2
    assert len(thin.get_segments()) + len(thick.get_segments()) == 6
    assert len(thick.get_segments()) == 4  # two paths of two layers


def test_bars_of_paths_are_counted_and_gaps_are_marked():
    counts = count_paths([1, 3], 2)
    (ax,) = plot_paths({"gaps": counts})
    assert [bar.get_height() for bar in ax.containers[0]] == [1, 1, 0, 1, 1]
    crosses = next(line for line in ax.get_lines() if line.get_marker() == "x")
    assert list(crosses.get_xdata()) == [-2]


def test_fields_and_paths_are_told_in_words():
    assert "16 inputs, one path to each" in course.field([1, 2, 4, 8]).text
    assert "3 to the input 1 samples back" in course.field([1, 1, 1], lag=1).text
    assert "0 to the input 9 samples back" in course.field([1, 1, 1], lag=9).text
    text = course.paths({"once": [1, 2], "gaps": [1, 3]}).text
    assert "once: 4 inputs, one path to each" in text
    assert "gaps: 5 inputs, 1 of them never seen" in text


def test_pictures_of_sound_have_words():
    assert "strongest at 440 Hz, near A4" in course.spectrogram(sine(), RATE).text
    assert "80 samples between" in course.waveform(sine(), RATE, 0.1, 0.01).text
    assert "16 values" in course.mu_law_steps(16).text
    assert "3 codes, 2 kinds" in course.sound_codes(np.array([1, 1, 7]), 1.0).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: plot_waves(np.zeros((2, 3, 4)), RATE), "shape"),
        (lambda: plot_waves(np.zeros(0), RATE), "shape"),
        (lambda: plot_waves({"a": np.array([np.nan])}, RATE), "'a' has samples"),
        (lambda: plot_waves(sine(), 0), "rate is 0"),
        (lambda: plot_waves(sine(), RATE, start=9), "choose an earlier start"),
        (lambda: plot_waves(sine(), RATE, seconds=0), "seconds"),
        (lambda: plot_waves({}, RATE), "0 sounds"),
        (lambda: plot_spectrogram(sine(), RATE, lowest=5000), "half the sample rate"),
        (lambda: plot_mu_law(2), "give 4 to 256"),
        (lambda: plot_next_sample(np.zeros(9)), "samples, codes"),
        (lambda: plot_next_sample(-np.ones((2, 9))), "no probabilities"),
        (lambda: plot_next_sample(np.ones((2, 9)), [1]), "one code for each"),
        (lambda: plot_code_use({}), "0 groups"),
        (lambda: plot_code_use({"a": [0, 0]}), "not all 0"),
        (lambda: plot_codes(np.zeros((2, 2, 2)), 1.0), "frames"),
        (lambda: plot_codes([1, 2], 0), "above 0"),
        (lambda: plot_field([1, 2, 4, 8, 16, 32, 64]), "ReceptiveField widget"),
        (lambda: plot_field([]), "make no stack"),
        (lambda: plot_paths({}), "0 counts"),
        (lambda: course.paths([0]), "dilation"),
    ],
)
def test_what_can_not_be_drawn_is_refused_in_a_sentence(wrong, words):
    with pytest.raises(InputError, match=words):
        wrong()
