"""A class's hub, run for real: logins, places, limits, progress, https, privacy."""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from needs import require
from playwright.sync_api import expect
from started_lab import free_port

from deepcomposer_edu.classroom import hub
from deepcomposer_edu.classroom.class_progress import read_class
from deepcomposer_edu.classroom.hub_folder import HubFolder
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.errors import InputError

# Hub, proxy and two places start in turn: minutes where many programs share the cores.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]

SECONDS = 240  # hub, proxy and two places start on a machine that others use, too
MILLISECONDS = SECONDS * 1000
# What a learner runs: something right, something too large, somebody else's folder.
CODE = """\
import os, pathlib
from deepcomposer_edu.course import progress_log
progress_log.record("check", "01", "1.1", "passed", "Exercise 1.1 passed.")
progress_log.flush_shared(30)
import numpy as np
try:
    print(np.ones(5 * 2**30, dtype="int8").nbytes)
except MemoryError:
    print("too large")
print(len(os.sched_getaffinity(0)), os.environ["OMP_NUM_THREADS"])
print(pathlib.Path.cwd() / "00_first_sound.ipynb" in pathlib.Path.cwd().iterdir())
"""


@dataclass
class Class:
    """A hub that runs."""

    url: str
    folder: HubFolder
    log: Path

    def code(self, login):
        return next(s.code for s in self.folder.seats() if s.login == login)


def is_up(url):
    """Say whether the hub answers behind its own certificate."""
    import ssl
    import urllib.error
    import urllib.request

    unchecked = ssl._create_unverified_context()
    try:
        urllib.request.urlopen(f"{url}/hub/login", context=unchecked, timeout=10)
    except (urllib.error.URLError, OSError):
        return False
    return True


@pytest.fixture(scope="module")
def class_hub(tmp_path_factory):
    """Two learners and a teacher behind https."""
    try:
        hub.needs_of_hub()
        hub.find_proxy()
    except InputError as missing:
        require(False, str(missing))
    root = tmp_path_factory.mktemp("class")
    names, port = root / "names.txt", free_port()
    names.write_text("Ada\nBo <i>\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # the corpora take half a minute where no cache is; lessons have other tests
        patch.setattr(hub, "FILL", "import matplotlib.font_manager")
        patch.setattr(hub, "own_addresses", lambda: ["192.0.2.7"])
        options = ["--learners", str(names), "--port", str(port), "--memory", "1.5"]
        where = str(root / "hub")
        assert (
            main(["classroom", "hub", where, *options, "--https", "--prepare-only"])
            == 0
        )
    folder, log = HubFolder(root / "hub"), root / "hub.log"
    config = folder.private / "jupyterhub_config.py"
    with config.open("a", encoding="utf-8") as file:  # for the test's own hand
        file.write('c.Spawner.args.append("--LabApp.expose_app_in_browser=True")\n')
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
        yield Class(url, folder, log)
    finally:
        process.terminate()
        try:
            process.wait(60)
        finally:
            process.kill()


def log_in(page, class_hub, login, code, then="/hub/home"):
    """Type a slip's name and code into the login page."""
    page.goto(f"{class_hub.url}/hub/login?next={then}", timeout=MILLISECONDS)
    page.fill("#username_input", login)
    page.fill("#password_input", code)
    page.click("#login_submit")


def start_place(page, class_hub, login):
    """Start a learner's place and wait until it answers.

    The address has no page to load: what counts here is that it is reached.
    """
    answer = f"{class_hub.url}/user/{login}/api/status"
    page.goto(
        f"{class_hub.url}/hub/spawn/{login}?next=/user/{login}/api/status",
        timeout=MILLISECONDS,
    )
    page.wait_for_url(answer, timeout=MILLISECONDS)


def test_a_class_of_two_works_side_by_side(class_hub, new_context):
    """One story, since hub and places take long to start."""
    ada = new_context(ignore_https_errors=True).new_page()
    bo = new_context(ignore_https_errors=True).new_page()
    # a wrong code, then the right one as people type it
    log_in(ada, class_hub, "ada", "wrong")
    expect(ada.locator(".login_error")).to_be_visible(timeout=MILLISECONDS)
    typed = class_hub.code("ada").upper()
    log_in(ada, class_hub, "ada", f"{typed[:4]} {typed[4:]}")
    ada.wait_for_url("**/hub/home", timeout=MILLISECONDS)
    log_in(bo, class_hub, "bo-i", class_hub.code("bo-i"))
    bo.wait_for_url("**/hub/home", timeout=MILLISECONDS)
    start_place(bo, class_hub, "bo-i")

    # Ada sees her copies of the lessons, on a page that may have MIDI
    ada.goto(f"{class_hub.url}/hub/spawn/ada", timeout=MILLISECONDS)
    ada.wait_for_url(re.compile(".*/user/ada/lab.*"), timeout=MILLISECONDS)
    first = ada.locator(".jp-Notebook .jp-Cell").first
    expect(first).to_contain_text("First sound", timeout=MILLISECONDS)
    assert ada.evaluate("isSecureContext && 'requestMIDIAccess' in navigator")

    # what she runs has her limits, and what she did reaches the teacher
    said = ada.evaluate(
        """async code => {
            const panel = jupyterapp.shell.currentWidget;
            await panel.sessionContext.ready;
            const kernel = panel.sessionContext.session.kernel;
            const future = kernel.requestExecute({ code });
            let said = "";
            future.onIOPub = message => {
                said += message.content.text || message.content.evalue || "";
            };
            await future.done;
            return said;
        }""",
        CODE,
    )
    assert said.split("\n")[:3] == ["too large", "1 1", "True"], said
    of_class = read_class(class_hub.folder.progress)
    assert [(one.name, one.file.split("/")[0]) for one in of_class.learners] == [
        ("Ada", "ada")
    ]
    assert of_class.learners[0].progress.lessons()[1].passed == ("1.1",)

    # Bo has copies of his own, and Ada's are closed to him
    def visit(path):
        # what is answered, without waiting for what the page would load
        address = f"{class_hub.url}{path}"
        return bo.goto(address, timeout=MILLISECONDS, wait_until="commit").status

    assert (class_hub.folder.home("bo-i") / "my_work" / "studio.ipynb").is_file()
    assert visit("/user/bo-i/lab") == 200
    assert visit("/user/ada/lab") == 403
    assert visit("/user/ada/files/studio.ipynb") == 403

    # the teacher may look at a learner's notebook
    teacher = new_context(ignore_https_errors=True).new_page()
    log_in(teacher, class_hub, "teacher", class_hub.code("teacher"))
    teacher.wait_for_url("**/hub/home", timeout=MILLISECONDS)
    answer = teacher.goto(
        f"{class_hub.url}/user/ada/lab", timeout=MILLISECONDS, wait_until="commit"
    )
    if "/oauth2/authorize" in teacher.url:  # the hub asks once whether that is meant
        teacher.get_by_role("button", name="Authorize").click(timeout=MILLISECONDS)
        teacher.wait_for_url(
            "**/user/ada/lab*", timeout=MILLISECONDS, wait_until="commit"
        )
    else:
        assert answer.status == 200

    # the folders themselves: nothing private is open to other accounts
    home = class_hub.folder.home("ada")
    assert (home / "my_work" / "00_first_sound.ipynb").is_file()
    for closed in (home, class_hub.folder.private, class_hub.folder.share("ada")):
        assert closed.stat().st_mode & 0o077 == 0
