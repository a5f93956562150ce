"""Networks to compose with: the shipped one, kept ones, and runs as they lie there.

A run folder is what training leaves; `keep` takes the network of one checkpoint out of
it and gives it a name. Both are used exactly like the shipped weights: checked, hashed,
and recorded in every composition. A kept network has the same hash as the checkpoint
that it came from, so a composition finds its network again under either.
"""

from __future__ import annotations

import functools
import hashlib
from contextlib import suppress
from pathlib import Path

from deepcomposer_edu.compose.model_places import (
    NAME,
    SHIPPED,
    WGAN,
    Model,
    checkpoint_of,
    find_model,
    find_run,
    kept_model,
    kept_models,
    models_dir,
    read_info,
    run_kind,
    run_models,
    runs_at,
    unknown_model,
)
from deepcomposer_edu.compose.networks import (
    Network,
    checkpoint_tensors,
    load_shipped,
    make,
    run_settings,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import work_dir

__all__ = [
    "SHIPPED",
    "Model",
    "find_model",
    "find_recorded",
    "forget",
    "keep",
    "kept_models",
    "load_model",
    "models_dir",
    "run_models",
    "weights_record",
]


def load_model(model: Model | str | Path, kind: str = WGAN, which: str = "") -> Network:
    """Return the network of a model, its weights checked.

    Args:
        model: one of your own, or the shipped one.
        kind: of the shipped one: which kind of network is meant.
        which: of the shipped one: its genre or variant, see `networks.load_shipped`.

    Raises:
        InputError: if there is no such model, or it is damaged.
    """
    model = model if isinstance(model, Model) else find_model(model)
    if model.kind == "shipped":
        return load_shipped(kind, which)
    if model.kind == "small":
        return load_shipped(WGAN, model.name)
    try:
        stamp = model.path.stat()
    except OSError:
        raise unknown_model(model.name) from None
    return _load(model, stamp.st_mtime_ns, stamp.st_size)


def weights_record(model: Model, network: Network) -> dict[str, object]:
    """Return what a composition's provenance says about its network."""
    record: dict[str, object] = {
        "name": network.name,
        "sha256": network.weight_sha256,
    }
    if model.kind != "shipped":
        record |= {"kind": model.kind, "run": model.run, "step": model.step}
    return record


def find_recorded(name: str, weights: object) -> Model:
    """Return the model that a composition was made with.

    It may have another name now: a run may have been kept, or moved. What counts is the
    hash of its weights. If only another network of the same name is there, that one is
    returned, and the replay will say how it differs.

    Args:
        name: what it was called.
        weights: the provenance's record of its weights.

    Raises:
        InputError: if neither is here; the sentence says what is missing.
    """
    if any(sign in name for sign in "/\\"):  # recorded are names, never paths
        raise InputError("The provenance is damaged: its network is named by a path.")
    record = weights if isinstance(weights, dict) else {}
    wanted = record.get("sha256")
    called = None
    with suppress(InputError):
        called = find_model(name)
        if _has_hash(called, wanted):
            return called
    for model in kept_models():
        if (read_info(model.path) or {}).get("sha256") == wanted:
            return model
    for model in runs_at(record.get("step")):
        if _has_hash(model, wanted):
            return model
    if called is not None:
        return called
    where = (
        f", from step {record['step']} of the run {str(record.get('run'))[:60]}"
        if (isinstance(record.get("step"), int))
        else ""
    )
    raise InputError(
        f"The composition was made with the model {name[:60]!r} (SHA-256 "
        f"{str(wanted)[:12]}{where}), which is not on this computer; copy its run "
        f"folder to {work_dir() / 'runs'}, or its two files to {models_dir()}."
    )


def _has_hash(model: Model, wanted: object) -> bool:
    """Return whether a model's weights have a hash; damaged ones have none."""
    try:
        return load_model(model).weight_sha256 == wanted
    except InputError:
        return False


def keep(run: str | Path, name: str, step: int | None = None) -> Model:
    """Take the network of a run and keep it under a name.

    Args:
        run: the run folder, or its name.
        name: what to call it: small letters, digits, - and _.
        step: which checkpoint; None: the newest.

    Returns:
        The kept model; `compose(melody, genre=name)` uses it.

    Raises:
        InputError: if the name cannot be used or is taken, or there is no such run.
    """
    from deepcomposer_edu.models.weights import save_weights

    name = checked_name(name)
    folder = find_run(str(run))
    if folder is None:
        raise unknown_model(str(run))
    path = checkpoint_of(folder, "" if step is None else str(step))
    kind = run_kind(folder)
    tensors, at = checkpoint_tensors(kind, path)
    config, notes = run_settings(kind, folder)
    info = {
        "config": config,
        "made_by": "deepcomposer keep",
        "run": folder.name,
        "steps": at,
        **notes,
    }
    make(kind, config, tensors, name, "")  # refuses what does not fit
    kept = save_weights(name, tensors, info, models_dir())
    return kept_model(kept, info)


def forget(name: str) -> None:
    """Remove a kept model.

    Raises:
        InputError: if there is none of that name.
    """
    path = models_dir() / f"{name}.safetensors"
    if not NAME.fullmatch(str(name)) or not path.is_file():
        raise unknown_model(str(name))
    path.unlink()
    path.with_suffix(".json").unlink(missing_ok=True)


def checked_name(name: object) -> str:
    """Return a name for a kept model.

    Raises:
        InputError: if it has other signs, means something else, or is taken.
    """
    from deepcomposer_edu.compose.genres import STYLES

    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InputError(
            f"The name is {str(name)[:40]!r}, but a model's name has 1 to 40 small "
            "letters, digits, - and _, for example my-first-model."
        )
    if name in STYLES:
        raise InputError(f"{name} is the name of a genre; choose another name.")
    if (models_dir() / f"{name}.safetensors").exists():
        raise InputError(
            f"A model called {name} is kept already; choose another name, or remove "
            f"it with `deepcomposer models --remove {name}`."
        )
    return name


@functools.lru_cache(maxsize=8)
def _load(model: Model, _time: int, _size: int) -> Network:
    """Return the network in a file; a file that was written anew is read anew."""
    from safetensors.torch import save

    from deepcomposer_edu.models.weights import load_weights

    path, kind = model.path, model.network
    if model.kind == "run":
        tensors, _ = checkpoint_tensors(kind, path)
        config, _ = run_settings(kind, path.parent.parent)
        sha256 = hashlib.sha256(save(tensors)).hexdigest()
        return make(kind, config, tensors, model.name, sha256)
    try:
        weights = load_weights(path.stem, path.parent)
        config = dict(weights.info["config"])
        return make(kind, config, weights.tensors, model.name, weights.sha256)
    except InputError as error:  # its advice is for shipped weights
        raise _damaged_model(path, str(error).partition(";")[0]) from None
    except (KeyError, TypeError, ValueError):
        what = f"{path.stem}.json lacks its settings"
        raise _damaged_model(path, what) from None


def _damaged_model(path: Path, what: str) -> InputError:
    """Return the error for a kept model that cannot be read."""
    return InputError(
        f"The kept model {path.stem} cannot be used: {what}; remove it with "
        f"`deepcomposer models --remove {path.stem}` and keep it again from its run."
    )
