"""What can be done by hand in the studio's panels: one method for each action.

A panel sends an action's name with values; `Studio` calls the method `_do_NAME` with
them and with the buffers that came along, and shows what is true afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.words import counted
from deepcomposer_edu.widgets.studio_raw import wav_bytes
from deepcomposer_edu.widgets.studio_words import version_title
from deepcomposer_edu.widgets.studio_work import Progress, StudioWork

if TYPE_CHECKING:
    import ipywidgets

    from deepcomposer_edu.compose.versions import Version
    from deepcomposer_edu.music.score import Score
    from deepcomposer_edu.widgets.editor import Editor
    from deepcomposer_edu.widgets.keyboard import PianoKeyboard


class StudioActions(StudioWork):
    """The actions of a `Studio`; a base class that is of no use alone."""

    _do: Callable[[str, str, dict, list], None]
    piano: PianoKeyboard | None
    editor: Editor | None
    _places: dict[str, ipywidgets.VBox]  # where piano, editor and player appear
    _tab = "tune"  # which tab of the melody's panel is open
    _is_editing = False  # whether the editor is open
    _follows = True  # whether melody and editor take over what the other does

    def _do_choose_tab(self, values: dict, _buffers: list) -> None:
        self._tab = values["tab"]
        if self._tab == "play" and self.piano is None:
            from deepcomposer_edu.widgets.keyboard import PianoKeyboard

            self.piano = PianoKeyboard()
            self.piano.on_record(self._take_recording, edits=True)
        self._places["piano"].children = [self.piano] if self._tab == "play" else []

    def _do_choose_tune(self, values: dict, _buffers: list) -> None:
        self.session.desk.take_tune(values["name"])

    def _do_open_file(self, values: dict, buffers: list) -> None:
        self.session.desk.take_bytes(str(values["name"]), bytes(buffers[0]))

    def _do_move(self, values: dict, _buffers: list) -> None:
        self.session.desk.move(values["semitones"])

    def _do_set_tempo(self, values: dict, _buffers: list) -> None:
        self.session.desk.set_tempo(values["tempo"])

    def _do_put_rhythm_right(self, values: dict, _buffers: list) -> None:
        self.session.desk.put_rhythm_right(values["rhythm"])

    def _do_trim(self, values: dict, _buffers: list) -> None:
        self.session.desk.trim(values["n_bars"])

    def _do_undo_melody(self, _values: dict, _buffers: list) -> None:
        self.session.desk.undo()

    def _do_redo_melody(self, _values: dict, _buffers: list) -> None:
        self.session.desk.redo()

    def _do_toggle_editor(self, _values: dict, _buffers: list) -> None:
        self._is_editing = not self._is_editing
        if self._is_editing and self.editor is None:
            from deepcomposer_edu.widgets.editor import Editor

            self.editor = Editor(
                self.session.desk.score,
                max_tracks=1,
                one_at_a_time=True,
                key="guess",
                in_key=False,
            )
            self.editor.on_change(self._take_edit)
        elif self._is_editing:
            self._load_editor()
        self._places["editor"].children = [self.editor] if self._is_editing else []

    def _do_choose_genre(self, values: dict, _buffers: list) -> None:
        self.session.choose_genre(values["name"])

    def _do_choose_technique(self, values: dict, _buffers: list) -> None:
        self.session.choose_technique(values["name"])

    def _do_set_seed(self, values: dict, _buffers: list) -> None:
        self.session.set_seed(values["seed"])

    def _do_turn(self, values: dict, _buffers: list) -> None:
        self.session.turn(values["name"], values["value"])

    def _do_start_from(self, values: dict, _buffers: list) -> None:
        self.session.start_from(values["id"])

    def _do_compose(self, _values: dict, _buffers: list) -> None:
        self._start("compose", self.session.compose, self._say_ready)

    def _do_try_again(self, _values: dict, _buffers: list) -> None:
        self._start("compose", self.session.try_again, self._say_ready)

    def _say_ready(self, version: Version) -> None:
        title = version_title(version)
        self._say("compose", f"{title} is ready: hear it in step 3.")

    def _do_cancel(self, _values: dict, _buffers: list) -> None:
        self.session.cancel()

    def _do_undo(self, _values: dict, _buffers: list) -> None:
        self.session.undo()

    def _do_redo(self, _values: dict, _buffers: list) -> None:
        self.session.redo()

    def _do_go(self, values: dict, _buffers: list) -> None:
        self.session.go(values["id"])

    def _do_rename(self, values: dict, _buffers: list) -> None:
        self.session.rename(values["id"], values["text"])

    def _do_compare(self, values: dict, _buffers: list) -> None:
        self.session.compare(values["id"])

    def _do_hear(self, values: dict, _buffers: list) -> None:
        self.session.hear(values["which"])

    def _do_play_raw(self, values: dict, _buffers: list) -> None:
        timbres = [str(timbre) for timbre in values["timbres"]]
        self._take_instruments()

        def work(progress: Progress) -> bytes:
            wav = wav_bytes(self.session.raw_audio(progress, timbres))
            self.session.use_timbres(timbres)  # not where it was cancelled
            return wav

        self._start("raw", work, self._say_raw)

    def _say_raw(self, wav: bytes) -> None:
        self._say("raw", "The sound is ready: press its play button.")
        self._panels["raw"].send({"kind": "sound"}, buffers=[wav])

    def _do_ask(self, values: dict, _buffers: list) -> None:
        note, semitones = int(values["note"]), int(values["semitones"])
        self._start("ask", lambda _progress: self.session.ask(note, semitones))

    def _do_replay(self, _values: dict, _buffers: list) -> None:
        self._start(
            "ask", self.session.replay, lambda words: self._say("ask", str(words))
        )

    def _do_end_asking(self, _values: dict, _buffers: list) -> None:
        self.session.end_asking()

    def _do_choose_parts(self, values: dict, _buffers: list) -> None:
        if values["parts"]:
            self.session.choose_parts(values["parts"])

    def _do_save(self, values: dict, _buffers: list) -> None:
        self._take_instruments()
        parts = values["parts"]
        self._start(
            "keep",
            lambda progress: self.session.save(parts, progress),
            lambda _files: self._say_saved(),
        )

    def _say_saved(self) -> None:
        self._say("keep", f"Saved {counted(len(self.session.files), 'file')}.")

    def _do_download(self, values: dict, _buffers: list) -> None:
        path = self.session.files.get(values["part"])
        if path is None or not path.is_file():
            raise InputError("This file is no longer there; press Save again.")
        name = f"{path.parent.name}{path.suffix}"
        content, folder = path.read_bytes(), path.parent
        self._hand_over("keep", name, content, what=path.name, folder=folder)

    # --- what the widgets inside do

    def _take_recording(self, score: Score) -> None:
        self._do("melody", "take_recording", {"score": score}, [])

    def _do_take_recording(self, values: dict, _buffers: list) -> None:
        self.session.desk.take_recording(values["score"])
        self._say("melody", "What you played is the melody now: compose it in step 2.")

    def _take_edit(self, score: Score) -> None:
        if self._follows:
            self._do("desk", "take_edit", {"score": score}, [])

    def _do_take_edit(self, values: dict, _buffers: list) -> None:
        self._follows = False  # the editor has it already
        try:
            self.session.desk.edit(values["score"])
        finally:
            self._follows = True

    def _load_editor(self) -> None:
        """Show the melody of the desk in the editor, if it has another one."""
        if self.editor.score != self.session.desk.score:
            self._follows = False
            try:
                self.editor.load(self.session.desk.score)
            finally:
                self._follows = True

    def _melody_changed(self) -> None:
        if self._follows and self._is_editing:
            self._load_editor()
        self._refresh("head", "melody", "desk")
