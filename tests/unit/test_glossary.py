"""The glossary: words that lessons teach, explained, heard and linked."""

import re
from pathlib import Path

import glossary as page_tool
import numpy as np
import pytest

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.course import explain, glossary
from deepcomposer_edu.course.listening import MAX_SECONDS
from deepcomposer_edu.course.term_sounds import GAP, RATE, SOUNDS, sound_of, voice_notes
from deepcomposer_edu.course.terms import KINDS, find_term, is_term, terms
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import to_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.sound_measures import cents, fundamental
from deepcomposer_edu.music.theory import crossings, dissonances, parallels

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_WORDS = 45  # a paragraph that a newcomer reads to its end
CLOSE = 3  # cents: nobody hears less


def lesson_text(number):
    """Return what a lesson says, in small letters, its lines joined."""
    (path,) = (ROOT / "solutions").glob(f"{number}_*.py")
    return re.sub(r"\n(# ?)?", " ", path.read_text("utf-8")).lower()


def parts_of(name, n_parts):
    """Return the sounds of a term one by one, gaps left out."""
    sound = SOUNDS[find_term(name).sound]()
    gap = round(GAP * RATE)
    length = (len(sound) - (n_parts - 1) * gap) / n_parts
    assert length == int(length)
    return [sound[round(i * (length + gap)) :][: int(length)] for i in range(n_parts)]


def loudness(sound):
    return np.sqrt(np.mean(sound**2))


def test_every_term_is_explained_in_a_short_paragraph_of_whole_sentences():
    for term in terms().values():
        assert term.kind in KINDS, term.name
        assert 4 <= len(term.means.split()) <= MOST_WORDS, term.name
        assert term.means[0].isupper() and term.means[-1] in ".?", term.name
        assert set(term.see) <= set(terms()) - {term.name}, term.name


def test_the_lesson_that_teaches_a_term_has_the_word():
    for term in terms().values():
        if term.lesson:
            text = lesson_text(term.lesson)
            forms = [word.lower() for word in (term.name, *term.also)]
            assert any(re.search(rf"\b{re.escape(f)}\b", text) for f in forms), term


def test_every_term_of_music_can_be_heard_and_says_what_is_heard():
    for term in terms().values():
        sounds = bool(term.voices) or term.sound in SOUNDS
        assert sounds == bool(term.heard), term.name
        assert sounds or term.kind != "music", term.name


def test_what_is_heard_of_a_term_fits_into_a_player():
    for term in terms().values():
        sound = sound_of(term) if term.voices else None
        if sound is not None:
            assert 0 < sound.seconds <= MAX_SECONDS, term.name
    for name, make in SOUNDS.items():
        sound = make()
        assert 0 < len(sound) <= MAX_SECONDS * RATE, name
        assert 0 < np.abs(sound).max() <= 1, name


def test_notes_are_written_as_the_file_says():
    first, *chord = sorted(voice_notes("C4 -:2 C#4+G3:8!40"))
    assert (first.start, first.pitch, first.duration, first.velocity) == (0, 60, 4, 80)
    assert [(n.start, n.pitch) for n in chord] == [(6, 55), (6, 61)]
    assert {(n.duration, n.velocity) for n in chord} == {(8, 40)}


@pytest.mark.parametrize("text", ["H4", "C", "C4:", "C4!", "4", "C4++E4"])
def test_what_is_no_note_is_refused(text):
    with pytest.raises(InputError, match="is no note"):
        voice_notes(text)


def test_the_examples_of_rules_show_what_they_name():
    bad = to_grid(sound_of(find_term("parallels")))
    assert {fault.step < 40 for fault in parallels(bad)} == {True}
    assert crossings(to_grid(sound_of(find_term("voice crossing"))))
    for name in ("cadence", "chorale", "voice", "counterpoint"):
        grid = to_grid(sound_of(find_term(name)))
        assert not parallels(grid), name
        assert not crossings(grid), name


def test_the_example_of_consonance_has_no_dissonance():
    def clashes(name):
        chords = {}
        for note in sound_of(find_term(name)).notes:
            chords.setdefault(note.start, []).append(note.pitch)
        pairs = (abs(a - b) % 12 for c in chords.values() for a in c for b in c)
        return [pair for pair in pairs if pair in (1, 2, 6, 10, 11)]

    assert not clashes("consonant")
    assert clashes("dissonant")


def test_a_semitone_and_an_octave_are_what_they_say():
    pitches = [note.pitch for note in sound_of(find_term("semitone")).notes]
    assert np.diff(pitches).tolist() == [1, 1, 1, 1]
    low, high, *_ = sound_of(find_term("octave")).notes
    assert high.pitch - low.pitch == 12


def test_decibels_and_amplitudes_are_what_they_say():
    soft, middle, loud = map(loudness, parts_of("amplitude", 3))
    assert (middle / soft, loud / middle) == pytest.approx((2, 2))
    loud, middle, soft = map(loudness, parts_of("decibels", 3))
    assert 20 * np.log10([loud / middle, middle / soft]) == pytest.approx([10, 10])


def test_frequencies_and_cents_are_what_they_say():
    for sound, hertz in zip(parts_of("frequency", 3), (220, 440, 880), strict=True):
        assert abs(cents(fundamental(sound, RATE, hertz), hertz)) < CLOSE
    true, off, _ = parts_of("cents", 3)
    heard = cents(fundamental(off, RATE, 440), fundamental(true, RATE, 440))
    assert heard == pytest.approx(30, abs=CLOSE)


