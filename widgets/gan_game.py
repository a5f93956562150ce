"""The GAN game to watch: two tiny networks, their landscape, their music, live."""

from __future__ import annotations

import threading
import time

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.game_charts import BARS, LOSSES, MELODIES, POINTS

CHARTS_EVERY = 0.6  # seconds between two looks at the curves


class GANGame(SoundWidget, bundle="gan_game"):
    """Two tiny networks that play against each other while you watch and listen.

    Train, pause, take one step, begin again; choose data, loss and the critic's norm;
    turn critic steps and learning rates while it trains. Points of a plane lie on the
    critic's landscape; bars are rolls. What is generated can be heard all the while.

    Args:
        seed: of everything that is left to chance.
        **settings: any of TinyConfig, such as data="rhythm", loss="wgan-gp".

    Raises:
        InputError: if a setting is not allowed.

    >>> game = GANGame(data="ring", n_critic=2)
    >>> sorted(game.step(3))[:2], game.row["step"]
    (['covered_share', 'critic_loss'], 3)
    """

    # What there is to choose.
    choices = traitlets.Dict().tag(sync=True)  # setting -> allowed words
    on_the_fly = traitlets.List().tag(sync=True)  # settings that begin nothing anew
    config = traitlets.Dict().tag(
        sync=True
    )  # all settings; set some of them with set()
    seed = traitlets.Int(0, min=0).tag(sync=True)
    steps_per_picture = traitlets.Int(10, min=1, max=100).tag(sync=True)

    # What there is to see and to hear.
    picture = traitlets.Dict().tag(sync=True)  # see training/live_game.py
    music = traitlets.Dict().tag(sync=True)  # what is generated
    real = traitlets.Dict().tag(sync=True)  # {"points", "score", "reach"} of the data
    rows = traitlets.List().tag(sync=True)
    reference = traitlets.Dict().tag(sync=True)  # the data's own statistics
    loss_panels = traitlets.List().tag(sync=True)
    metric_panels = traitlets.List().tag(sync=True)
    is_training = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)  # one sentence
    live = None  # a LiveGame: it plays, in a thread
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)

    def __init__(self, seed: int = 0, **settings: object) -> None:
        from deepcomposer_edu.training import live_game
        from deepcomposer_edu.training.tiny_gan import TinyConfig

        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise InputError(
                f"The seed is {seed!r}, but it must be a whole number from 0."
            )
        try:
            config = TinyConfig(**settings)
        except TypeError as error:
            raise InputError(
                f"The settings {', '.join(settings)} were given, but a game has "
                f"{', '.join(TinyConfig().to_dict())}."
            ) from error
        self._shown: object = None  # the TinyGame whose data are shown
        self._drawn_at = 0.0
        self._screen = threading.RLock()  # one thread draws at a time
        self._telling = 0  # the thread that tells the browser what Python has set
        self.live = live_game.LiveGame(config, seed)
        super().__init__(
            choices=live_game.CHOICES, on_the_fly=list(live_game.ON_THE_FLY)
        )
        self.live.on_news = self._show
        self._show()
        self.on_msg(self._obey)
        self.observe(self._take, names=["config", "seed", "steps_per_picture"])

    # --- what a hand may do

    def start(self) -> None:
        """Train until `pause`, as the Train button does."""
        self.live.play()

    def pause(self) -> None:
        """Stand still."""
        self.live.pause()

    def step(self, n: int = 1) -> dict[str, float | None]:
        """Take n steps at once and return the row of the last.

        Raises:
            InputError: if n is below 1, or the game is broken.
        """
        return self.live.step(n)

    def set(self, **settings: object) -> None:
        """Change settings, as the menus and sliders do.

        Raises:
            InputError: if a setting is not allowed; then nothing is changed.
        """
        self.live.change(**settings)

    def reset(self, seed: int | None = None) -> None:
        """Begin anew, with the same seed or another one."""
        self.live.reset(seed)

    def play(self) -> None:
        """Play what is generated; a browser is silent until somebody has clicked."""
        self.send({"kind": "play"})

    def silence(self) -> None:
        """Stop the sound; the training goes on."""
        self.send({"kind": "silence"})

    # --- what there is

    @property
    def game(self) -> object:
        """The TinyGame as it stands: generator, critic, data."""
        return self.live.game

    @property
    def row(self) -> dict[str, float | None]:
        """The last row: losses, the critic's scores, statistics."""
        return dict(self.live.rows[-1])

    @property
    def score(self) -> Score:
        """The music of what is generated now."""
        return self.live.picture()["score"]

    def close(self) -> None:
        """Stop the training and close the widget."""
        if self.live is not None:  # it is while a refused one is taken down
            self.live.on_news = lambda: None
            self.live.pause()
        super().close()

    def __repr__(self) -> str:
        config = self.live.config
        return (
            f"GANGame({config.data}, {config.loss}, n_critic={config.n_critic}): step "
            f"{self.live.game.n_steps}"
        )

    # --- how it works

    def _obey(self, _widget: object, message: dict, _buffers: list) -> None:
        """Do what a button asks for."""
        actions = {
            "train": self.start,
            "pause": self.pause,
            "step": self.step,
            "reset": self.reset,
            "reseed": lambda: self.reset(self.live.game.seed + 1),
        }
        action = actions.get(message.get("kind"))
        if action is not None:
            self._try(action)

    def _take(self, change: dict) -> None:
        """Take up what the browser or a cell has set."""
        if self._telling == threading.get_ident():
            return
        if change["name"] == "steps_per_picture":
            self.live.steps_per_frame = self.steps_per_picture
        elif change["name"] == "seed":
            self.live.reset(self.seed)
        else:
            self._try(lambda: self.set(**change["new"]))

    def _try(self, action: object) -> None:
        """Do something; a refusal stands below the picture."""
        try:
            action()
        except InputError as refusal:
            self._show()
            self.problem = str(refusal)

    def _show(self) -> None:
        """Tell the browser what there is now."""
        live = self.live
        with self._screen, self.hold_sync():
            picture = live.picture()
            score = picture.pop("score")
            self._telling = threading.get_ident()
            try:
                self.config = live.config.to_dict()
                self.seed = live.game.seed
            finally:
                self._telling = 0
            is_new = self._shown is not live.game
            if is_new:
                self._shown = live.game
                self._show_data()
            self.picture = picture
            self.music = score_to_dict(score)
            self.is_training = live.is_training
            self.problem = live.problem
            now = time.monotonic()
            if is_new or not self.is_training or now - self._drawn_at > CHARTS_EVERY:
                self.rows = live.shown_rows()
                self._drawn_at = now

    def _show_data(self) -> None:
        """Tell the browser what the data look and sound like."""
        from deepcomposer_edu.training.game_picture import REACH, picture_of_data

        live = self.live
        data = live.config.data
        real = picture_of_data(live.game)
        self.real = real | {"reach": REACH, "score": score_to_dict(real["score"])}
        self.reference = live.reference
        bars = MELODIES if data == "melody" else BARS
        self.loss_panels = list(LOSSES)
        self.metric_panels = list(POINTS if "points" in self.real else bars)
