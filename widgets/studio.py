"""The studio: from a melody to a piece, in four steps, in the notebook."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets
import traitlets

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.listening import Listening
from deepcomposer_edu.compose.session import Cancelled, Pair, Session
from deepcomposer_edu.compose.versions import Version, Versions
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import studio_views as views
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.studio_actions import StudioActions
from deepcomposer_edu.widgets.studio_arrange import ArrangeActions, arrange_view
from deepcomposer_edu.widgets.studio_marks import MarksActions, marks_view
from deepcomposer_edu.widgets.studio_publish import PublishActions, publish_view
from deepcomposer_edu.widgets.studio_raw import raw_view
from deepcomposer_edu.widgets.train_own import TrainYourOwn

PANELS = (
    *("head", "melody", "desk", "compose", "listen", "arrange", "marks", "raw", "ask"),
    *("keep", "publish"),
)
BUSY = "The studio is still at work; wait for it, or press Cancel, and try again."


class StudioPanel(SoundWidget, bundle="studio"):
    """One panel of a studio: shows what `view` says, tells what was done by hand.

    Args:
        panel: which one, of `PANELS`.
        view: what it shows at first, see `studio_views.py`.
        on_do: called with action, values and buffers.
    """

    panel = traitlets.Unicode().tag(sync=True)  # which of PANELS it is
    view = traitlets.Dict().tag(sync=True)  # what it shows, see studio_views.py

    def __init__(
        self, panel: str, view: dict, on_do: Callable[[str, dict, list], None]
    ) -> None:
        self._on_do = on_do
        super().__init__(panel=panel, view=view)
        self.on_msg(self._hear)

    def _hear(self, _widget: object, message: dict, buffers: list) -> None:
        if message.get("kind") == "do":
            self._on_do(str(message.get("action")), message.get("values", {}), buffers)


class Studio(
    StudioActions, ArrangeActions, MarksActions, PublishActions, ipywidgets.VBox
):
    """Melody, composing, listening, keeping, training: the whole studio in one place.

    Every composition is kept at once, in `folder`, and is there again when the studio
    is opened anew. What a hand does in the panels, Python can do, too.

    Args:
        folder: where versions and files go; None: `my_music/studio`, beside the
            notebook.
        tune: the tune that is chosen at first.
        genre: the style that is chosen at first.
        technique: the technique that is chosen at first.
        seed: the seed at first.

    Raises:
        InputError: if something given is unknown, or the folder is a file.

    >>> studio = Studio("out")  # doctest: +SKIP
    >>> piece = studio.compose(seed=3)  # doctest: +SKIP
    >>> studio.save(["mid", "mp3"])  # doctest: +SKIP
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        tune: str = "ode-to-joy",
        genre: str | None = None,
        technique: str = "wgan",
        seed: int = 0,
    ) -> None:
        self.session = Session(folder, tune, genre, technique, seed)
        self._tab, self._is_editing, self._follows = "tune", False, True
        self._drawing = threading.RLock()
        self._busy: dict | None = None
        self._busy_panel = ""
        self._status: tuple[str, str, bool] = ("", "", False)  # panel, words, problem
        self._worker: threading.Thread | None = None
        self._shown: Composition | None = None
        self.piano, self.editor, self.player = None, None, None
        self._places = {
            name: ipywidgets.VBox() for name in ("piano", "editor", "player")
        }
        self._panels = {
            name: StudioPanel(
                name, self._view(name), lambda *said, name=name: self._do(name, *said)
            )
            for name in PANELS
        }
        self.training = TrainYourOwn(on_trained=self._trained, is_folded=True)
        panels, places = self._panels, self._places
        super().__init__(
            [
                panels["head"],
                panels["melody"],
                places["piano"],
                panels["desk"],
                places["editor"],
                panels["compose"],
                panels["listen"],
                places["player"],
                panels["arrange"],
                panels["marks"],
                panels["raw"],
                panels["ask"],
                panels["keep"],
                panels["publish"],
                self.training,
            ]
        )
        self.add_class("dc-studio-box")
        self.session.desk.on_change(self._melody_changed)
        found = len(self.session.versions)
        if found:
            words = views.counted(found, "version")
            self._say("listen", f"{words} from before, found on the disk.")
        self._refresh()

    # --- from Python

    @property
    def melody(self) -> Score:
        """The melody that is composed next.

        Assign a Score, the name of a tune, or the path of a MIDI or MusicXML file.
        """
        return self.session.desk.score

    @melody.setter
    def melody(self, melody: Score | str | Path) -> None:
        self.session.desk.take(melody)

    @property
    def composition(self) -> Composition | None:
        """The version that is heard now, None while there is none."""
        return self.session.current.composition if self.session.current else None

    @property
    def versions(self) -> Versions:
        """All versions, as a tree."""
        return self.session.versions

    def compose(
        self,
        genre: str | None = None,
        technique: str | None = None,
        seed: int | None = None,
        **parameters: object,
    ) -> Composition:
        """Compose as the Compose button does, and wait for the result.

        Args:
            genre: the style; None keeps what is chosen.
            technique: the technique; None keeps what is chosen.
            seed: the seed; None keeps what is chosen.
            **parameters: the technique's own.

        Raises:
            InputError: if something given cannot be used.
        """
        session = self.session
        self._refuse_while_busy()
        if technique is not None:
            session.choose_technique(technique)
        if genre is not None:
            session.choose_genre(genre)
        if seed is not None:
            session.set_seed(seed)
        for name, value in parameters.items():
            session.turn(name, value)
        try:
            with self._working("compose"):
                version = session.compose(self._progress)
        finally:
            self._refresh()
        self._say_ready(version)
        return version.composition

    def compare(self, other: Version | Composition | int | None) -> Pair | None:
        """Compare the current version with another; the player shows what differs.

        Args:
            other: a version, its number or its composition; None ends comparing.

        Returns:
            Both, with a sentence that says what differs.

        Raises:
            InputError: if there is no such version, or nothing is composed.
        """
        for version in self.versions:
            if other in (version.number, version.composition):
                other = version
        wanted = getattr(other, "id", other)
        try:
            return self.session.compare(None if wanted is None else str(wanted))
        finally:
            self._refresh()

    def ask(self, note: int, semitones: int) -> Listening:
        """Move one melody note and see in the player which other notes change.

        Args:
            note: its number in the melody, from 0.
            semitones: how far it moves, up if above 0.

        Raises:
            InputError: if there is no such note, or it cannot move there.
        """
        try:
            return self.session.ask(note, semitones)
        finally:
            self._refresh()

    def save(self, parts: str | Sequence[str] | None = None) -> dict[str, Path]:
        """Write the current version as files, as the Save button does.

        Args:
            parts: which of `compose.export.PARTS`; None: those chosen in step 4.

        Returns:
            The path of each part.

        Raises:
            InputError: if nothing is composed, or it cannot be written.
        """
        self._refuse_while_busy()
        self._take_instruments()
        try:
            with self._working("keep"):
                files = self.session.save(parts, self._progress)
        finally:
            self._refresh()
        self._say_saved()
        return files

    def wait(self) -> None:
        """Wait until the work that a button started has ended."""
        worker = self._worker
        if worker is not None and worker is not threading.current_thread():
            worker.join()

    def close(self) -> None:
        """Close the studio and everything in it."""
        self.session.cancel()
        self.wait()
        for widget in (self.piano, self.editor, self.player):
            if widget is not None:
                widget.close()
        for part in (*self._panels.values(), *self._places.values(), self.training):
            part.close()
        super().close()

    def __repr__(self) -> str:
        kept = views.counted(len(self.versions), "version")
        return f"Studio: {self.session.desk.summary} {kept}."

    # --- what a hand does, see studio_actions.py

    def do(self, panel: str, action: str, **values: object) -> None:
        """Do what a hand can do in a panel, by its name in `studio_actions.py`.

        Args:
            panel: one of `PANELS`, where a sentence about it is shown.
            action: such as "choose_tune" or "compare".
            **values: what the action needs, such as name="twinkle-twinkle".
        """
        self._do(panel, action, values, [])

    def _do(self, panel: str, action: str, values: dict, buffers: list) -> None:
        """Do what was asked for in a panel; what goes wrong is said there."""
        do = getattr(self, f"_do_{action}", None)
        if do is None:
            return
        self._status = ("", "", False)
        try:
            do(values, buffers)
        except InputError as problem:
            self._say(panel, str(problem), is_problem=True)
        finally:
            self._refresh()

    # --- what the widgets inside do

    def _trained(self, name: str) -> None:
        """Offer a network that the form below has trained, by its name."""
        self._say("compose", f"Your network {name} is a style now: choose it above.")

    def _take_recording(self, score: Score) -> None:
        self._do("melody", "take_recording", {"score": score}, [])

    def _take_edit(self, score: Score) -> None:
        if self._follows:
            self._do("desk", "take_edit", {"score": score}, [])

    def _melody_changed(self) -> None:
        if self._follows and self._is_editing:
            self._load_editor()
        self._refresh("head", "melody", "desk")

    def _load_editor(self) -> None:
        if self.editor.score != self.session.desk.score:
            self._follows = False
            try:
                self.editor.load(self.session.desk.score)
            finally:
                self._follows = True

    def _take_instruments(self) -> None:
        """Make what was chosen in the player part of the version."""
        current = self.session.current
        if self.player is None or current is None or self.session.pair is not None:
            return
        tracks = current.composition.score.tracks
        programs = self.player.programs
        if len(programs) == len(tracks):
            pairs = zip(programs, tracks, strict=True)
            chosen = [program for program, track in pairs if not track.is_drum]
            self.session.use_programs(chosen)

    # --- work that takes a while

    def _start(
        self,
        panel: str,
        work: Callable[[Callable], object],
        then: Callable[[object], None] = lambda _result: None,
    ) -> None:
        """Do work in a thread, so that the panels answer meanwhile."""
        self._refuse_while_busy()
        self._busy, self._busy_panel = {"share": None, "words": ""}, panel

        def run() -> None:
            try:
                with self._working(panel):
                    result = work(self._progress)
                then(result)
            except Cancelled:
                self._say(panel, "Cancelled; nothing was changed.")
            except InputError as problem:
                self._say(panel, str(problem), is_problem=True)
            except Exception as error:
                self._say(
                    panel,
                    f"This failed unexpectedly: {type(error).__name__}: {error}",
                    is_problem=True,
                )
                raise
            finally:
                self._refresh()

        self._worker = threading.Thread(target=run, daemon=True)
        self._worker.start()

    def _refuse_while_busy(self) -> None:
        if self._busy is not None:
            raise InputError(BUSY)

    @contextlib.contextmanager
    def _working(self, panel: str):
        self._busy, self._busy_panel = {"share": None, "words": ""}, panel
        self._refresh(panel)
        try:
            yield
        finally:
            self._busy = None

    def _progress(self, share: float | None, words: str) -> None:
        self._busy = {"share": share, "words": words}
        self._refresh(self._busy_panel)

    # --- showing

    def _say(self, panel: str, words: str, is_problem: bool = False) -> None:
        """Set the one sentence of the studio, in a panel."""
        self._status = (panel, words, is_problem)
        self._refresh(*PANELS)

    def _say_ready(self, version: Version) -> None:
        title = views.version_title(version)
        self._say("compose", f"{title} is ready: hear it in step 3.")

    def _say_saved(self) -> None:
        saved = views.counted(len(self.session.files), "file")
        self._say("keep", f"Saved {saved}.")

    def _view(self, panel: str) -> dict:
        session = self.session
        busy = self._busy if self._busy_panel == panel else None
        view = {
            "head": lambda: views.head_view(session),
            "melody": lambda: views.melody_view(session, self._tab),
            "desk": lambda: views.desk_view(session, self._is_editing),
            "compose": lambda: views.compose_view(session, busy),
            "listen": lambda: views.listen_view(session),
            "arrange": lambda: arrange_view(session, busy),
            "marks": lambda: marks_view(session, busy),
            "raw": lambda: raw_view(session, busy),
            "ask": lambda: views.ask_view(session, busy),
            "keep": lambda: views.keep_view(session, busy),
            "publish": lambda: publish_view(session, busy),
        }[panel]()
        place, words, is_problem = self._status
        if place == panel:
            view |= {"status": words, "has_problem": is_problem}
        return view

    def _refresh(self, *panels: str) -> None:
        """Show what is true now, in these panels or in all."""
        with self._drawing:  # the worker's thread draws, too
            for name in panels or PANELS:
                self._panels[name].view = self._view(name)
            if not panels:
                self._show_music()

    def _show_music(self) -> None:
        """Give the player what is to be heard, with what changed lit up."""
        shown = self.session.shown
        if shown is None:
            self._places["player"].children = []
            self._shown = None
            return
        if self.player is None:
            from deepcomposer_edu.widgets.player import Player

            self.player = Player(shown.score)
        elif shown is not self._shown:
            self.player.score = shown.score
        self._shown = shown
        self.player.show_changed(self.session.changed)
        if not self._places["player"].children:
            self._places["player"].children = [self.player]
