"""A piano keyboard in the notebook: play it, record it, get a Score, hear a Score."""

from __future__ import annotations

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import find_instrument, instrument_menu
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.midi_control import MidiControl
from deepcomposer_edu.widgets.performing import Performing
from deepcomposer_edu.widgets.recording import check_tempo, score_to_song
from deepcomposer_edu.widgets.taking import Takes

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


def _described(trait: traitlets.TraitType) -> str:
    """Return in words what a setting may be."""
    low, high = getattr(trait, "min", None), getattr(trait, "max", None)
    if low is None:
        return trait.info()
    return f"{trait.info()} from {low:g} to {high:g}"


def _check_settings(settings: dict[str, object]) -> None:
    """Refuse settings that the panel does not have, or values that they can't have.

    Raises:
        InputError: with what is allowed.
    """
    known = Performing.class_traits(sync=True) | {
        name: trait
        for name, trait in Takes.class_traits(sync=True).items()
        if name.startswith("rhythm_")
    }
    for name, value in settings.items():
        if name not in known:
            raise InputError(
                f"PianoKeyboard has no setting {name!r}; there is: {', '.join(known)}."
            )
        try:
            known[name]._validate(Performing(), value)
        except traitlets.TraitError:
            raise InputError(
                f"{name} is {value!r}, but it must be {_described(known[name])}."
            ) from None


class PianoKeyboard(Performing, Takes, MidiControl, SoundWidget, bundle="keyboard"):
    """A piano with 32 keys for mouse, fingers, computer keys and MIDI keyboards.

    It sounds at once in the browser. Record and Stop make a recording, Play plays it
    back; `recording()` hands it to Python as a Score, and `load(score)` plays any Score
    on the keys. The panel behind More has wheels, scale lock, chords, arpeggiator,
    metronome, rhythm assist and trimming (widgets/performing.py, widgets/taking.py).

    Args:
        low: MIDI pitch of the leftmost key. 53 (F3) shows where melodies lie; the AWS
            DeepComposer keyboard itself starts an octave lower, at 41.
        n_keys: how many keys, 1 to 88.
        octave_shift: moves all keys by octaves, -5 to 5.
        volume: loudness from 0 to 1.
        tempo: beats per minute that a recording is counted in, 20 to 300.
        instrument: General MIDI program (0 to 127) or a name such as "flute".
        show_labels: whether keys show their note names and computer keys.
        settings: any other setting by the name of its trait, such as `metronome=True`,
            `scale="G major", scale_lock=True`, `max_bars=8` or `key_names="colours"`
            ("letters", "numbers", "solfege": what stands on the keys, and, for a loaded
            tune, on the line below them).

    Raises:
        InputError: if a value lies outside its range.

    >>> keyboard = PianoKeyboard(instrument="church organ")
    >>> keyboard.instrument, keyboard.low, keyboard.n_keys
    (19, 53, 32)
    """

    # Settings, changed from Python or in the widget.
    low = traitlets.Int(53, min=0, max=127).tag(sync=True)  # pitch of the leftmost key
    n_keys = traitlets.Int(32, min=1, max=88).tag(sync=True)  # black ones included
    octave_shift = traitlets.Int(0, min=-5, max=5).tag(sync=True)  # moves all keys
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    tempo = traitlets.Float(100.0).tag(sync=True)  # of a recording, in BPM
    instrument = traitlets.Int(0, min=0, max=127).tag(sync=True)  # General MIDI program
    show_labels = traitlets.Bool(True).tag(sync=True)

    # What happens in the browser; read these, or observe them.
    is_recording = traitlets.Bool(False).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)
    pressed = traitlets.List(traitlets.Int()).tag(sync=True)  # pitches held down now
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below the keys

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
        **settings: object,
    ) -> None:
        _check_range(low, n_keys, octave_shift)
        if not 0 <= volume <= 1:
            raise InputError(f"The volume is {volume}, but it must be from 0 to 1.")
        _check_settings(settings)
        super().__init__(
            low=low,
            n_keys=n_keys,
            octave_shift=octave_shift,
            volume=float(volume),
            tempo=check_tempo(tempo),
            instrument=find_instrument(instrument),
            show_labels=show_labels,
            instruments=instrument_menu(),
            **settings,
        )

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
