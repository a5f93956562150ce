"""The SoundFont reader, on the installed font and on small ones made here."""

import importlib.util

import numpy as np
import pytest
from tiny_soundfont import write_soundfont

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.soundfont import (
    SoundFont,
    load_soundfont,
    soundfont_path,
)


@pytest.fixture(scope="module")
def font() -> SoundFont:
    return load_soundfont()


def test_the_installed_soundfont_is_found():
    assert soundfont_path().suffix == ".sf2"
    assert soundfont_path().stat().st_size > 5_000_000


def test_a_missing_soundfont_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="install pretty_midi"):
        soundfont_path()


def test_every_instrument_plays_every_key(font):
    silent = [
        (program, key)
        for program in range(128)
        for key in range(128)
        if not font.regions(program, key, 80)
    ]
    assert not silent


def test_a_key_beyond_the_instrument_is_played_by_the_nearest_zone(tmp_path):
    zones = [{43: 40 | 59 << 8, 52: 1}, {43: 60 | 70 << 8, 52: 2}]
    font = SoundFont(write_soundfont(tmp_path / "a.sf2", zones))
    assert [r.tuning_cents for r in font.regions(0, 12, 80)] == [1]
    assert [r.tuning_cents for r in font.regions(0, 90, 80)] == [2]


def test_a_drum_that_the_kit_lacks_stays_silent(tmp_path):
    zone = {43: 40 | 41 << 8}
    font = SoundFont(write_soundfont(tmp_path / "a.sf2", [zone], bank=128))
    assert font.regions(0, 40, 80, True)
    assert not font.regions(0, 42, 80, True)


def test_every_drum_of_the_standard_kit_sounds(font):
    silent = [key for key in range(35, 82) if not font.regions(0, key, 80, True)]
    assert not silent


def test_an_unknown_drum_kit_is_played_by_the_standard_one(font):
    assert font.regions(77, 38, 80, True) == font.regions(0, 38, 80, True)


def test_every_region_lies_inside_the_recordings(font):
    for program in range(128):
        for key in (24, 60, 96):
            for region in font.regions(program, key, 80):
                assert 0 <= region.start < region.end <= len(font.samples)
                if region.has_loop:
                    assert region.start <= region.loop_start < region.loop_end


def test_open_and_closed_hi_hat_exclude_each_other(font):
    closed, opened = (font.regions(0, key, 80, True)[0] for key in (42, 46))
    assert closed.exclusive_class == opened.exclusive_class != 0


def one_region(path, zone=None, **options):
    (region,) = SoundFont(write_soundfont(path, [zone or {}], **options)).regions(
        0, 69, 80
    )
    return region


def test_defaults_are_those_of_the_specification(tmp_path):
    region = one_region(tmp_path / "a.sf2")
    assert (region.cents_per_key, region.pan, region.attenuation_db) == (100, 0, 0)
    assert region.volume.attack == pytest.approx(2**-10)
    assert region.volume.sustain == 0
    assert not region.has_loop
    assert (region.key_low, region.key_high) == (0, 127)


def test_generators_come_in_plain_units(tmp_path):
    zone = {34: 0, 36: 1200, 37: 200, 38: -1200, 17: 250, 48: 100, 8: 6900, 54: 1}
    region = one_region(tmp_path / "a.sf2", zone)
    assert region.volume.attack == 1.0  # 0 cents: one second
    assert region.volume.decay == 2.0  # an octave more
    assert region.volume.release == 0.5
    assert region.volume.sustain == 20.0  # centibels to decibels
    assert region.pan == 0.5
    assert region.attenuation_db == pytest.approx(4.0)  # 10 dB, taken at 0.4
    assert region.cutoff_cents == 6900
    assert region.has_loop


def test_a_zone_overrides_the_global_zone_and_keeps_the_rest(tmp_path):
    region = one_region(tmp_path / "a.sf2", {37: 50}, shared={37: 900, 17: -500})
    assert region.volume.sustain == 5.0
    assert region.pan == -1.0


def test_the_preset_adds_to_the_instrument(tmp_path):
    region = one_region(tmp_path / "a.sf2", {52: 10, 51: 1}, preset={52: 7, 51: 2})
    assert region.tuning_cents == 317


def test_key_and_velocity_ranges_choose_the_zone(tmp_path):
    zones = [
        {43: 0 | 59 << 8, 52: 1},
        {43: 60 | 127 << 8, 44: 1 | 63 << 8, 52: 2},
        {43: 60 | 127 << 8, 44: 64 | 127 << 8, 52: 3},
    ]
    font = SoundFont(write_soundfont(tmp_path / "a.sf2", zones))
    chosen = {
        (key, velocity): [r.tuning_cents for r in font.regions(0, key, velocity)]
        for key in (59, 60)
        for velocity in (63, 64)
    }
    assert chosen == {(59, 63): [1], (59, 64): [1], (60, 63): [2], (60, 64): [3]}


def test_a_softer_key_may_close_the_filter(tmp_path):
    region = one_region(tmp_path / "a.sf2", modulators=[(0x0102, 8, -2400)])
    assert region.softness_to_filter == -2400


@pytest.mark.parametrize("content", [b"", b"RIFF", b"these are words, not sounds"])
def test_other_files_are_refused_with_one_sentence(tmp_path, content):
    path = tmp_path / "a.sf2"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a whole SoundFont 2 file"):
        SoundFont(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_soundfont_that_was_cut_short_is_refused(tmp_path, share):
    whole = write_soundfont(tmp_path / "a.sf2", [{}]).read_bytes()
    path = tmp_path / "b.sf2"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="not a whole SoundFont 2 file"):
        SoundFont(path)


def test_a_missing_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.sf2"):
        SoundFont(tmp_path / "nowhere.sf2")


def test_damaged_tables_are_refused_not_crashed_on(tmp_path):
    whole = bytearray(write_soundfont(tmp_path / "a.sf2", [{}]).read_bytes())
    path = tmp_path / "b.sf2"
    random = np.random.default_rng(0)
    for position in random.integers(whole.index(b"pdta"), len(whole), 400):
        damaged = bytearray(whole)
        damaged[position] ^= 0xFF
        path.write_bytes(damaged)
        try:
            SoundFont(path).regions(0, 69, 80)
        except InputError as error:
            assert str(error).count(".sf2") >= 1