def test_harmonics_keep_the_pitch_and_make_it_brighter():
    sound = SOUNDS["harmonics"]()
    tones = np.split(sound, 8)
    centres = []
    for tone in tones:
        assert abs(cents(fundamental(tone, RATE, 220), 220)) < CLOSE
        power = np.abs(np.fft.rfft(tone)) ** 2
        centres.append((power * np.arange(len(power))).sum() / power.sum())
    assert centres == sorted(centres)


def test_mu_law_leaves_less_noise_in_a_soft_chord_than_steps_of_one_size():
    true, even, by_law = parts_of("mu-law", 3)
    assert loudness(by_law - true) < loudness(even - true)


def test_tones_in_opposite_phase_cancel():
    together, against = parts_of("phase", 2)
    assert loudness(against) < 0.1 * loudness(together)


def test_a_lower_sample_rate_takes_the_high_frequencies_away():
    rich, poorer, poorest = (np.abs(np.fft.rfft(s)) for s in parts_of("sample rate", 3))
    hertz = np.linspace(0, RATE / 2, len(rich))
    for spectrum, rate in ((poorer, 8_000), (poorest, 2_000)):
        high = hertz > 0.6 * rate
        assert spectrum[high].sum() < 0.1 * rich[high].sum()


def test_a_word_is_found_in_any_form_and_case():
    assert find_term(" gan ").name == "generative adversarial network"
    assert find_term("Parallel  Fifths").name == "parallels"
    assert is_term("Chords") and not is_term("aardvark")


def test_an_unknown_word_is_answered_with_those_that_come_near():
    with pytest.raises(InputError, match="did you mean triad"):
        find_term("triadd")
    with pytest.raises(InputError, match="deepcomposer explain"):
        find_term("x" * 1000)
    with pytest.raises(InputError, match="in quotes"):
        find_term(3)
    with pytest.raises(InputError, match="music, sound, learning"):
        glossary("colours")


def test_an_explanation_has_words_and_a_player_with_its_caption():
    shown = explain("fifth")._repr_html_()
    assert "seven semitones" in shown
    assert shown.count("<audio") == 1
    assert f'aria-label="{find_term("fifth").heard}' in shown
    assert "<audio" not in explain("seed")._repr_html_()
    assert "To hear: C, G" in repr(explain("fifth"))


def test_the_glossary_lists_every_term_by_its_alphabet():
    names = [term.name for term in glossary().terms]
    assert names == sorted(terms(), key=str.lower)
    shown = glossary("sound")._repr_html_()
    assert "mu-law" in shown and "triad" not in shown


def test_the_command_explains_a_word_and_writes_its_sound(tmp_path, capsys):
    assert main(["explain", "triad", "-o", str(tmp_path / "triad.mid")]) == 0
    assert "three notes" in capsys.readouterr().out
    assert (tmp_path / "triad.mid").is_file()
    assert main(["explain", "noise", "-o", str(tmp_path / "noise.wav")]) == 0
    assert (tmp_path / "noise.wav").stat().st_size > RATE
    assert main(["explain"]) == 0
    assert "Networks that learn: attention, augmentation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["triadd"], "did you mean triad"),
        (["seed", "-o", "seed.mp3"], "nothing to hear"),
        (["triad", "-o", "triad.txt"], "must end in"),
        (["noise", "-o", "noise.mid"], "has no notes"),
        (["-o", "a.mp3"], "which word"),
    ],
)
def test_the_command_says_what_it_cannot_do(arguments, answer, capsys):
    assert main(["explain", *arguments]) == 2
    assert answer in capsys.readouterr().err


def test_the_page_of_the_glossary_is_up_to_date():
    assert page_tool.PAGE.read_text("utf-8") == page_tool.page()


def test_on_the_site_a_term_can_be_played(tmp_path, monkeypatch):
    few = {name: find_term(name) for name in ("noise", "seed")}
    monkeypatch.setattr(page_tool, "terms", lambda: few)
    (tmp_path / "docs").mkdir()
    page_tool.write_site_page(tmp_path)
    text = (tmp_path / "docs" / "glossary.md").read_text("utf-8")
    (address,) = re.findall(r'src="\.\./(media/[^"]+)"', text)
    assert (tmp_path / "extra" / address).stat().st_size > 1000
    assert "[seed](#seed)" in text  # what stands near it


def test_a_word_of_a_lesson_leads_to_the_glossary_once_and_verbs_do_not():
    linked = set()
    text = page_tool.with_links("**triads**, **triad**, **aardvark**", "../", linked)
    assert text.count("](../docs/glossary.md#triad)") == 1
    assert "**aardvark**" in text and linked == {"triad"}
    verbs = "## What you will be able to do\n\n- **triad**"
    assert page_tool.with_links(verbs, "../", set()) == verbs


def test_every_link_of_the_page_leads_to_a_heading():
    text = page_tool.PAGE.read_text("utf-8")
    headings = {page_tool.anchor(h) for h in re.findall(r"(?m)^#+ (.+)$", text)}
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links and links <= headings


def test_a_score_of_a_term_is_a_score():
    assert isinstance(sound_of(find_term("chorale")), Score)
    assert sound_of(find_term("seed")) is None
    assert dissonances(to_grid(sound_of(find_term("voice")))) == []
