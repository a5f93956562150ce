"""The synth: by ear through a spectrum, and exactly on tones that the tests make."""

import hashlib
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_soundfont import RATE, write_soundfont

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import peak_dbfs, rms_dbfs
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.music.soundfont import SoundFont
from deepcomposer_edu.music.synth import MAX_SECONDS, Synth, _seconds, render

LOOP = {54: 1}  # generator 54: play the loop while the key is held
CLOSING = {38: -7973}  # generator 38: released in 10 ms
A4 = Score.from_notes([(0, 69, 16)])


def one_note(pitch=69, program=0, steps=16, velocity=80, **options):
    return Score(
        (Track((Note(0, pitch, steps, velocity),), program=program),), **options
    )


def tiny(folder, zones=(LOOP,), **options):
    return Synth(SoundFont(write_soundfont(folder / "tiny.sf2", zones, **options)))


def frequency(audio, rate, near):
    """Return the strongest frequency within three semitones of `near`, in hertz."""
    sound = audio.mean(axis=1)[int(0.15 * rate) : int(1.8 * rate)]
    size = 2**19
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    hertz = np.arange(len(spectrum)) * rate / size
    inside = (hertz > near * 2 ** (-3 / 12)) & (hertz < near * 2 ** (3 / 12))
    assert spectrum[inside].max() > 0.05 * spectrum.max(), "no tone near the pitch"
    peak = np.flatnonzero(inside)[spectrum[inside].argmax()]
    before, here, after = np.log(spectrum[peak - 1 : peak + 2])
    return (peak + (before - after) / (before - 2 * here + after) / 2) * rate / size


def cents(hertz, pitch):
    return 1200 * np.log2(hertz / (440 * 2 ** ((pitch - 69) / 12)))


# Pitch


@pytest.mark.parametrize("program", [0, 6, 19, 24, 40, 42, 56, 57, 65, 68, 71])
def test_a4_sounds_at_440_hertz(program):
    audio = render(one_note(program=program))
    assert abs(cents(frequency(audio, 44_100, 440), 69)) < 5


@pytest.mark.parametrize("pitch", [36, 48, 60, 72, 84, 96])
def test_every_octave_of_the_organ_is_in_tune(pitch):
    audio = render(one_note(pitch, program=19))
    near = 440 * 2 ** ((pitch - 69) / 12)
    assert abs(cents(frequency(audio, 44_100, near), pitch)) < 8


@pytest.mark.parametrize("pitch", [24, 57, 69, 70, 91])
def test_a_known_recording_is_moved_exactly_to_the_pitch(tmp_path, pitch):
    audio = render(one_note(pitch), synth=tiny(tmp_path))
    expected = 441 * 2 ** ((pitch - 69) / 12)
    found = frequency(audio, RATE, expected)
    assert abs(1200 * np.log2(found / expected)) < 0.1


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 48_000])
def test_pitch_and_length_do_not_depend_on_the_sample_rate(rate):
    audio = render(one_note(program=19), rate)
    assert abs(cents(frequency(audio, rate, 440), 69)) < 5
    assert len(audio) / rate == pytest.approx(
        len(render(one_note(program=19))) / 44_100, abs=0.1
    )


def test_a_low_sample_rate_does_not_fold_high_tones_down(tmp_path):
    notes = (Note(0, 69, 16), Note(0, 69 + 42, 16))  # 441 Hz and 4989 Hz
    audio = render(Score((Track(notes),)), 8_000, synth=tiny(tmp_path))
    spectrum = np.abs(np.fft.rfft(audio[1_000:13_000, 0] * np.hanning(12_000)))
    hertz = np.arange(len(spectrum)) * 8_000 / 12_000
    folded = spectrum[abs(hertz - (8_000 - 4_989)) < 20].max()
    assert folded < spectrum.max() / 300


def test_a_loop_goes_round_without_a_click(tmp_path):
    audio = render(A4, synth=tiny(tmp_path))[:, 0]
    steps = np.abs(np.diff(audio[2_000:80_000]))
    assert steps.max() < 1.01 * 2 * np.pi * 441 / RATE * audio.max()


