"""A class's hub for tests: two learners and a teacher behind https.

It is made by the command that a teacher types, and runs as the hub does. It takes long
to start, so one module of tests shares one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.chromium import watch
from browser.labkit import Lab, LabPage
from needs import require

from deepcomposer_edu.classroom import hub
from deepcomposer_edu.classroom.class_progress import ClassProgress, read_class
from deepcomposer_edu.classroom.hub_folder import HubFolder
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.errors import InputError

SECONDS = 240  # hub, proxy and two places start on a machine that others use, too
MILLISECONDS = SECONDS * 1000
PORTS = range(20_000, 30_000)
NAMES = "Ada\nBo <i>\n"
# The test's own hand: the page's program answers to it, and every cell is in the page.
FOR_TESTS = """
c.Spawner.args.append("--LabApp.expose_app_in_browser=True")
c.Spawner.environment = {{"JUPYTERLAB_SETTINGS_DIR": {settings!r}}}
"""


@dataclass
class ClassHub:
    """A hub that runs: its address, its folder, and what it wrote about itself."""

    url: str
    folder: HubFolder
    log: Path

    def log_in(self, page, login, code, then="/hub/home"):
        """Type a slip's name and code into the login page."""
        page.goto(f"{self.url}/hub/login?next={then}", timeout=MILLISECONDS)
        page.fill("#username_input", login)
        page.fill("#password_input", code)
        page.click("#login_submit")

    def code(self, login):
        """Return the code on a slip."""
        return next(s.code for s in self.folder.seats() if s.login == login)

    def start_place(self, page, login):
        """Start a learner's place and wait until it answers.

        The address has no page to load: what counts here is that it is reached.
        """
        answer = f"{self.url}/user/{login}/api/status"
        page.goto(
            f"{self.url}/hub/spawn/{login}?next=/user/{login}/api/status",
            timeout=MILLISECONDS,
        )
        page.wait_for_url(answer, timeout=MILLISECONDS)

    def open_lesson(self, page, login, notebook):
        """Show a learner's copy of a lesson in JupyterLab, and return it."""
        home = self.folder.home(login) / "my_work"
        lesson = LabPage(Lab(f"{self.url}/user/{login}", "", home, None), page)
        watch(page, lesson.external, lesson.errors)
        lesson.open(notebook)
        return lesson

    def forget(self):
        """Take away what learners have done, so that a test begins from nothing."""
        for seat in self.folder.seats():
            own = self.folder.home(seat.login) / "my_work" / "progress.jsonl"
            own.unlink(missing_ok=True)
            for shared in self.folder.share(seat.login).glob("*"):
                shared.unlink()

    def until(self, holds) -> ClassProgress:
        """Wait until the class's progress is so; it is shared in the background.

        Raises:
            AssertionError: with the progress, if it never was.
        """
        end = time.monotonic() + SECONDS
        while not holds(found := read_class(self.folder.progress)):
            assert time.monotonic() < end, found
            time.sleep(0.1)
        return found


def port_of_no_kernel():
    """Return a free port below those that systems hand out.

    Between choosing it and the hub's start lie seconds, in which other tests' servers
    and kernels take whichever port the system hands them.
    """
    start = PORTS[os.getpid() % len(PORTS)]
    for port in (*range(start, PORTS.stop), *range(PORTS.start, start)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError(f"no port of {PORTS.start} to {PORTS.stop - 1} is free")


def is_up(url):
    """Say whether the hub answers behind its own certificate."""
    unchecked = ssl._create_unverified_context()
    try:
        urllib.request.urlopen(f"{url}/hub/login", context=unchecked, timeout=10)
    except (urllib.error.URLError, OSError):
        return False
    return True


def write_lab_settings(folder: Path) -> None:
    """Have JupyterLab put every cell of a notebook into the page from the start."""
    place = folder / "@jupyterlab" / "notebook-extension"
    place.mkdir(parents=True)
    chosen = json.dumps({"windowingMode": "none"})
    (place / "tracker.jupyterlab-settings").write_text(chosen, encoding="utf-8")


@pytest.fixture(scope="module", name="class_hub")
def class_hub_fixture(tmp_path_factory):
    """Two learners and a teacher behind https."""
    try:
        hub.needs_of_hub()
        hub.find_proxy()
    except InputError as missing:
        require(False, str(missing))
    root = tmp_path_factory.mktemp("class")
    names, port = root / "names.txt", port_of_no_kernel()
    names.write_text(NAMES, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # the corpora take half a minute where no cache is; lessons have other tests
        patch.setattr(hub, "FILL", "import matplotlib.font_manager")
        patch.setattr(hub, "own_addresses", lambda: ["192.0.2.7"])
        options = ["--learners", str(names), "--port", str(port), "--memory", "1.5"]
        options += ["--https", "--prepare-only"]
        assert main(["classroom", "hub", str(root / "hub"), *options]) == 0
    folder, log, settings = HubFolder(root / "hub"), root / "hub.log", root / "settings"
    write_lab_settings(settings)
    config = folder.private / "jupyterhub_config.py"
    with config.open("a", encoding="utf-8") as file:
        file.write(FOR_TESTS.format(settings=str(settings)))
    with log.open("wb") as written:
        process = subprocess.Popen(
            hub.hub_command(config), cwd=folder.private, stdout=written, stderr=written
        )
    try:
        url, end = f"https://127.0.0.1:{port}", time.monotonic() + SECONDS
        while not is_up(url):
            assert process.poll() is None, log.read_text("utf-8", "replace")[-3000:]
            assert time.monotonic() < end, log.read_text("utf-8", "replace")[-3000:]
            time.sleep(0.5)
        yield ClassHub(url, folder, log)
    finally:
        process.terminate()
        try:
            process.wait(60)
        finally:
            process.kill()
            shutil.rmtree(root, ignore_errors=True)
