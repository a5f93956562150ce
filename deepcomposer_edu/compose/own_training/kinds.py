"""The kinds of networks that a form can train, and what can be turned on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deepcomposer_edu.compose.model_places import WGAN
from deepcomposer_edu.compose.own_training.editor_plan import EditorPlan
from deepcomposer_edu.compose.own_training.editor_recipes import KIND as AR_CNN
from deepcomposer_edu.compose.own_training.editor_recipes import RECIPES
from deepcomposer_edu.compose.own_training.plan import TrainingPlan
from deepcomposer_edu.compose.own_training.runs import AnyPlan
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan_sizes import SIZES
from deepcomposer_edu.nn.gan import LOSSES
from deepcomposer_edu.training.precision import PRECISIONS


@dataclass(frozen=True)
class Setting:
    """One setting of the networks as a form shows it.

    Args:
        name: its name in the settings of the network or of the training.
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


@dataclass(frozen=True)
class Kind:
    """One kind of network that a form can train.

    Args:
        name: the kind, "wgan" say, as in `deepcomposer train`.
        title: what it is called in the form.
        summary: what it does, in words.
        sizes: settings to begin with: name and summary of each, the smallest first.
        settings: what can be turned.
        plan: makes a plan of a size and whatever else a plan takes.
        steps: what a step is called.
        has_melody: whether the melody that is heard meanwhile can be chosen.
    """

    name: str
    title: str
    summary: str
    sizes: tuple[tuple[str, str], ...]
    settings: tuple[Setting, ...] = field(repr=False)
    plan: Callable[..., AnyPlan] = field(repr=False)
    steps: str = "Steps"
    has_melody: bool = False

    def checked_size(self, name: str) -> str:
        """Return the name of a size.

        Raises:
            InputError: if there is none; it lists those that there are.
        """
        names = [size for size, _ in self.sizes]
        if name not in names:
            raise InputError(
                f"There is no size {str(name)[:40]!r}; the sizes are: "
                f"{', '.join(names)}."
            )
        return name

    def settings_of(self, size: str) -> list[Setting]:
        """Return what can be turned on a size: what its network has."""
        values = self.plan(size).values
        return [setting for setting in self.settings if setting.name in values]


WGAN_SETTINGS: tuple[Setting, ...] = (
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
EDITOR_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "n_channels",
        "Width of the network",
        "How much it can hold in mind at each moment. Twice as wide is four times as "
        "much to learn.",
        *(4, 256, 4),
    ),
    Setting(
        "dropout",
        "Dropout",
        "Share of what it holds in mind that is wiped at random while it learns, so "
        "that it does not learn pieces by heart.",
        *(0, 0.5, 0.05),
    ),
    Setting(
        "learning_rate",
        "Learning rate",
        "How far a step moves it. Too much, and it staggers.",
        *(0.00001, 0.1),
    ),
    Setting(
        "precision",
        "Precision",
        "bfloat16 calculates with fewer digits: faster on some processors, slower on "
        "others. Estimate the time with both.",
        choices=tuple(PRECISIONS),
    ),
)


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            WGAN,
            "harmoniser",
            "a WGAN, two networks: adds alto, tenor and bass to a melody",
            tuple(
                (size.name, size.summary)
                for size in sorted(
                    SIZES.values(), key=lambda s: s.config.hidden_channels
                )
            ),
            WGAN_SETTINGS,
            lambda size, **given: TrainingPlan(size=size, **given),
            "Generator steps",
            has_melody=True,
        ),
        Kind(
            AR_CNN,
            "editor",
            "an AR-CNN: harmonises, repairs, varies and fills gaps in four voices",
            tuple(
                (name, RECIPES[name].summary)
                for name in ("small", "orderless", "edit-events")
            ),
            EDITOR_SETTINGS,
            lambda size, **given: EditorPlan(recipe=size, **given),
        ),
    )
}


def find_kind(name: str) -> Kind:
    """Return the kind of a name.

    Raises:
        InputError: if no form trains such a network.
    """
    if name not in KINDS:
        raise InputError(
            f"No form trains a network {str(name)[:40]!r}; choose one of "
            f"{', '.join(KINDS)}."
        )
    return KINDS[name]
