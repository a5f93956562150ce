"""What knobs of a MIDI controller do: learnt from Python, offered by a notebook."""

from __future__ import annotations

import ipywidgets
import pytest
from midi_ports import device_fixture, jack_fixture, knock, wait_until  # noqa: F401

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music import midi_ports
from deepcomposer_edu.widgets import PianoKeyboard


@pytest.fixture
def keyboard():
    keyboard = PianoKeyboard()
    yield keyboard
    keyboard.close()


def ask(keyboard, **message):
    """Send a message as the browser does."""
    keyboard._handle_custom_msg(message, [])


def test_a_knob_is_learnt_for_any_device_on_the_first_channel(keyboard):
    keyboard.learn_midi(21, "tempo")
    assert keyboard.midi_map == [
        {
            "device": "",
            "channel": 0,
            "kind": "control",
            "number": 21,
            "mode": "knob",
            "target": "tempo",
        }
    ]


def test_learning_a_knob_again_replaces_what_it_did(keyboard):
    keyboard.learn_midi(21, "tempo")
    keyboard.learn_midi(22, "volume")
    keyboard.learn_midi(21, "octave")
    learnt = [(entry["number"], entry["target"]) for entry in keyboard.midi_map]
    assert learnt == [(22, "volume"), (21, "octave")]


def test_one_target_is_forgotten_or_all(keyboard):
    keyboard.learn_midi(21, "tempo")
    keyboard.learn_midi(22, "volume")
    keyboard.forget_midi("tempo")
    assert [entry["target"] for entry in keyboard.midi_map] == ["volume"]
    keyboard.forget_midi()
    assert keyboard.midi_map == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": 128}, "number is 128"),
        ({"number": True}, "number is True"),
        ({"number": 1, "channel": 16}, "channel is 16"),
        ({"number": 1, "mode": "dial"}, "mode is 'dial'.*endless"),
        ({"number": 1, "kind": "bend"}, "kind is 'bend'"),
        ({"number": 1, "device": None}, "device is None"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_is_allowed(keyboard, wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        keyboard.learn_midi(**({"target": "tempo"} | wrong))


@pytest.mark.parametrize(
    "wrong", [["tempo"], [{"number": 1}], [{"number": 1, "target": "x", "knob": 2}]]
)
def test_a_map_with_a_wrong_entry_is_refused(keyboard, wrong):
    with pytest.raises(InputError):
        keyboard.midi_map = wrong


def test_an_unknown_profile_is_refused_with_those_there_are(keyboard):
    with pytest.raises(InputError, match="auto, deepcomposer, generic"):
        keyboard.midi_profile = "grand"


# --- offered by the notebook


def test_a_slider_that_is_offered_follows_the_knob_over_its_range(keyboard):
    slider = ipywidgets.FloatSlider(min=0.5, max=2.5, step=0.1, description="Heat")
    name = keyboard.offer_midi(slider)
    target = {"name": "notebook.Heat", "label": "Heat", "kind": "slider"}
    assert keyboard.midi_targets == [target]
    ask(keyboard, kind="midi_control", name=name, value=0.5)
    assert slider.value == 1.5


def test_a_whole_number_slider_gets_whole_numbers(keyboard):
    slider = ipywidgets.IntSlider(min=0, max=10)
    name = keyboard.offer_midi(slider, label="Bars")
    ask(keyboard, kind="midi_control", name=name, value=0.33)
    assert slider.value == 3


def test_a_button_that_is_offered_is_clicked(keyboard):
    clicks = []
    button = ipywidgets.Button(description="Compose")
    button.on_click(clicks.append)
    ask(keyboard, kind="midi_control", name=keyboard.offer_midi(button), value=1)
    assert (clicks, keyboard.midi_targets[0]["kind"]) == ([button], "button")


def test_a_function_gets_a_number_from_its_range(keyboard):
    got = []
    name = keyboard.offer_midi(got.append, label="Turn", low=-1, high=3)
    ask(keyboard, kind="midi_control", name=name, value=0.25)
    assert got == [0.0]


def test_what_is_offered_again_under_its_name_replaces_the_old(keyboard):
    old, new = [], []
    keyboard.offer_midi(old.append, label="Turn")
    name = keyboard.offer_midi(new.append, label="Turn")
    ask(keyboard, kind="midi_control", name=name, value=1)
    assert (old, new, len(keyboard.midi_targets)) == ([], [1.0], 1)


@pytest.mark.parametrize("value", [-0.1, 1.1, "1", None, float("nan")])
def test_a_share_that_is_none_moves_nothing(keyboard, value):
    got = []
    name = keyboard.offer_midi(got.append, label="Turn")
    ask(keyboard, kind="midi_control", name=name, value=value)
    ask(keyboard, kind="midi_control", name="notebook.Other", value=1)
    assert got == []


def test_what_cannot_be_moved_is_refused(keyboard):
    with pytest.raises(InputError, match="slider, a button or a function"):
        keyboard.offer_midi("tempo")
    with pytest.raises(InputError, match="above its start"):
        keyboard.offer_midi(print, low=1, high=1)


# --- the port through Python, asked for by the panel


def test_without_a_midi_system_the_panel_gets_a_sentence(keyboard, monkeypatch):
    def refuse():
        raise midi_ports.InputError("No MIDI here.")

    monkeypatch.setattr(midi_ports, "list_ports", refuse)
    ask(keyboard, kind="midi_connect", port=None)
    assert (keyboard.midi_state, keyboard.status) == ("", "No MIDI here.")


def test_the_panel_may_connect_before_a_keyboard_is_plugged_in(keyboard, monkeypatch):
    monkeypatch.setattr(midi_ports, "list_ports", list)
    ask(keyboard, kind="midi_connect", port=None)
    assert (keyboard.midi_state, keyboard.midi_inputs) == ("kernel", [])
    assert "found by itself" in keyboard.status


@pytest.mark.ports
def test_the_panel_connects_and_disconnects_a_port(keyboard, device):
    ask(keyboard, kind="midi_connect", port="fake 32")
    assert "Fake 32" in keyboard.midi_inputs[0]
    ask(keyboard, kind="midi_disconnect")
    assert (keyboard.midi_state, keyboard.midi_inputs) == ("", [])


@pytest.mark.ports
def test_an_unplugged_keyboard_is_said_and_its_notes_are_let_go(
    keyboard, device, monkeypatch
):
    sent = []
    monkeypatch.setattr(keyboard, "send", sent.append)
    name = keyboard.connect_midi("fake 32")
    knock(device, sent)
    assert name in keyboard.midi_ports
    device.unplug()
    wait_until(lambda: not keyboard.midi_inputs, "the unplugging was seen")
    wait_until(lambda: "is unplugged" in keyboard.status, "it is said")
    assert {"kind": "unplug", "device": name} in sent
    assert name not in keyboard.midi_ports
    device.plug()
    wait_until(lambda: keyboard.midi_inputs == [name], "the device is back")


@pytest.mark.ports
def test_the_second_piano_takes_the_port_and_the_first_says_so(keyboard, device):
    keyboard.connect_midi("fake 32")
    second = PianoKeyboard()
    second.connect_midi("fake 32")
    assert (keyboard.midi_state, second.midi_state) == ("", "kernel")
    assert "Another piano has taken the MIDI port" in keyboard.status
    second.close()


@pytest.mark.ports
def test_closing_the_widget_lets_go_of_the_port(device):
    keyboard = PianoKeyboard()
    keyboard.connect_midi("fake 32")
    port = keyboard._midi_input
    keyboard.close()
    assert not port.is_plugged
