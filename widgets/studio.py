"""The studio: from a melody to a piece, in four steps, in the notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ipywidgets

from deepcomposer_edu.compose.comparing.listening import Listening
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.session.compare import Pair
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.compose.versions import Version, Versions
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.words import counted
from deepcomposer_edu.widgets.studio_actions import StudioActions
from deepcomposer_edu.widgets.studio_arrange import ArrangeActions
from deepcomposer_edu.widgets.studio_marks import MarksActions
from deepcomposer_edu.widgets.studio_panel import PANELS, StudioPanel, panel_view
from deepcomposer_edu.widgets.studio_publish import PublishActions
from deepcomposer_edu.widgets.train_own import TrainYourOwn

ORDER = (  # of panels, and of the places where piano, editor and player appear
    *("head", "melody", "piano", "desk", "editor", "compose", "listen", "player"),
    *("arrange", "marks", "raw", "ask", "keep", "publish"),
)


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
        self._begin_work()
        self._shown: Composition | None = None
        self.piano, self.editor, self.player = None, None, None
        self._places = {name: ipywidgets.VBox() for name in ORDER if name not in PANELS}
        self._panels = {
            name: StudioPanel(
                name, self._view(name), lambda *said, name=name: self._do(name, *said)
            )
            for name in PANELS
        }
        self.training = TrainYourOwn(on_trained=self._trained, is_folded=True)
        parts = self._panels | self._places
        super().__init__([*(parts[name] for name in ORDER), self.training])
        self.add_class("dc-studio-box")
        self.session.desk.on_change(self._melody_changed)
        found = len(self.session.versions)
        if found:
            words = f"{counted(found, 'version')} from before, found on the disk."
            self._say("listen", words)
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
        version = self._do_and_wait("compose", session.compose)
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
        known = [v for v in self.versions if other in (v.number, v.composition)]
        wanted = getattr(known[0] if known else other, "id", other)
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
            InputError: if there is no such note, it cannot move there, or the studio is
                still at work.
        """
        return self._do_and_wait("ask", lambda _: self.session.ask(note, semitones))

    def save(self, parts: str | Sequence[str] | None = None) -> dict[str, Path]:
        """Write the current version as files, as the Save button does.

        Args:
            parts: which of `compose.export.saving.PARTS`; None: those chosen in step 4.

        Returns:
            The path of each part.

        Raises:
            InputError: if nothing is composed, or it cannot be written.
        """
        self._refuse_while_busy()
        self._take_instruments()
        files = self._do_and_wait(
            "keep", lambda progress: self.session.save(parts, progress)
        )
        self._say_saved()
        return files

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
        kept = counted(len(self.versions), "version")
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

    def _trained(self, name: str) -> None:
        """Offer a network that the form below has trained, by its name."""
        self._say("compose", f"Your network {name} is a style now: choose it above.")

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

    # --- showing

    def _view(self, panel: str) -> dict:
        view = panel_view(
            panel,
            self.session,
            busy=self._busy if self._busy_panel == panel else None,
            tab=self._tab,
            is_editing=self._is_editing,
        )
        place, words, is_problem = self._status
        if place == panel:
            view |= {"status": words, "has_problem": is_problem}
        return view

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
