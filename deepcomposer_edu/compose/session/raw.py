"""What a session does with networks that make raw sound: who plays what, hear it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.raw_sound.timbres import (
    Timbre,
    checked_timbres,
    recorded_timbres,
)
from deepcomposer_edu.compose.session.base import Progress, SessionBase
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from deepcomposer_edu.compose.versions import Version

RAW_RATE = 16_000  # of the sound that is heard in the studio


class RawSession(SessionBase):
    """The part of a `Session` that has to do with timbres; of no use alone."""

    use_instruments: Callable[[Sequence[str | int]], Version]

    @property
    def timbres(self) -> tuple[Timbre | None, ...]:
        """The timbre of each track of the current version that is not drums.

        Raises:
            InputError: if nothing is composed.
        """
        composition = self._needed().composition
        n_tracks = sum(not track.is_drum for track in composition.score.tracks)
        timbres, _ = recorded_timbres(composition.provenance)
        return timbres or (None,) * n_tracks

    def use_timbres(self, timbres: Sequence[str | None]) -> Version:
        """Let networks play tracks of the current version; the notes stay the same.

        Args:
            timbres: one for each track that is not drums, such as "wavenet:organ"; ""
                or None: the instrument that it has.

        Returns:
            The version with these timbres; if nothing differs, the current one.

        Raises:
            InputError: if nothing is composed, or a timbre is unknown.
        """
        chosen = checked_timbres(list(timbres), len(self.timbres))
        if chosen == self.timbres:
            return self._needed()
        programs = self._programs()
        pairs = zip(chosen, programs, strict=True)
        return self.use_instruments([str(t) if t else program for t, program in pairs])

    def use_programs(self, programs: Sequence[int]) -> Version:
        """Let other instruments play; a track whose program stays keeps its timbre.

        Args:
            programs: General MIDI, one for each track that is not drums.

        Raises:
            InputError: if nothing is composed, or their number does not fit.
        """
        if list(programs) == self._programs():
            return self._needed()
        kept = [
            str(timbre) if timbre and timbre.program == program else program
            for timbre, program in zip(self.timbres, programs, strict=True)
        ]
        return self.use_instruments(kept)

    def raw_audio(
        self,
        progress: Progress | None = None,
        timbres: Sequence[str | None] | None = None,
    ) -> np.ndarray:
        """Return the current version as its timbres play it, (N, 2), at RAW_RATE.

        Args:
            progress: called with the share done, 0 to 1 or None, and words.
            timbres: others, as in `use_timbres`; the version stays as it is.

        Raises:
            InputError: if nothing is composed, no track has a timbre, or the weights
                of a network are missing.
            Cancelled: if `cancel` was called meanwhile.
        """
        tell = self._begin_work(progress)
        composition, own = self._needed().composition, self.timbres
        chosen = own if timbres is None else checked_timbres(list(timbres), len(own))
        if not any(chosen):
            raise InputError(
                "No network plays this version; choose one for a track, such as "
                "wavenet:organ, first."
            )
        tell(None, "loading the network")
        from deepcomposer_edu.compose.raw_sound.rendering import render_raw

        return render_raw(
            composition.score,
            chosen,
            rate=RAW_RATE,
            seed=composition.provenance["seed"],
            on_progress=lambda share: tell(share, "the network makes the sound"),
        )

    def _programs(self) -> list[int]:
        """Return the programs of the tracks that are not drums."""
        tracks = self._needed().composition.score.tracks
        return [track.program for track in tracks if not track.is_drum]
