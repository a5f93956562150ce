"""What a training needs and nobody gave: Bach's chorales and a fixed melody."""

from __future__ import annotations

from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.corpora.windows import Windows, chorale_windows
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Score

FIXED_MELODY = "ode-to-joy"  # harmonised again and again while the model learns


def run_arguments(
    config: WGANConfig | None = None,
    train: Windows | None = None,
    valid: Windows | None = None,
    melody: Grid | Score | str | None = None,
    to_c: int = 0,
) -> dict[str, object]:
    """Return the arguments of `train_wgan` by name, with what is missing filled in.

    Args:
        config: the networks' and the training's settings; the usual ones if None.
        train: windows to learn from; Bach's chorales if None.
        valid: windows that the metrics are taken on; chorales kept back if None.
        melody: the fixed melody: what a model hears of it, a score, or a tune's name;
            the Ode to Joy if None.
        to_c: semitones that move a Grid to C; found by itself for the others.

    Raises:
        InputError: if there is no such tune, or no melody in the score.
    """
    config = config or WGANConfig()
    melody = FIXED_MELODY if melody is None else melody
    if not isinstance(melody, Grid):
        heard = prepare(load_tune(melody) if isinstance(melody, str) else melody)
        melody, to_c = heard.grid, heard.key.to_c
    windows = {
        name: given
        if given is not None
        else chorale_windows(load_chorales(name), config.n_steps)
        for name, given in (("train", train), ("valid", valid))
    }
    return {"config": config, "melody": melody, "to_c": to_c, **windows}
