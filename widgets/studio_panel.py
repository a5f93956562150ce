"""The studio's panels: the widget of each, and what it shows."""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.widgets import studio_views as views
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.studio_arrange import arrange_view
from deepcomposer_edu.widgets.studio_marks import marks_view
from deepcomposer_edu.widgets.studio_publish import publish_view
from deepcomposer_edu.widgets.studio_raw import raw_view

_VIEWS_OF_WORK = {  # of panels in which something may be at work
    "compose": views.compose_view,
    "arrange": arrange_view,
    "marks": marks_view,
    "raw": raw_view,
    "ask": views.ask_view,
    "keep": views.keep_view,
    "publish": publish_view,
}
PANELS = (
    *("head", "melody", "desk", "compose", "listen", "arrange", "marks", "raw", "ask"),
    *("keep", "publish"),
)


def panel_view(
    panel: str,
    session: Session,
    *,
    busy: views.Busy = None,
    tab: str = "tune",
    is_editing: bool = False,
) -> dict:
    """Return what a panel shows, worked out from a session.

    Args:
        panel: one of `PANELS`.
        session: what is shown.
        busy: the share done and words, where work goes on in this panel.
        tab: which tab of the melody's panel is open: "tune", "play" or "file".
        is_editing: whether the melody's editor is open.
    """
    if panel == "head":
        return views.head_view(session)
    if panel == "melody":
        return views.melody_view(session, tab)
    if panel == "desk":
        return views.desk_view(session, is_editing)
    if panel == "listen":
        return views.listen_view(session)
    return _VIEWS_OF_WORK[panel](session, busy)


class StudioPanel(SoundWidget, bundle="studio"):
    """One panel of a studio: shows what `view` says, tells what was done by hand.

    Args:
        panel: which one, of `PANELS`.
        view: what it shows at first, see `panel_view`.
        on_do: called with action, values and buffers.
    """

    panel = traitlets.Unicode().tag(sync=True)  # which of PANELS it is
    view = traitlets.Dict().tag(sync=True)  # what it shows, see panel_view

    def __init__(
        self, panel: str, view: dict, on_do: Callable[[str, dict, list], None]
    ) -> None:
        self._on_do = on_do
        super().__init__(panel=panel, view=view)
        self.on_msg(self._hear)

    def _hear(self, _widget: object, message: dict, buffers: list) -> None:
        if message.get("kind") == "do":
            self._on_do(str(message.get("action")), message.get("values", {}), buffers)
