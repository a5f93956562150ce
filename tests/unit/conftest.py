"""Fixtures for several files of unit tests."""

import pytest
from untrained import write_untrained

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose import model_places


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Make small untrained weights the shipped ones; give their folder."""
    with pytest.MonkeyPatch.context() as patch:
        folder = write_untrained(tmp_path_factory.mktemp("weights"))
        patch.setenv("DEEPCOMPOSER_WEIGHTS", str(folder))
        yield folder


@pytest.fixture
def run(capsys):
    """Return a function that runs a command here: exit code, stdout, stderr."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Give a test a work folder, which is returned, and a current folder."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(model_places, "SEEN", {})
    return tmp_path / "work"
