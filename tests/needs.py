"""What a test needs from the machine, and what happens when it is not there.

    from needs import require

    require(shutil.which("jackd"), "jackd is not installed (apt: jackd2)")

On a learner's machine the test is skipped with the reason. With CI=true it fails, so
that a missing browser or port never looks like a passed test.
"""

import os

import pytest


def is_ci() -> bool:
    """Say whether everything must be there."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def require(condition: object, reason: str) -> None:
    """Go on if the condition holds; else skip, or with CI=true fail."""
    if condition:
        return
    if is_ci():
        pytest.fail(f"needed with CI=true: {reason}")
    pytest.skip(reason)
