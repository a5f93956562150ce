"""Fuzz every reader of outside data: nothing but a result or an InputError may come.

    pip install atheris                  # never a dependency; Linux and macOS
    python benchmarks/fuzz.py            # 100,000 inputs for each reader: hours
    python benchmarks/fuzz.py MIDI card --inputs 20000
    python benchmarks/fuzz.py --seconds 60       # at most so long for each
    python benchmarks/fuzz.py --list

The readers, their sound inputs and the ways of damaging them stand in `tests/fuzz/`,
where hypothesis tries a few of them in every test run. Here Atheris (libFuzzer for
Python, https://github.com/google/atheris) does: it keeps the inputs that reach a new
line of this project's code and damages them further, half of the time in their bytes,
half in their structure. Every reader has a process of its own (a fork), which may take
1 GiB more than it has at its start; an input that takes more than 10 s of processor
time is a hang. A finding is an exception other than InputError, a hang or a dead
process; its input and traceback are kept in the folder of findings, one for each place
in the code.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# `fuzz` is the package in tests/, not this file
sys.path[0] = str(ROOT)
sys.path.insert(0, str(ROOT / "tests"))

PACKAGES = ["deepcomposer_edu", "mido"]  # whose lines guide the fuzzer
N_INPUTS = 100_000
MOST_SECONDS = 10  # of processor time for an input
MOST_BYTES = 1 << 30  # of memory beyond what the process has at its start
MOST_DEATHS = 5  # of a reader's process, before it is given up
REPORT_EVERY = 500


class HangError(BaseException):
    """An input takes too long; no `except Exception` may hide that."""


class Watch:
    """Reads inputs and remembers what came of them."""

    def __init__(self, target: object, work: Path, findings: Path) -> None:
        self.target, self.work, self.findings = target, work, findings
        self.files = work / "files"
        self.files.mkdir()
        self.counts = {"inputs": 0, "read": 0, "refused": 0, "slowest": 0.0}
        self.found: dict[str, int] = {}
        self.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        signal.signal(signal.SIGVTALRM, self._stop)

    def _stop(self, *_: object) -> None:
        raise HangError(f"more than {MOST_SECONDS} s")

    def one(self, data: bytes) -> None:
        """Read one input."""
        from deepcomposer_edu.errors import InputError

        (self.work / "now").write_bytes(data)  # told if this is the last
        start = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
        try:
            self.target.read(data, self.files)
            self.counts["read"] += 1
        except InputError:
            self.counts["refused"] += 1
        except (HangError, Exception) as error:
            self._keep(data, error)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        seconds = time.process_time() - start
        self.counts["slowest"] = max(self.counts["slowest"], seconds)
        self.counts["inputs"] += 1
        if self.counts["inputs"] % REPORT_EVERY == 0:
            self.write()

    def _keep(self, data: bytes, error: BaseException) -> None:
        """Keep the first input that leads to an error at a place in the code."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}"
        self.found[place] = self.found.get(place, 0) + 1
        if self.found[place] == 1:
            self.findings.mkdir(parents=True, exist_ok=True)
            (self.findings / f"{place}.bin").write_bytes(data)
            lines = traceback.format_exception(error)
            (self.findings / f"{place}.txt").write_text("".join(lines), "utf-8")

    def write(self) -> None:
        """Write what came so far for the parent process."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        content = {**self.counts, "found": self.found}
        content["megabytes"] = (peak - self.memory) / 1024
        part = self.work / "told.part"
        part.write_text(json.dumps(content), "utf-8")
        part.replace(self.work / "told.json")


def fuzz_one(
    target: object, n_inputs: int, seconds: float, seed: int, work: Path, findings: Path
) -> None:
    """Fuzz one reader in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=PACKAGES):
        corpus = work / "corpus"
        corpus.mkdir()
        for i, data in enumerate(target.seeds()):
            (corpus / f"seed-{i}").write_bytes(data)
            # what loads late, loads before memory is counted
            target.read(data, Path(tempfile.mkdtemp(dir=work)))
    words = [f'"{"".join(f"{chr(92)}x{b:02x}" for b in w)}"' for w in target.words]
    (work / "words").write_text("\n".join(words) + "\n")
    watch = Watch(target, work, findings)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = size + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))

    end = time.process_time() + seconds

    def one(data: bytes) -> None:
        watch.one(bytes(data))
        if watch.counts["inputs"] >= n_inputs or time.process_time() > end:
            watch.write()
            os._exit(0)

    def damaged(data: bytes, most: int, number: int) -> bytes:
        rng = random.Random(number)
        if rng.random() < 0.5:
            return atheris.Mutate(data, most)
        return target.mutate(bytes(data), rng)[:most]

    options = [
        f"-seed={seed + 1}",
        f"-max_len={target.most}",
        f"-dict={work / 'words'}",
    ]
    options += [
        f"-artifact_prefix={work}/",
        "-timeout=3600",
        "-rss_limit_mb=0",
        "-malloc_limit_mb=0",
    ]
    atheris.Setup(["fuzz", *options, str(corpus)], one, custom_mutator=damaged)
    atheris.Fuzz()


