"""A studio as a hand uses it, without a page."""

from __future__ import annotations


def do(studio, panel, action, *buffers, **values):
    """Do by hand: send what the panel would send, and wait for the work."""
    studio._panels[panel]._hear(
        None, {"kind": "do", "action": action, "values": values}, list(buffers)
    )
    studio.wait()


def shows(studio, panel):
    """Return what a panel shows."""
    return studio._panels[panel].view
