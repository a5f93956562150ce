"""A tiny GAN that trains in a thread while somebody watches it and turns its knobs."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import DATA, LOSSES, NORMALISATIONS, TinyConfig
from deepcomposer_edu.training.game_picture import finite, picture_of
from deepcomposer_edu.training.tiny_gan import TinyGame

CHOICES = {"data": DATA, "loss": LOSSES, "normalisation": NORMALISATIONS}
N_MEASURED = 256  # pieces that live statistics are taken of
MEASURE_EVERY = 0.5  # seconds, while it trains in a thread
MEASURE_STEPS = 50  # steps, while `step` takes many at once
FRAME_EVERY = 0.12  # seconds
LONGEST_FRAME = 0.4  # seconds of training before the next picture, at most
MOST_STEPS = 20_000  # after one press of Train; nobody watches that long
MAX_ROWS = 240
ON_THE_FLY = (
    *("loss", "n_critic", "generator_rate", "critic_rate"),
    *("clip", "gradient_penalty", "temperature"),
)
"""Settings of TinyConfig that may change while a game goes on."""


class LiveGame:
    """A game of two tiny networks to play, pause, and change on the fly.

    All methods may be called while it trains. Without changes the numbers are those of
    `TinyGame.step` called as often.

    Args:
        config: the settings.
        seed: of everything that is left to chance.
        on_news: called without arguments after each picture's worth of steps, and after
            each change, from whichever thread made it.
    """

    def __init__(
        self,
        config: TinyConfig | None = None,
        seed: int = 0,
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        self.steps_per_frame = 10
        self.on_news = on_news
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._pause = threading.Event()
        self._begin(config or TinyConfig(), seed)

    def _begin(self, config: TinyConfig, seed: int) -> None:
        self.game = TinyGame(config, seed)
        self.reference = self.game.reference(N_MEASURED)
        self.measured = self.game.statistics(N_MEASURED)
        self.rows: list[dict[str, float | None]] = [{"step": 0, **self.measured}]
        self.problem = ""
        self._measured_at = 0.0

    @property
    def is_training(self) -> bool:
        """Whether a thread takes steps."""
        thread = self._thread
        return thread is not None and thread.is_alive() and not self._pause.is_set()

    @property
    def config(self) -> TinyConfig:
        """The settings as they are now."""
        return self.game.config

    # --- what a hand may do

    def play(self) -> None:
        """Train in a thread until `pause`, a broken game, or MOST_STEPS steps."""
        with self._lock:
            if self.is_training or self.problem:
                return
            self._pause = threading.Event()
            self._thread = threading.Thread(
                target=self._train, args=(self._pause,), name="gan-game", daemon=True
            )
            self._thread.start()
        self.on_news()

    def pause(self) -> None:
        """Stand still; `play` goes on. When it returns, no step is taken any more."""
        with self._lock:
            self._pause.set()
        self.on_news()

    def step(self, n: int = 1) -> dict[str, float | None]:
        """Take n steps at once, a row for each picture's worth; return the last row.

        Raises:
            InputError: if n is no whole number from 1 up, or the game is broken.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise InputError(f"{n!r} steps were asked for; ask for 1 or more.")
        with self._lock:
            if self.problem:
                raise InputError(self.problem)
            measured_at = self.game.n_steps
            while n > 0 and not self.problem:
                self._advance(min(n, self.steps_per_frame), math.inf)
                n -= self.steps_per_frame
                if self.game.n_steps - measured_at >= MEASURE_STEPS:
                    self._measure()
                    measured_at = self.game.n_steps
            self._measure()
        self.on_news()
        return self.rows[-1]

    def change(self, **settings: object) -> None:
        """Change settings; those that are not ON_THE_FLY begin the game anew.

        Raises:
            InputError: if a setting is not allowed; then nothing is changed.
        """
        with self._lock:
            try:
                config = replace(self.config, **settings)
            except TypeError as error:
                raise InputError(
                    f"The settings {', '.join(settings)} were given, but a game has "
                    f"{', '.join(self.config.to_dict())}."
                ) from error
            changed = {
                name
                for name, value in config.to_dict().items()
                if value != getattr(self.config, name)
            }
            if changed - set(ON_THE_FLY):
                self._begin(config, self.game.seed)
            elif changed:
                adapt(self.game, config)
        self.on_news()

    def reset(self, seed: int | None = None) -> None:
        """Begin anew, with the same seed or another one."""
        with self._lock:
            self._begin(self.config, self.game.seed if seed is None else seed)
        self.on_news()

    # --- training

    def _train(self, pause: threading.Event) -> None:
        last = self.game.n_steps + MOST_STEPS
        seconds = 0.0
        while not pause.wait(max(0.01, FRAME_EVERY - seconds)):
            started = time.monotonic()
            with self._lock:
                if pause.is_set():
                    return
                self._advance(self.steps_per_frame, LONGEST_FRAME)
                if started - self._measured_at > MEASURE_EVERY:
                    self._measure()
                    self._measured_at = started
                if self.problem or self.game.n_steps >= last:
                    pause.set()
            self.on_news()
            seconds = time.monotonic() - started

    def _advance(self, n: int, longest: float) -> None:
        """Take up to n steps and write one row."""
        started = time.monotonic()
        for _ in range(n):
            row = self.game.step()
            if time.monotonic() - started > longest:
                break
        if not all(map(math.isfinite, row.values())):
            self.problem = (
                f"At step {self.game.n_steps} the numbers are no numbers any more "
                "(NaN): this game is broken. Begin again with smaller learning rates."
            )
        row = {name: finite(value) for name, value in row.items()}
        self.rows.append({"step": self.game.n_steps, **row})
        if len(self.rows) > 2 * MAX_ROWS:  # of a long game every other row is enough
            self.rows[1:-1] = self.rows[1:-1:2]

    def _measure(self) -> None:
        """Measure what the generator makes and add it to the last row."""
        if not self.problem:
            self.measured = self.game.statistics(N_MEASURED)
            self.rows[-1] |= self.measured

    def picture(self) -> dict[str, object]:
        """Return what a screen shows of this moment; see `game_picture.picture_of`."""
        with self._lock:
            return picture_of(self.game)

    def shown_rows(self) -> list[dict[str, float | None]]:
        """Return the rows, thinned where they are many."""
        with self._lock:
            return [dict(row) for row in self.rows]


def adapt(game: TinyGame, config: TinyConfig) -> None:
    """Give a game settings that may change on the fly; networks and data stay."""
    game.config = game.generator.config = game.critic.config = config
    for optimiser, rate in (
        (game.generator_optimiser, config.generator_rate),
        (game.critic_optimiser, config.critic_rate),
    ):
        for group in optimiser.param_groups:
            group["lr"] = rate
