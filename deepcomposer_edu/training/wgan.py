"""Training the harmoniser: a game of two networks, in a loop that fits on a screen."""

from __future__ import annotations

import contextlib
import copy
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.harmonise import Harmoniser
from deepcomposer_edu.models.one_hot import decode
from deepcomposer_edu.models.wgan import Generator, WGANConfig, critic_of
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.metrics import (
    battery,
    empty_bar_rate,
    in_scale_ratio,
    used_pitch_classes,
)
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.nn.gan import critic_loss, generator_loss, gradient_penalty, mix
from deepcomposer_edu.training.checkpoint import (
    checkpoints,
    latest_checkpoint,
    restore,
    save_checkpoint,
)
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.data import (
    Batch,
    TrainingSet,
    TrainingWindows,
    hide_melody,
)
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.state import told_state

PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16}
ADAM_BETAS = (0.0, 0.9)  # Gulrajani et al. 2017, algorithm 1
GENRE_SPEED = 10  # how much faster the vectors of genres learn than the rest
N_JUDGED = 64  # validation windows that the metrics are taken on
VOICE_METRICS = {
    "empty_bar_rate": empty_bar_rate,
    "used_pitch_classes": used_pitch_classes,
    "in_c_major_ratio": lambda grid: in_scale_ratio(grid, "C"),
}


