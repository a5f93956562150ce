"""Training the upper level of a stack: codes of codes, and a prior for them.

The lower level is trained already and stays as it is. The loss is -ln p of each lower
code given those before it and the upper codes, plus what the quantiser costs, plus
-ln p of each upper code given those before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Unpack

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.sounds import SoundSet, phrase_sounds
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada import Ada
from deepcomposer_edu.models.ada_stack import AdaStack, UpperConfig, UpperLevel
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.nn.quantise import perplexity, share_used
from deepcomposer_edu.training.ada import move_rare_codes, usual_settings
from deepcomposer_edu.training.ada_crops import INSTRUMENTS, REVIVE_CHANCE
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.distributed import refuse_team
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

KIND = "ada-stack"
N_PHRASES, PHRASE_SECONDS = 240, 4.0
SAMPLE_SECONDS = 4.0


def usual_phrases(seed: int = 0) -> SoundSet:
    """Return melodies by the instruments that the lower level knows, 4 s each."""
    return phrase_sounds(
        seconds=PHRASE_SECONDS,
        n=N_PHRASES,
        seed=seed,
        instruments=INSTRUMENTS,
        pitches=range(60, 73),
    )


@dataclass(frozen=True)
class CodeBatch:
    """Lower codes (B, F hop), and a seed to revive dead upper codes by, -1 for not."""

    lower: Tensor
    seed: int = -1


class CodeRows:
    """Draws whole rows of lower codes.

    Args:
        lower: (N, F hop) int64.
        batch_size: B.
        revive: whether some batches ask for dead upper codes to be revived.
    """

    def __init__(self, lower: Tensor, batch_size: int, revive: bool) -> None:
        self.lower, self.batch_size, self.revive = lower, batch_size, revive

    def batch(self, random: torch.Generator) -> CodeBatch:
        """Return rows drawn at random."""
        which = torch.randint(len(self.lower), (self.batch_size,), generator=random)
        seed = -1
        if self.revive and torch.rand(1, generator=random) < REVIVE_CHANCE:
            seed = int(torch.randint(2**31, (1,), generator=random))
        return CodeBatch(self.lower[which], seed)


def nats_of(network: UpperLevel, lower: Tensor) -> tuple[Tensor, Tensor, object]:
    """Return the nats of a lower code, those of an upper one, and the upper codes."""
    logits, prior, quantised = network(lower)
    below = F.cross_entropy(logits.flatten(0, 1).float(), lower.flatten())
    above = F.cross_entropy(prior.flatten(0, 1).float(), quantised.codes.flatten())
    return below, above, quantised


def stack_loss(network: UpperLevel, batch: CodeBatch) -> Tensor:
    """Return what the lower codes, the upper codes and the quantiser cost."""
    if batch.seed >= 0 and network.training:
        with torch.no_grad():
            said = network.said(batch.lower).flatten(0, 1).float()
        move_rare_codes(network.quantiser.codebook, said, batch.seed)
    below, above, quantised = nats_of(network, batch.lower)
    return below + above + quantised.loss


def judge(network: UpperLevel, lower: Tensor) -> dict[str, float]:
    """Return how well lower and upper codes are told, and how many upper ones occur."""
    below, above, quantised = nats_of(network, lower)
    n_codes = network.config.n_codes
    return {
        "valid_loss": (below + above).item(),
        "lower_nats": below.item(),
        "upper_nats": above.item(),
        "code_use": share_used(quantised.codes, n_codes),
        "perplexity": perplexity(quantised.codes, n_codes),
    }


def sample_writer(lower: Ada) -> Callable[[nn.Module, Path], None]:
    """Return what writes a sound made from nothing: PATH.wav, mono."""

    def write(network: nn.Module, path: Path) -> None:
        sound = AdaStack(lower, network).compose(SAMPLE_SECONDS)
        write_wav(path.with_suffix(".wav"), sound, lower.config.rate)

    return write


def lower_codes(lower: Ada, sounds: SoundSet, hop: int) -> Tensor:
    """Return the lower codes of sounds, (N, F hop), the last part of a unit left out.

    Raises:
        InputError: if there are no sounds, or they are shorter than one upper code.
    """
    if not len(sounds) or sounds.audio.shape[1] < hop * lower.config.hop:
        raise InputError(
            f"There are {len(sounds)} sounds of {sounds.audio.shape[-1]} samples, but "
            f"it takes one or more of at least {hop * lower.config.hop}, one upper "
            "code; give longer sounds."
        )
    codes = lower.encode(sounds.audio)
    return codes[:, : codes.shape[1] // hop * hop]


def train_ada_stack(
    run: str | Path,
    lower: Ada,
    config: UpperConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    sounds: SoundSet | None = None,
    revive: bool = True,
    batch_size: int = 8,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train an upper level in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`. Samples are WAV files.
        lower: the trained autoencoder below; it is not changed.
        config: the upper level's settings; the default if None. A resumed run uses its
            own.
        settings: how it is trained; those of `training.ada` if None.
        n_steps: steps in all.
        sounds: what it learns from and is judged by; `usual_phrases` if None.
        revive: whether dead codes are revived; it does nothing for "argmax".
        batch_size: sounds in a batch.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or if the sounds or the lower level don't fit.
    """
    refuse_team("a level whose codes are judged over the whole batch")
    settings = settings or usual_settings(n_steps)
    config = config or UpperConfig(n_lower=lower.config.n_codes)
    if resume:
        config, settings, seed = read_settings(run, KIND, UpperConfig.of)
    sounds = usual_phrases() if sounds is None else sounds
    network = fresh_network(lambda: UpperLevel(config), seed, run if resume else None)
    AdaStack(lower, network)  # says so if they don't fit
    held_out = sounds.valid if sounds.held_out.any() else sounds.train
    learn, judged = (
        lower_codes(lower, part, config.hop) for part in (sounds.train, held_out)
    )
    revive = revive and config.kind == "vq"
    return train_predictor(
        run,
        network,
        Task(
            CodeRows(learn, batch_size, revive).batch,
            stack_loss,
            partial(judge, lower=judged),
            sample_writer(lower),
        ),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(100, options),
    )
