"""Fixtures for several files of unit tests."""

import pytest
from untrained import write_untrained


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Make small untrained weights the shipped ones; give their folder."""
    with pytest.MonkeyPatch.context() as patch:
        folder = write_untrained(tmp_path_factory.mktemp("weights"))
        patch.setenv("DEEPCOMPOSER_WEIGHTS", str(folder))
        yield folder
