"""A score played by a network note by note: pitch, place, length and loudness."""

import json

import numpy as np
import pytest

from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.export.instruments import for_export
from deepcomposer_edu.compose.export.saving import save_score
from deepcomposer_edu.compose.instruments import instrument_names, with_instruments
from deepcomposer_edu.compose.raw_sound import rendering, timbres
from deepcomposer_edu.compose.raw_sound.players import (
    NoteAsked,
    NSynthPlayer,
    WaveNetPlayer,
    ended,
)
from deepcomposer_edu.compose.raw_sound.rendering import render_raw
from deepcomposer_edu.compose.raw_sound.timbres import (
    checked_timbres,
    raw_record,
    read_timbre,
    recorded_timbres,
    timbre_names,
)
from deepcomposer_edu.compose.replay import replay
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.music.score import Note, Score, Track, frequency
from deepcomposer_edu.music.sound_measures import cents, fundamental
from deepcomposer_edu.music.synth import render

RATE = 8_000


class Sines:
    """Stands for a network: exact tones, so that what is done to them can be measured.

    It learned pitches 48 to 72, and remembers what it was asked for.
    """

    rate, lowest, highest, sha256 = RATE, 48, 72, "sines"

    def __init__(self):
        self.asked = []

    def play(self, notes, seed, on_samples):
        self.asked += notes
        sounds = []
        for note in notes:
            time = np.arange(round(note.seconds * RATE)) / RATE
            sound = 0.1 * np.sin(2 * np.pi * frequency(note.pitch) * time)
            sound[round(note.held_ms / 1_000 * RATE) :] = 0
            sounds.append(sound.astype(np.float32))
        on_samples(sum(len(sound) for sound in sounds))
        return sounds


@pytest.fixture(autouse=True)
def no_notes_kept():
    rendering._cache.clear()
    yield
    rendering._cache.clear()


@pytest.fixture
def sines():
    return Sines()


def played(score, player, names="wavenet:organ", **options):
    makers = {"wavenet": lambda _: player, "nsynth": lambda _: player}
    return render_raw(score, names, players=makers, **options)


def tune(*notes, program=0):
    rows = tuple(Note(*note) for note in notes)
    return Score((Track(rows, program=program),), tempo=120)  # a step is 1/8 s


def test_every_note_stands_at_its_place_with_its_pitch_and_length(sines):
    audio = played(tune((0, 60, 4), (8, 67, 2), (16, 55, 4)), sines)[:, 0]
    for start, seconds, pitch in ((0.0, 0.5, 60), (1.0, 0.25, 67), (2.0, 0.5, 55)):
        first, n = round(start * RATE), round(seconds * RATE)
        part = audio[first : first + n]
        assert abs(cents(fundamental(part, RATE), frequency(pitch))) < 5
        after = audio[first + n + 1 : first + n + 1_000]
        assert np.abs(after).max(initial=0) < 1e-6 < np.abs(part[-200:]).max()


def test_a_note_beyond_what_was_learned_keeps_its_pitch_and_length(sines):
    audio = played(tune((0, 40, 8), (16, 79, 8), (32, 90, 8)), sines)[:, 0]
    assert {note.pitch for note in sines.asked} == {52, 66, 67}
    for start, pitch in ((0, 40), (2, 79), (4, 90)):
        part = audio[start * RATE : (start + 1) * RATE]
        assert abs(cents(fundamental(part, RATE), frequency(pitch))) < 5
        assert (
            np.abs(audio[(start + 1) * RATE + 200 : (start + 2) * RATE]).max(initial=0)
            < 1e-3
        )


def test_each_different_note_is_drawn_once_and_then_kept(sines):
    score = tune(*((4 * i, 60 + i % 2, 4) for i in range(10)))
    first = played(score, sines)
    assert sorted(sines.asked) == [NoteAsked(60, 500), NoteAsked(61, 500)]
    again = played(score, sines)
    assert len(sines.asked) == 2
    assert np.array_equal(first, again)


def test_another_seed_draws_anew(sines):
    played(tune((0, 60, 4)), sines)
    played(tune((0, 60, 4)), sines, seed=1)
    assert len(sines.asked) == 2


def test_velocity_acts_by_its_square(sines):
    audio = played(tune((0, 60, 4, 100), (8, 60, 4, 50)), sines)[:, 0]
    loud, soft = (np.abs(audio[i * RATE :][:4_000]).max() for i in (0, 1))
    assert loud / soft == pytest.approx(4, rel=0.01)


