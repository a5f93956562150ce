"""All readers of outside data."""

from __future__ import annotations

from fuzz import music_targets, record_targets, run_targets
from fuzz.target import Target

TARGETS: tuple[Target, ...] = (
    *music_targets.TARGETS,
    *record_targets.TARGETS,
    *run_targets.TARGETS,
)
