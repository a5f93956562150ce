"""What holds for every widget: accessible, fits a phone, tidy when it is taken down."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from browser.accessibility import WCAG, broken_rules
from stub_editor import StubEditor

from deepcomposer_edu import widgets
from deepcomposer_edu.compose.blind import BlindTest, Round
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.widgets import (
    AttentionView,
    BachOrBot,
    EditDesk,
    Editor,
    EmbeddingMap,
    FailureClinic,
    GANGame,
    LinkedView,
    MorphPad,
    NormView,
    PianoKeyboard,
    Player,
    ReceptiveField,
    Sliders,
    Studio,
    TrainingMonitor,
    TrainYourOwn,
)


def new_folder():
    """Return an empty folder that is gone when the tests are over."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def player():
    """Two tracks, four bars, one of drums."""
    tune = Track(tuple(Note(4 * i, 60 + i, 4) for i in range(16)), "Tune")
    beat = Track(tuple(Note(4 * i, 36, 1) for i in range(16)), "Beat", is_drum=True)
    return Player(Score((tune, beat), title="Sixteen quarters"), loop=(2, 3))


def editor():
    """Two tracks, one of drums and locked; a note is selected."""
    tune = Track(tuple(Note(4 * i, 60 + i, 4) for i in range(16)), "Tune")
    beat = Track(tuple(Note(4 * i, 36, 1) for i in range(16)), "Beat", is_drum=True)
    editor = Editor(Score((tune, beat)), key="C major", locked=[1])
    editor.select(notes=[(0, 2)])
    return editor


def linked():
    """Two voices as tokens, one of them pointed at."""
    tune = Track(tuple(Note(4 * i, 60 + i, 4) for i in range(16)), "Tune")
    bass = Track((Note(0, 40, 32), Note(32, 45, 32)), "Bass")
    view = LinkedView(Score((tune, bass)), tokenizer="remi")
    view.chosen = 4
    return view


def piano():
    """With its panel open and a scale locked, so that some keys stand back."""
    return PianoKeyboard(show_panel=True, scale="G major", scale_lock=True)


def sliders():
    """Two sliders, and the player below them."""

    def scale(n_notes, speed):
        notes = [(4 * i, 60 + i, 4) for i in range(n_notes)]
        return Score.from_notes(notes, tempo=speed * 100, title=f"{n_notes} notes")

    return Sliders(scale, n_notes=(1, 12, 8), speed=(0.5, 2.0, 1.0))


def studio():
    """Two versions that are compared, the piano and the editor open."""
    studio = Studio(new_folder() / "studio", technique="random")
    studio.compose(seed=1)
    studio.compose(seed=2)
    for panel, action, values in (
        ("melody", "choose_tab", {"tab": "play"}),
        ("desk", "toggle_editor", {}),
        ("listen", "compare", {"id": studio.versions.list()[0].id}),
    ):
        studio.do(panel, action, **values)
    return studio


def attention():
    """Two layers with two heads, one of which looks ahead."""
    tune = Track(tuple(Note(2 * i, 60 + i, 2) for i in range(16)), "Tune")
    backward = np.tri(32) / np.arange(1, 33)[:, None]
    heads = [[backward, np.eye(32)], [np.eye(32), np.full((32, 32), 1 / 32)]]
    return AttentionView(Score((tune,), title="Eighths"), heads, layer=2, position=20)


def embedding_map():
    """Seven notes in two groups."""
    vectors = np.random.default_rng(seed=0).normal(size=(7, 4))
    labels = ["C4", "D4", "E4", "F4", "G4", "A4", "B4"]
    groups = ["tonic", "other", "tonic", "other", "tonic", "other", "other"]
    pitches = [60, 62, 64, 65, 67, 69, 71]
    return EmbeddingMap(vectors, labels, pitches, groups, title="A scale")


def monitor():
    """The run of the shipped network."""
    return TrainingMonitor(data_dir() / "runs" / "wgan-bach")


def bach_or_bot():
    """Three rounds, the first of them answered."""
    tune = Score.from_notes([(0, 60, 4)], tempo=240)
    test = BlindTest(tuple(Round(i > 0, tune, f"Piece {i}") for i in range(3)))
    widget = BachOrBot(test)
    widget.answer(0, True)
    return widget


def clinic():
    """A patient whose cause is found, one wrong answer before it, and mended."""
    clinic = FailureClinic(["mode-collapse", "wrong-track"])
    clinic.choose(1, wait=True)
    clinic.answer("n-critic-0")
    clinic.answer("mode-collapse")
    clinic.mend(wait=True)
    return clinic


