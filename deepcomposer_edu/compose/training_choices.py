"""What can be turned on a training by hand, and what a new network may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from deepcomposer_edu.compose.genres import STYLES
from deepcomposer_edu.compose.model_places import NAME, kept_models
from deepcomposer_edu.corpora.folder_rules import AUTO, TEXTURE
from deepcomposer_edu.corpora.tunes import tune_info, tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.models.wgan_sizes import SIZES
from deepcomposer_edu.nn.gan import LOSSES
from deepcomposer_edu.paths import work_dir

__all__ = [
    "AUTO",
    "FIRST_NAME",
    "SETTINGS",
    "SIZES",
    "TEXTURE",
    "Setting",
    "checked_run_name",
    "free_name",
    "melody_choices",
]

FIRST_NAME = "my-first"


@dataclass(frozen=True)
class Setting:
    """One setting of the networks as a form shows it.

    Args:
        name: its name in `WGANConfig`.
        title: what it is called there.
        meaning: what it does, in a sentence.
        low, high: its range there, if it is a number; Python takes more.
        step: how far a touch moves it; 0 for a number that is typed.
        choices: what it can be, if it is no number.
    """

    name: str
    title: str
    meaning: str
    low: float = 0
    high: float = 0
    step: float = 0
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = tuple(
    setting
    for setting in (
        Setting(
            "hidden_channels",
            "Width of the generator",
            "How much it can hold in mind at each moment. Twice as wide is four times "
            "as much to learn.",
            *(8, 256, 8),
        ),
        Setting(
            "critic_channels",
            "Width of the critic",
            "The same for the critic, who judges the generator's music.",
            *(8, 512, 8),
        ),
        Setting(
            "loss",
            "Loss",
            "What the two play for. wgan-gp: a distance that the critic measures, kept "
            "gentle by a penalty. wgan-clip: the same, kept gentle by clipping. The "
            "other two: real or not, yes or no.",
            choices=LOSSES,
        ),
        Setting(
            "critic_normalisation",
            "Norm in the critic",
            "none, or spectral: every layer is kept from stretching anything.",
            choices=("none", "spectral"),
        ),
        Setting(
            "n_critic",
            "Critic steps per generator step (n_critic)",
            "How often the critic learns before the generator may. 0: it never learns, "
            "and has nothing to teach.",
            *(0, 10, 1),
        ),
        Setting(
            "gradient_penalty",
            "Weight of the gradient penalty",
            "How strictly the critic is kept gentle, with wgan-gp only.",
            *(0, 50, 1),
        ),
        Setting(
            "generator_rate",
            "Learning rate of the generator",
            "How far a step moves it: 0.0005 is usual. Too much, and it staggers.",
            *(0.00001, 0.1),
        ),
        Setting(
            "critic_rate",
            "Learning rate of the critic",
            "The same for the critic.",
            *(0.00001, 0.1),
        ),
        Setting(
            "batch_size",
            "Windows in a batch",
            "How many excerpts a step looks at: more are steadier, and take longer.",
            *(4, 128, 4),
        ),
    )
    if setting.name in {field.name for field in fields(WGANConfig)}
)


def melody_choices() -> list[list[str]]:
    """Return the melodies that can be heard during a training, as [name, title]."""
    return [[name, tune_info(name)["title"]] for name in tune_names()]


def checked_run_name(name: str) -> str:
    """Return the name of a new network.

    Raises:
        InputError: if it cannot be used, or is taken.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"The name {name[:60]!r} cannot be used; use small letters, digits, - and "
            "_, at most 40, such as my-first."
        )
    if name in STYLES or name in {model.name for model in kept_models()}:
        raise InputError(f"{name} is the name of a genre already; choose another one.")
    if (work_dir() / "runs" / name).exists():
        raise InputError(f"There is a run {name} already; choose another name.")
    return name


def free_name(wish: str) -> str:
    """Return a name for a new network that is like a wish, and free.

    >>> free_name("  ")
    'my-first'
    """
    plain = re.sub(r"[^a-z0-9_-]+", "-", wish.lower()).strip("-_")[:36] or FIRST_NAME
    options = [plain, *(f"{plain}-{n}" for n in range(2, 1000))]
    for name in options:
        try:
            return checked_run_name(name)
        except InputError:
            continue
    return plain
