"""Write docs/licences.md: under which licence each package stands that is installed.

    .venv/bin/python tools/licences.py

Reads constraints.txt, and of each package what its own metadata says. Run it after a
change of versions; tests/unit/test_licences.py compares.
"""

import json
import re
from collections import Counter
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "licences.md"
# What the metadata does not say, or of packages that few computers have.
SAID_ELSEWHERE = {
    "axe-playwright-python": "MIT",
    "msgpack": "Apache-2.0",
    "pandas": "BSD-3-Clause",
    "protobuf": "BSD-3-Clause",
    "pyarrow": "Apache-2.0",
    "ray": "Apache-2.0",
    "tensorboardx": "MIT",
}
# A licence's names in the metadata of packages, and its name here.
NAMES = {
    "0BSD": "0BSD",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Public Domain": "public domain",
    "GNU General Public License (GPL)": "GPL",
}
# These ask for no more than that their text goes along with a copy.
PERMISSIVE = {"0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0"}
PERMISSIVE |= {"CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib"}
PERMISSIVE |= {"public domain", "LLVM-exception", "DFSG approved"}
# These ask that changes to the package itself are published; the course makes none.
WEAK_COPYLEFT = {"MPL-2.0", "LGPL-3.0-only"}
# One may choose, and the course chooses the others.
CHOICE = {"docutils": {"GPL"}}
HEAD = """\
# Licences

Written by `python tools/licences.py`; a test compares it with `constraints.txt`.

The course is under the MIT licence (`LICENSE`). It contains no code of others but what
is built into its widgets (`widgets/THIRD_PARTY.md`: Apache-2.0 and MIT, with their
texts). The packages below are not part of it: `pip` fetches them from their own
publishers, each with its own licence, and a wheel of the course names them only.

- Most ask for no more than that their licence goes along with a copy.
- MPL-2.0 and LGPL-3.0 (verovio, which draws the notation) ask that whoever changes
  *those packages* publishes the changes. The course changes none, and calls them as
  libraries that can be exchanged.
- docutils may be had as public domain, BSD or GPL in its parts; none of its code is
  taken over.
- Wheels can hold libraries of their own. That of av brings FFmpeg, and with it the
  encoders x264 and x265, which are under the GPL; that of numpy and scipy brings
  OpenBLAS (BSD); that of torch for computers with an NVIDIA card fetches NVIDIA's
  own libraries, which are free of charge and not open source. Whoever passes on a
  stick made with `deepcomposer classroom bundle` passes these wheels on as they are,
  and should leave their licence files in them.
"""


def licence_of(name: str) -> str:
    """Return the licence of an installed package as its metadata says it."""
    if name in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[name]
    about = metadata(name)
    said = about.get("License-Expression")
    if not said:
        classes = about.get_all("Classifier") or []
        ends = [c.split(" :: ")[-1] for c in classes if c.startswith("License :: ")]
        said = "; ".join(one for one in ends if one != "OSI Approved")
    said = said or (about.get("License") or "").strip().partition("\n")[0]
    return "; ".join(NAMES.get(one, one) for one in said.split("; "))


def terms(licence: str) -> set[str]:
    """Return the single licences of an expression.

    >>> sorted(terms("(MIT OR Apache-2.0) AND BSD"))
    ['Apache-2.0', 'BSD', 'MIT']
    """
    parts = re.split(r"; | AND | OR | WITH ", licence.replace("(", "").replace(")", ""))
    return {part.strip() for part in parts}


def pins() -> dict[str, str]:
    """Return name and version of each package in constraints.txt."""
    text = (ROOT / "constraints.txt").read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE))


def rows() -> list[tuple[str, str, str]]:
    """Return name, version and licence of each package."""
    found = []
    for name, version in pins().items():
        try:
            found.append((name, version, licence_of(name)))
        except PackageNotFoundError:
            raise SystemExit(
                f"{name} is not installed here, so its licence is not known; install "
                "it, or say it in SAID_ELSEWHERE."
            ) from None
    return found


def page() -> str:
    """Return docs/licences.md."""
    found = rows()
    lines = [HEAD, "## Packages\n", "| package | version | licence |", "|---|---|---|"]
    lines += [f"| {name} | {version} | {licence} |" for name, version, licence in found]
    manifest = json.loads((ROOT / "data" / "manifest.json").read_text("utf-8"))
    counts = Counter(row["licence"] for row in manifest)
    lines += [
        "\n## Data\n",
        "Each file's source and licence stand in `data/manifest.json`.\n",
        "| licence | files |",
        "|---|---|",
        *(f"| {licence} | {n} |" for licence, n in sorted(counts.items())),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOC.write_text(page(), encoding="utf-8")
    print(f"{DOC.relative_to(ROOT)} is written.")
