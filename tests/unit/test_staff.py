"""Staff notation: every note is on a page, and says which note it is."""

import re
from xml.etree import ElementTree

import pytest

from deepcomposer_edu.corpora.tunes import load_tune, tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.viz.staff import staff_pages

SVG = "{http://www.w3.org/2000/svg}"


def chorale(n_bars=6):
    """Return four voices in which no two notes begin, end and sound alike."""
    voices = (("Soprano", 72, 4), ("Alto", 64, 8), ("Tenor", 55, 2), ("Bass", 43, 16))
    return Score(
        tuple(
            Track(
                tuple(
                    Note(step, pitch + step // length % 5, length)
                    for step in range(0, 16 * n_bars, length)
                ),
                name,
            )
            for name, pitch, length in voices
        ),
        title="Chorale",
    )


def named(pages):
    return {(note.track, note.index) for note in pages.notes}


def all_notes(score):
    return {
        (k, i) for k, track in enumerate(score.tracks) for i in range(len(track.notes))
    }


# What is on the pages


def test_every_note_is_written_once():
    score = chorale()
    pages = staff_pages(score)
    assert named(pages) == all_notes(score)
    assert len(pages.notes) == len(score.notes)


@pytest.mark.parametrize("name", tune_names()[:6])
def test_every_note_of_a_shipped_tune_is_written(name):
    tune = load_tune(name)
    assert named(staff_pages(tune)) == all_notes(tune)


def test_a_written_note_stands_where_it_is_played():
    score = chorale()
    for written in staff_pages(score).notes:
        note = score.tracks[written.track].notes[written.index]
        assert (written.start, written.end) == (note.start, note.end)


def test_a_note_over_a_bar_line_is_written_twice_and_both_know_it():
    score = Score.from_notes([(0, 60, 12), (12, 64, 8), (20, 60, 12)])
    parts = [n for n in staff_pages(score).notes if n.index == 1]
    assert [(n.start, n.end) for n in parts] == [(12, 16), (16, 20)]


def test_notes_that_sound_together_keep_their_names():
    score = Score.from_notes([(0, 60, 8), (0, 64, 8), (0, 67, 16), (8, 62, 8)])
    assert named(staff_pages(score)) == {(0, 0), (0, 1), (0, 2), (0, 3)}


def test_triplets_are_written_where_they_are_played():
    third = 4 / 3
    score = Score.from_notes([(third * i, 60 + i, third) for i in range(6)])
    starts = [note.start for note in staff_pages(score).notes]
    assert starts == pytest.approx([third * i for i in range(6)], abs=1e-4)


def test_notes_played_by_hand_are_found_again():
    score = Score.from_notes([(4 * i + 0.3, 60 + i % 7, 3.6) for i in range(24)])
    assert named(staff_pages(score)) == all_notes(score)


def test_a_repeated_note_is_not_taken_for_the_one_before():
    score = Score.from_notes([(i, 60, 1) for i in range(32)])
    pages = staff_pages(score)
    assert [note.index for note in pages.notes] == list(range(32))


def test_the_ids_are_on_the_page_that_is_named():
    pages = staff_pages(chorale(24), width=500)
    assert len(pages.svgs) > 1
    for note in (*pages.notes, *pages.bars):
        assert f'id="{note.id}"' in pages.svgs[note.page]


def test_later_pages_hold_later_bars():
    bars = staff_pages(chorale(24), width=500).bars
    assert [bar.page for bar in bars] == sorted(bar.page for bar in bars)
    assert [bar.start for bar in bars] == [16 * i for i in range(24)]
    assert bars[-1].end == 16 * 24


def test_a_pickup_and_a_waltz_have_short_bars():
    score = Score.from_notes(
        [(4 * i, 60 + i, 4) for i in range(7)], metres=(Metre(0, 3, 4),), pickup=4
    )
    bars = staff_pages(score).bars
    assert [(bar.start, bar.end) for bar in bars] == [(0, 4), (4, 16), (16, 28)]


def test_a_drum_track_is_written_too():
    drums = Track((Note(0, 36, 4), Note(4, 38, 4), Note(8, 42, 4)), "Drums", 0, True)
    score = Score((*chorale(1).tracks, drums))
    assert {(4, 0), (4, 1), (4, 2)} <= named(staff_pages(score))


# How the pages are


def test_pages_are_svg_that_asks_for_nothing_outside():
    for svg in staff_pages(chorale()).svgs:
        assert ElementTree.fromstring(svg).tag == f"{SVG}svg"
        # the names of two namespaces, which no browser fetches
        assert set(re.findall(r"https?://[^\"' )]+", svg)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        assert "url(" not in svg


def test_pages_are_drawn_in_the_colour_around_them():
    for svg in staff_pages(chorale()).svgs:
        assert "currentColor" in svg
        assert not re.search(r'(?:fill|stroke|color)="(?:black|#000)', svg)


def test_no_sign_needs_the_music_font():
    for svg in staff_pages(chorale()).svgs:
        assert not re.search("[\ue000-\uf8ff]", svg)
        assert "font-face" not in svg


def test_the_same_score_gives_the_same_pages():
    assert staff_pages(chorale()) == staff_pages(chorale())


def test_names_cannot_put_elements_on_a_page():
    nasty = "</text><script>alert(1)</script><text>"
    score = Score((Track((Note(0, 60, 4),), nasty),), title=nasty)
    (svg,) = staff_pages(score).svgs
    assert ElementTree.fromstring(svg).find(f".//{SVG}script") is None


def test_a_narrow_page_has_more_systems():
    wide, narrow = (staff_pages(chorale(12), width=w) for w in (1200, 400))

    def height(pages):
        boxes = [re.search(r'viewBox="0 0 (\d+) (\d+)"', svg) for svg in pages.svgs]
        return sum(int(box[2]) / int(box[1]) for box in boxes)

    assert height(narrow) > 2 * height(wide)


def test_the_browser_gets_lists_and_numbers():
    pages = staff_pages(chorale(1))
    sent = pages.to_dict()
    first = pages.notes[0]
    assert sent["pages"] == list(pages.svgs)
    assert sent["notes"][0] == [first.id, 0, 0, 0, 0, 4]
    assert sent["bars"][0][1:] == [0, 0, 16]


def test_a_notebook_shows_the_pages():
    assert staff_pages(chorale(1))._repr_html_().count("<svg") >= 1


# What is refused


def test_a_score_without_notes_is_refused():
    with pytest.raises(InputError, match="no notes"):
        staff_pages(Score((Track(),)))


@pytest.mark.parametrize("size", [{"width": 100}, {"width": 9000}, {"scale": 0}])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(InputError, match="300 to 3,000"):
        staff_pages(chorale(1), **size)


# How it reads


def test_drums_are_written_without_a_thicket_of_rests():
    strokes = [Note(4 * i, 42, 0.5) for i in range(4)] + [Note(8, 36, 0.5)]
    score = Score((Track(tuple(strokes), "Drums", is_drum=True),))
    (svg,) = staff_pages(score).svgs
    assert 'class="rest"' not in svg
    assert named(staff_pages(score)) == all_notes(score)


def test_a_second_voice_brings_no_rests_of_its_own():
    score = Score.from_notes([(0, 60, 16), (8, 67, 4)])
    (svg,) = staff_pages(score).svgs
    assert not re.search(r'class="[mr]?[rR]est"', svg)
