"""Pictures of every widget, taken in Chromium: `python docs/images/widgets.py [NAME]`.

Needs Chromium and the test tools. Each picture shows the widget as a learner meets it,
with the course's own music in it; `studio-dark.png` is the dark theme.
"""

from __future__ import annotations

import base64
import functools
import http.server
import io
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser.chromium import CHROMIUM_OPTIONS, find_chromium  # noqa: E402
from browser.widget_page import (  # noqa: E402
    Handler,
    bundle_of,
    page_text,
    parts_of,
    trait_values,
)

from deepcomposer_edu import course  # noqa: E402
from deepcomposer_edu.compose import compose  # noqa: E402
from deepcomposer_edu.corpora.chorales import load_chorales  # noqa: E402
from deepcomposer_edu.corpora.tunes import load_tune  # noqa: E402
from deepcomposer_edu.paths import data_dir  # noqa: E402
from deepcomposer_edu.widgets import (  # noqa: E402
    EditDesk,
    Editor,
    FailureClinic,
    GANGame,
    MorphPad,
    PianoKeyboard,
    Player,
    ReceptiveField,
    Studio,
    TrainingMonitor,
)

WIDTH, SCALE, N_COLOURS = 860, 1.5, 256


def studio() -> Studio:
    """Two versions of one melody, compared."""
    shown = Studio(tempfile.mkdtemp())
    shown.compose(seed=1)
    shown.compose(seed=2)
    shown.compare(1)
    return shown


def minute() -> Studio:
    """A version, arranged for two groups of players; one of its marks is chosen."""
    shown = Studio(tempfile.mkdtemp())
    shown.compose(seed=1)
    for section, place, program in (("A", "melody", 68), ("B", "others", 19)):
        shown.do(
            "arrange", "choose_player", section=section, place=place, program=program
        )
    shown.arrange()
    shown.look()
    shown.do("marks", "choose_mark", number=0)
    shown.wait()
    return shown


def open_two_parts(page: Page) -> None:
    """Show the arranger and the marks, opened, and nothing else of the studio."""
    page.evaluate(
        """() => {
            const parts = document.querySelectorAll('.dc-studio-box > .widget');
            for (const part of parts) {
                const wanted = part.querySelector(
                    '.dc-studio-arrange, .dc-studio-marks');
                if (wanted) wanted.querySelector('details').open = true;
                else part.style.display = 'none';
            }
        }"""
    )


def monitor() -> TrainingMonitor:
    """The training of the shipped network."""
    return TrainingMonitor(data_dir() / "runs" / "wgan-bach")


def open_keyboard() -> PianoKeyboard:
    """The panel open, a key locked, the arpeggiator on."""
    return PianoKeyboard(
        show_panel=True,
        scale="G major",
        scale_lock=True,
        arpeggiator=True,
        modulation=0.3,
    )


def coloured_keyboard() -> PianoKeyboard:
    """Colours and shapes on the keys, and a tune to play from."""
    keyboard = PianoKeyboard(key_names="colours")
    keyboard.load(load_tune("ode-to-joy"))
    return keyboard


def editor() -> Editor:
    """Four voices, the bass locked."""
    return Editor(compose("old-hundredth", seed=1), key="guess", locked=[3])


def edit_desk() -> EditDesk:
    """Two bars of a chorale written anew, the others locked."""
    piece = load_chorales("valid")[0].grid.crop(0, 128)
    desk = EditDesk(piece, "inpaint", "soprano", "1-3, 6-8", seed=1)
    desk.edit()
    return desk


