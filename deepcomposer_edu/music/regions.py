"""What a SoundFont says about one sound, in plain units."""

from __future__ import annotations

from dataclasses import dataclass

NO_FILTER_CENTS = 13_500  # a cutoff of 20 kHz: the filter is open


@dataclass(frozen=True)
class Envelope:
    """Delay, attack, hold, decay, sustain and release; times in seconds.

    `decay` and `release` are the times for the whole way from full to silent.
    `sustain` is where the decay stops: decibels below full for the volume envelope,
    a share of full between 0 and 1 for the modulation envelope. `key_to_hold` and
    `key_to_decay` (cents per key) stretch those times for keys below middle C.
    """

    delay: float
    attack: float
    hold: float
    decay: float
    sustain: float
    release: float
    key_to_hold: float = 0.0
    key_to_decay: float = 0.0


@dataclass(frozen=True)
class Vibrato:
    """A slow triangle wave: starts after `delay` seconds, swings at `hertz`."""

    delay: float
    hertz: float


@dataclass(frozen=True, eq=False)
class Region:
    """One recorded sample and how to play it for a range of keys and velocities.

    Args:
        key_low, key_high, velocity_low, velocity_high: where it plays, all inclusive.
        start, end: where the recording lies in the font's samples.
        loop_start, loop_end: the part repeated while a note is held.
        has_loop: whether to repeat it at all.
        sample_rate: of the recording, in samples per second.
        root_key: the key that plays the recording as it was made.
        tuning_cents: added to the pitch of every key.
        cents_per_key: 100 for instruments; less where keys are nearer than a semitone.
        fixed_key, fixed_velocity: play as if this was pressed; -1 for no.
        attenuation_db: how much softer than full, at least 0.
        pan: from -1 (left) to 1 (right).
        cutoff_cents, resonance_db: low-pass filter, in cents above 8.176 Hz.
        exclusive_class: a new note of the same class stops this one; 0 for none.
        volume, modulation: envelopes of loudness, and of pitch and filter.
        tremolo, vibrato: the two slow waves.
        The remaining fields say how far those reach: cents, but decibels for
        `tremolo_to_volume_db`; `softness_to_filter` is cents at velocity 0.
    """

    key_low: int
    key_high: int
    velocity_low: int
    velocity_high: int
    start: int
    end: int
    loop_start: int
    loop_end: int
    has_loop: bool
    sample_rate: int
    root_key: int
    tuning_cents: float
    cents_per_key: float
    fixed_key: int
    fixed_velocity: int
    attenuation_db: float
    pan: float
    cutoff_cents: float
    resonance_db: float
    exclusive_class: int
    volume: Envelope
    modulation: Envelope
    tremolo: Vibrato
    vibrato: Vibrato
    tremolo_to_pitch: float
    vibrato_to_pitch: float
    envelope_to_pitch: float
    tremolo_to_filter: float
    envelope_to_filter: float
    tremolo_to_volume_db: float
    softness_to_filter: float

    def plays(self, key: int, velocity: int) -> bool:
        """Return whether a note of this key and velocity uses the region."""
        return (
            self.key_low <= key <= self.key_high
            and self.velocity_low <= velocity <= self.velocity_high
        )

    def distance(self, key: int, velocity: int) -> tuple[int, int]:
        """Return how many keys, then velocities, a note lies outside the region."""
        keys = max(self.key_low - key, key - self.key_high, 0)
        return keys, max(self.velocity_low - velocity, velocity - self.velocity_high, 0)
