"""Waiting for what becomes true in a page."""

from __future__ import annotations

import pytest


def until(page, condition, seconds=60):
    """Wait for a condition in JavaScript, also where a page's policy forbids `eval`."""
    for _ in range(seconds * 20):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {condition}")
