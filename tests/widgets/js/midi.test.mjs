import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMidi } from "../../../widgets/keyboard/midi.js";
import { midiProblem, midiStatus } from "../../../widgets/keyboard/web_midi.js";

test("a note-on and a note-off are read with their channel", () => {
  assert.deepEqual(parseMidi([0x93, 60, 100]),
    { kind: "on", channel: 3, pitch: 60, velocity: 100 });
  assert.deepEqual(parseMidi([0x83, 60, 64]),
    { kind: "off", channel: 3, pitch: 60, velocity: 0 });
});

test("a note-on with velocity 0 is a note-off", () => {
  assert.equal(parseMidi([0x90, 60, 0]).kind, "off");
});

test("the pedal is down from 64 on", () => {
  assert.equal(parseMidi([0xb0, 64, 63]).isDown, false);
  assert.equal(parseMidi([0xb0, 64, 64]).isDown, true);
});

test("the volume slider goes from 0 to 1", () => {
  assert.equal(parseMidi([0xb0, 7, 0]).volume, 0);
  assert.equal(parseMidi([0xb0, 7, 127]).volume, 1);
});

test("the modulation wheel stays a controller for the synth", () => {
  assert.deepEqual(parseMidi([0xb0, 1, 99]),
    { kind: "control", channel: 0, controller: 1, value: 99 });
});

test("the DeepComposer keyboard's buttons are play, stop and record", () => {
  assert.equal(parseMidi([0xb0, 105, 127]).button, "play");
  assert.equal(parseMidi([0xb0, 106, 0]).button, "stop");
  assert.equal(parseMidi([0xb0, 106, 127]).button, "stop");
  assert.equal(parseMidi([0xb0, 107, 127]).button, "record");
});

test("letting go of play or record is not a second press", () => {
  assert.equal(parseMidi([0xb0, 105, 0]), null);
  assert.equal(parseMidi([0xb0, 107, 0]), null);
});

test("the pitch wheel has 14 bits and 8192 in the middle", () => {
  assert.equal(parseMidi([0xe0, 0, 64]).value, 8192);
  assert.equal(parseMidi([0xe0, 127, 127]).value, 16383);
});

test("a program change has two bytes", () => {
  assert.deepEqual(parseMidi([0xc0, 19]), { kind: "program", channel: 0, program: 19 });
});

test("clock, active sensing, system exclusive and broken messages are passed over", () => {
  for (const bytes of [[0xf8], [0xfe], [0xf0, 1, 2, 0xf7], [], [60, 100], [0x90, 60],
    [0xa0, 60, 10], [0xd0, 10]]) {
    assert.equal(parseMidi(bytes), null, String(bytes));
  }
});

test("every way to have no MIDI has a sentence that says what to do", () => {
  const errors = ["missing", "NotAllowedError", "SecurityError", "InvalidStateError", "Odd"];
  for (const name of errors) {
    assert.match(midiProblem(name), /connect_midi|Allow MIDI/);
  }
});

test("the devices are named, and none is said too", () => {
  assert.match(midiStatus(["Keys 32"]), /Keys 32/);
  assert.match(midiStatus([]), /no keyboard/);
});
