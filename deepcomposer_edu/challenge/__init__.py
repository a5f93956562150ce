"""The challenge in a box: one minute to space, from the brief to a submitted entry."""

from pathlib import Path

PAGES = Path(__file__).parent / "pages"  # styles and scripts of its pages