def edit_desk():
    """All four voices, some locks, and edits that were made."""
    tracks = [
        Track(tuple(Note(4 * i, p + i % 3, 4) for i in range(16)))
        for p in (72, 67, 60, 48)
    ]
    desk = EditDesk(Score(tuple(tracks)), "vary", "bass", "2", editor=StubEditor())
    desk.edit()
    return desk


def gan_game():
    """A ring of points, after a few steps."""
    game = GANGame(width=8, batch=16)
    game.step(4)
    return game


def morph_pad():
    """Four corners, nothing decoded yet."""
    corners = ["Organ", "Clarinet", "Harpsichord", "Space lead"]
    return MorphPad(lambda *_: np.zeros(800), corners)


def norm_view():
    """Six pieces under BatchNorm."""
    return NormView()


def receptive_field():
    """Three blocks, an input with several paths."""
    return ReceptiveField(n_layers=3, n_blocks=3, lag=5)


def train_your_own():
    """A folder was looked into, and one of its files left out; every part is there."""
    folder = new_folder()
    (folder / "broken.mid").write_text("no music")
    pitches = (72, 67, 60, 48)
    for i in range(2):
        parts = [[Note(4 * j, p + i * (j % 3), 4) for j in range(12)] for p in pitches]
        score = Score(tuple(Track(tuple(notes)) for notes in parts))
        write_midi(score, folder / f"{i}.mid")
    own = TrainYourOwn(folder)
    own.look()
    return own


WIDGETS = {
    "AttentionView": attention,
    "BachOrBot": bach_or_bot,
    "EditDesk": edit_desk,
    "Editor": editor,
    "EmbeddingMap": embedding_map,
    "FailureClinic": clinic,
    "GANGame": gan_game,
    "MorphPad": morph_pad,
    "NormView": norm_view,
    "LinkedView": linked,
    "PianoKeyboard": piano,
    "Player": player,
    "ReceptiveField": receptive_field,
    "Sliders": sliders,
    "Studio": studio,
    "TrainYourOwn": train_your_own,
    "TrainingMonitor": monitor,
}
# Rules about whole pages; a widget is a part of one.
OF_PAGES = ["landmark-one-main", "page-has-heading-one", "region", "heading-order"]
PHONE = {"viewport": {"width": 380, "height": 740}}
FOCUSABLE = "button, select, input, textarea, a[href], summary, [tabindex]"

every_widget = pytest.mark.parametrize("name", WIDGETS)


@functools.cache  # these pages have no kernel, so that none can change its widget
def made(name):
    """Return a widget of a kind, ready to be shown."""
    return WIDGETS[name]()


def test_every_widget_is_tried_here():
    assert set(WIDGETS) == set(widgets.__all__)


@every_widget
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_breaks_no_accessibility_rule(open_widget, name, scheme):
    page = open_widget(made(name), color_scheme=scheme)
    rules = [*WCAG, "best-practice"]
    assert broken_rules(page, ".widget", rules, without=OF_PAGES) == []


@every_widget
def test_it_fits_a_phone(open_widget, name):
    page = open_widget(made(name), **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


@every_widget
def test_nothing_moves_by_itself_where_motion_is_not_wanted(open_widget, name):
    page = open_widget(made(name), reduced_motion="reduce")
    for record in page.get_by_role("button", name="Record", exact=True).all():
        record.click()
    moving = "document.getAnimations().filter(a => a.playState === 'running').length"
    assert page.evaluate(moving) == 0


@every_widget
def test_letters_typed_in_it_are_not_jupyters_shortcuts(open_widget, name):
    page = open_widget(made(name))
    unguarded = page.locator(f".widget :is({FOCUSABLE})").evaluate_all(
        """elements => elements
            .filter(e => e.dataset.lmSuppressShortcuts !== "true")
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert unguarded == []


@every_widget
def test_a_lost_kernel_is_told_in_a_sentence(open_widget, name):
    page = open_widget(made(name))
    page.evaluate("loseKernel()")
    told = page.locator(".widget [role=status]", has_text="kernel")
    told.first.wait_for()


@every_widget
def test_taken_down_it_leaves_nothing(open_widget, name):
    page = open_widget(made(name))
    page.evaluate("takeDown()")
    assert page.locator(".widget").count() == 0
    assert page.evaluate("[sound()?.owner ?? null, sound()?.onStage ?? null]") == [
        None,
        None,
    ]