def fuzz_in_processes(
    target: object, n_inputs: int, seconds: float, seed: int, findings: Path
) -> dict[str, object]:
    """Fuzz one reader in a process of its own, a new one if it dies, and add up."""
    total = {"inputs": 0, "read": 0, "refused": 0, "slowest": 0.0, "megabytes": 0.0}
    total |= {"found": {}, "places": 0}
    kept = findings / re.sub(r"\W+", "-", target.name)
    for attempt in range(MOST_DEATHS):
        left = n_inputs - total["inputs"]
        with _work_folder() as work:
            child = os.fork()
            if child == 0:
                try:
                    _log_into(work / "log")
                    fuzz_one(target, left, seconds, seed + attempt, work, kept)
                except BaseException:
                    traceback.print_exc()
                finally:
                    os._exit(1)
            _, status = os.waitpid(child, 0)
            _add(total, work)
            if status == 0:
                return total
            kept.mkdir(parents=True, exist_ok=True)
            for file, ending in (("now", "bin"), ("log", "txt")):
                if (work / file).exists():
                    shutil.copy(work / file, kept / f"died-{attempt}.{ending}")
        total["found"][f"died-{attempt}"] = 1
    return total


def _log_into(path: Path) -> None:
    """Send all that this process says into a file."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)


class _work_folder(tempfile.TemporaryDirectory):  # noqa: N801
    """A folder in memory where there is one, since every input becomes a file."""

    def __init__(self) -> None:
        memory = Path("/dev/shm")
        super().__init__(prefix="fuzz-", dir=memory if memory.is_dir() else None)

    def __enter__(self) -> Path:
        return Path(super().__enter__())


def _add(total: dict, work: Path) -> None:
    """Add what a process told."""
    if (work / "told.json").exists():
        told = json.loads((work / "told.json").read_text("utf-8"))
        for key in ("inputs", "read", "refused"):
            total[key] += told[key]
        for key in ("slowest", "megabytes"):
            total[key] = max(total[key], told[key])
        for place, n in told["found"].items():
            total["found"][place] = total["found"].get(place, 0) + n
    log = (work / "log").read_text("utf-8", "replace")
    places = [int(number) for number in re.findall(r"cov: (\d+)", log)]
    total["places"] = max([total["places"], *places])


def print_row(name: str, total: dict[str, object], seconds: float) -> None:
    """Print what came of one reader."""
    found = ", ".join(f"{k} ({n})" for k, n in total["found"].items()) or "none"
    print(
        f"| {name} | {total['inputs']:,} | {total['read']:,} | {total['refused']:,} | "
        f"{total['places']:,} | {1_000 * total['slowest']:.0f} ms | "
        f"{total['megabytes']:.0f} MB | {seconds:.0f} s | {found} |",
        flush=True,
    )


def main() -> int:
    """Fuzz the readers that were named, or all; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="readers; all if left out")
    parser.add_argument("--inputs", type=int, default=N_INPUTS)
    parser.add_argument("--seconds", type=float, default=math.inf, help="for each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--list", action="store_true", help="name the readers")
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("Atheris is missing; install it with `pip install atheris`.")
        return 2
    with atheris.instrument_imports(include=PACKAGES):
        from fuzz.targets import TARGETS

    known = {target.name: target for target in TARGETS}
    unknown = [name for name in given.names if name not in known]
    if given.list or unknown:
        print("\n".join([f"There is no reader {u!r}." for u in unknown] + [*known]))
        return 2 if unknown else 0
    heads = ("reader", "inputs", "read", "refused", "places reached", "slowest")
    heads += ("memory", "took", "findings")
    print(f"| {' | '.join(heads)} |")
    print("|---" * len(heads) + "|", flush=True)
    is_clean = True
    for name in given.names or known:
        start = time.perf_counter()
        total = fuzz_in_processes(
            known[name], given.inputs, given.seconds, given.seed, given.findings
        )
        print_row(name, total, time.perf_counter() - start)
        is_clean = is_clean and not total["found"]
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
