"""Build the genres and record their checksum and counts in data/corpora/genres.json.

    python data/make/genres.py            build, compare with the record, cache
    python data/make/genres.py --record   build and write the record anew

The arrays themselves are not in the repository: see data/README.md. Run with --record
only when the builder or the release of music21 has changed on purpose; weights trained
on the old arrays then name a checksum that is no longer made.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from importlib.metadata import version

from deepcomposer_edu.corpora.cache import content_digest
from deepcomposer_edu.corpora.genre_build import BUILT, build_genres
from deepcomposer_edu.corpora.genres import genre_arrays
from deepcomposer_edu.corpora.raw_pieces import genre_arrays_of
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import data_dir


def main() -> int:
    """Build the arrays; return 0 if they are those on record, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--record", action="store_true", help="write the record anew")
    record_anew = parser.parse_args().record
    start = time.perf_counter()
    built = build_genres()
    seconds = time.perf_counter() - start
    pieces, steps, works = {}, {}, {}
    for genre in BUILT:
        rows = [piece for piece in built.pieces if piece.genre == genre]
        pieces[genre] = dict(sorted(Counter(row.split for row in rows).items()))
        steps[genre] = sum(row.grid.n_steps for row in rows)
        works[genre] = len({row.work for row in rows})
    record = {
        "sha256": content_digest(genre_arrays_of(built.pieces)),
        "music21": version("music21"),
        "works": works,
        "pieces": pieces,
        "steps": steps,
        "left_out": built.left_out,
    }
    path = data_dir() / "corpora" / "genres.json"
    if record_anew:
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{len(built.pieces)} pieces in {seconds:.1f} s: {pieces}")
    if json.loads(path.read_text(encoding="utf-8"))["sha256"] != record["sha256"]:
        print("The arrays differ from data/corpora/genres.json.", file=sys.stderr)
        return 1
    genre_arrays(show_progress=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
