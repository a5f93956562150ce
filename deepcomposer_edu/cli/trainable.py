"""What `deepcomposer train` can train: one entry each.

To train another network from the shell, add an entry to `TRAINABLE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.cli import train_sound
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.cli.own_data import OwnData
    from deepcomposer_edu.nn.population import Population
    from deepcomposer_edu.training.history import History
    from deepcomposer_edu.training.predictor import TrainingSettings

USUAL = "usual"
FILM = "See and hear it: deepcomposer video {out} -o training.mp4"
LISTEN = "What it plays meanwhile lies in {out}/samples, as WAV files."
HAND_IN = "Hand it in: deepcomposer hand-in {out} --name YOUR-NAME"
KEEP = "Keep it to compose with: deepcomposer keep {out} my-first"


@dataclass(frozen=True)
class Job:
    """A training that is asked for; all values are checked.

    Args:
        out: the run folder.
        config: the network's settings; None if the run is resumed with its own.
        settings: how it is trained; None for the usual, or if it is resumed.
        source: a folder or a file to learn from instead of the usual music.
        options: n_steps, seed, resume and the like, for the training function.
        own_data: how `source` is read, for a WGAN; see `own_data.OwnData`.
        seconds: of each sound that recordings are cut into; None: as usual.
    """

    out: Path
    config: object
    settings: TrainingSettings | None
    source: Path | None
    options: dict[str, object]
    own_data: OwnData | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Trainable:
    """One network that can be trained.

    Args:
        name: what it is called in `deepcomposer train NAME`.
        summary: what it is, in a few words.
        n_steps: how many steps are taken if nobody says.
        settings_of: from a recipe to the network's settings and the training's; the
            latter are None for a WGAN, which has all in one.
        train: trains.
        source: the option with which other music can be given, "data" or "text".
        recipes: the names of its recipes, the usual one first.
        next_steps: what to do with the run, in sentences with {out}.
        tell: says what it would learn from and cost; None if that cannot be told.
        several: trains a population, see `train_sound.train_several`; None if it is
            not made for that.
    """

    name: str
    summary: str
    n_steps: int
    settings_of: Callable[[str], tuple[object, TrainingSettings | None]]
    train: Callable[[Job], History]
    source: str = ""
    recipes: tuple[str, ...] = (USUAL,)
    next_steps: tuple[str, ...] = (FILM, KEEP)
    tell: Callable[[Job], None] | None = None
    several: Callable[..., Population] | None = None

    def refuse_foreign(self, **given: Path | None) -> None:
        """Raise an InputError if music is given in a way that it cannot learn from."""
        for name, path in given.items():
            if path is not None and name != self.source:
                others = [t.name for t in TRAINABLE.values() if t.source == name]
                raise InputError(
                    f"--{name} is for {', '.join(others)}, but {self.name} is to be "
                    "trained; leave it out."
                )


def _given(job: Job) -> dict[str, object]:
    """Return the settings of a new run as arguments; none for one that goes on."""
    if job.config is None:
        return {}
    return {"config": job.config, "settings": job.settings}


# --- the WGAN ----------------------------------------------------------------


def _wgan_settings(recipe: str) -> tuple[object, None]:
    from deepcomposer_edu.models.wgan_sizes import find_size

    return find_size(recipe).config, None


def _train_on_own_data(job: Job) -> History:
    """Train a WGAN or an AR-CNN, whose music may be anybody's."""
    from deepcomposer_edu.cli.own_data import prepared_of
    from deepcomposer_edu.compose.own_training.runs import train_own

    prepared = prepared_of(job)
    if job.own_data is not None and job.own_data.epochs is not None:
        job.options["n_steps"] = prepared.n_steps
    return train_own(job.out, prepared, **job.options)


def _tell_own_data(job: Job) -> None:
    from deepcomposer_edu.cli.own_data import tell_only

    tell_only(job)


# --- the AR-CNN --------------------------------------------------------------


def _editor_settings(recipe: str) -> tuple[object, TrainingSettings]:
    from deepcomposer_edu.compose.own_training.editor_recipes import find_recipe

    found = find_recipe(recipe)
    return found.config, found.settings


# --- networks that predict ---------------------------------------------------


def _writer_settings(recipe: str) -> tuple[object, TrainingSettings]:
    from deepcomposer_edu.models.writer import WriterConfig
    from deepcomposer_edu.training.writer import ORIGINAL_SETTINGS, SETTINGS

    if recipe == "original":
        return WriterConfig.original(), ORIGINAL_SETTINGS
    return WriterConfig(), SETTINGS


