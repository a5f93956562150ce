"""Where networks of your own lie: kept ones by name, runs by folder. Loads no torch."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.compose.parameters import did_you_mean
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import home_path, parsed_json
from deepcomposer_edu.paths import work_dir

SHIPPED = "bach"  # what the shipped network of any technique is called
SMALL = "bach-small"  # the small shipped harmoniser
WGAN = "wgan"  # the kind of a run or file that does not say its kind
SEEN: dict[str, Path] = {}  # a run's name and step -> its checkpoint, used before
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Model:
    """A network that can compose.

    Args:
        name: what to give as `genre` or `model`: "bach", a kept name, "RUN@STEP".
        kind: "shipped" (of any technique), "small", "kept" or "run".
        summary: where it comes from, in words.
        run: the name of the run folder it was trained in, if that is known.
        step: how many steps it had learned for, if that is known.
        path: the tensor file, or the checkpoint of a run.
        network: which kind of network it is, for whichever technique uses such:
            "wgan", "melody-rnn", "transformer", "ar-cnn", "writer".
    """

    name: str
    kind: str
    summary: str
    run: str | None = None
    step: int | None = None
    path: Path | None = None
    network: str = WGAN


def models_dir() -> Path:
    """Return the folder of kept models; it is made when the first one is kept."""
    return work_dir() / "models"


def kept_models() -> list[Model]:
    """Return the kept models by name; a file that cannot be read is left out."""
    found = []
    for path in sorted(models_dir().glob("*.safetensors")):
        if NAME.fullmatch(path.stem):
            info = read_info(path)
            if info is not None:
                found.append(kept_model(path, info))
    return found


def run_models(folder: str | Path | None = None) -> list[Model]:
    """Return the newest network of each run folder inside a folder.

    Args:
        folder: where to look; None: the learner's work folder, its `runs` and its
            `my_music`, the current folder and its `runs`.
    """
    places = [Path(folder)] if folder is not None else _places()
    found: dict[Path, Model] = {}
    for place in places:
        for config in sorted(place.glob("*/config.json")):
            run = config.parent.resolve()
            paths = checkpoint_paths(run)
            if paths and run not in found:
                found[run] = run_model(run, paths[-1])
    return list(found.values())


def find_model(name: str | Path) -> Model:
    """Return the model that is called so.

    Args:
        name: "bach", the name of a kept model, a run folder, or its name; a run's
            checkpoint is chosen with @STEP, the newest is taken without.

    Raises:
        InputError: if there is none; it lists those that there are.
    """
    text = str(name).strip()
    if text == SHIPPED:
        return Model(SHIPPED, "shipped", "the shipped network, which learned from Bach")
    if text == SMALL:
        summary = "the small shipped harmoniser, of a size that trains in minutes"
        return Model(SMALL, "small", summary)
    if NAME.fullmatch(text):
        path = models_dir() / f"{text}.safetensors"
        if path.is_file():
            return kept_model(path, read_info(path) or {})
    place, _, step = text.rpartition("@") if "@" in text else (text, "", "")
    run = find_run(place)
    if run is None:
        if text in SEEN and SEEN[text].is_file():
            run = SEEN[text].parent.parent
        else:
            raise unknown_model(text)
    return run_model(run, checkpoint_of(run, step))


# --- files and folders -------------------------------------------------------


def _places() -> list[Path]:
    """Return the folders in which run folders are looked for by name."""
    work, here = work_dir(), Path.cwd()
    places = [work, work / "runs", work / "my_music", here, here / "runs"]
    return list(dict.fromkeys([*places, here / "my_music"]))


def find_run(place: str) -> Path | None:
    """Return the run folder with a path or a name, None if there is none."""
    if not place:
        return None
    named = home_path(place)
    options = [named]
    if not named.is_absolute():
        options += [folder / named for folder in _places()]
    for option in options:
        # unlike Path.is_file this raises for no text, however long
        if os.path.isfile(option / "config.json"):  # noqa: PTH113
            return option.resolve()
    return None


def checkpoint_paths(run: Path) -> list[Path]:
    """Return the checkpoints of a run, the earliest first, without loading torch."""
    return sorted((run / "checkpoints").glob("step_*.safetensors"))


def checkpoint_of(run: Path, step: str) -> Path:
    """Return a run's checkpoint of a step, given as text; '': the newest.

    Raises:
        InputError: if it has none; it names those that it has.
    """
    paths = checkpoint_paths(run)
    if not paths:
        raise InputError(
            f"The run {run.name} has no checkpoint yet; train it for some more steps."
        )
    if not step:
        return paths[-1]
    wanted = [path for path in paths if step.isdecimal() and step_of(path) == int(step)]
    if not wanted:
        steps = [str(step_of(path)) for path in paths]
        shown = steps if len(steps) <= 8 else [*steps[:4], "...", *steps[-3:]]
        raise InputError(
            f"The run {run.name} has no checkpoint of step {step[:20]!r}; it has "
            f"{', '.join(shown)}."
        )
    return wanted[0]


def step_of(path: Path) -> int:
    """Return the step in a checkpoint's name, -1 if there is none."""
    digits = path.stem.removeprefix("step_")
    return int(digits) if digits.isdecimal() else -1