class WGANGame:
    """The generator, the critic, their optimisers, and one step of each.

    Args:
        config: sizes, loss, learning rates.
        seed: from which every random number of the run follows.
        precision: "float32", or "bfloat16" where the processor is fast at it.
    """

    def __init__(
        self, config: WGANConfig, seed: int = 0, precision: str = "float32"
    ) -> None:
        if precision not in PRECISIONS:
            raise InputError(
                f"The precision is {precision!r}, but it must be float32 or bfloat16."
            )
        self.config = config
        self.precision = PRECISIONS[precision]
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.generator, self.critic = Generator(config), critic_of(config)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.random = torch.Generator().manual_seed(seed)
        self.generator_adam, self.critic_adam = (
            torch.optim.Adam(grouped(network, rate), lr=rate, betas=ADAM_BETAS)
            for network, rate in (
                (self.generator, config.generator_rate),
                (self.critic, config.critic_rate),
            )
        )
        self.networks = {
            "generator": self.generator,
            "critic": self.critic,
            "average": self.average,
        }
        self.optimisers = {
            "generator_adam": self.generator_adam,
            "critic_adam": self.critic_adam,
        }

    def begin_from(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Begin with trained weights instead of random ones.

        Args:
            tensors: "generator." and "critic." before each parameter's name, as shipped
                weights have them. Vectors of genres may be missing; they stay zero.

        Raises:
            InputError: if the weights do not fit these networks.
        """
        for part, network in (("generator", self.generator), ("critic", self.critic)):
            start = part + "."
            given = {
                k[len(start) :]: v for k, v in tensors.items() if k.startswith(start)
            }
            own = network.state_dict()
            lacking = {k: v for k, v in own.items() if k.startswith("genre_")}
            try:
                network.load_state_dict({**lacking, **given})
            except RuntimeError as error:
                raise InputError(
                    f"The weights to begin from do not fit this {part}; take the "
                    "settings that they were trained with."
                ) from error
        self.average.load_state_dict(self.generator.state_dict())

    def faster(self) -> contextlib.AbstractContextManager:
        """Return the context in which the networks run at the chosen precision."""
        if self.precision is None:
            return contextlib.nullcontext()
        return torch.autocast("cpu", self.precision)

    def imagine(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the generator's voices for the batch's melodies, melody included."""
        shape = self.generator.noise_shape(*batch.starts.shape)
        noise = torch.randn(shape, generator=self.random)
        voices, repeats = self.generator(
            batch.melody,
            batch.starts,
            batch.position,
            noise,
            generator=self.random,
            genre=batch.genre,
        )
        return batch.with_lower(voices, repeats)

    def score(
        self, batch: Batch, voices: torch.Tensor, repeats: torch.Tensor
    ) -> torch.Tensor:
        """Return the critic's scores of pieces in the metres and genres of a batch.

        Args:
            batch: B windows.
            voices: (n B, 4, T, V), n pieces for each window, as in `torch.cat`.
            repeats: (n B, 4, T).
        """
        n = len(voices) // len(batch.position)
        position = batch.position.repeat(n, 1)
        if batch.genre is None:
            return self.critic(voices, repeats, position)
        if batch.is_hidden is not None:
            voices, repeats = hide_melody(voices, repeats, batch.is_hidden.repeat(n))
        return self.critic(voices, repeats, position, batch.genre.repeat(n))

    def coins(self, batch: Batch) -> torch.Tensor:
        """Return (B,) bool, true for one row in two."""
        return torch.rand(len(batch.position), generator=self.random) < 0.5

    def critic_step(self, batch: Batch) -> dict[str, float]:
        """Teach the critic once to tell Bach from the generator."""
        config = self.config
        given = batch
        if batch.is_hidden is not None:
            # A melody of another genre tells the critic nothing where it is hidden.
            # Elsewhere it would give the generator away, whatever that wrote.
            given = batch.crossed(batch.is_hidden & self.coins(batch), self.random)
        with torch.no_grad(), self.faster():
            fake, fake_repeats = self.imagine(given)
        with self.faster():
            scores = self.score(
                batch,
                torch.cat([batch.voices, fake]),
                torch.cat([batch.repeats, fake_repeats]),
            )
        real_scores, fake_scores = scores.chunk(2)
        loss = critic_loss(config.loss, real_scores, fake_scores)
        penalty = torch.zeros(())
        if config.loss == "wgan-gp":
            penalty = self.penalty(batch, fake, fake_repeats)
            loss = loss + config.gradient_penalty * penalty
        self.critic_adam.zero_grad()
        loss.backward()
        self.critic_adam.step()
        if config.loss == "wgan-clip":
            with torch.no_grad():
                for weight in self.critic.parameters():
                    weight.clamp_(-config.clip, config.clip)
        return {
            "critic_loss": loss.item(),
            "wasserstein": (real_scores.mean() - fake_scores.mean()).item(),
            "gradient_penalty": penalty.item(),
        }

    def penalty(
        self, batch: Batch, fake: torch.Tensor, fake_repeats: torch.Tensor
    ) -> torch.Tensor:
        """Return the gradient penalty between Bach's and the generator's voices."""
        share = torch.rand(len(fake), generator=self.random)
        voices = mix(batch.voices[:, 1:], fake[:, 1:], share).requires_grad_()
        repeats = mix(batch.repeats[:, 1:], fake_repeats[:, 1:], share).requires_grad_()
        with self.faster():
            both = batch.with_lower(voices, repeats)
            scores = self.score(batch, *both)
        return gradient_penalty(scores, [voices, repeats])

    def generator_step(self, batch: Batch) -> dict[str, float]:
        """Teach the generator once to please the critic."""
        self.critic.requires_grad_(False)
        if batch.is_hidden is not None:
            batch = batch.crossed(self.coins(batch), self.random)
        with self.faster():
            scores = self.score(batch, *self.imagine(batch))
            loss = generator_loss(self.config.loss, scores)
        self.generator_adam.zero_grad()
        loss.backward()
        self.generator_adam.step()
        self.critic.requires_grad_(True)
        return {"generator_loss": loss.item()}

    def follow(self, step: int) -> None:
        """Move the averaged generator a little towards the trained one."""
        decay = min(self.config.ema_decay, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, new in zip(
                self.average.parameters(), self.generator.parameters(), strict=True
            ):
                mean.lerp_(new, 1 - decay)

    def save(self, run: Path, step: int) -> Path:
        """Write the checkpoint of a step and return the file."""
        return save_checkpoint(run, step, self.networks, self.optimisers, self.random)

    def step(self, data: TrainingSet, step: int) -> dict[str, float]:
        """Take n_critic critic steps and one generator step; return their losses."""
        row: dict[str, float] = {}
        for _ in range(self.config.n_critic):
            row |= self.critic_step(data.batch(self.config, self.random))
        row |= self.generator_step(data.batch(self.config, self.random))
        self.follow(step)
        return row


def grouped(network: torch.nn.Module, rate: float) -> list[dict[str, object]]:
    """Return a network's parameters for the optimiser, those of genres with more speed.

    Adam moves a number by about its rate in a step, and the genres' vectors begin at
    zero: at the others' rate they would need a thousand steps to be heard.

    Args:
        network: the generator or the critic; the genres' parameters come last in it.
        rate: the learning rate of all other parameters.
    """
    named = list(network.named_parameters())
    plain = [p for name, p in named if not name.startswith("genre_")]
    genres = [p for name, p in named if name.startswith("genre_")]
    groups: list[dict[str, object]] = [{"params": plain}]
    if genres:
        groups.append({"params": genres, "lr": GENRE_SPEED * rate})
    return groups


def judge(network: Generator, data: TrainingSet) -> dict[str, float]:
    """Return the musical metrics of a generator on N_JUDGED windows of `data`."""
    batch = data.rows(_judged(data), network.config)
    random = torch.Generator().manual_seed(0)
    with torch.no_grad():
        noise = torch.randn(network.noise_shape(*batch.starts.shape), generator=random)
        voices, repeats = network(
            batch.melody,
            batch.starts,
            batch.position,
            noise,
            generator=random,
            genre=batch.genre,
        )
    return measure(_grids(*batch.with_lower(voices, repeats), network.config))


def reference(data: TrainingSet, config: WGANConfig) -> dict[str, float]:
    """Return the same metrics of Bach's own voices over the same windows."""
    batch = data.rows(_judged(data), config)
    return measure(_grids(batch.voices, batch.repeats, config))


def _judged(data: TrainingSet) -> torch.Tensor:
    """Return the numbers of the windows that are judged, spread over all pieces."""
    return torch.linspace(0, len(data) - 1, min(N_JUDGED, len(data))).long()


def measure(grids: list[Grid]) -> dict[str, float]:
    """Return the battery of four voices and three metrics of each lower voice.

    The three are those that DeepComposer showed, with their formulas put right: the
    share of empty bars, the pitch classes used in a bar, and the share of notes in C
    major, which holds all of a piece that was moved to C major or A minor.
    """
    values = battery(grids)
    for voice, name in ((1, "alto"), (2, "tenor"), (3, "bass")):
        for key, metric in VOICE_METRICS.items():
            shares = [metric(grid.voices(voice)) for grid in grids]
            values[f"{key}_{name}"] = float(np.nanmean(shares))
    return values


def _grids(
    voices: torch.Tensor, repeats: torch.Tensor, config: WGANConfig
) -> list[Grid]:
    pitches = decode(voices, config).numpy()
    return [
        Grid(p, r) for p, r in zip(pitches, repeats.numpy().astype(bool), strict=True)
    ]


def train_wgan(
    run: str | Path,
    config: WGANConfig,
    train: TrainingWindows,
    valid: TrainingWindows,
    melody: Grid,
    n_steps: int,
    *,
    to_c: int = 0,
    seed: int = 0,
    precision: str = "float32",
    begin_from: Mapping[str, torch.Tensor] | None = None,
    resume: bool = False,
    sample_every: int = 100,
    checkpoint_every: int = 100,
    on_step: Callable[[dict[str, float]], None] | None = None,
    control: TrainingControl | None = None,
) -> History:
    """Train a harmoniser in a run folder until `n_steps` generator steps are taken.

    The folder gets `config.json`, `reference.json` (the data's own metrics),
    `metrics.jsonl`, `state.json` (where it stands), `checkpoints/` and `samples/` (the
    fixed melody, harmonised). A run that was stopped, even by a power cut, goes on from
    its last checkpoint to the same numbers as a run that was not.

    Args:
        run: the run folder.
        config: the networks' and the training's settings; a resumed run uses its own.
        train: windows to learn from: of one kind, or by genre where the config has
            `n_genres`; then every genre is drawn as often.
        valid: windows that the metrics are taken on.
        melody: the fixed melody, (1, T).
        n_steps: generator steps in all, counted from the beginning of the run.
        to_c: semitones that move the melody to C major or A minor.
        seed: from which every random number follows.
        precision: "float32" or "bfloat16".
        begin_from: trained weights to go on from, as `WGANGame.begin_from` takes them.
        resume: go on with the run that is in the folder.
        sample_every: steps between samples and metrics.
        checkpoint_every: steps between checkpoints.
        on_step: called after each step with its row of numbers.
        control: asked between two steps whether to pause, to stop, or to write a
            sample now. It never changes the numbers.

    Returns:
        The history of the run.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed.
    """
    run = Path(run)
    if n_steps < 1 or sample_every < 1 or checkpoint_every < 1:
        raise InputError(
            f"{n_steps} steps, a sample every {sample_every} and a checkpoint every "
            f"{checkpoint_every} were asked for, but each must be at least 1."
        )
    if resume:
        config, seed, precision = read_run(run)
    elif checkpoints(run) or (run / "config.json").exists():
        raise InputError(
            f"The folder {run} already holds a run; resume it, or give a new folder."
        )
    game = WGANGame(config, seed, precision)
    if begin_from is not None and not resume:
        game.begin_from(begin_from)
    state = latest_checkpoint(run) if resume else None
    if state is not None:
        restore(state, game.networks, game.optimisers, game.random)
    first = state.step if state is not None else 0
    data, judged = (TrainingSet.of(w, config) for w in (train, valid))
    if not resume:
        write_run(run, config, seed, precision, reference(judged, config))
    control = control or TrainingControl()
    with told_state(run, n_steps) as tell:
        history = History(run)
        history.keep_until(first)
        control.begin()
        started = time.monotonic()
        before = history.rows[-1]["seconds"] if history.rows else 0.0
        if first == 0:
            row = {"step": 0, "seconds": 0.0, **judge(game.average, judged)}
            history.keep_until(-1)
            history.add(row)
            write_sample(run, 0, game, melody, to_c)
        for step in range(first + 1, n_steps + 1):
            row = {"step": step, **game.step(data, step)}
            row["seconds"] = round(before + time.monotonic() - started, 3)
            is_last = step == n_steps
            if step % sample_every == 0 or is_last:
                row |= judge(game.average, judged)
                write_sample(run, step, game, melody, to_c)
            history.add(row)
            if step % checkpoint_every == 0 or is_last:
                game.save(run, step)
            if on_step is not None:
                on_step(row)
            started += control.attend(
                write_sample=partial(write_sample, run, step, game, melody, to_c),
                save=partial(game.save, run, step),
                tell=tell,
            )
            if control.is_stop_wanted:
                break
        is_whole = history.rows[-1]["step"] >= n_steps
        tell("finished" if is_whole else "stopped")
    return history


def write_sample(run: Path, step: int, game: WGANGame, melody: Grid, to_c: int) -> None:
    """Write the fixed melody, harmonised by the averaged generator, as MIDI."""
    harmoniser = Harmoniser(game.config, game.average)
    grid = harmoniser.harmonise(
        melody, to_c=to_c, seed=0, inertia=0.0, avoid_parallels=False
    )
    path = run / "samples" / f"step_{step:06d}.mid"
    write_midi(replace(from_grid(grid, tempo=90.0), title=f"step {step}"), path)


def write_run(
    run: Path,
    config: WGANConfig,
    seed: int,
    precision: str,
    metrics: dict[str, float],
) -> None:
    """Write `config.json` and `reference.json` of a new run folder."""
    settings = {"config": config.to_dict(), "seed": seed, "precision": precision}
    for name, content in (("reference", metrics), ("config", settings)):
        with atomic_path(run / f"{name}.json") as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_run(run: Path) -> tuple[WGANConfig, int, str]:
    """Return the settings, seed and precision of a run folder.

    Raises:
        InputError: if the folder holds no run, or its `config.json` is damaged.
    """
    path = run / "config.json"
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        config = WGANConfig(**settings["config"])
        return config, int(settings["seed"]), str(settings["precision"])
    except FileNotFoundError as error:
        raise InputError(
            f"The folder {run} holds no run to resume; start one without resuming."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The settings {path} of the run cannot be read ({error}); start a new run."
        ) from error
