"""The piano keyboard in Chromium on a plain page, with a stub for Jupyter's model."""

from __future__ import annotations

import functools
import http.server
import json
import threading

import pytest
from browser.labkit import HERE, watch
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.music.soundfont import soundfont_path
from deepcomposer_edu.widgets import PianoKeyboard
from deepcomposer_edu.widgets.recording import score_to_song

pytestmark = pytest.mark.browser


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the page, the real bundle, the real SoundFont and the real traits."""

    def do_GET(self):
        if self.path == "/traits.json":
            self.answer(self.server.traits, "application/json")
        elif self.path == "/soundfont.sf2":
            self.answer(soundfont_path().read_bytes(), "application/octet-stream")
        elif self.path.startswith("/static/"):
            kind = "text/css" if self.path.endswith("css") else "text/javascript"
            folder = HERE.parent.parent / "widgets" / "static"
            self.answer((folder / self.path.split("/")[-1]).read_bytes(), kind)
        else:
            super().do_GET()

    def answer(self, content, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def trait_values(keyboard):
    state = keyboard.get_state()
    skipped = {"layout", "tabbable", "tooltip"}
    return {
        name: value
        for name, value in state.items()
        if not name.startswith("_") and name not in skipped
    }


@pytest.fixture(scope="module")
def address():
    handler = functools.partial(Handler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.traits = json.dumps(trait_values(PianoKeyboard())).encode()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/keyboard_page.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(browser, address):
    contexts, external, errors = [], [], []

    def show(script="", sampled=False, fake_midi=True, **options):
        contexts.append(browser.new_context(**options))
        if fake_midi:
            contexts[-1].add_init_script(path=HERE / "fake_midi.js")
        contexts[-1].add_init_script(f"window.hasSoundFont = {str(sampled).lower()};")
        if script:
            contexts[-1].add_init_script(script)
        page = contexts[-1].new_page()
        watch(page, external, errors)
        page.goto(address)
        page.wait_for_function("window.isReady")
        return page

    yield show
    for context in contexts:
        context.close()
    assert (external, errors) == ([], [])


@pytest.fixture
def page(open_page):
    """The keyboard, with the simple sound: opening it takes a quarter of the time."""
    return open_page()


@pytest.fixture
def sampled_page(open_page):
    """The keyboard with its sampled sound loaded, after a first touch."""
    page = open_page(sampled=True)
    page.wait_for_function("window.sound().kind === 'sampled'")
    strike(page, 60)
    page.wait_for_function("window.loudness() < 0.0005")
    return page


def key(page, pitch):
    return page.locator(f'[data-note="{pitch}"]')


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def record(page):
    button(page, "Record").click()


def played(page):
    """Stop the recording; return (pitch, is down, source) of each event."""
    button(page, "Stop").click()
    events = value(page, "recorded")
    return [(e["pitch"], e["velocity"] > 0, e["source"]) for e in events]


def low_part(page, pitch):
    """Return a place on a key where no black key lies."""
    box = key(page, pitch).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] - 12


def strike(page, pitch):
    page.mouse.move(*low_part(page, pitch))
    page.mouse.down()
    page.mouse.up()


def load(page, score):
    song = score_to_song(score)
    page.evaluate(
        "song => { model.set('song', song); receive({kind: 'show_song'}); }", song
    )


# --- what there is


def test_there_are_32_keys_with_the_names_of_their_notes(page):
    names = page.locator("[data-note]").evaluate_all(
        "keys => keys.map(key => key.getAttribute('aria-label'))"
    )
    assert len(names) == 32
    assert (names[0], names[1], names[7]) == (
        "F3, key Z",
        "F sharp 3, key S",
        "C4, key B",
    )


def test_every_control_has_a_name(page):
    names = page.locator("button, select, input:not(#elsewhere)").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label') ?? '')"
    )
    assert [name for name in names if not name] == []


def test_tab_reaches_every_control_and_one_key(page):
    page.locator("#elsewhere").focus()
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        label = "document.activeElement.getAttribute('aria-label')"
        reached.append(page.evaluate(label))
    assert reached == [
        "Record",
        "Octave down",
        "Octave up",
        "Instrument",
        "Volume",
        "Show note names and computer keys",
        "Connect MIDI keyboard",
        "C4, key B",
        None,
    ]


# --- mouse and fingers


def test_a_click_is_a_note_that_begins_and_ends(page):
    record(page)
    strike(page, 60)
    assert played(page) == [(60, True, "mouse"), (60, False, "mouse")]


def test_a_held_key_says_that_it_is_pressed(page):
    page.mouse.move(*low_part(page, 64))
    page.mouse.down()
    expect(key(page, 64)).to_have_attribute("aria-pressed", "true")
    page.mouse.up()
    expect(key(page, 64)).to_have_attribute("aria-pressed", "false")


def test_sliding_over_the_keys_plays_each_of_them(page):
    record(page)
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.mouse.move(*low_part(page, 64), steps=12)
    page.mouse.up()
    strikes = [pitch for pitch, is_down, _ in played(page) if is_down]
    assert strikes == [60, 62, 64]


def test_leaving_the_keys_with_the_mouse_down_ends_the_note(page):
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.mouse.move(5, 5)
    expect(key(page, 60)).to_have_attribute("aria-pressed", "false")


def test_the_right_mouse_button_plays_nothing(page):
    record(page)
    key(page, 60).click(button="right", position={"x": 5, "y": 150})
    assert played(page) == []


def test_a_key_is_louder_nearer_its_edge(page):
    record(page)
    for y in (10, 160):
        key(page, 60).click(position={"x": 4, "y": y})
    button(page, "Stop").click()
    soft, loud = (e["velocity"] for e in value(page, "recorded") if e["velocity"])
    assert 0 < soft < 60 < loud <= 110


def test_three_fingers_hold_three_keys(open_page):
    page = open_page(has_touch=True)
    touch = page.context.new_cdp_session(page)
    points = [
        {"x": x, "y": y, "id": number}
        for number, (x, y) in enumerate(low_part(page, pitch) for pitch in (60, 64, 67))
    ]
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points}
    )
    page.wait_for_function("model.get('pressed').length === 3")
    assert value(page, "pressed") == [60, 64, 67]
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("model.get('pressed').length === 0")


def test_a_screen_readers_click_plays_a_short_note(page):
    record(page)
    key(page, 60).evaluate("key => key.click()")
    page.wait_for_function("model.get('pressed').length === 0")
    assert [event[:2] for event in played(page)] == [(60, True), (60, False)]


# --- computer keys


def test_computer_keys_play_by_their_place(page):
    record(page)
    for code in ("KeyZ", "KeyS", "Slash", "KeyQ", "Digit3", "KeyO"):
        page.keyboard.press(code)
    strikes = [pitch for pitch, is_down, _ in played(page) if is_down]
    assert strikes == [53, 54, 69, 71, 73, 84]


def test_computer_keys_play_right_after_record_was_clicked(page):
    record(page)
    page.keyboard.press("KeyZ")
    assert played(page) == [(53, True, "computer"), (53, False, "computer")]


def test_a_key_that_repeats_while_held_is_one_note(page):
    record(page)
    page.keyboard.down("KeyB")
    page.keyboard.down("KeyB")
    page.keyboard.up("KeyB")
    assert [event[0] for event in played(page)] == [60, 60]


def test_letters_with_ctrl_play_nothing(page):
    record(page)
    page.keyboard.press("Control+KeyB")
    assert played(page) == []


def test_letters_typed_elsewhere_play_nothing(page):
    record(page)
    page.locator("#elsewhere").focus()
    page.keyboard.press("KeyB")
    assert played(page) == []


def test_losing_the_focus_lets_go_of_a_computer_key(page):
    key(page, 60).focus()
    page.keyboard.down("KeyB")
    expect(key(page, 60)).to_have_attribute("aria-pressed", "true")
    page.locator("#elsewhere").focus()
    expect(key(page, 60)).to_have_attribute("aria-pressed", "false")


def test_leaving_the_window_lets_go_of_everything(page):
    key(page, 60).focus()
    page.keyboard.down("KeyB")
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    assert value(page, "pressed") == []


def test_arrows_walk_over_the_keys_and_space_plays(page):
    record(page)
    key(page, 60).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert [event[0] for event in played(page)] == [62, 62]


def test_arrows_up_and_down_shift_the_octave(page):
    key(page, 60).focus()
    page.keyboard.press("ArrowDown")
    assert value(page, "octave_shift") == -1
    expect(page.get_by_label("Range of the keys")).to_have_text("F2 – C5")


def test_a_key_held_over_an_octave_shift_does_not_hang(page):
    key(page, 60).focus()
    page.keyboard.down("KeyB")
    button(page, "Octave up").click()
    page.keyboard.up("KeyB")
    assert value(page, "pressed") == []


def test_labels_can_be_hidden(page):
    expect(key(page, 60)).to_have_text("BC4")
    button(page, "Show note names and computer keys").click()
    expect(key(page, 60)).to_have_text("")


# --- MIDI


def connect(page):
    button(page, "Connect MIDI keyboard").click()
    page.wait_for_function("model.get('midi_state') !== ''")


def send(page, *messages, device="Fake 32"):
    page.evaluate(
        "([name, messages]) => messages.forEach(m => fakeMidi.send(name, m))",
        [device, messages],
    )


def test_midi_is_not_asked_for_before_a_click(page):
    assert page.evaluate("fakeMidi.nRequests") == 0
    connect(page)
    assert page.evaluate("fakeMidi.nRequests") == 1
    expect(page.get_by_role("status")).to_have_text("MIDI keyboard connected: Fake 32.")


def test_midi_notes_are_recorded_even_beyond_the_keys(page):
    connect(page)
    record(page)
    send(page, [0x90, 36, 64], [0x90, 36, 0], [0x90, 72, 127], [0x80, 72, 0])
    assert played(page) == [
        (36, True, "midi"),
        (36, False, "midi"),
        (72, True, "midi"),
        (72, False, "midi"),
    ]


def test_a_note_beyond_the_keys_lights_the_end_block_with_its_name(page):
    connect(page)
    send(page, [0x90, 36, 64])
    expect(page.locator(".dc-below")).to_have_text("C2")


def test_a_keyboard_plugged_in_later_plays(page):
    connect(page)
    page.evaluate("fakeMidi.plug('Second')")
    record(page)
    send(page, [0x90, 74, 9], [0x90, 74, 0], device="Second")
    assert value(page, "midi_inputs") == ["Fake 32", "Second"]
    assert [event[0] for event in played(page)] == [74, 74]


def test_unplugging_ends_the_notes_that_are_held(page):
    connect(page)
    send(page, [0x90, 60, 64])
    assert value(page, "pressed") == [60]
    page.evaluate("fakeMidi.unplug('Fake 32')")
    assert value(page, "pressed") == []
    expect(page.get_by_role("status")).to_contain_text("no keyboard is plugged in")


def test_the_buttons_of_the_deepcomposer_keyboard_work(page):
    connect(page)
    send(page, [0xB0, 107, 127])
    expect(button(page, "Record")).to_have_attribute("aria-pressed", "true")
    send(page, [0x90, 60, 64], [0x80, 60, 0], [0xB0, 106, 0])
    expect(button(page, "Record")).to_have_attribute("aria-pressed", "false")
    send(page, [0xB0, 105, 127])
    expect(button(page, "Play back")).to_have_attribute("aria-pressed", "true")


def test_the_volume_slider_of_a_midi_keyboard_sets_the_volume(page):
    connect(page)
    send(page, [0xB0, 7, 127])
    assert value(page, "volume") == 1


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ("NotAllowedError", "Allow MIDI for this page"),
        ("InvalidStateError", "no MIDI system"),
        ("AbortError", "keyboard.connect_midi()"),
    ],
)
def test_a_refusal_of_midi_is_said_in_a_sentence(page, refusal, sentence):
    page.evaluate("name => { fakeMidi.refusal = name; }", refusal)
    connect(page)
    expect(page.get_by_role("status")).to_contain_text(sentence)


def test_a_browser_without_web_midi_says_what_to_use(page):
    page.evaluate(
        "Object.defineProperty(navigator, 'requestMIDIAccess', {value: undefined})"
    )
    connect(page)
    expect(page.get_by_role("status")).to_contain_text("keyboard.connect_midi()")


def test_the_browsers_own_midi_answers_with_a_sentence(open_page):
    page = open_page(fake_midi=False)
    connect(page)
    expect(page.get_by_role("status")).to_contain_text("MIDI")
    assert value(page, "status") != PianoKeyboard().status


def test_kernel_midi_keeps_the_times_of_the_kernel(page):
    record(page)
    page.evaluate(
        """() => [[5000, 100], [5250, 0]].forEach(([time, velocity]) => receive(
            {kind: "midi", bytes: [0x90, 60, velocity], time, device: "Port"}))"""
    )
    assert [event[:2] for event in played(page)] == [(60, True), (60, False)]
    begin, end = (event["time"] for event in value(page, "recorded"))
    assert abs(end - begin) < 251  # 250 at most: the fastest message sets the clock


# --- recording


def test_times_are_those_of_the_browsers_events(page):
    record(page)
    times = page.evaluate(
        """async () => {
            const root = document.querySelector(".dc-keys");
            const down = new KeyboardEvent("keydown", {code: "KeyB", bubbles: true});
            const up = new KeyboardEvent("keyup", {code: "KeyB", bubbles: true});
            // The page is busy between the touch and its handling.
            const until = performance.now() + 120;
            while (performance.now() < until);
            root.dispatchEvent(down);
            root.dispatchEvent(up);
            return [down.timeStamp, up.timeStamp];
        }"""
    )
    button(page, "Stop").click()
    begin, end = (event["time"] for event in value(page, "recorded"))
    assert end - begin == pytest.approx(times[1] - times[0], abs=0.11)


def test_a_second_finger_on_a_sounding_key_changes_nothing(page):
    connect(page)
    record(page)
    send(page, [0x90, 60, 64])
    page.keyboard.press("KeyB")
    send(page, [0x80, 60, 0])
    assert [event[:2] for event in played(page)] == [(60, True), (60, False)]


def test_stopping_ends_what_is_still_held(page):
    connect(page)
    record(page)
    send(page, [0x90, 60, 64])
    assert played(page) == [(60, True, "midi"), (60, False, "midi")]


def test_an_empty_recording_says_so_and_counts(page):
    record(page)
    assert played(page) == []
    assert value(page, "n_takes") == 1
    expect(page.get_by_role("status")).to_contain_text("Nothing was played")


def test_a_new_recording_forgets_the_one_before(page):
    for pitch in (60, 62):
        record(page)
        strike(page, pitch)
        button(page, "Stop").click()
    assert {event["pitch"] for event in value(page, "recorded")} == {62}


# --- sound


def test_the_sampled_sound_is_ready_before_the_first_touch(open_page):
    page = open_page(sampled=True)
    page.wait_for_function("window.sound().kind === 'sampled'")
    assert page.evaluate("window.sound().context.state") == "suspended"


def test_the_first_key_sounds_before_any_soundfont(page):
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("window.loudness() > 0.005")
    assert page.evaluate("window.sound().kind") == "simple"
    page.mouse.up()
    page.wait_for_function("window.loudness() < 0.0005")


def test_without_an_audio_worklet_the_keys_still_sound(open_page):
    page = open_page("delete BaseAudioContext.prototype.audioWorklet;", sampled=True)
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("window.loudness() > 0.005")
    assert page.evaluate("window.sound().kind") == "simple"


def test_the_sampled_piano_sounds_and_dies_away(sampled_page):
    page = sampled_page
    page.mouse.move(*low_part(page, 60))
    page.mouse.down()
    page.wait_for_function("window.loudness() > 0.005")
    page.mouse.up()
    page.wait_for_function("window.loudness() < 0.0005")


def test_volume_zero_is_silent(sampled_page):
    page = sampled_page
    page.get_by_label("Volume").fill("0")
    page.wait_for_function("window.loudness() < 0.0001")
    page.mouse.down()
    now = page.evaluate("window.sound().context.currentTime")
    page.wait_for_function(f"window.sound().context.currentTime > {now} + 0.15")
    assert page.evaluate("window.loudness()") < 0.0001


def test_choosing_an_instrument_tells_python(page):
    page.get_by_label("Instrument").select_option("40")
    assert value(page, "instrument") == 40


# --- playing back


def four_voices():
    voices = [Track((Note(0, pitch, 2),)) for pitch in (72, 67, 64, 48)]
    return Score(tuple(voices), tempo=120, title="A chord")


def test_play_is_off_while_there_is_nothing_to_play(page):
    expect(button(page, "Play back")).to_be_disabled()


def test_a_recording_is_played_back_with_sound_and_light(sampled_page):
    page = sampled_page
    record(page)
    page.keyboard.down("KeyB")
    page.wait_for_function("window.loudness() > 0.005")
    page.keyboard.up("KeyB")
    button(page, "Stop").click()
    page.wait_for_function("window.loudness() < 0.0005")
    button(page, "Play back").click()
    page.wait_for_function("window.loudness() > 0.005")
    page.wait_for_function("!model.get('is_playing')")
    expect(page.get_by_role("status")).to_have_text("Played to the end.")


def test_a_score_lights_its_keys_in_the_colours_of_its_tracks(page):
    load(page, four_voices())
    button(page, "Play back").click()
    expect(key(page, 72)).to_have_attribute("data-track", "0")
    expect(key(page, 64)).to_have_attribute("data-track", "2")
    page.wait_for_function("!model.get('is_playing')")
    expect(key(page, 72)).to_have_attribute("aria-pressed", "false")


def test_loading_moves_the_keys_to_where_the_score_lies(page):
    load(page, Score.from_notes([(0, 36, 4), (4, 40, 4)]))
    assert value(page, "octave_shift") == -2


def test_stop_ends_the_sound_of_the_playback(sampled_page):
    page = sampled_page
    load(page, Score.from_notes([(0, 60, 64)]))
    button(page, "Play back").click()
    page.wait_for_function("window.loudness() > 0.005")
    button(page, "Stop").click()
    page.wait_for_function("window.loudness() < 0.0005")
    expect(key(page, 60)).to_have_attribute("aria-pressed", "false")


def test_python_can_press_the_buttons(page):
    page.evaluate("receive({kind: 'record'})")
    assert value(page, "is_recording")
    page.evaluate("receive({kind: 'stop'})")
    assert not value(page, "is_recording")


def test_taking_the_widget_down_stops_everything(page):
    connect(page)
    record(page)
    send(page, [0x90, 60, 64])
    page.evaluate("takeDown()")
    assert page.locator(".dc-piano").count() == 0
    assert (value(page, "pressed"), value(page, "is_recording")) == ([], False)
    send(page, [0x90, 62, 64])
    assert value(page, "pressed") == []
