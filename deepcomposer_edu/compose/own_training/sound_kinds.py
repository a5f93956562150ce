"""The kinds of networks that make raw sound, as the doors that train meet them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from torch import Tensor, nn

from deepcomposer_edu.corpora.sounds import SoundSet, note_sounds
from deepcomposer_edu.models.ada import Ada, AdaConfig
from deepcomposer_edu.models.note_wavenet import NoteConfig, NoteWaveNet
from deepcomposer_edu.models.nsynth import NSynthConfig, SoundAutoencoder
from deepcomposer_edu.training import ada, nsynth, wavenet
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.predictor import TrainingSettings

Parts = tuple[nn.Module, Callable[..., object], Callable[..., Tensor]]


@dataclass(frozen=True)
class SoundKind:
    """One kind of network that makes raw sound, as it is trained.

    Args:
        name: as in `deepcomposer train`.
        recipes: settings of the network to begin with, by name, the usual first.
        settings: how it is trained.
        n_steps: steps if nobody says.
        trainer: what trains.
        read: its settings from those of a run.
        usual: the sounds at a rate if no folder is given.
        fitted: the settings for given sounds.
        parts: an untrained network, what draws a batch, and the loss.
        explored: of a population, the settings that differ, as factors of the usual
            value: lowest and highest.
        needs_pitch: whether it learns only from sounds of known pitch.
    """

    name: str
    recipes: Mapping[str, object] = field(repr=False)
    settings: TrainingSettings = field(repr=False)
    n_steps: int
    trainer: Callable[..., History]
    read: Callable[[Mapping[str, object]], object]
    usual: Callable[[int], SoundSet]
    fitted: Callable[[object, SoundSet], object]
    parts: Callable[[object, SoundSet], Parts]
    explored: Mapping[str, tuple[float, float]] = field(repr=False)
    needs_pitch: bool = False

    def ranges(
        self, config: object, settings: TrainingSettings
    ) -> dict[str, tuple[float, float]]:
        """Return what a population may differ in: lowest and highest value by name."""
        values = {**vars(config), **vars(settings)}
        return {
            name: (values[name] * low, values[name] * high)
            for name, (low, high) in self.explored.items()
            if values.get(name) and _has_effect(name, config)
        }


def _has_effect(name: str, config: object) -> bool:
    """Return whether a setting matters: an argmax has no commitment, say."""
    of_kind = {"commitment": "vq", "diversity": "argmax"}
    return name not in of_kind or of_kind[name] == getattr(config, "kind", None)


def _note_parts(config: NoteConfig, sounds: SoundSet) -> Parts:
    learn = wavenet.WaveSet(sounds.train)
    return NoteWaveNet(config), learn.batch, wavenet.wave_loss


def _nsynth_parts(config: NSynthConfig, sounds: SoundSet) -> Parts:
    sizes = _usual(nsynth.train_nsynth, "batch_size", "n_frames")
    learn = nsynth.SoundExcerpts(sounds.train, config, **sizes)
    return SoundAutoencoder(config), learn.batch, nsynth.sound_loss


def _ada_parts(config: AdaConfig, sounds: SoundSet) -> Parts:
    network = Ada(config)
    sizes = _usual(ada.train_ada, "batch_size", "n_frames")
    learn = ada.WaveCrops(network, sounds.train, **sizes)
    return network, learn.batch, ada.ada_loss


def _usual(trainer: Callable[..., History], *names: str) -> dict[str, object]:
    """Return what a trainer takes for arguments if they are not given."""
    parameters = inspect.signature(trainer).parameters
    return {name: parameters[name].default for name in names}


def _with_instruments(config: object, sounds: SoundSet) -> object:
    return replace(config, instruments=sounds.instruments, rate=sounds.rate)


_FOUR = ("organ", "clarinet", "harpsichord", "space-lead")  # until sounds are read
_WIDE = (0.1, 3.0)  # times the usual learning rate

KINDS: Mapping[str, SoundKind] = {
    kind.name: kind
    for kind in (
        SoundKind(
            "wavenet",
            {
                "usual": NoteConfig(_FOUR),
                "small": NoteConfig(
                    _FOUR, residual=16, skip=32, dilations=(1, 2, 4, 8, 16, 32, 64, 128)
                ),
            },
            wavenet.SETTINGS,
            2000,
            wavenet.train_wavenet,
            NoteConfig.of,
            wavenet.usual_sounds,
            _with_instruments,
            _note_parts,
            {"learning_rate": _WIDE},
        ),
        SoundKind(
            "nsynth",
            {"usual": NSynthConfig(_FOUR)},
            nsynth.SETTINGS,
            2000,
            nsynth.train_nsynth,
            NSynthConfig.of,
            lambda rate: note_sounds(rate, pitches=nsynth.PITCHES),
            _with_instruments,
            _nsynth_parts,
            {"learning_rate": _WIDE},
            needs_pitch=True,
        ),
        SoundKind(
            "ada",
            {"vq": AdaConfig(), "argmax": AdaConfig(kind="argmax")},
            ada.SETTINGS,
            1000,
            ada.train_ada,
            AdaConfig.of,
            note_sounds,
            lambda config, sounds: replace(config, rate=sounds.rate),
            _ada_parts,
            {
                "learning_rate": _WIDE,
                "commitment": (0.2, 8.0),
                "diversity": (0.1, 10.0),
            },
        ),
    )
}
