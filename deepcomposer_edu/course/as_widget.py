"""Objects of a lesson that show themselves as a widget where there is one to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ipywidgets


class AsWidget:
    """In a notebook its `widget()` is shown, elsewhere its repr."""

    def widget(self) -> ipywidgets.Widget:
        """Return what is shown."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: object) -> dict | tuple:
        text = repr(self)
        try:
            bundle = self.widget()._repr_mimebundle_(**options)
        except ImportError:
            return {"text/plain": text}
        if isinstance(bundle, tuple):
            return {**bundle[0], "text/plain": text}, bundle[1]
        return {**bundle, "text/plain": text}
