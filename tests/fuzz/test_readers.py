"""Whatever is read: it is understood or refused in a sentence, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from fuzz.targets import TARGETS

# ABC and MusicXML go through music21, which takes its time
SLOW = {"MusicXML", "compressed MusicXML", "ABC"}
by_name = pytest.mark.parametrize("target", TARGETS, ids=lambda one: one.name)


@by_name
def test_sound_inputs_are_read(target, tmp_path):
    seeds = target.seeds()
    assert seeds
    for data in seeds:
        target.read(data, tmp_path)


@by_name
def test_damaged_inputs_are_read_or_refused_in_a_sentence(target, tmp_path_factory):
    folder, seeds = tmp_path_factory.mktemp("fuzz"), target.seeds()

    @settings(max_examples=5 if target.name in SLOW else 15)
    @given(st.sampled_from(seeds), st.randoms(use_true_random=False))
    def damaged(data, rng):
        try:
            target.read(target.mutate(data, rng), folder)
        except InputError as error:
            assert str(error)

    damaged()


@by_name
def test_what_is_nothing_of_the_kind_is_read_or_refused(target, tmp_path):
    for data in (b"", b"\0", b"\xff" * 30, b"[" * 20_000):
        try:
            target.read(data, tmp_path)
        except InputError as error:
            assert str(error)
