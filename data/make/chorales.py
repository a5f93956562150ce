"""Build the chorale arrays and record their checksum in data/corpora/chorales.json.

    python data/make/chorales.py            build, compare with the record, cache
    python data/make/chorales.py --record   build and write the record anew

The arrays themselves are not in the repository: see data/README.md. Run with --record
only when the split map, the builder or the release of music21 has changed on purpose;
weights trained on the old arrays then name a checksum that is no longer made.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from importlib.metadata import version

from deepcomposer_edu.corpora.build import build_chorales, to_arrays
from deepcomposer_edu.corpora.cache import content_digest
from deepcomposer_edu.corpora.chorales import chorale_arrays
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import data_dir


def main() -> int:
    """Build the arrays; return 0 if they are those on record, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--record", action="store_true", help="write the record anew")
    record_anew = parser.parse_args().record
    start = time.perf_counter()
    arrays = to_arrays(build_chorales())
    seconds = time.perf_counter() - start
    splits = arrays["split"].tolist()
    record = {
        "sha256": content_digest(arrays),
        "music21": version("music21"),
        "pieces": dict(sorted(Counter(splits).items())),
        "clean": dict(
            sorted(Counter(arrays["split"][arrays["is_clean"]].tolist()).items())
        ),
        "steps": int(arrays["offsets"][-1]),
    }
    path = data_dir() / "corpora" / "chorales.json"
    if record_anew:
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{len(splits)} chorales in {seconds:.1f} s: {record['pieces']}")
    if json.loads(path.read_text(encoding="utf-8"))["sha256"] != record["sha256"]:
        print("The arrays differ from data/corpora/chorales.json.", file=sys.stderr)
        return 1
    chorale_arrays(show_progress=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
