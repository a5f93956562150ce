"""The front door: `python course.py lab` sets the course up and opens the lessons.

    python course.py lab      set up, then open JupyterLab on your copies of the lessons
    python course.py studio   the same, but open the studio, without a lesson around it
    python course.py test     set up with the test tools, then run the whole test suite
    python course.py setup    set up only
    python course.py bench    list the benchmarks, or set up and run those you name
    python course.py doctor   say what is there, what is missing and what to do

Needs Python 3.11 or newer and nothing else: only the standard library is imported, and
everything that is installed goes into the folder .venv beside this file.
"""

import sys

# Before anything that an older Python could not import, so that it can say so.
if sys.version_info < (3, 11):  # noqa: UP036 - whoever is told this has an older one
    sys.exit(
        "This course needs Python 3.11 or newer, and this is Python {}.{}. Install a "
        "newer one from python.org and start again with it, for example: "
        "python3.12 course.py lab".format(*sys.version_info[:2])
    )

import argparse
import shutil
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

from bench import run_benchmarks
from environment import fingerprint, is_ready, read_stamp, set_up
from inside_venv import ROOT, VENV, ask_python, become, run_inside
from installing import OPTIONAL
from pip_words import NEEDED_GIGABYTES, SetupError, explain_failure

EXTRAS = set(OPTIONAL)
# What only tests need; teachers' tools are among it, since they are tested, too.
FOR_TESTS = {"test", "classroom", "hub", "docs"}


def run_lab(arguments: argparse.Namespace) -> int:
    """Set up and open JupyterLab on the learner's lessons, or on the studio."""
    set_up(EXTRAS)
    options = ["--studio"] if arguments.command == "studio" else []
    options += ["--resume"] if getattr(arguments, "resume", False) else []
    options += ["--no-browser"] if arguments.no_browser else []
    if arguments.port is not None:
        options += ["--port", str(arguments.port)]
    return become(["-m", "deepcomposer_edu.lab", *options])


def run_tests(arguments: argparse.Namespace) -> int:
    """Set up with the test tools, then run every test, lesson and solution."""
    set_up(EXTRAS | FOR_TESTS)
    places = arguments.places or ["tests", "lessons", "solutions"]
    print(f"-- Testing {', '.join(places)}, three at a time", flush=True)
    # A notebook's cells stay together, and so do the tests of one file; the files keep
    # the order in which tests/conftest.py puts them.
    options = ["--nbval-lax", "-n", "3", "--dist", "loadfile", "--durations=10"]
    options += ["--no-loadscope-reorder"]
    # Three workers for two cores, since browsers and disks are often waited for; more
    # threads each would only get in the way.
    # Lessons train for a few steps only; sets have one order in all workers.
    settings = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg", "COURSE_QUICK": "1"}
    settings["PYTHONHASHSEED"] = "0"
    return run_inside(["-m", "pytest", *options, *places], settings)


def run_setup(arguments: argparse.Namespace) -> int:
    """Set up only."""
    set_up(EXTRAS | FOR_TESTS if arguments.with_tests else EXTRAS, thorough=True)
    print("The course is set up. Next: python course.py lab")
    return 0


def run_bench(arguments: argparse.Namespace) -> int:
    """Measure: list the benchmarks, or set up and run some of them."""
    return run_benchmarks(arguments.names, lambda: set_up(EXTRAS | FOR_TESTS))


def report(is_fine: bool, name: str, found: str, advice: str = "") -> bool:
    """Print one line of the doctor's report."""
    verdict = "ok     " if is_fine else "MISSING"
    print(f"{verdict}  {name:<12} {found}" + (f" -> {advice}" if advice else ""))
    return is_fine


def run_doctor(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - as the others
    """Say what is there and what is missing; works before anything is installed."""
    report(
        True, "python", "{}.{}.{}".format(*sys.version_info[:3]) + f", {sys.platform}"
    )
    free = shutil.disk_usage(ROOT).free / 1e9
    version = ask_python("import sys; print('{}.{}.{}'.format(*sys.version_info[:3]))")
    has_room = free >= (1 if version else NEEDED_GIGABYTES)
    fine = report(
        has_room,
        "disk",
        f"{free:.1f} GB free",
        "" if has_room else f"the course needs about {NEEDED_GIGABYTES} GB",
    )
    if version is None:
        found = "damaged" if VENV.exists() else "not made yet"
        report(False, "environment", found, "run: python course.py setup")
        return 1
    if not is_ready(read_stamp(), fingerprint(version.rpartition(".")[0]), set()):
        found = "unfinished or older than this version of the course"
        fine = report(False, "environment", found, "run: python course.py setup")
    else:
        report(True, "environment", f".venv with Python {version}")
    seen = [] if fine else ["--missing"]  # so that the last line says so
    return run_inside(["-m", "deepcomposer_edu.doctor", *seen])


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python course.py",
        description="Sets DeepComposer EDU up in .venv and opens it.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("lab", "the lessons"), ("studio", "the studio")):
        lab = commands.add_parser(name, help=f"set up, then open {text} in JupyterLab")
        lab.add_argument(
            "--no-browser", action="store_true", help="print the link only"
        )
        lab.add_argument("--port", type=int, help="the port on this computer (8888)")
        if name == "lab":
            lab.add_argument(
                "--resume", action="store_true", help="open where you stopped"
            )
        lab.set_defaults(run=run_lab)
    test = commands.add_parser("test", help="set up, then run the whole test suite")
    test.add_argument("places", nargs="*", help="files or folders (everything)")
    test.set_defaults(run=run_tests)
    setup = commands.add_parser("setup", help="set up only")
    setup.add_argument("--with-tests", action="store_true", help="the test tools too")
    setup.set_defaults(run=run_setup)
    bench = commands.add_parser("bench", help="list the benchmarks, or run some")
    bench.add_argument("names", nargs="*", help="which to run (none: list them)")
    bench.set_defaults(run=run_bench)
    doctor = commands.add_parser("doctor", help="say what is there and what is missing")
    doctor.set_defaults(run=run_doctor)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return chosen.run(chosen)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        if (VENV / "course.log").exists():
            print(f"Details: {VENV / 'course.log'}", file=sys.stderr)
        return 2
    except FileNotFoundError as problem:
        print(
            f"\n{problem.filename} is missing: get the course again, or restore the "
            "file with git.",
            file=sys.stderr,
        )
        return 2
    except OSError as problem:
        print(f"\n{explain_failure(str(problem))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where it stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
