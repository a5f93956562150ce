"""One interface to every technique: `compose(melody, technique) -> Composition`."""

from deepcomposer_edu.compose.arranging.arranger import arrange
from deepcomposer_edu.compose.arranging.record import (
    arrangement_of,
    orchestrate,
    voices_of,
)
from deepcomposer_edu.compose.code_links import CodeLink, code_of, code_parameters
from deepcomposer_edu.compose.comparing.comparison import Comparison, compare
from deepcomposer_edu.compose.comparing.listening import Listening, does_it_listen
from deepcomposer_edu.compose.comparing.listens import (
    ListeningScore,
    listening_of,
    listening_score,
)
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.genres import (
    Genre,
    genre_choices,
    genre_names,
    style_parameters,
)
from deepcomposer_edu.compose.instruments import with_instruments
from deepcomposer_edu.compose.interface import compose
from deepcomposer_edu.compose.models import Model, forget, keep, kept_models, run_models
from deepcomposer_edu.compose.replay import ReplayError, replay
from deepcomposer_edu.compose.techniques.catalogue import (
    technique_names,
    technique_parameters,
)
from deepcomposer_edu.compose.versions import Version, Versions

__all__ = [
    "CodeLink",
    "Comparison",
    "Composition",
    "Genre",
    "Listening",
    "ListeningScore",
    "Model",
    "ReplayError",
    "Version",
    "Versions",
    "arrange",
    "arrangement_of",
    "code_of",
    "code_parameters",
    "compare",
    "compose",
    "does_it_listen",
    "forget",
    "genre_choices",
    "genre_names",
    "keep",
    "kept_models",
    "listening_of",
    "listening_score",
    "orchestrate",
    "replay",
    "run_models",
    "style_parameters",
    "technique_names",
    "technique_parameters",
    "voices_of",
    "with_instruments",
]
