"""Profiles of MIDI devices, and MIDI messages in words."""

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi_devices import (
    DEEPCOMPOSER,
    GENERIC,
    MODES,
    PROFILES,
    describe,
    profile_dicts,
    profile_of,
)
from deepcomposer_edu.music.midi_ports import choose_port, stem

# As an owner of the keyboard measured it: label, controller.
MEASURED = {1, 7, 10, 21, 22, 23, 105, 106, 107}


def test_the_deepcomposer_keyboard_has_every_control_that_was_measured():
    assert {control.number for control in DEEPCOMPOSER.controls} == MEASURED


@pytest.mark.parametrize("name", ["AKM322", "akm322:AKM322 MIDI 1 24:0", "AMGI-1"])
def test_the_deepcomposer_keyboard_is_known_by_its_name(name):
    assert profile_of(name) is DEEPCOMPOSER


@pytest.mark.parametrize("name", ["", "Grand 88", "Midi Through Port-0"])
def test_any_other_device_is_a_generic_one(name):
    assert profile_of(name) is GENERIC


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_profile_names_each_controller_once_and_with_a_known_mode(profile):
    numbers = [control.number for control in profile.controls]
    assert len(set(numbers)) == len(numbers)
    assert {control.mode for control in profile.controls} <= set(MODES)


def test_the_browser_gets_every_profile_with_its_controls():
    given = profile_dicts()
    assert [profile["name"] for profile in given] == ["deepcomposer", "generic"]
    assert given[0]["controls"][0]["target"] == "modulation"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([0x90, 41, 127], "key F2 down, velocity 127"),
        ([0x90, 72, 0], "key C5 up"),
        ([0x80, 72, 64], "key C5 up"),
        ([0xE0, 0, 64], "pitch wheel +0%"),
        ([0xE0, 0, 0], "pitch wheel -100%"),
        ([0xE0, 127, 127], "pitch wheel +100%"),
        ([0xB0, 1, 5], "Modulation wheel (controller 1) = 5: modulation"),
        ([0xB0, 22, 5], "Knob 2 (controller 22) = 5: brightness"),
        ([0xB0, 91, 64], "controller 91 = 64"),
        ([0xB0, 106, 0], "Stop button (controller 106) = 0: stop"),
        ([0xB0, 64, 64], "pedal down"),
        ([0xB0, 64, 63], "pedal up"),
        ([0xC4, 19], "instrument 19 on channel 5"),
        ([0xD0, 9], "key pressure 9"),
    ],
)
def test_a_message_is_said_in_words(data, words):
    assert describe(data, DEEPCOMPOSER) == words


@pytest.mark.parametrize(
    "data", [[], [60], [0xF8], [0xFE], [0xF0, 1, 2, 0xF7], [0x90, 60], [0xC0]]
)
def test_clock_sensing_and_broken_messages_have_no_words(data):
    assert describe(data) is None


def test_the_first_real_port_is_chosen_before_through_ports():
    assert choose_port(None, ["Midi Through:Port-0", "Keys 32"]) == "Keys 32"


def test_the_systems_own_loop_is_no_keyboard_but_can_be_named():
    loop = ["Midi Through:Midi Through Port-0 14:0"]
    with pytest.raises(InputError, match="No MIDI keyboard is plugged in"):
        choose_port(None, loop)
    assert choose_port("through", loop) == loop[0]


def test_a_port_is_found_by_a_part_of_its_name_in_any_case():
    assert choose_port("akm", ["Keys 32", "AKM322 MIDI 1"]) == "AKM322 MIDI 1"


def test_a_device_keeps_its_stem_when_the_system_numbers_it_anew():
    assert stem("AKM322:AKM322 MIDI 1 24:0") == stem("AKM322:AKM322 MIDI 1 28:0")
    assert stem("Keys:32") == "Keys:32"
