"""Handing in a voice that was trained, for the class's chorale."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.course.progress_log import learner_name, shared_path
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:  # torch is loaded when a voice is handed in, not before
    from deepcomposer_edu.models.voice_net import VoiceNet


def hand_in(
    run: str | Path,
    name: str | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the voice of a run as one small file that a teacher can collect.

    Args:
        run: the run folder of a `training.voice.train_voice`.
        name: whose voice it is; None: the name that the course knows you by.
        folder: where to write; None: the class's shared folder (DEEPCOMPOSER_SHARE) if
            there is one, else the run folder itself.

    Returns:
        The path of the file. A later one of the same name and voice replaces it.

    Raises:
        InputError: if the run holds no voice that was trained, or the file cannot be
            written.
    """
    from deepcomposer_edu.models.voice_file import SUFFIX, save_voice

    run = Path(run)
    name = learner_name() if name is None else name
    network, about = voice_of_run(run)
    folder = folder or os.environ.get("DEEPCOMPOSER_SHARE") or run
    file = shared_path(folder, f"{network.config.voice}-{name}")
    return save_voice(file.with_suffix(SUFFIX), network, name, about)


def voice_of_run(run: str | Path) -> tuple[VoiceNet, dict[str, float]]:
    """Return the network of a run's last checkpoint, and what is told of its training.

    Raises:
        InputError: if the run holds no voice that was trained.
    """
    from deepcomposer_edu.models.building import filled
    from deepcomposer_edu.models.voice_net import KIND, VoiceConfig, VoiceNet
    from deepcomposer_edu.training.checkpoint import latest_checkpoint
    from deepcomposer_edu.training.history import read_history
    from deepcomposer_edu.training.predictor import read_settings

    run = Path(run)
    config, _, seed = read_settings(run, KIND, VoiceConfig.of)
    state = latest_checkpoint(run)
    if state is None:
        raise InputError(
            f"The run {run} has no checkpoint yet; let it train to its end first."
        )
    tensors = state.part("average") or state.part("network")
    try:
        network = filled(lambda: VoiceNet(config), tensors).eval()
    except RuntimeError as error:
        raise InputError(
            f"The weights of {run} do not fit their settings; train the voice again."
        ) from error
    rows = [row for row in read_history(run) if row["step"] <= state.step]
    about: dict[str, float] = {"steps": state.step, "seed": seed}
    for key in ("seconds", "valid_loss", "right"):
        told = [row[key] for row in rows if key in row]
        if told:
            about[key] = told[-1]
    return network, about