def test_the_whole_is_as_loud_as_a_piece_of_the_usual_instruments(sines):
    score = tune(*((4 * i, 60 + i, 4) for i in range(8)))
    raw, usual = played(score, sines), render(score, RATE)
    ratio = np.sqrt(np.mean(raw[:8_000] ** 2) / np.mean(usual[:8_000] ** 2))
    assert abs(20 * np.log10(ratio)) < 4
    assert np.abs(raw).max() <= 10 ** (-1 / 20)


def test_a_track_is_as_loud_beside_the_others_as_its_usual_instrument(sines):
    melody = Track((Note(0, 72, 16, 100),), program=19)
    bass = Track((Note(0, 48, 16, 60),), program=19)
    both = played(Score((melody, bass)), sines)[:RATE, 0]
    usual = render(Score((melody, bass)), RATE)[:RATE].mean(axis=1)

    def share(audio, harmonics):  # of the upper note's own octaves in the power
        spectrum = np.abs(np.fft.rfft(audio * np.hanning(len(audio)))) ** 2
        low = spectrum[100:190].sum()  # C3, and the organ's octave above it is apart
        return 10 * np.log10(spectrum[480:560].sum() / low) if harmonics else low

    assert share(both, True) > 5  # the softer bass stays the softer one
    assert np.isfinite(share(usual, True))


def test_tracks_without_a_timbre_and_drums_are_played_as_usual(sines):
    score = Score(
        (
            Track((Note(0, 60, 8),), program=0),
            Track((Note(16, 38, 4),), is_drum=True),
            Track((Note(32, 64, 8),), program=40),
        )
    )
    audio = played(score, sines, ["wavenet:organ", ""])
    assert {note.pitch for note in sines.asked} == {60}
    for start in (0, 2, 4):
        assert np.abs(audio[start * RATE : (start + 1) * RATE]).max() > 0.01
    alone = render(Score((score.tracks[2],)), RATE)
    violin = audio[4 * RATE : 5 * RATE].mean(axis=1)
    expected = alone[4 * RATE : 5 * RATE].mean(axis=1)
    assert np.corrcoef(violin, expected)[0, 1] > 0.999


def test_the_sound_can_have_the_rate_of_a_cd(sines):
    score = tune((0, 60, 8))
    low, high = (played(score, sines, rate=rate) for rate in (RATE, 44_100))
    assert len(high) / len(low) == pytest.approx(44_100 / RATE, rel=0.01)
    assert abs(cents(fundamental(high[:40_000, 0], 44_100), frequency(60))) < 5


def test_no_notes_give_no_sound(sines):
    assert played(Score((Track(),)), sines).shape == (0, 2)
    assert played(Score(), sines).shape == (0, 2)


def test_progress_goes_up_to_one_and_stops_the_work(sines):
    shares = []
    score = tune(*((4 * i, 50 + i, 4) for i in range(10)))
    played(score, sines, on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def refuse(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        played(score, sines, seed=1, on_progress=refuse)


def test_a_piece_of_too_many_different_notes_is_refused(sines, monkeypatch):
    monkeypatch.setattr(rendering, "MAX_DRAWN_SECONDS", 2)
    with pytest.raises(InputError, match="4 different notes"):
        played(tune(*((4 * i, 50 + i, 4) for i in range(4))), sines)


def test_the_cache_is_bounded(sines, monkeypatch):
    monkeypatch.setattr(rendering, "CACHE_BYTES", 50_000)
    played(tune(*((8 * i, 50 + i, 8) for i in range(12))), sines)
    kept = sum(sound.nbytes for sound in rendering._cache.values())
    assert 0 < kept <= 50_000


def test_many_long_notes_are_drawn_in_groups_that_fit_into_memory():
    notes = [NoteAsked(60, 30_000 - 10 * i) for i in range(40)]
    groups = rendering._side_by_side(notes)
    assert sorted(n for g in groups for n in g) == sorted(notes)
    assert all(len(g) * max(n.seconds for n in g) <= 100 for g in groups)


# --- names


def test_a_timbre_is_read_and_written_the_same():
    for text in ("wavenet:organ", "nsynth:organ+clarinet", "nsynth:organ*3+clarinet"):
        assert str(read_timbre(text)) == text
    assert str(read_timbre(" WaveNet : Space Lead ")) == "wavenet:space-lead"
    assert str(read_timbre("nsynth:organ*5")) == "nsynth:organ"
    assert read_timbre("nsynth:organ+harpsichord*2").program == 6


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("wavenet:organ+clarinet", "only nsynth can"),
        ("wavenet:orgon", "did you mean organ"),
        ("wavenet:", "it plays"),
        ("vocoder:organ", "no network"),
        ("nsynth:organ*0", "above 0"),
        ("nsynth:organ*nan", "above 0"),
        ("nsynth:organ*x", "above 0"),
    ],
)
def test_a_timbre_that_there_is_not_is_refused_in_a_sentence(text, word):
    with pytest.raises(InputError, match=word):
        read_timbre(text)