def _train_writer(job: Job) -> History:
    from deepcomposer_edu.corpora.texts import read_text
    from deepcomposer_edu.training.writer import train_writer

    text = None if job.source is None else read_text(job.source)
    return train_writer(job.out, text=text, **_given(job), **job.options)


def _melody_rnn_settings(recipe: str) -> tuple[object, TrainingSettings]:
    from deepcomposer_edu.models.melody_network import MelodyRNNConfig
    from deepcomposer_edu.training.melody_rnn import SETTINGS

    return MelodyRNNConfig(variant=recipe), SETTINGS


def _train_melody_rnn(job: Job) -> History:
    from deepcomposer_edu.corpora.melodies import load_melodies
    from deepcomposer_edu.models.melody_network import MelodyRNNConfig
    from deepcomposer_edu.training.melody_rnn import train_melody_rnn

    return train_melody_rnn(
        job.out,
        train=load_melodies("train"),
        valid=load_melodies("valid"),
        **{"config": MelodyRNNConfig(), **_given(job)},  # a resumed run keeps its own
        **job.options,
    )


def _transformer_settings(_recipe: str) -> tuple[object, TrainingSettings]:
    from deepcomposer_edu.models.transformer import TransformerConfig
    from deepcomposer_edu.training.transformer import SETTINGS

    return TransformerConfig(), SETTINGS


def _train_transformer(job: Job) -> History:
    from deepcomposer_edu.training.transformer import train_transformer

    return train_transformer(job.out, **_given(job), **job.options)


def _voice_settings(recipe: str) -> tuple[object, TrainingSettings]:
    from deepcomposer_edu.models.voice_net import VoiceConfig
    from deepcomposer_edu.training.voice import SETTINGS

    return VoiceConfig(voice=recipe), SETTINGS


def _train_voice(job: Job) -> History:
    from deepcomposer_edu.training.voice import train_voice

    return train_voice(job.out, **_given(job), **job.options)


# --- networks that make raw sound --------------------------------------------


def _of_sound(name: str, summary: str, n_steps: int, *recipes: str) -> Trainable:
    return Trainable(
        name,
        summary,
        n_steps,
        partial(train_sound.settings_of, name),
        partial(train_sound.train, name),
        "data",
        recipes,
        (LISTEN,),
        partial(train_sound.tell_only, name),
        partial(train_sound.train_several, name),
    )


TRAINABLE: Mapping[str, Trainable] = {
    one.name: one
    for one in (
        Trainable(
            "wgan",
            "two networks that harmonise, on Bach's chorales or your own pieces",
            1000,
            _wgan_settings,
            _train_on_own_data,
            "data",
            ("usual", "small", "original"),
            tell=_tell_own_data,
        ),
        Trainable(
            "ar-cnn",
            "a network that edits four voices, on Bach's chorales or your own pieces",
            1000,
            _editor_settings,
            _train_on_own_data,
            "data",
            ("orderless", "small", "edit-events"),
            tell=_tell_own_data,
        ),
        Trainable(
            "melody-rnn",
            "a recurrent network that goes on with a melody, on folk tunes",
            2000,
            _melody_rnn_settings,
            _train_melody_rnn,
            recipes=("attention", "lookback"),
        ),
        Trainable(
            "transformer",
            "a Transformer that goes on in four voices, on chorales and other genres",
            2000,
            _transformer_settings,
            _train_transformer,
        ),
        Trainable(
            "writer",
            "a recurrent network that writes letters, on tunes or any text",
            1000,
            _writer_settings,
            _train_writer,
            "text",
            (USUAL, "original"),
            ("Let it write: deepcomposer write --run {out}",),
        ),
        Trainable(
            "voice",
            "a small network that sings one voice in the class's chorale",
            1000,
            _voice_settings,
            _train_voice,
            recipes=("alto", "tenor", "bass"),
            next_steps=(HAND_IN,),
        ),
        _of_sound(
            "wavenet",
            "a WaveNet that plays notes sample by sample, on four instruments or your "
            "own recordings",
            2000,
            *("usual", "small"),
        ),
        _of_sound(
            "nsynth",
            "a WaveNet autoencoder of notes, on four instruments or your own notes",
            2000,
            "usual",
        ),
        _of_sound(
            "ada",
            "an autoencoder that tells sounds in codes, on notes or your recordings",
            1000,
            *("vq", "argmax"),
        ),
    )
}
