"""What all widgets share: their bundle, and the sound that Python gives to the page."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import anywidget
from traitlets import Unicode

from deepcomposer_edu.errors import InputError

STATIC = Path(__file__).parent / "static"


class SoundWidget(anywidget.AnyWidget):
    """A widget whose browser side lies in `static/` and that can sound.

    A subclass names its bundle: `class Player(SoundWidget, bundle="player")`. Whoever
    first needs sound on a page asks its Python object for the SoundFont and for the
    synthesizer's code; all widgets of the page then share it.
    """

    bundle = ""  # name of its files in static/
    own_id = Unicode().tag(sync=True)  # by which shared/late.js finds the model

    def __init_subclass__(cls, bundle: str | None = None, **options: object) -> None:
        if bundle is not None:
            cls.bundle = bundle
            cls._esm = STATIC / f"{bundle}.js"
            cls._css = STATIC / f"{bundle}.css"
        super().__init_subclass__(**options)

    def __init__(self, **traits: object) -> None:
        own_id = uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, **traits)
        self.on_msg(self._give_sound)

    def _give_sound(self, _widget: object, message: dict, _buffers: list) -> None:
        """Send the SoundFont and the synthesizer when the browser asks for them."""
        if message.get("kind") != "sound?":
            return
        from deepcomposer_edu.music.soundfont import soundfont_path

        try:
            parts = [Path(soundfont_path()), STATIC / "synth.js"]
            buffers = [part.read_bytes() for part in parts]
        except (OSError, InputError) as error:
            self.send({"kind": "sound", "problem": str(error)})
            return
        self.send({"kind": "sound"}, buffers=buffers)