def test_one_two_or_all_timbres_are_given():
    organ, lead = read_timbre("wavenet:organ"), read_timbre("wavenet:space-lead")
    assert checked_timbres("wavenet:organ", 3) == (organ,) * 3
    assert checked_timbres(["wavenet:space-lead", organ], 3) == (lead, organ, organ)
    assert checked_timbres(["", "wavenet:organ", None], 3) == (None, organ, None)
    assert checked_timbres("oboe, wavenet:organ", 2) == (None, organ)
    with pytest.raises(InputError, match="3 timbres were given"):
        checked_timbres([organ] * 3, 2)
    with pytest.raises(InputError, match="kazoo"):
        checked_timbres(["kazoo-9"], 1)


def test_what_is_recorded_can_be_read_and_damage_is_a_sentence():
    both = checked_timbres(["wavenet:organ", ""], 2)
    record = raw_record(both, 7)
    assert recorded_timbres(record) == (both, 7)
    assert raw_record((None, None)) == {}
    assert recorded_timbres({}) == (None, 0)
    for damaged in (
        {},
        [],
        {"timbres": 3, "seed": 0},
        {"timbres": [], "seed": "x"},
        {"timbres": [["organ"]], "seed": 0},
        {"timbres": [1.5], "seed": 0},
        {"timbres": [], "seed": float("inf")},
    ):
        with pytest.raises(InputError, match="damaged"):
            recorded_timbres({"raw": damaged})


@pytest.mark.parametrize("name", ["wavenet:" + "a" * 5_000, "wavenet:~nobody/run"])
def test_a_run_that_cannot_be_is_refused(name):
    with pytest.raises(InputError):
        read_timbre(name)
    with pytest.raises(InputError, match="no model or run"):
        read_timbre(f"{name}#organ")


def test_only_timbres_whose_weights_are_there_are_offered(tmp_path, monkeypatch):
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))
    assert timbre_names() == []
    content = {"config": {"instruments": ["organ", "saw"]}, "sha256": "ab"}
    (tmp_path / "wavenet-notes.json").write_text(json.dumps(content))
    assert timbre_names() == ["wavenet:organ", "wavenet:saw"]
    assert raw_record([read_timbre("wavenet:saw")])["raw"]["weights"] == {
        "wavenet-notes": "ab"
    }


# --- as an instrument


@pytest.fixture(scope="module")
def piece():
    return compose("ode-to-joy", "random", seed=2)


def test_a_composition_takes_timbres_as_instruments_and_says_so(piece, tmp_path):
    raw = with_instruments(piece, "wavenet:space-lead, wavenet:organ")
    assert raw.provenance["raw"]["timbres"] == ["wavenet:space-lead"] + (
        ["wavenet:organ"] * 3
    )
    assert [track.program for track in raw.score.tracks] == [87, 19, 19, 19]
    assert instrument_names(raw)[:2] == ["WaveNet: space-lead", "WaveNet: organ"]
    files = raw.save(tmp_path, "json,mid")
    again = replay(files["json"])
    assert again.provenance["raw"] == raw.provenance["raw"]
    back = with_instruments(raw, None)
    assert "raw" not in back.provenance
    assert back.score == piece.score


def test_compose_takes_them_too():
    made = compose("ode-to-joy", "random", instruments="oboe, wavenet:organ")
    assert made.provenance["raw"]["timbres"] == ["", *["wavenet:organ"] * 3]
    assert made.provenance["instruments"] == [68, 19, 19, 19]


def test_saved_sound_and_film_are_played_by_the_network(sines, tmp_path, monkeypatch):
    monkeypatch.setitem(rendering.PLAYERS, "wavenet", lambda _: sines)
    score = tune((0, 60, 8), (8, 64, 8))
    files = save_score(score, tmp_path, "mid,wav", timbres="wavenet:organ")
    audio, rate = read_audio(files["wav"])
    assert rate == 44_100
    assert abs(cents(fundamental(audio[:40_000, 0], rate), frequency(60))) < 5
    assert {note.pitch for note in sines.asked} == {60, 64}


def test_a_score_is_exported_with_the_instruments_asked_for(piece):
    plain = for_export(piece.score, None, "wavenet:organ, oboe")
    assert [track.program for track in plain.score.tracks] == [19, 68, 68, 68]
    assert [str(t) if t else "" for t in plain.timbres] == ["wavenet:organ", "", "", ""]
    recorded = for_export(piece.score, piece.provenance, "wavenet:organ")
    assert json.loads(recorded.provenance)["raw"]["timbres"] == ["wavenet:organ"] * 4
    assert for_export(piece.score, None, None).timbres is None
    with pytest.raises(InputError, match="3 instruments were given"):
        for_export(piece.score, None, "oboe,oboe,oboe")


