"""From the zones of a SoundFont to a region: what plays where, in plain units.

A preset zone and an instrument zone each hold numbers by kind, their *generators*
(SoundFont 2.01 specification, section 8.1). Those of the preset are added to those of
the instrument, but for some that only an instrument has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from deepcomposer_edu.music.regions import NO_FILTER_CENTS, Envelope, Region, Vibrato

ATTENUATION_SCALE = 0.4  # the hardware these fonts were made on took 0.4 of the value
VELOCITY_TO_FILTER = -1  # stands among the generators for the one modulator used

# Generators by number; those that do not add up between preset and instrument.
INSTRUMENT, KEY_RANGE, VELOCITY_RANGE, SAMPLE = 41, 43, 44, 53
FIXED_KEY, FIXED_VELOCITY, SAMPLE_MODES, EXCLUSIVE_CLASS, ROOT_KEY = 46, 47, 54, 57, 58
_OFFSETS = {0, 1, 2, 3, 4, 12, 45, 50}
_INSTRUMENT_ONLY = _OFFSETS | {
    FIXED_KEY,
    FIXED_VELOCITY,
    SAMPLE_MODES,
    EXCLUSIVE_CLASS,
    ROOT_KEY,
}
_INSTANT = -12_000  # the default of every time: 2**-10 seconds, about 1 ms
_DEFAULTS = {8: NO_FILTER_CENTS, FIXED_KEY: -1, FIXED_VELOCITY: -1, ROOT_KEY: -1}
_DEFAULTS |= {56: 100} | dict.fromkeys((21, 23, *range(25, 29), 30), _INSTANT)
_DEFAULTS |= dict.fromkeys((*range(33, 37), 38), _INSTANT)


class Recording(NamedTuple):
    """One recorded sample, as a SoundFont's table has it; positions are in samples."""

    start: int
    end: int
    loop_start: int
    loop_end: int
    rate: int
    root: int  # MIDI pitch, above 127 if it has none
    correction: int  # cents
    link: int
    kind: int

    @property
    def is_elsewhere(self) -> bool:
        """Whether it lies in a synthesiser's memory, not in the file."""
        return bool(self.kind & 0x8000)


@dataclass(frozen=True)
class _Zone:
    """Where a preset zone and an instrument zone meet.

    Args:
        own: the generators of the instrument zone.
        preset: those of the preset zone.
    """

    own: Mapping[int, int]
    preset: Mapping[int, int]

    def value(self, kind: int) -> int:
        """Return a generator, the preset's part added where it has one."""
        own = self.own.get(kind, _DEFAULTS.get(kind, 0))
        return own if kind in _INSTRUMENT_ONLY else own + self.preset.get(kind, 0)

    def position(self, fine: int, coarse: int) -> int:
        """Return an offset in samples from its two generators."""
        return self.value(fine) + 32_768 * self.value(coarse)

    def between(self, kind: int, low: float, high: float) -> float:
        """Return a generator, kept between two bounds."""
        return float(np.clip(self.value(kind), low, high))

    def seconds(self, kind: int) -> float:
        """Return a time, given in cents of a second, at most 100 s."""
        return 2.0 ** (min(self.value(kind), 8_000) / 1_200)

    def span(self, kind: int) -> tuple[int, int]:
        """Return the lowest and the highest key or velocity that both zones allow."""
        zones = (self.own, self.preset)
        ranges = [zone[kind] & 0xFFFF for zone in zones if kind in zone]
        return (
            max((r & 0xFF for r in ranges), default=0),
            min((r >> 8 for r in ranges), default=127),
        )

    def envelope(self, first: int, sustain: float) -> Envelope:
        """Return the envelope whose generators begin with number `first`."""
        return Envelope(
            *(self.seconds(first + i) for i in range(4)),
            sustain=sustain,
            release=self.seconds(first + 5),
            key_to_hold=self.value(first + 6),
            key_to_decay=self.value(first + 7),
        )

    def vibrato(self, delay: int, frequency: int) -> Vibrato:
        """Return the low oscillator of two generators."""
        hertz = 8.176 * 2.0 ** (self.value(frequency) / 1_200)
        return Vibrato(self.seconds(delay), hertz)


def make_region(
    own: Mapping[int, int],
    preset: Mapping[int, int],
    recording: Recording,
    n_samples: int,
) -> Region | None:
    """Return the region where a preset zone and an instrument zone meet.

    Args:
        own: the generators of the instrument zone.
        preset: those of the preset zone.
        recording: the sample that it plays.
        n_samples: in the file.

    Returns:
        None if the recording is not in the file.
    """
    zone = _Zone(own, preset)
    start = recording.start + zone.position(0, 4)
    end = recording.end + zone.position(1, 12)
    is_here = not recording.is_elsewhere and 0 <= start < end <= n_samples
    if not is_here or recording.rate < 400:
        return None
    loop_start = recording.loop_start + zone.position(2, 45)
    loop_end = recording.loop_end + zone.position(3, 50)
    has_loop = start <= loop_start and loop_start + 8 <= loop_end <= end
    return Region(
        *zone.span(KEY_RANGE),
        *zone.span(VELOCITY_RANGE),
        start,
        end,
        loop_start,
        loop_end,
        has_loop=zone.value(SAMPLE_MODES) & 1 == 1 and has_loop,
        sample_rate=recording.rate,
        root_key=_root(zone, recording),
        tuning_cents=recording.correction + 100 * zone.value(51) + zone.value(52),
        cents_per_key=zone.value(56),
        fixed_key=zone.value(FIXED_KEY),
        fixed_velocity=zone.value(FIXED_VELOCITY),
        attenuation_db=ATTENUATION_SCALE * max(zone.value(48), 0) / 10,
        pan=float(np.clip(zone.value(17) / 500, -1, 1)),
        cutoff_cents=zone.between(8, 1_500, NO_FILTER_CENTS),
        resonance_db=zone.between(9, 0, 960) / 10,
        exclusive_class=zone.value(EXCLUSIVE_CLASS),
        volume=zone.envelope(33, sustain=zone.between(37, 0, 1_440) / 10),
        modulation=zone.envelope(25, sustain=1 - zone.between(29, 0, 1_000) / 1_000),
        tremolo=zone.vibrato(21, 22),
        vibrato=zone.vibrato(23, 24),
        tremolo_to_pitch=zone.value(5),
        vibrato_to_pitch=zone.value(6),
        envelope_to_pitch=zone.value(7),
        tremolo_to_filter=zone.value(10),
        envelope_to_filter=zone.value(11),
        tremolo_to_volume_db=zone.value(13) / 10,
        softness_to_filter=own.get(VELOCITY_TO_FILTER, 0),
    )


def _root(zone: _Zone, recording: Recording) -> int:
    """Return the pitch that was recorded: the zone's, the recording's, or C4."""
    if zone.value(ROOT_KEY) >= 0:
        return zone.value(ROOT_KEY)
    return recording.root if recording.root <= 127 else 60