def go_back_some_edits(page: Page) -> None:
    """Show an edit in the middle, and the keys."""
    page.locator(".dc-edit_desk summary").click()
    scrub = page.get_by_role("slider", name="Edit", exact=True)
    scrub.fill(str(int(scrub.get_attribute("max")) * 2 // 3))


def gan_game() -> GANGame:
    """A ring of points, on the way to its places."""
    game = GANGame(data="ring")
    game.step(400)
    return game


def clinic() -> FailureClinic:
    """A patient before anybody has said what is wrong."""
    clinic = FailureClinic()
    clinic.choose(3, wait=True)
    return clinic


@functools.cache
def morph_pad() -> MorphPad:
    """The four instruments of the shipped autoencoder, a place between two of them."""
    pad = course.morph_pad(n_side=5)
    pad.place = [1, 2]
    return pad


def give_sounds(page: Page) -> None:
    """Send what the kernel would: the corners, and the mixtures of three rows."""
    pad = morph_pad()
    place = pad.place
    messages = [
        ({"kind": "corner", "pitch": pad.pitch, "number": number}, wave)
        for number, wave in enumerate(pad.corner_sounds())
    ]
    for row in (0, 2, 4):
        for column in range(pad.n_side):
            pad.place = [column, row]
            about = {"kind": "clip", "pitch": pad.pitch, "place": [column, row]}
            messages.append((about, pad.sound("codes")))
    pad.place = place
    for about, wave in messages:
        packed = (wave * 32767).astype("<i2").tobytes()
        page.evaluate(
            """([about, text]) => {
                const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
                receive(about, [new DataView(bytes.buffer)]);
            }""",
            [about, base64.b64encode(packed).decode()],
        )
    page.evaluate("model.set('is_decoding', true)")


def select_a_note(page: Page) -> None:
    """Show the grips of a note in the editor."""
    page.locator(".dc-roll").focus()
    page.keyboard.press("n")
    page.keyboard.press("n")


# name of the picture -> the widget, the colour scheme, what is done by hand first
PICTURES: dict[str, tuple[Callable, str, Callable[[Page], None] | None]] = {
    "studio": (studio, "light", None),
    "studio-dark": (studio, "dark", None),
    "studio-minute": (minute, "light", open_two_parts),
    "keyboard": (PianoKeyboard, "light", None),
    "keyboard-colours": (coloured_keyboard, "light", None),
    "keyboard-panel": (open_keyboard, "light", None),
    "player": (
        lambda: Player(compose("ode-to-joy", genre="jazz", seed=1)),
        "light",
        None,
    ),
    "editor": (editor, "light", select_a_note),
    "monitor": (monitor, "light", None),
    "edit_desk": (edit_desk, "light", go_back_some_edits),
    "gan_game": (gan_game, "light", None),
    "clinic": (clinic, "light", None),
    "receptive_field": (
        lambda: ReceptiveField(n_layers=3, n_blocks=3, sample_rate=8000, lag=8),
        "light",
        None,
    ),
    "morph_pad": (morph_pad, "light", give_sounds),
}


def take(page: Page, place: Path) -> None:
    """Write a picture of what stands on the page, with few enough colours."""
    png = page.screenshot(full_page=True)
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(N_COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)
    print(f"wrote {place.name}, {place.stat().st_size / 1000:.0f} kB")


def main(names: list[str]) -> None:
    """Take the pictures with these names, or all, in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as work:
        # Nobody's own networks and versions are in the pictures.
        os.environ["DEEPCOMPOSER_WORK"] = tempfile.tempdir = work
        os.chdir(work)
        take_pictures(names)
        os.chdir(ROOT)


def take_pictures(names: list[str]) -> None:
    """Serve, show and take the pictures with these names, or all."""
    handler = functools.partial(Handler, directory=str(ROOT / "tests" / "browser"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.traits, server.pages = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_OPTIONS
        )
        for name in names or PICTURES:
            make, scheme, prepare = PICTURES[name]
            widget = make()
            box = " ".join(getattr(widget, "_dom_classes", ()))
            shown = []
            for part in parts_of(widget):
                server.traits.append(json.dumps(trait_values(part)).encode())
                shown.append([bundle_of(part), len(server.traits) - 1, box])
            context = browser.new_context(
                viewport={"width": WIDTH, "height": 240},
                device_scale_factor=SCALE,
                color_scheme=scheme,
            )
            server.pages.append(page_text(shown, sampled=False))
            page = context.new_page()
            address = f"http://127.0.0.1:{server.server_port}/widget_page.html"
            page.goto(f"{address}?{len(server.pages) - 1}")
            page.wait_for_function("window.isReady")
            if prepare:
                prepare(page)
            colour = "#111111" if scheme == "dark" else "#ffffff"
            page.evaluate(
                "colour => { document.body.style.background = colour;"
                " document.getElementById('elsewhere')?.remove(); }",
                colour,
            )
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": WIDTH, "height": height})
            # some frames: what is drawn only when it is seen is drawn then
            page.evaluate(
                "() => new Promise(done => requestAnimationFrame("
                "() => requestAnimationFrame(() => requestAnimationFrame(done))))"
            )
            take(page, HERE / f"{name}.png")
            context.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
