"""A piano keyboard in the notebook: play it, record it, get a Score, hear a Score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import GM_FAMILIES, find_instrument
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets.recording import (
    check_tempo,
    events_to_score,
    score_to_song,
)

_STATIC = Path(__file__).parent / "static"
LARGEST_SHIFT = 5  # octaves
WELCOME = (
    "Click a key, or type on the computer keys: Z X C … and Q W E … are white keys."
)


def _check_range(low: int, n_keys: int, octave_shift: int) -> None:
    """Refuse a keyboard that does not fit into the MIDI pitches.

    Raises:
        InputError: with what is allowed.
    """
    for name, value in {"low": low, "n_keys": n_keys}.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"{name} is {value!r}, but it must be a whole number.")
    if not 1 <= n_keys <= 88:
        raise InputError(
            f"n_keys is {n_keys}, but a keyboard has 1 to 88 keys; the AWS "
            "DeepComposer keyboard has 32."
        )
    if not -LARGEST_SHIFT <= octave_shift <= LARGEST_SHIFT:
        raise InputError(
            f"octave_shift is {octave_shift}, but it must be from {-LARGEST_SHIFT} to "
            f"{LARGEST_SHIFT} octaves."
        )
    lowest, highest = low + 12 * octave_shift, low + 12 * octave_shift + n_keys - 1
    if lowest < 0 or highest > 127:
        raise InputError(
            f"The keys would go from pitch {lowest} to {highest}, but MIDI pitches go "
            "from 0 to 127 (middle C is 60); take another low, n_keys or octave_shift."
        )


def _instrument_menu() -> list[list]:
    """Return the 128 instruments as [family, names], written as in a menu."""

    def titled(name: str) -> str:
        return name[:1].upper() + name[1:]

    return [
        [titled(family), [titled(name) for name in names]]
        for family, names in GM_FAMILIES.items()
    ]


class PianoKeyboard(anywidget.AnyWidget):
    """A piano with 32 keys for mouse, fingers, computer keys and MIDI keyboards.

    It sounds at once in the browser. Record and Stop make a recording, Play plays it
    back; `recording()` hands it to Python as a Score, and `load(score)` plays any Score
    on the keys.

    Args:
        low: MIDI pitch of the leftmost key. 53 (F3) shows where melodies lie; the AWS
            DeepComposer keyboard itself starts an octave lower, at 41.
        n_keys: how many keys, 1 to 88.
        octave_shift: moves all keys by octaves, -5 to 5.
        volume: loudness from 0 to 1.
        tempo: beats per minute that a recording is counted in, 20 to 300.
        instrument: General MIDI program (0 to 127) or a name such as "flute".
        show_labels: whether keys show their note names and computer keys.

    Raises:
        InputError: if a value lies outside its range.

    >>> keyboard = PianoKeyboard(instrument="church organ")
    >>> keyboard.instrument, keyboard.low, keyboard.n_keys
    (19, 53, 32)
    """

    _esm = _STATIC / "keyboard.js"
    _css = _STATIC / "keyboard.css"

    _midi_input = None  # an open MidiInput

    # Settings, changed from Python or in the widget.
    low = traitlets.Int(53, min=0, max=127).tag(sync=True)  # pitch of the leftmost key
    n_keys = traitlets.Int(32, min=1, max=88).tag(sync=True)  # black ones included
    octave_shift = traitlets.Int(0, min=-5, max=5).tag(sync=True)  # moves all keys
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    tempo = traitlets.Float(100.0).tag(sync=True)  # of a recording, in BPM
    instrument = traitlets.Int(0, min=0, max=127).tag(sync=True)  # General MIDI program
    show_labels = traitlets.Bool(True).tag(sync=True)

    # What happens in the browser; read these, or observe them.
    recorded = traitlets.List().tag(sync=True)  # events, as widgets/recording.py says
    n_takes = traitlets.Int(0).tag(sync=True)  # how many recordings have ended
    is_recording = traitlets.Bool(False).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)
    pressed = traitlets.List(traitlets.Int()).tag(sync=True)  # pitches held down now
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below the keys
    midi_state = traitlets.Unicode("").tag(sync=True)  # "", "ready", "kernel", error
    midi_inputs = traitlets.List(traitlets.Unicode()).tag(sync=True)  # device names

    # What the browser is given.
    song = traitlets.Dict().tag(sync=True)  # what load() was given, ready to play
    instruments = traitlets.List().tag(sync=True)  # (family, names), 128 names in all
    track_colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)  # as in figures

    def __init__(
        self,
        low: int = 53,
        n_keys: int = 32,
        octave_shift: int = 0,
        volume: float = 0.8,
        tempo: float = 100.0,
        instrument: int | str = 0,
        show_labels: bool = True,
    ) -> None:
        _check_range(low, n_keys, octave_shift)
        if not 0 <= volume <= 1:
            raise InputError(f"The volume is {volume}, but it must be from 0 to 1.")
        self._record_callbacks: list[Callable[[Score], None]] = []
        super().__init__(
            low=low,
            n_keys=n_keys,
            octave_shift=octave_shift,
            volume=float(volume),
            tempo=check_tempo(tempo),
            instrument=find_instrument(instrument),
            show_labels=show_labels,
            instruments=_instrument_menu(),
        )
        self.on_msg(self._answer)

    # --- from the keyboard to Python

    @property
    def has_recording(self) -> bool:
        """Whether at least one note has been recorded."""
        return any(event.get("velocity", 0) > 0 for event in self.recorded)

    def recording(
        self,
        tempo: float | str | None = None,
        quantise: bool = True,
        start: str = "note",
    ) -> Score:
        """Return what was recorded last.

        Args:
            tempo: beats per minute to count in; None takes the widget's own, and
                "guess" finds the one that fits (the widget's, with under four notes).
            quantise: whether to move notes to the sixteenth grid.
            start: "note", "beat", "bar" or "record"; see `events_to_score`.

        Returns:
            A score of one track. Its tempo is the one it was counted in, so it sounds
            as fast as it was played.

        Raises:
            InputError: if nothing was recorded, or an argument is not allowed.
        """
        if not self.has_recording:
            raise InputError(
                "Nothing is recorded yet: press Record, play some notes, press Stop, "
                "then run this cell again."
            )
        if tempo == "guess":
            from deepcomposer_edu.widgets.tempo import guess_tempo

            tempo = guess_tempo(self.recorded)
        return events_to_score(
            self.recorded,
            tempo=self.tempo if tempo is None else tempo,
            quantise=quantise,
            start=start,
            program=self.instrument,
        )

    @property
    def score(self) -> Score:
        """The recording on the sixteenth grid, from its first note on."""
        return self.recording()

    def on_record(self, callback: Callable[[Score], None]) -> None:
        """Call `callback` with the Score each time a recording ends.

        An empty recording calls nobody.
        """
        self._record_callbacks.append(callback)

    @traitlets.observe("n_takes")
    def _tell_recording(self, _change: object) -> None:
        if self.has_recording:
            for callback in self._record_callbacks:
                callback(self.recording())

    # --- from Python to the keyboard

    def load(self, score: Score | None) -> None:
        """Give the keyboard a score to play; its keys light up as they sound.

        The Play button plays it until the next recording. None takes it away again.

        Raises:
            InputError: if it is not a Score, or has no notes.
        """
        if score is None:
            self.song = {}
            return
        if not isinstance(score, Score):
            raise InputError(
                f"load() was given a {type(score).__name__}, but it plays a Score; "
                "read a file with read_score() first."
            )
        song = score_to_song(score)
        if not song["events"]:
            raise InputError("The score has no notes, so there is nothing to play.")
        self.song = song
        n_tracks = len(song["tracks"])
        tracks = "one track" if n_tracks == 1 else f"{n_tracks} tracks"
        self.status = f"{score.title or 'A score'} is loaded, {tracks}: press Play."
        self.send({"kind": "show_song"})

    def record(self) -> None:
        """Start a recording, as the Record button does."""
        self.send({"kind": "record"})

    def stop(self) -> None:
        """End recording or playing, as the Stop button does."""
        self.send({"kind": "stop"})

    def play(self) -> None:
        """Play what is loaded, or what was recorded, as the Play button does."""
        self.send({"kind": "play"})

    # --- MIDI keyboards through Python, for browsers without Web MIDI

    def connect_midi(self, port: str | None = None) -> str:
        """Let a MIDI keyboard on this computer play the widget, and return its name.

        Use it where the browser has no Web MIDI (Safari). Python must run on the
        computer that the keyboard is plugged into.

        Args:
            port: name of the port or a part of it; None takes the first one.

        Raises:
            InputError: if python-rtmidi is missing, or there is no such port.
        """
        from deepcomposer_edu.widgets.midi_input import MidiInput

        self.disconnect_midi()
        self._midi_input = MidiInput(port, on_message=self._play_midi)
        name = self._midi_input.name
        self.midi_inputs = [name]
        self.midi_state = "kernel"
        self.status = f"MIDI keyboard connected through Python: {name}."
        return name

    def disconnect_midi(self) -> None:
        """Let go of the port that `connect_midi` opened."""
        if self._midi_input is None:
            return
        self._midi_input.close()
        self.send({"kind": "unplug", "device": self._midi_input.name})
        self._midi_input = None
        self.midi_inputs = []
        self.midi_state = ""

    def _play_midi(self, milliseconds: float, data: tuple[int, ...]) -> None:
        """Pass a MIDI message on to the browser, with the time it was played at."""
        name = self._midi_input.name if self._midi_input else ""
        self.send({"kind": "midi", "bytes": data, "time": milliseconds, "device": name})

    def close(self) -> None:
        """Close the MIDI port and the widget."""
        self.disconnect_midi()
        super().close()

    # --- what the browser asks for

    def _answer(self, _widget: object, message: dict, _buffers: list) -> None:
        """Send the SoundFont when the browser asks for it."""
        if message.get("kind") != "soundfont?":
            return
        from deepcomposer_edu.music.soundfont import soundfont_path

        try:
            soundfont = Path(soundfont_path()).read_bytes()
        except (OSError, InputError) as error:
            self.send({"kind": "soundfont", "problem": str(error)})
            return
        self.send({"kind": "soundfont"}, buffers=[soundfont])
