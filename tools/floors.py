"""Draw the floors of the package into docs/images/floors.svg: `python tools/floors.py`.

Which room lies on which floor is read from tests/test_layers.py, which keeps it so;
what a room is for, from the table in docs/architecture.md; what it uses, from the
source.
"""

from __future__ import annotations

import ast
import re
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "deepcomposer_edu"
TABLE = ROOT / "docs" / "architecture.md"
RULES = ROOT / "tests" / "test_layers.py"
PICTURE = ROOT / "docs" / "images" / "floors.svg"
NOT_DRAWN = {"__main__"}
NOT_OURS = {"node_modules", "make", "static"}

WIDTH, LEFT, FLOOR_HEIGHT, GAP = 760, 70, 74, 8
SIDE = 170  # the widgets' house, on the right
LINE = 26  # letters of small text in a box of the widest floor
STYLE = (
    "text{font-family:sans-serif;font-size:13px;fill:#1b1b1b}"
    ".small{font-size:11px;fill:#444}.name{font-weight:bold}"
    ".room{fill:#e8eff7;stroke:#3b5b7f}.side{fill:#f6efe2;stroke:#8a6d3b}"
)


def floors() -> dict[str, int]:
    """Return the floor of each room, as the test of the imports has it."""
    for node in ast.parse(RULES.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "FLOORS":
            found = ast.literal_eval(node.value)
            return {r: n for r, n in found.items() if r not in NOT_DRAWN}
    raise SystemExit(f"{RULES} has no FLOORS.")


def sources(room: str) -> list[Path]:
    """Return the modules of a room, or of the folder widgets."""
    folder = ROOT / "widgets" if room == "widgets" else PACKAGE / room
    if not folder.is_dir():
        return [PACKAGE / f"{room}.py"]
    found = sorted(folder.rglob("*.py"))
    return [path for path in found if not NOT_OURS & set(path.parts)]


def used_by(room: str, rooms: set[str]) -> list[str]:
    """Return which other rooms a room imports from."""
    found = set()
    for path in sources(room):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            parts = [n.split(".") for n in names if n.startswith("deepcomposer_edu.")]
            found |= {part[1] for part in parts}
    return sorted((found & rooms) - {room})


def box(x: float, y: float, size: tuple, lines: list[str], kind: str = "room") -> str:
    """Return a box with lines of text, the first of them its name."""
    width, height = size
    texts = [
        f'<text x="{x + 8:g}" y="{y + 19 + 15 * i:g}" '
        f'class="{"small" if i else "name"}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    ]
    frame = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4"'
    return f'{frame} class="{kind}"/>' + "".join(texts)


def words_of(room: str, rooms: set[str], n_letters: int) -> list[str]:
    """Return what is written in a room's box."""
    lines, line = [], "uses"
    for one in used_by(room, rooms):
        if len(f"{line} {one},") > n_letters:
            lines.append(line)
            line = ""
        line = f"{line} {one},".strip()
    lines.append(line.rstrip(",") if line != "uses" else "uses no other room")
    return [room, shortened(purpose_of(room), n_letters), *lines]


def purpose_of(room: str) -> str:
    """Return what a room is for, as the table of the architecture says it."""
    if room == "widgets":
        return "in notebooks, by hand"
    for rooms, words in re.findall(r"^\| \d+ \| (.+?) \| (.+?) \|$", _table(), re.M):
        if f"`{room}" in rooms:
            return words.replace("`", "")
    return ""


def _table() -> str:
    return TABLE.read_text("utf-8")


def shortened(text: str, n_letters: int) -> str:
    """Return the beginning of a list of things that fits, whole things only."""
    while len(text) > n_letters:
        shorter = re.sub(r"[,;:(][^,;:(]*$", "", text).strip()
        if shorter == text:
            return text
        text = shorter
    return text


def drawing() -> str:
    """Return the picture: the highest floor on top."""
    by_floor: dict[int, list[str]] = {}
    for room, floor in floors().items():
        by_floor.setdefault(floor, []).append(room)
    rooms = {*floors(), "widgets"}
    inner = WIDTH - LEFT - SIDE - 3 * GAP
    parts, y = [], GAP
    for floor in sorted(by_floor, reverse=True):
        here = by_floor[floor]
        parts.append(f'<text x="{GAP}" y="{y + 22}" class="small">floor {floor}</text>')
        width = (inner - GAP * (len(here) - 1)) / len(here)
        for i, room in enumerate(here):
            lines = words_of(room, rooms, int(width / 6))
            place = LEFT + i * (width + GAP)
            parts.append(box(place, y, (width, FLOOR_HEIGHT), lines))
        y += FLOOR_HEIGHT + GAP
    lines = words_of("widgets", rooms, LINE)
    size = (SIDE, y - 2 * GAP)
    parts.append(box(WIDTH - SIDE - GAP, GAP, size, lines, "side"))
    title = "The floors of the package: a room uses rooms of lower floors only."
    head = f'viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {head} role="img">'
        f"<title>{title}</title><style>{STYLE}</style>"
        '<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")