def test_vibrato_swings_around_the_pitch_without_a_click(tmp_path):
    # 50 cents, seven times a second, from the first sample on
    zone = LOOP | {6: 50, 23: -12_000, 24: -269}
    audio = render(A4, synth=tiny(tmp_path, [zone]))[2_000:80_000, 0]
    turns = np.flatnonzero(np.diff(np.signbit(audio))) + 2_000
    hertz = RATE / np.diff(turns[::2])  # one value a period
    swing = 1200 * np.log2(hertz / 441)
    assert swing.max() == pytest.approx(50, abs=18)  # a period is 100 samples: +-17
    assert swing.min() == pytest.approx(-50, abs=18)
    assert np.abs(np.diff(audio)).max() < 1.04 * 2 * np.pi * 441 / RATE * audio.max()


# Loudness


def test_the_envelope_rises_holds_falls_and_fades(tmp_path):
    # attack 0.5 s, hold 0.25 s, decay 1 s a 100 dB, sustain at -20 dB, release 1 s
    zone = LOOP | {34: -1200, 35: -2400, 36: 0, 37: 200, 38: 0}
    audio = render(one_note(steps=16), synth=tiny(tmp_path, [zone]))[:, 0]

    def level(second):
        around = round(second * RATE)
        return np.abs(audio[around - 60 : around + 60]).max()

    full = level(0.6)
    assert level(0.25) == pytest.approx(full / 2, rel=0.02)
    assert level(0.7) == pytest.approx(full, rel=0.01)
    assert level(0.851) == pytest.approx(full / 10**0.5, rel=0.03)  # -10 dB
    assert level(1.5) == pytest.approx(full / 10, rel=0.01)
    assert level(2.2) == pytest.approx(full / 100, rel=0.02)  # 20 dB into the release


def test_a_delay_comes_before_the_sound(tmp_path):
    audio = render(A4, synth=tiny(tmp_path, [LOOP | {33: -2400}]))  # 0.25 s
    assert not audio[: int(0.24 * RATE)].any()
    assert audio[int(0.26 * RATE) : int(0.3 * RATE)].any()


def test_a_note_rings_on_after_its_end_and_then_is_silent():
    audio = render(A4)
    assert 2.05 < len(audio) / 44_100 < 6
    assert rms_dbfs(audio[-400:]) < rms_dbfs(audio[:44_100]) - 40


def test_velocity_acts_by_its_square(tmp_path):
    notes = (Note(0, 69, 8, 120), Note(16, 69, 8, 60))
    audio = render(Score((Track(notes),)), synth=tiny(tmp_path, [LOOP | CLOSING]))
    loud, soft = audio[10_000:30_000], audio[10_000 + 2 * RATE : 30_000 + 2 * RATE]
    assert loud.max() / soft.max() == pytest.approx(4, rel=0.01)


def test_pieces_with_soft_and_loud_velocities_are_equally_loud():
    levels = [
        rms_dbfs(render(one_note(program=19, velocity=v))[:80_000]) for v in (20, 127)
    ]
    assert levels[0] == pytest.approx(levels[1], abs=0.2)


def test_a_steady_piece_is_played_at_minus_20_dbfs(tmp_path):
    audio = render(one_note(steps=64), synth=tiny(tmp_path, [LOOP | CLOSING]))
    assert rms_dbfs(audio) == pytest.approx(-20, abs=0.2)


def test_a_pause_does_not_make_a_piece_louder(tmp_path):
    synth = tiny(tmp_path, [LOOP | CLOSING])
    with_pause = Score.from_notes([(0, 69, 64), (160, 69, 64)])
    loud = render(one_note(steps=64), synth=synth)[RATE : 4 * RATE]
    assert rms_dbfs(render(with_pause, synth=synth)[RATE : 4 * RATE]) == pytest.approx(
        rms_dbfs(loud), abs=0.5
    )


def test_peaks_never_pass_minus_1_dbfs():
    click = Score((Track((Note(0, 37, 1, 127),), is_drum=True),))
    for score in (click, A4, Score.from_notes([(0, p, 8) for p in range(30, 90, 3)])):
        assert peak_dbfs(render(score)) <= -1.0


