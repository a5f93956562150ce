"""Checkpoints that survive a kill: written whole or not at all, and read back exactly.

A checkpoint is one safetensors file. Its tensors are the networks, the optimisers'
moments and the state of the random numbers; its metadata says which step it is, and a
digest of them all, by which a damaged file is known.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError, InputWarning
from deepcomposer_edu.files import atomic_path, parsed_json

ABOUT = "checkpoint"  # what the metadata of the file call its step and digest


@dataclass
class Checkpoint:
    """The state of a run after `step` steps, as flat named tensors."""

    step: int
    tensors: dict[str, Tensor]

    def part(self, prefix: str) -> dict[str, Tensor]:
        """Return the tensors whose names begin with `prefix.`, without it."""
        start = prefix + "."
        return {
            k[len(start) :]: v for k, v in self.tensors.items() if k.startswith(start)
        }

    @property
    def weights(self) -> dict[str, Tensor]:
        """What to use the network with: the weights' average, if the run keeps one."""
        return self.part("average") or self.part("network")


def checkpoint_path(run: Path, step: int) -> Path:
    """Return where the checkpoint of `step` lies in a run folder."""
    return run / "checkpoints" / f"step_{step:06d}.safetensors"


def save_checkpoint(
    run: Path,
    step: int,
    networks: Mapping[str, nn.Module],
    optimisers: Mapping[str, torch.optim.Optimizer],
    random: torch.Generator,
) -> Path:
    """Write the whole state of a run and return the file.

    Args:
        run: the run folder.
        step: how many steps have been taken.
        networks: name to network; all of their state is kept.
        optimisers: name to optimiser; all of their state is kept.
        random: the generator from which every random number of the run comes.
    """
    tensors: dict[str, Tensor] = {"random.state": random.get_state()}
    for name, network in networks.items():
        for key, value in network.state_dict().items():
            tensors[f"{name}.{key}"] = value.detach().clone().contiguous()
    for name, optimiser in optimisers.items():
        for index, state in optimiser.state_dict()["state"].items():
            for key, value in state.items():
                tensors[f"{name}.{index}.{key}"] = value.detach().clone().contiguous()
    return write_checkpoint(run, Checkpoint(step, tensors))


def write_checkpoint(run: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint into a run folder and return the file.

    Raises:
        InputError: if it cannot be written.
    """
    from safetensors.torch import save

    path = checkpoint_path(run, checkpoint.step)
    about = {"step": checkpoint.step, "sha256": _digest(checkpoint.tensors)}
    metadata = {ABOUT: json.dumps(about)}  # one: several come in any order
    with atomic_path(path, lasting=True) as temporary:
        temporary.write_bytes(save(checkpoint.tensors, metadata=metadata))
    return path


def _digest(tensors: Mapping[str, Tensor]) -> str:
    """Return the SHA-256 of names, types, shapes and values."""
    digest = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        flat = tensor.detach().cpu().contiguous().flatten()
        digest.update(flat.view(torch.uint8).numpy())
    return digest.hexdigest()


def load_checkpoint(path: Path) -> Checkpoint:
    """Read one checkpoint.

    Raises:
        InputError: if the file is missing or damaged.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise InputError(
            f"The checkpoint {path} is missing; put it back, or go on from another."
        )
    try:
        with safe_open(path, framework="pt") as file:
            known = file.metadata() or {}
            # checkpoints of earlier versions have their step alone, without a digest
            about = parsed_json(known.get(ABOUT, "{}")) or {"step": int(known["step"])}
            names = list(file.keys())
            tensors = {name: file.get_tensor(name) for name in names}
        read = Checkpoint(int(about["step"]), tensors)
        if "sha256" in about and about["sha256"] != _digest(tensors):
            raise ValueError("its values are not those that were written")
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"The checkpoint {path} cannot be read ({type(error).__name__}: {error}); "
            "delete it, and the run goes on from the one before."
        ) from error
    return read


def checkpoints(run: Path) -> list[Path]:
    """Return the checkpoint files of a run, the earliest first."""
    return sorted((run / "checkpoints").glob("step_*.safetensors"))


def check_is_new(run: Path) -> None:
    """Raise an InputError if a folder holds a run already."""
    if checkpoints(run) or (run / "config.json").exists():
        raise InputError(
            f"The folder {run} already holds a run; resume it, or give a new folder."
        )


def latest_checkpoint(run: Path) -> Checkpoint | None:
    """Return the newest checkpoint that can be read, or None if there is none.

    A damaged newest file is passed over for the one before it, with an `InputWarning`
    that says so.

    Raises:
        InputError: if there are checkpoints, and none can be read.
    """
    damaged = []
    for path in reversed(checkpoints(run)):
        try:
            found = load_checkpoint(path)
        except InputError:
            damaged.append(path.name)
            continue
        if damaged:
            warnings.warn(
                f"{', '.join(damaged)} in {path.parent} cannot be read, so the "
                f"checkpoint before is taken, of step {found.step}.",
                InputWarning,
                stacklevel=2,
            )
        return found
    if damaged:
        raise InputError(
            f"None of the checkpoints in {run / 'checkpoints'} can be read "
            f"({', '.join(damaged[:3])}); start a new run in another folder."
        )
    return None


def restore(
    checkpoint: Checkpoint,
    networks: Mapping[str, nn.Module],
    optimisers: Mapping[str, torch.optim.Optimizer],
    random: torch.Generator,
) -> None:
    """Put networks, optimisers and random numbers back to where they were.

    Raises:
        InputError: if the checkpoint was made by other networks, or is incomplete.
    """
    try:
        for name, network in networks.items():
            network.load_state_dict(checkpoint.part(name))
        for name, optimiser in optimisers.items():
            _restore_moments(checkpoint.part(name), optimiser)
        random.set_state(checkpoint.tensors["random.state"])
    except (RuntimeError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"The checkpoint of step {checkpoint.step} does not fit these networks; "
            "use the settings in the run's config.json, or start a new run."
        ) from error


def _restore_moments(
    saved: Mapping[str, Tensor], optimiser: torch.optim.Optimizer
) -> None:
    """Give Adam what it keeps of each weight, or raise a ValueError."""
    states: dict[int, dict[str, Tensor]] = {}
    for key, value in saved.items():
        index, field = key.split(".", 1)
        states.setdefault(int(index), {})[field] = value
    before = optimiser.state_dict()
    weights = [w for group in optimiser.param_groups for w in group["params"]]
    for index, state in states.items():
        shape = weights[index].shape if index >= 0 else None
        wanted = {"step": torch.Size(), "exp_avg": shape, "exp_avg_sq": shape}
        if {field: value.shape for field, value in state.items()} != wanted:
            raise ValueError(f"the moments of weight {index} are not Adam's")
    optimiser.load_state_dict({**before, "state": states})
