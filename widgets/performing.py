"""How a piano is played: wheels, pedal, scale lock, chords, arpeggiator, metronome."""

from __future__ import annotations

from collections.abc import Sequence

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.key_names import KEY_NAMES
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.score import NOTE_NAMES, Score
from deepcomposer_edu.widgets.recording import Event, check_tempo, events_to_score

# Semitones above the tonic; widgets/keyboard/scale.js holds the same table.
SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "pentatonic": (0, 2, 4, 7, 9),
    "blues": (0, 3, 5, 6, 7, 10),
}
CHORD_KINDS = ("triad", "minor", "seventh", "power")
ARP_ORDERS = ("up", "down", "up-down", "played")
ARP_RATES = ("1/4", "1/8", "1/8T", "1/16", "1/16T", "1/32")


def check_scale(name: str) -> str:
    """Return the name of a scale if there is one of that name.

    Raises:
        InputError: with the names there are.

    >>> check_scale("F# dorian")
    'F# dorian'
    """
    tonic, _, kind = str(name).partition(" ")
    if tonic not in NOTE_NAMES or kind not in SCALES:
        raise InputError(
            f"The scale is {name!r}, but it must be a note such as C or F# and one of "
            f'{", ".join(SCALES)}, such as "G major" or "A minor".'
        )
    return f"{tonic} {kind}"


class _Share(traitlets.Float):
    """A number from 0 to 1."""

    def __init__(self, value: float, **options: object) -> None:
        super().__init__(value, min=0.0, max=1.0, **options)


class Performing(traitlets.HasTraits):
    """Traits and methods of a keyboard's performance panel."""

    show_panel = traitlets.Bool(False).tag(sync=True)  # the panel with all of this
    key_names = traitlets.Enum(KEY_NAMES, "letters").tag(sync=True)  # where shown

    # Wheels and pedal, as they stand.
    bend = traitlets.Float(0.0, min=-1.0, max=1.0).tag(sync=True)  # pitch wheel
    bend_range = traitlets.Int(2, min=1, max=12).tag(sync=True)  # semitones at 1
    modulation = _Share(0.0).tag(sync=True)  # vibrato
    sustain = traitlets.Bool(False).tag(sync=True)  # whether the pedal is down

    # Touch.
    velocity = traitlets.Int(90, min=1, max=127).tag(sync=True)  # of computer keys
    touch = traitlets.Enum(["place", "fixed"], "place").tag(sync=True)
    # "place": the lower on a key the mouse or finger strikes, the louder; "fixed": as
    # the computer keys.

    # Scale lock and auto-chord.
    scale = traitlets.Unicode("C major").tag(sync=True)
    scale_lock = traitlets.Bool(False).tag(sync=True)  # only its notes sound
    auto_chord = traitlets.Bool(False).tag(sync=True)  # a chord on each key
    chord_kind = traitlets.Enum(CHORD_KINDS, "triad").tag(sync=True)

    # Arpeggiator: held notes one after another.
    arpeggiator = traitlets.Bool(False).tag(sync=True)
    arp_order = traitlets.Enum(ARP_ORDERS, "up").tag(sync=True)
    arp_rate = traitlets.Enum(ARP_RATES, "1/8").tag(sync=True)  # T is a triplet
    arp_octaves = traitlets.Int(1, min=1, max=3).tag(sync=True)

    # Time: with the tempo of the keyboard itself.
    metronome = traitlets.Bool(False).tag(sync=True)
    count_in = traitlets.Int(1, min=0, max=4).tag(sync=True)  # bars, with metronome
    beats_per_bar = traitlets.Int(4, min=2, max=7).tag(sync=True)  # quarters
    click_volume = _Share(0.5).tag(sync=True)
    max_bars = traitlets.Int(0, min=0, max=64).tag(sync=True)  # of a take; 0: no limit

    @traitlets.validate("scale")
    def _check_scale(self, proposal: dict) -> str:
        return check_scale(proposal["value"])

    @traitlets.validate("tempo")
    def _check_tempo(self, proposal: dict) -> float:
        return check_tempo(proposal["value"])

    def lock_scale(self, name: str | None = None) -> None:
        """Let only the notes of a scale light up and sound.

        Args:
            name: such as "G major", "A minor", "D dorian", "C pentatonic", "E blues";
                None takes the scale chosen last.

        Raises:
            InputError: if there is no such scale.

        >>> from deepcomposer_edu.widgets import PianoKeyboard
        >>> keyboard = PianoKeyboard()
        >>> keyboard.lock_scale("A minor")
        >>> keyboard.scale, keyboard.scale_lock
        ('A minor', True)
        """
        if name is not None:
            self.scale = check_scale(name)
        self.scale_lock = True

    def unlock_scale(self) -> None:
        """Let all notes sound again."""
        self.scale_lock = False

    def guess_scale(self, music: Score | Sequence[Event] | None = None) -> str:
        """Return the major or minor key that music is in.

        Args:
            music: a Score or a recording; None takes what is recorded.

        Raises:
            InputError: if there are no notes.

        >>> from deepcomposer_edu.widgets import PianoKeyboard
        >>> tune = Score.from_notes([(0, 67, 1), (1, 71, 1), (2, 74, 1), (3, 67, 4)])
        >>> PianoKeyboard().guess_scale(tune)
        'G major'
        """
        if music is None:
            music = self.recorded
        if not isinstance(music, Score):
            music = events_to_score(music, quantise=False)
        if not music.notes:
            raise InputError(
                "There are no notes to guess a key from: record some, or give "
                "guess_scale() a Score."
            )
        return find_key(music).name
