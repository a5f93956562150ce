"""What holds for every test: offline, seeded, one thread, skips that CI refuses."""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

GUARD = Path(__file__).parent / "guard"

# Before anything is imported that reads them; kernels and commands inherit them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("COURSE_QUICK", "1")
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(GUARD), *filter(None, [os.environ.get("PYTHONPATH")])]
)
if "OfflineError" not in dir(sys.modules.get("sitecustomize")):
    exec((GUARD / "sitecustomize.py").read_text("utf-8"), {"__name__": "guard"})

# nbval kills its kernels, and so do some tests: what is ended so leaves its temporary
# files behind. They lie in one folder, which goes with the run; pytest's own folders
# stay where they are, to be looked at. Workers inherit both from who starts them.
TEMPORARY = None
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    TEMPORARY = Path(tempfile.mkdtemp(prefix="course-tests-"))
    TEMPORARY.chmod(0o1777)  # as /tmp: some run as another account
    os.environ["TMPDIR"] = tempfile.tempdir = str(TEMPORARY)

import pytest  # noqa: E402 - the environment comes first
from hypothesis import HealthCheck, settings  # noqa: E402
from needs import is_ci, require  # noqa: E402

# A suite started in the background ignores Ctrl-C, and so would every command in it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A test of sound, of a genuine port or of a page depends on a clock, and on a computer
# with other things to do a clock may be late. Such a test has two more tries; the
# summary lists every one that needed them, for a fault may also show only now and then.
RERUNS = 2

# The same examples on every run, and no time limit on a shared machine.
settings.register_profile(
    "course",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("course")


def pytest_unconfigure():
    """Remove the run's temporary files when every worker is done."""
    if TEMPORARY:
        shutil.rmtree(TEMPORARY, ignore_errors=True)


def pytest_collection_modifyitems(items):
    """Put what takes long first, so that no worker is left with it at the end.

    The files are handed to the workers in this order: those that drive a browser, then
    notebooks, then the rest, in which a file takes a few seconds.
    """

    def rank(item):
        if "browser" in item.path.parts:
            return 0
        return 1 if item.path.suffix == ".ipynb" else 2

    items.sort(key=rank)
    for item in items:
        if any(item.get_closest_marker(m) for m in ("browser", "ports")):
            item.add_marker(pytest.mark.flaky(reruns=RERUNS))


@pytest.fixture(name="require")
def require_fixture():
    """Give a test `require(condition, reason)`: skip, or with CI=true fail."""
    return require


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI=true, turn the skip of a browser, port or data test into a failure."""
    outcome = yield
    needs_machine = any(
        item.get_closest_marker(m) for m in ("browser", "ports", "data")
    )
    if (
        outcome.skipped
        and needs_machine
        and is_ci()
        and not hasattr(outcome, "wasxfail")
    ):
        outcome.outcome = "failed"
        outcome.longrepr = f"skipped, but needed with CI=true: {outcome.longrepr}"
    return outcome