def test_the_filter_takes_3_db_at_its_cutoff_and_12_db_an_octave(tmp_path):
    # in one piece, so that both are scaled alike; keys below 60 pass the open filter
    cutoff = round(1200 * np.log2(441 / 8.176))
    zones = [{43: 0 | 59 << 8} | LOOP | CLOSING, {43: 60 | 127 << 8, 8: cutoff} | LOOP]
    notes = (Note(0, 57, 8, 80), Note(16, 69, 8, 80), Note(32, 93, 8, 80))
    audio = render(Score((Track(notes),)), synth=tiny(tmp_path, zones))
    at = [slice(n * RATE + 10_000, n * RATE + 30_000) for n in (0, 2, 4)]
    opened, at_cutoff, above = (rms_dbfs(audio[part]) for part in at)
    assert at_cutoff - opened == pytest.approx(-3.0, abs=0.1)
    assert above - opened == pytest.approx(-24, abs=1)


def test_pan_moves_the_sound_and_keeps_its_power(tmp_path):
    zones = [
        {43: key | key << 8, 17: pan} | LOOP | CLOSING
        for key, pan in ((60, -500), (61, 0), (62, 500))
    ]
    score = Score.from_notes([(0, 60, 8), (16, 61, 8), (32, 62, 8)])
    audio = render(score, synth=tiny(tmp_path, zones))
    left, middle, right = (
        np.sqrt(np.mean(audio[n * RATE + 9_000 : n * RATE + 29_000] ** 2, axis=0))
        for n in (0, 2, 4)
    )
    assert left[1] < 1e-6 * left[0]
    assert right[0] < 1e-6 * right[1]
    assert middle[0] == pytest.approx(middle[1])
    assert np.hypot(*middle) == pytest.approx(np.hypot(*left), rel=0.01)


def test_a_stereo_recording_sounds_on_both_sides(tmp_path):
    zones = [LOOP | {17: -500, 52: -20}, LOOP | {17: 500, 52: 20}]
    audio = render(A4, synth=tiny(tmp_path, zones))
    left, right = (frequency(audio[:, [side]], RATE, 441) for side in (0, 1))
    assert 1200 * np.log2(right / left) == pytest.approx(40, abs=0.5)


# Time


def test_notes_start_where_the_tempo_changes_say(tmp_path):
    score = Score.from_notes(
        [(0, 69, 2), (16, 69, 2), (32, 69, 2)],
        tempo=120,
        tempo_changes=((16, 60), (24, 240)),
    )
    audio = render(score, synth=tiny(tmp_path, [LOOP | CLOSING]))[:, 0]
    for step in (16, 32):
        start = round(score.seconds_at(step) * RATE)
        assert not audio[start - 2_000 : start].any()
        assert np.abs(audio[start : start + 200]).max() > 0.05


@given(
    tempo=st.floats(20, 300),
    changes=st.lists(st.tuples(st.floats(0, 200), st.floats(20, 300)), max_size=5),
    steps=st.lists(st.floats(0, 300), min_size=1, max_size=8),
)
def test_many_times_at_once_are_those_of_the_score(tempo, changes, steps):
    score = Score(tempo=tempo, tempo_changes=tuple(sorted(changes)))
    expected = [score.seconds_at(step) for step in steps]
    assert _seconds(score, np.array(steps)) == pytest.approx(expected, abs=1e-9)


def test_an_instrument_does_not_change_the_sound_of_another():
    left, right = (Track((Note(0, p, 8),), program=q) for p, q in ((60, 0), (67, 73)))
    synth = Synth()
    both = synth.mix(Score((left, right)), 44_100)
    alone = [synth.mix(Score((track,)), 44_100) for track in (left, right)]
    total = np.zeros_like(both)
    for part in alone:
        total[: len(part)] += part
    assert np.allclose(both, total, atol=1e-6)


# Drums


def test_a_closed_hi_hat_stops_an_open_one():
    def energy_after(pitches):
        notes = tuple(Note(4 * i, pitch, 1) for i, pitch in enumerate(pitches))
        mix = Synth().mix(Score((Track(notes, is_drum=True),)), 44_100)
        return float(np.square(mix[int(0.9 * 44_100) : int(1.4 * 44_100)]).sum())

    assert energy_after([46, 42]) < 0.02 * energy_after([46])


