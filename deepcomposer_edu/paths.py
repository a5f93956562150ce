"""Where the shipped data, the caches and the learner's own work are found."""

from __future__ import annotations

import os
from pathlib import Path

from deepcomposer_edu.files import make_folder

PACKAGE_DIR = Path(__file__).resolve().parent


def is_checkout() -> bool:
    """Return whether this is the course's own folder, not an installed wheel."""
    return (PACKAGE_DIR.parent / "course.py").is_file()


def course_root() -> Path:
    """Return the folder in which `lessons/`, `solutions/` and `docs/paths/` lie.

    In a wheel they lie inside the package; in a checkout beside it.
    """
    inside = (PACKAGE_DIR / "lessons").is_dir()
    return PACKAGE_DIR if inside else PACKAGE_DIR.parent


def data_dir() -> Path:
    """Return the folder with tunes, corpora and weights that the course ships.

    In a wheel it lies inside the package; in a checkout it is the top-level `data/`.
    """
    inside = PACKAGE_DIR / "data"
    return inside if inside.is_dir() else PACKAGE_DIR.parent / "data"


def widgets_dir() -> Path:
    """Return the folder of the widgets, whose built bundles lie in its `static`."""
    inside = PACKAGE_DIR / "widgets"
    return inside if inside.is_dir() else PACKAGE_DIR.parent / "widgets"


def cache_dir() -> Path:
    """Return (and make) the folder for what can be built again.

    Set the environment variable DEEPCOMPOSER_CACHE to move it.
    """
    from platformdirs import user_cache_path

    chosen = os.environ.get("DEEPCOMPOSER_CACHE")
    folder = Path(chosen) if chosen else user_cache_path("deepcomposer-edu")
    return make_folder(folder)


def work_dir() -> Path:
    """Return the folder of what the learner made: kept models, versions.

    In a checkout it is `my_work/`, else the user's folder for data. Set the environment
    variable DEEPCOMPOSER_WORK to move it. It is not made here.
    """
    from platformdirs import user_data_path

    chosen = os.environ.get("DEEPCOMPOSER_WORK")
    if chosen:
        return Path(chosen)
    if is_checkout():
        return PACKAGE_DIR.parent / "my_work"
    return user_data_path("deepcomposer-edu")