# --- the network itself, with weights of chance


def test_a_wavenet_plays_notes_of_the_right_length_the_same_alone_or_among_others():
    import torch

    from deepcomposer_edu.models.note_wavenet import NoteConfig, NoteWaveNet

    torch.manual_seed(0)
    config = NoteConfig(("organ", "clarinet"), dilations=(1, 2, 4), residual=8, skip=8)
    player = WaveNetPlayer(read_timbre("wavenet:clarinet"), NoteWaveNet(config).eval())
    notes = [NoteAsked(60, 50), NoteAsked(67, 100)]
    done = []
    both = player.play(notes, 3, done.append)
    assert [len(sound) for sound in both] == [2_000, 2_400]
    assert done[-1] == 2 * 2_400
    alone = player.play(notes[:1], 3, done.append)[0]
    np.testing.assert_allclose(both[0], alone, atol=1e-6)
    assert not np.allclose(player.play(notes[:1], 4, done.append)[0], alone)


@pytest.fixture(scope="module")
def nsynth():
    """Return a small NSynth that has learned nothing, and codes of its notes."""
    import torch

    from deepcomposer_edu.models.nsynth import SoundAutoencoder
    from deepcomposer_edu.models.sound_codes import NoteCodes
    from deepcomposer_edu.models.sound_encoder import NSynthConfig

    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = NSynthConfig(
            ("organ", "clarinet"), width=3, residual=4, skip=4, dilations=(1, 4)
        )
        network = SoundAutoencoder(config).eval()
        codes = torch.randn(2, 5, 35, 3)  # instruments, pitches, frames, width
    return network, NoteCodes(codes, config.instruments, 60, 120, 25)


def test_nsynth_plays_notes_of_the_right_length_the_same_alone_or_among_others(nsynth):
    player = NSynthPlayer(read_timbre("nsynth:clarinet"), *nsynth)
    assert (player.rate, player.lowest, player.highest) == (8_000, 60, 64)
    notes = [NoteAsked(60, 100), NoteAsked(64, 300)]
    done = []
    both = player.play(notes, 3, done.append)
    assert [len(sound) for sound in both] == [2_400, 4_000]  # 200 ms of release
    assert done[-1] == 2 * 4_000
    alone = player.play(notes[:1], 3, done.append)[0]
    np.testing.assert_allclose(both[0], alone, atol=1e-6)
    assert not np.allclose(player.play(notes[:1], 4, done.append)[0], alone)
    assert all(abs(sound[-1]) < 1e-6 for sound in both)  # faded out


def test_nsynth_decodes_the_mixture_of_the_codes_that_the_timbre_names(
    nsynth, monkeypatch
):
    network, notes = nsynth
    told = []

    def decode(code, pitch, **_):
        told.append((code, pitch))
        return np.zeros((len(code), code.shape[1] * network.config.hop), np.float32)

    monkeypatch.setattr(network, "decode", decode, raising=False)
    player = NSynthPlayer(read_timbre("nsynth:clarinet*3+organ"), network, notes)
    player.play([NoteAsked(62, 500)], 0, lambda _: None)
    code, pitch = told[0]
    assert pitch.tolist() == [62.0]
    organ, clarinet = notes.codes[:, 2]  # at two semitones above the lowest
    np.testing.assert_allclose(code[0], (organ + 3 * clarinet) / 4, atol=1e-6)


def test_a_drawn_note_stands_in_the_middle_and_keeps_its_tone():
    note = NoteAsked(48, 800)
    time = np.arange(round(note.seconds * RATE)) / RATE
    tone = 0.2 * np.sin(2 * np.pi * frequency(48) * time)
    sound = ended(0.03 + tone, note, RATE)
    assert abs(sound.mean()) < 0.001
    assert np.abs(sound[:-200] - tone[:-200])[RATE // 10 :].max() < 0.03
    level = np.sqrt(np.mean(sound[2_000:6_000] ** 2) / np.mean(tone[2_000:6_000] ** 2))
    assert level == pytest.approx(1, abs=0.02)


def test_without_weights_a_sentence_says_which_file_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))
    from deepcomposer_edu.models.note_wavenet import load_notes_wavenet

    load_notes_wavenet.cache_clear()
    with pytest.raises(InputError, match="wavenet-notes"):
        render_raw(tune((0, 60, 4)), "wavenet:organ")
    load_notes_wavenet.cache_clear()
    assert timbres.timbre_names() == []
