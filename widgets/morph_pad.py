"""A pad whose corners are four timbres: every mixture between them, to hear and see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.morph_work import Decoding, sound_of, weights_at

HOWS = ("codes", "waves")
MOST_SIDE = 9
MOST_KEYS = 37
LOWEST_RATE, HIGHEST_RATE = 3000, 192_000  # what browsers play


class MorphPad(SoundWidget, bundle="morph_pad"):
    """A square with four instruments in its corners; each dot is a mixture of them.

    Drag or use the arrow keys; choose a pitch on the small piano. A mixture of *codes*
    is decoded by the kernel, in a thread, what you hear first and then the rest of the
    pitch; a mixture of *waveforms* is the weighted sum of the four sounds. Both are
    made equally loud.

    Args:
        decode: weights (4,) that sum to 1, and a MIDI pitch, to sound (N,) in [-1, 1].
        names: of the four corners: upper left, upper right, lower left, lower right.
        sounds: a pitch to the four corners' own sounds, each (N,), whose waveforms are
            mixed; None mixes the decoded corners.
        rate: samples a second.
        pitch: the first pitch.
        pitches: the keys of the small piano, without gaps; at most 37.
        n_side: mixtures along a side, 2 to 9.
        decode_many: several weights (M, 4) and one pitch to (M, N), where that is
            quicker than one after another.

    Raises:
        InputError: if a value is not allowed.

    >>> def decode(weights, pitch):
    ...     return np.full(800, weights[0] / 2)
    >>> pad = MorphPad(decode, ["organ", "flute", "oboe", "lead"], n_side=3)
    >>> pad.place = [0, 1]
    >>> pad.weights.tolist(), float(pad.sound().max())
    ([0.5, 0.0, 0.5, 0.0], 0.25)
    """

    # What there is.
    names = traitlets.List().tag(sync=True)
    rate = traitlets.Int(8000).tag(sync=True)
    low = traitlets.Int(48).tag(sync=True)  # lowest and highest key
    high = traitlets.Int(72).tag(sync=True)
    n_side = traitlets.Int(5).tag(sync=True)
    has_sounds = traitlets.Bool(False).tag(sync=True)  # of the corners, as recorded

    # What is chosen; set these, or observe them.
    place = traitlets.List([0, 0]).tag(sync=True)  # column, row; row 0 is above
    pitch = traitlets.Int(60).tag(sync=True)
    how = traitlets.Enum(HOWS, "codes").tag(sync=True)
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)

    # What goes on.
    is_decoding = traitlets.Bool(False).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)  # one sentence

    _decoding = None  # while a refused one is taken down

    def __init__(
        self,
        decode: Callable[[np.ndarray, int], np.ndarray],
        names: Sequence[str],
        sounds: Callable[[int], Sequence[np.ndarray]] | None = None,
        rate: int = 8000,
        pitch: int = 60,
        pitches: range = range(48, 73),
        n_side: int = 5,
        decode_many: Callable[[np.ndarray, int], np.ndarray] | None = None,
    ) -> None:
        names, keys = list(names), list(pitches)
        if not callable(decode):
            raise InputError(
                f"The decoder is {decode!r}, but must be a function of four weights "
                "and a pitch."
            )
        if len(names) != 4 or not all(isinstance(name, str) for name in names):
            raise InputError(
                f"The corners are {names}, but a pad has four names, one for each."
            )
        for what, value, lowest, highest in (
            ("rate", rate, LOWEST_RATE, HIGHEST_RATE),
            ("n_side", n_side, 2, MOST_SIDE),
        ):
            if value not in range(lowest, highest + 1):
                raise InputError(
                    f"The {what} is {value!r}, but must be {lowest} to {highest}."
                )
        if not 1 <= len(keys) <= MOST_KEYS or keys != list(
            range(max(keys[0], 0), min(keys[0] + len(keys), 128))
        ):
            raise InputError(
                f"The pitches are {pitches!r}, but must be 1 to {MOST_KEYS} pitches "
                "of 0 to 127 in a row, such as range(48, 73)."
            )
        if pitch not in keys:
            raise InputError(
                f"The pitch is {pitch!r}, but the keys go from {keys[0]} to {keys[-1]}."
            )
        self._sounds, self._corners = sounds, {}
        super().__init__(
            names=names,
            rate=int(rate),
            pitch=int(pitch),
            low=int(keys[0]),
            high=int(keys[-1]),
            n_side=int(n_side),
            has_sounds=sounds is not None,
            place=[(n_side - 1) // 2] * 2,
        )
        self._decoding = Decoding(
            decode, decode_many, self.n_side, self._send_clip, self._tell
        )
        self.on_msg(self._obey)

    # --- what there is

    @property
    def weights(self) -> np.ndarray:
        """How much of each corner the place has, shape (4,), summing to 1."""
        return weights_at(self.place, self.n_side)

    def sound(self, how: str | None = None) -> np.ndarray:
        """Return the sound of the place at the pitch, float32, shape (N,).

        Args:
            how: "codes" or "waves"; None: as chosen.

        Raises:
            InputError: if `how` is another word, or the decoder gives no sound.
        """
        how = self.how if how is None else how
        if how not in HOWS:
            raise InputError(f"The mixture is {how!r}, but must be 'codes' or 'waves'.")
        if how == "codes":
            return self._decoding.clip((self.pitch, *self.place))
        waves = self.corner_sounds()
        mix = np.zeros(max(map(len, waves)), dtype=np.float32)
        for weight, wave in zip(self.weights, waves, strict=True):
            mix[: len(wave)] += np.float32(weight) * wave
        return mix

    def corner_sounds(self, pitch: int | None = None) -> list[np.ndarray]:
        """Return the four sounds whose waveforms are mixed, each float32, shape (N,).

        Args:
            pitch: of the sounds; None: the chosen one.

        Raises:
            InputError: if they are not four sounds.
        """
        pitch = self.pitch if pitch is None else pitch
        last = self.n_side - 1
        if self._sounds is None:
            corners = [(0, 0), (last, 0), (0, last), (last, last)]
            return [self._decoding.clip((pitch, *one)) for one in corners]
        if pitch not in self._corners:
            sounds = list(self._sounds(pitch))
            if len(sounds) != 4:
                raise InputError(
                    f"The corners' sounds at pitch {pitch} are {len(sounds)}, but "
                    "there are four corners."
                )
            waves = [
                sound_of(sound, f"{name}'s sound")
                for sound, name in zip(sounds, self.names, strict=True)
            ]
            self._corners[pitch] = waves
        return self._corners[pitch]

    # --- what a hand may do

    def decode(self, wait: bool = False) -> None:
        """Decode all mixtures of the pitch in a thread, the chosen one first.

        Args:
            wait: whether to come back only when they are ready.
        """
        self._decoding.want((self.pitch, *self.place))
        if wait:
            self._decoding.wait()

    @property
    def n_decoded(self) -> int:
        """How many mixtures of the pitch are decoded."""
        return sum(clip[0] == self.pitch for clip in list(self._decoding.clips))

    def halt(self) -> None:
        """Stop decoding after what is being decoded."""
        self._decoding.stop()

    def play(self) -> None:
        """Play the place; a browser stays silent until somebody has clicked."""
        self.send({"kind": "play"})

    def silence(self) -> None:
        """Stop the sound."""
        self.send({"kind": "silence"})

    def close(self) -> None:
        """Stop decoding and close the widget."""
        if self._decoding is not None:
            self._decoding.stop()
        super().close()

    def __repr__(self) -> str:
        return f"MorphPad({', '.join(self.names)}; {self.n_side} by {self.n_side})"

    # --- how it works

    @traitlets.validate("place")
    def _on_pad(self, proposal: dict) -> list[int]:
        """Keep the place on the pad."""
        place = [int(at) for at in proposal["value"]][:2]
        if len(place) != 2:
            raise traitlets.TraitError("A place is a column and a row, such as [0, 2].")
        return [min(max(at, 0), self.n_side - 1) for at in place]

    @traitlets.validate("pitch")
    def _on_keys(self, proposal: dict) -> int:
        """Keep the pitch on the small piano."""
        return min(max(proposal["value"], self.low), self.high)

    def _obey(self, _widget: object, message: dict, _buffers: list) -> None:
        """Give the page the sounds that it lacks, and decode what nobody has."""
        if message.get("kind") == "halt":
            self.halt()
        if message.get("kind") != "want":
            return
        # As the message says: the traits may arrive later, and are the page's to set.
        pitch, (column, row) = int(message["pitch"]), message["place"]
        has = {tuple(place) for place in message.get("has", [])}
        try:
            if self._sounds is not None and not has:
                for number, wave in enumerate(self.corner_sounds(pitch)):
                    about = {"kind": "corner", "pitch": pitch, "number": number}
                    self.send(about, buffers=[_packed(wave)])
        except InputError as refusal:
            self.problem = str(refusal)
            return
        for clip in list(self._decoding.clips):
            if clip[0] == pitch and clip[1:] not in has:
                self._send_clip(clip)
        self._decoding.want((pitch, int(column), int(row)))

    def _send_clip(self, clip: tuple[int, int, int]) -> None:
        pitch, *place = clip
        about = {"kind": "clip", "pitch": pitch, "place": place}
        self.send(about, buffers=[_packed(self._decoding.clips[clip])])

    def _tell(self, is_working: bool, problem: str) -> None:
        self.is_decoding = is_working
        self.problem = problem


def _packed(wave: np.ndarray) -> bytes:
    """Return sound as 16-bit numbers, little end first, as the page reads them."""
    return np.round(wave * 32767).astype("<i2").tobytes()
