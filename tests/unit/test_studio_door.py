"""The doors of the studio: `deepcomposer studio` and `python course.py studio`."""

import json
import urllib.request

import nbformat
from started_lab import started_lab

from deepcomposer_edu import lab


def test_the_studios_notebook_is_one_cell_that_runs(tmp_path):
    name = lab.place_studio(tmp_path)
    book = nbformat.read(tmp_path / name, as_version=4)
    nbformat.validate(book)
    (code,) = [cell for cell in book.cells if cell.cell_type == "code"]
    assert code.source.splitlines()[-1] == "studio"


def test_a_studio_that_is_there_stays_as_it_is(tmp_path):
    (tmp_path / lab.STUDIO_NAME).write_text("mine")
    lab.place_studio(tmp_path)
    assert (tmp_path / lab.STUDIO_NAME).read_text() == "mine"


def test_the_command_opens_jupyterlab_on_the_studio(tmp_path):
    folder = str(tmp_path / "songs")
    with started_lab("deepcomposer_edu", "studio", "--folder", folder) as lab_here:
        assert lab_here.page == "/tree/studio.ipynb"
        assert "Opening the studio" in lab_here.printed
        address = f"{lab_here.url}/api/contents?token={lab_here.token}"
        with urllib.request.urlopen(address, timeout=30) as answer:
            names = {entry["name"] for entry in json.load(answer)["content"]}
    assert names == {"studio.ipynb"}
