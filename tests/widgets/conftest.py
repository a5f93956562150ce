"""Studios for the tests of their parts."""

from __future__ import annotations

import pytest

from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Studio


@pytest.fixture
def studio(tmp_path):
    """A studio with the technique that needs no network, so that it is quick."""
    studio = Studio(tmp_path / "studio", technique="random")
    yield studio
    studio.close()


@pytest.fixture
def marked(tmp_path):
    """A studio with two bars in which a teacher marks something."""
    studio = Studio(tmp_path / "studio", technique="random")
    studio.melody = Score.from_notes(
        [(i * 4, 67 + (0, 2, 4, 5)[i % 4], 4) for i in range(8)], title="Two bars"
    )
    studio.compose(seed=1)
    yield studio
    studio.close()
