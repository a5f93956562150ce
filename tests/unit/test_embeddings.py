"""Embeddings: looking up, adding up, neighbours, axes, circles; by hand and by rule."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu.music.circle import (
    CIRCLES,
    FIFTHS,
    circle_shares,
    class_means,
    fifth_place,
)
from deepcomposer_edu.music.vectors import (
    cosine_similarities,
    line_between,
    nearest,
    principal_axes,
    project,
)
from deepcomposer_edu.nn.embeddings import add_embeddings, one_hot
from deepcomposer_edu.viz.embeddings import plot_circles, plot_plane

tables = st.integers(0, 1000).map(
    lambda seed: np.random.default_rng(seed).normal(size=(9, 5))
)


def test_one_hot_is_torchs_own():
    numbers = torch.tensor([[0, 3], [2, 2]])
    theirs = torch.nn.functional.one_hot(numbers, 4).float()
    assert torch.equal(one_hot(numbers, 4), theirs)


def test_added_embeddings_give_a_gradient_to_each_of_the_four():
    four = [
        torch.ones(shape, requires_grad=True)
        for shape in [(2, 3, 4)] * 2 + [(2, 4)] * 2
    ]
    add_embeddings(*four).sum().backward()
    assert [float(one.grad.sum()) for one in four] == [24.0] * 4


def test_a_melodys_genre_gets_the_gradient_of_all_its_notes():
    genre = torch.zeros(1, 2, requires_grad=True)
    notes = torch.zeros(1, 5, 2)
    add_embeddings(notes, notes, torch.zeros(1, 2), genre).sum().backward()
    assert genre.grad.tolist() == [[5.0, 5.0]]


@given(tables)
@settings(max_examples=20, deadline=None)
def test_cosines_are_torchs_own(table):
    ours = cosine_similarities(table, table[4])
    theirs = torch.cosine_similarity(torch.tensor(table), torch.tensor(table[4:5]))
    assert ours == pytest.approx(theirs.numpy())


@given(tables, st.integers(0, 8))
@settings(max_examples=20, deadline=None)
def test_neighbours_are_all_others_in_falling_order(table, row):
    found = nearest(table, row, 8)
    cosines = cosine_similarities(table, table[row])[found]
    assert sorted([*found, row]) == list(range(9))
    assert (np.diff(cosines) <= 0).all()


@given(tables)
@settings(max_examples=20, deadline=None)
def test_principal_axes_are_those_of_the_covariance(table):
    axes, shares = principal_axes(table)
    variances, vectors = np.linalg.eigh(np.cov(table.T))
    assert shares == pytest.approx((variances / variances.sum())[::-1])
    agree = np.abs(np.sum(axes * vectors.T[::-1], axis=1))
    assert agree == pytest.approx(np.ones(5))


def test_a_projection_onto_all_axes_keeps_every_distance():
    table = np.random.default_rng(0).normal(size=(6, 4))
    turned = project(table, 4)
    for i in range(6):
        before = np.linalg.norm(table - table[i], axis=1)
        assert np.linalg.norm(turned - turned[i], axis=1) == pytest.approx(before)


def test_a_line_has_its_ends_and_equal_steps():
    line = line_between(np.array([0.0, 2.0]), np.array([4.0, 0.0]), 5)
    assert line.tolist() == [[0, 2], [1, 1.5], [2, 1], [3, 0.5], [4, 0]]


def test_fifths_go_round_all_twelve_classes():
    assert sorted(FIFTHS) == list(range(12))
    assert FIFTHS[:4] == (0, 7, 2, 9)
    assert [fifth_place(pitch_class) for pitch_class in FIFTHS] == list(range(12))


@pytest.mark.parametrize("turns", range(1, 7))
def test_vectors_on_one_circle_lie_on_that_circle_alone(turns):
    angles = 2 * np.pi * turns * np.arange(12) / 12
    shares = circle_shares(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert shares == pytest.approx(np.eye(6)[turns - 1], abs=1e-12)
    assert len(CIRCLES) == 6


@given(st.integers(0, 1000), st.integers(0, 11))
@settings(max_examples=20, deadline=None)
def test_shares_are_one_and_do_not_depend_on_the_first_letter(seed, first):
    vectors = np.random.default_rng(seed).normal(size=(12, 7))
    shares = circle_shares(vectors)
    assert shares.sum() == pytest.approx(1)
    assert circle_shares(np.roll(vectors, first, axis=0)) == pytest.approx(shares)


def test_random_vectors_have_a_sixth_on_each_circle_but_the_last():
    rng = np.random.default_rng(0)
    mean = np.mean([circle_shares(rng.normal(size=(12, 32))) for _ in range(300)], 0)
    assert mean == pytest.approx([2 / 11] * 5 + [1 / 11], abs=0.01)


def test_class_means_take_all_octaves_together():
    pitches = np.arange(36, 97)
    vectors = np.stack([pitches % 12, pitches // 12], axis=1).astype(float)
    means = class_means(vectors, pitches)
    assert means[:, 0].tolist() == list(range(12))
    assert means[0, 1] == 5.5  # C2 to C7
    assert means[1, 1] == 5.0  # C#2 to C#6


def test_a_plane_shows_every_point_and_its_name():
    places = np.array([[0.0, 0], [1, 2], [3, 1]])
    axes = plot_plane(places, ["a", "b", "c"], ["x", "y", "x"], axes_shares=(0.5, 0.3))
    assert [text.get_text() for text in axes.texts] == ["a", "b", "c"]
    assert sum(len(dots.get_offsets()) for dots in axes.collections) == 3
    assert "50%" in axes.get_xlabel()


def test_bars_of_circles_have_the_shares_heights():
    shares = np.array([0.1, 0.2, 0.3, 0.1, 0.2, 0.1])
    axes = plot_circles({"one": shares, "two": shares[::-1]})
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == pytest.approx([*shares, *shares[::-1]])
