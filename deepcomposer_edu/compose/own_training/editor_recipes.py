"""The AR-CNN's recipes: which network, how it is trained, what a step of it costs.

There are two kinds (`models/ar_cnn.py`): `orderless` predicts hidden cells,
`edit-events` finds the next note to add or to take away. Here the doors that train meet
them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace

import torch
from torch import nn

from deepcomposer_edu.compose.parameters import did_you_mean
from deepcomposer_edu.corpora.chorales import Chorale
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.edit_net import EditNet, EditNetConfig
from deepcomposer_edu.models.orderless import VARIANT as ORDERLESS
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.training import edit_events, orderless
from deepcomposer_edu.training.edit_events import edit_task, train_edit_events
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.orderless import (
    HiddenSet,
    hidden_loss,
    train_orderless,
)
from deepcomposer_edu.training.predictor import Task, TrainingSettings

KIND = orderless.KIND
EDIT_EVENTS = edit_events.VARIANT
VARIANT = "variant"  # the key of a run's settings that says which kind it is
USUAL = ORDERLESS


@dataclass(frozen=True)
class EditorRecipe:
    """One way to train an AR-CNN.

    Args:
        name: what it is called.
        summary: what it is and for whom, in words.
        variant: which of the two networks, "orderless" or "edit-events".
        config: the network's settings.
        settings: how it is trained.
        n_steps: steps after which it has learned much of what it can.
        excerpt_steps: T, sixteenths of an excerpt.
        batch_size: B, excerpts that a step learns from.
    """

    name: str
    summary: str
    variant: str
    config: object = field(repr=False)
    settings: TrainingSettings = field(repr=False)
    n_steps: int = 1000
    excerpt_steps: int = 128
    batch_size: int = 16

    @property
    def trainer(self) -> Callable[..., History]:
        """What trains such a network."""
        return NETWORKS[self.variant].trainer

    def changed(
        self, values: Mapping[str, object]
    ) -> tuple[object, TrainingSettings, list[str]]:
        """Return the network's and the training's settings with some changed.

        Args:
            values: settings of either by name.

        Returns:
            Both, and the names of all settings.

        Raises:
            InputError: if a name is unknown or a value is not allowed.
        """
        parts = (self.config, self.settings)
        names = [{f.name for f in fields(part)} for part in parts]
        known = [name for part in parts for name in asdict(part)]
        for name in values:
            if name not in known:
                raise InputError(
                    f"There is no setting {str(name)[:40]!r}"
                    f"{did_you_mean(str(name), known)}; the settings are: "
                    f"{', '.join(known)}."
                )
        config, settings = (
            replace(part, **{k: v for k, v in values.items() if k in own})
            for part, own in zip(parts, names, strict=True)
        )
        return config, settings, known


@dataclass(frozen=True)
class EditorNetwork:
    """What is to be known of one of the two kinds of networks.

    Args:
        settings: the class of its settings.
        make: an untrained network.
        task: what it learns, of pieces; nothing judges it.
        trainer: what trains it in a run folder.
    """

    settings: type
    make: Callable[[object], nn.Module]
    task: Callable[[Sequence[Chorale]], Task]
    trainer: Callable[..., History]


def _hidden_task(pieces: Sequence[Chorale]) -> Task:
    return Task(HiddenSet(pieces).batch, hidden_loss, lambda _: {})


def _edit_task(pieces: Sequence[Chorale]) -> Task:
    return edit_task(pieces, pieces)


NETWORKS: Mapping[str, EditorNetwork] = {
    ORDERLESS: EditorNetwork(
        OrderlessConfig, OrderlessNet, _hidden_task, train_orderless
    ),
    EDIT_EVENTS: EditorNetwork(EditNetConfig, EditNet, _edit_task, train_edit_events),
}
RECIPES: Mapping[str, EditorRecipe] = {
    recipe.name: recipe
    for recipe in (
        EditorRecipe(
            USUAL,
            "the size of the shipped editor",
            ORDERLESS,
            OrderlessConfig(doubts=True),
            orderless.SETTINGS,
        ),
        EditorRecipe(
            "small",
            "the same, smaller: minutes on two processor cores",
            ORDERLESS,
            OrderlessConfig(n_channels=64, note_size=24, doubts=True),
            replace(orderless.SETTINGS, learning_rate=3e-3, warm_up=100, average=0.99),
            800,
        ),
        EditorRecipe(
            EDIT_EVENTS,
            "adds and takes away one note after another, as DeepComposer's did",
            EDIT_EVENTS,
            EditNetConfig(),
            edit_events.SETTINGS,
            excerpt_steps=edit_events.BATCH_STEPS,
            batch_size=edit_events.BATCH_SIZE,
        ),
    )
}


def find_recipe(name: str) -> EditorRecipe:
    """Return the recipe of a name.

    Raises:
        InputError: if there is none; it lists those that there are.
    """
    if name not in RECIPES:
        raise InputError(
            f"The AR-CNN has no recipe {str(name)[:40]!r}"
            f"{did_you_mean(str(name), RECIPES)}; its recipes are: "
            f"{', '.join(RECIPES)}."
        )
    return RECIPES[name]


def recipe_of_run(
    saved: Mapping[str, object], settings: TrainingSettings
) -> EditorRecipe:
    """Return the recipe that a run goes on with.

    Args:
        saved: the "config" of the run's `config.json`.
        settings: how it is trained.

    Raises:
        InputError: if nothing here trains such a network.
    """
    variant = str(saved.get(VARIANT))
    if variant not in NETWORKS:
        raise InputError(
            f"The run holds an AR-CNN of the kind {variant[:40]!r}, but the kinds "
            f"are: {', '.join(NETWORKS)}; start a new run."
        )
    given = {name: value for name, value in saved.items() if name != VARIANT}
    try:
        config = NETWORKS[variant].settings(**given)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"The settings of the run do not fit its network ({error}); start a new "
            "run."
        ) from error
    return recipe_for(config, settings)


def recipe_for(config: object, settings: TrainingSettings) -> EditorRecipe:
    """Return the recipe of a network's and a training's settings, which say all."""
    found = find_recipe(variant_of(config))
    return replace(found, config=config, settings=settings)


def variant_of(config: object) -> str:
    """Return which of the two networks some settings are for."""
    return next(v for v, n in NETWORKS.items() if isinstance(config, n.settings))


@functools.lru_cache(maxsize=32)
def n_numbers(config: object) -> int:
    """Return how many numbers a network of some settings learns."""
    network = untrained(config)
    return sum(weight.numel() for weight in network.parameters())


def untrained(config: object, seed: int = 0) -> nn.Module:
    """Return an untrained network; torch's own random numbers stay as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return NETWORKS[variant_of(config)].make(config)
