"""Widgets for the notebooks: what you touch, hear and see."""

from __future__ import annotations

from deepcomposer_edu.widgets.keyboard import PianoKeyboard

__all__ = ["PianoKeyboard"]