def run_model(run: Path, checkpoint: Path) -> Model:
    """Return the model that a run's checkpoint is.

    Its name is that of the folder alone: the path of this machine, which would stand in
    every composition, is nobody else's business. It is remembered while Python runs.
    """
    step = step_of(checkpoint)
    name = f"{run.name}@{step}"
    SEEN[name] = checkpoint
    network = run_kind(run)
    what = "" if network == WGAN else f" of {network}"
    summary = f"the run {run.name}{what} after {step:,} steps"
    return Model(name, "run", summary, run.name, step, checkpoint, network)


def run_kind(run: Path) -> str:
    """Return what is trained in a run folder: "wgan", "transformer" and so on."""
    return _kind_in(read_json(run / "config.json"))


def kept_model(path: Path, info: dict) -> Model:
    """Return the model that a kept file is."""
    run, steps = info.get("run"), info.get("steps")
    run = run[:60] if isinstance(run, str) else None
    steps = steps if isinstance(steps, int) else None
    network = _kind_in(info)
    summary = "a kept model" if network == WGAN else f"a kept model of {network}"
    if run is not None and steps is not None:
        summary += f" of the run {run}, {steps:,} steps"
    return Model(path.stem, "kept", summary, run, steps, path, network)


def read_info(path: Path) -> dict | None:
    """Return the notes beside a kept model's tensors, None if they are damaged."""
    return read_json(path.with_suffix(".json"))


def read_json(path: Path) -> dict | None:
    """Return the object in a JSON file, None if it is missing or damaged."""
    try:
        content = parsed_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _kind_in(content: dict | None) -> str:
    """Return which kind of network some settings are of; those of a WGAN say none."""
    kind = (content or {}).get("kind", WGAN)
    return kind[:40] if isinstance(kind, str) else WGAN


def runs_at(step: object) -> list[Model]:
    """Return the networks of all runs in the known places after a number of steps."""
    found = []
    for model in run_models():
        for path in checkpoint_paths(model.path.parent.parent):
            if step_of(path) == step:
                found.append(run_model(path.parent.parent, path))
    return found


def unknown_model(text: str) -> InputError:
    """Return the error for a model that is not there."""
    own = [model.name for model in (*kept_models(), *run_models())]
    names = [SHIPPED, SMALL, *own]
    shown = names if len(names) <= 12 else [*names[:11], "..."]
    return InputError(
        f"There is no model or run {text[-60:]!r}{did_you_mean(text, names)}; there "
        f"are: {', '.join(shown)}; or give a run folder, such as runs/mine@200."
    )
