"""One interface to every technique: `compose(melody, technique) -> Composition`."""

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.interface import compose
from deepcomposer_edu.compose.replay import ReplayError, replay
from deepcomposer_edu.compose.techniques import technique_names, technique_parameters

__all__ = [
    "Composition",
    "ReplayError",
    "compose",
    "replay",
    "technique_names",
    "technique_parameters",
]
