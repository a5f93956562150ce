"""What sounds in a TrainingMonitor: its music, and the curves of its losses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import traitlets

from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.training.follow import Row


class Sounding(traitlets.HasTraits):
    """The part of a monitor that is heard.

    The browser plays the tones that Python chose: `viz/run_sound.py` says how.
    """

    # {} or {"seconds", "steps", "curves": [{"pitch", "swing", "rough", "broken"}],
    # "mark", "timbres", "rough_hertz", "swing_hertz", "softer_db", "zero", "words"}
    curve = traitlets.Dict().tag(sync=True)
    hears_training = traitlets.Bool(False).tag(sync=True)  # a tone for each news

    def play(self) -> None:
        """Play the stage that the slider is at, as the Play button does."""
        self.send({"kind": "play"})

    def play_curve(self) -> None:
        """Play the curves of the losses, as "Hear the curves" does."""
        self.send({"kind": "curve"})

    def silence(self) -> None:
        """Pause the sound; the training goes on."""
        self.send({"kind": "silence"})

    @property
    def curve_words(self) -> str:
        """What is heard of the curves, in words; empty while there are none."""
        return self.curve.get("words", "")


def curve_of(rows: Sequence[Row]) -> dict[str, object]:
    """Return the curves of a history as the browser plays them; {} if there are none.

    Args:
        rows: the history; a value that is no number is None.
    """
    from deepcomposer_edu.music import sonify as mapping
    from deepcomposer_edu.viz.run_sound import sonify

    try:
        heard = sonify(rows)
    except InputError:
        return {}
    tones = heard.tones
    curves = [
        {
            "pitch": _numbers(tones.pitch[number]),
            "swing": _numbers(tones.swing[number]),
            "rough": _numbers(tones.roughness[number]),
            "broken": tones.broken[number].tolist(),
        }
        for number in range(len(heard.names))
    ]
    return {
        "seconds": heard.seconds,
        "steps": _numbers(tones.steps),
        "curves": curves,
        "mark": heard.mark,
        "timbres": [list(timbre) for timbre in mapping.TIMBRES],
        "rough_hertz": mapping.ROUGH_HERTZ,
        "swing_hertz": mapping.SWING_HERTZ,
        "softer_db": mapping.DB_AN_OCTAVE,
        "zero": mapping.ZERO,
        "words": heard.words,
    }


def _numbers(values: np.ndarray) -> list[float | None]:
    """Return numbers as JSON has them: what is NaN becomes None."""
    return [None if np.isnan(value) else round(float(value), 3) for value in values]