def test_different_drums_let_each_other_ring():
    crash = Track((Note(0, 49, 1),), is_drum=True)
    kick = Track((Note(0, 49, 1), Note(8, 36, 1)), is_drum=True)
    synth = Synth()
    late = slice(int(1.5 * 44_100), 2 * 44_100)
    alone, both = (synth.mix(Score((t,)), 44_100)[late] for t in (crash, kick))
    assert np.square(both).sum() > 0.9 * np.square(alone).sum()


# Sameness, speed, limits


def song():
    tracks = tuple(
        Track(
            tuple(Note(2 * i, low + 7 * i % 12, 2 + i % 3, 60 + i) for i in range(16)),
            program=program,
        )
        for program, low in ((0, 60), (48, 55), (33, 36))
    )
    drums = Track(tuple(Note(2 * i, 42, 1) for i in range(16)), is_drum=True)
    return Score((*tracks, drums), tempo=100)


def test_the_same_score_gives_the_same_samples():
    assert np.array_equal(render(song()), render(song()))


def test_a_used_synth_gives_the_same_samples_as_a_new_one():
    synth = Synth()
    # longer and shorter notes of the same keys, and another rate, come first
    render(
        Score(tuple(Track(t.notes[::-2], program=t.program) for t in song().tracks)),
        synth=synth,
    )
    render(song(), 22_050, synth=synth)
    assert np.array_equal(render(song(), synth=synth), render(song()))


def test_another_process_with_more_threads_gives_the_same_samples():
    program = (
        "import hashlib; from test_synth import song;"
        "from deepcomposer_edu.music.synth import render;"
        "print(hashlib.sha256(render(song()).tobytes()).hexdigest())"
    )
    here = Path(__file__).parent
    folders = (here, here.parent, here.parent.parent)

    def digest(n_threads):
        paths = os.pathsep.join(map(str, folders))
        threads = {"OMP_NUM_THREADS": n_threads, "OPENBLAS_NUM_THREADS": n_threads}
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **threads, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout

    here_and_now = hashlib.sha256(render(song()).tobytes()).hexdigest()
    assert digest("4").strip() == here_and_now


def test_a_repeated_note_is_not_computed_again(monkeypatch):
    from deepcomposer_edu.music import synth as module

    calls = []
    genuine = module.oscillator
    monkeypatch.setattr(
        module, "oscillator", lambda *a: calls.append(a[2]) or genuine(*a)
    )
    render(Score.from_notes([(4 * i, 60 + i % 2, 1 + i % 4) for i in range(40)]))
    assert sorted(calls) == [60, 61]


def test_ten_minutes_of_music_need_little_more_memory_than_their_sound():
    bar = [(0, 60), (4, 64), (8, 67), (12, 72)]
    notes = [(16 * b + s, p + b % 7, 4) for b in range(300) for s, p in bar]
    tracemalloc.start()
    audio = render(Score.from_notes(notes, tempo=120))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(audio) > 599 * 44_100
    assert peak < audio.nbytes + 200e6


def test_a_note_held_for_minutes_is_played_in_pieces():
    tracemalloc.start()
    audio = render(one_note(program=19, steps=8 * 180))  # three minutes
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert abs(cents(frequency(audio[-10 * 44_100 :], 44_100, 440), 69)) < 5
    assert peak < 6 * audio.nbytes


def test_a_score_without_notes_gives_no_sound():
    for score in (Score(), Score((Track(),))):
        assert render(score).shape == (0, 2)
        assert render(score, 8_000).shape == (0, 2)


def test_the_result_is_float32_stereo_that_lies_in_one_piece():
    audio = render(A4)
    assert audio.dtype == np.float32
    assert audio.ndim == 2
    assert audio.shape[1] == 2
    assert audio.flags.c_contiguous


@pytest.mark.parametrize(
    "rate", [0, -1, 7_999, 48_001, 10**9, 44_100.5, True, "44100", None]
)
def test_absurd_sample_rates_are_refused(rate):
    with pytest.raises(InputError, match="8000 to 48000"):
        render(A4, rate)


def test_a_piece_of_more_than_an_hour_is_refused_at_once():
    with pytest.raises(InputError, match="at most 60"):
        render(one_note(steps=16, tempo=240 / (MAX_SECONDS + 1)))
