import assert from "node:assert/strict";
import { test } from "node:test";
import { readMidi } from "../../../widgets/shared/midi.js";

test("a note-on and a note-off are read with their channel", () => {
  assert.deepEqual(readMidi([0x93, 60, 100]),
    { kind: "on", channel: 3, pitch: 60, velocity: 100 });
  assert.deepEqual(readMidi([0x83, 60, 64]),
    { kind: "off", channel: 3, pitch: 60, velocity: 0 });
});

test("a note-on with velocity 0 is a note-off", () => {
  assert.equal(readMidi([0x90, 60, 0]).kind, "off");
});

test("a controller is read with its number, whatever it means", () => {
  assert.deepEqual(readMidi([0xb2, 105, 127]),
    { kind: "control", channel: 2, number: 105, value: 127 });
});

test("the pitch wheel has 14 bits and 8192 in the middle", () => {
  assert.deepEqual([[0, 0], [0, 64], [127, 127]].map((bytes) => readMidi([0xe0, ...bytes]).value),
    [0, 8192, 16383]);
});

test("a program change has two bytes", () => {
  assert.deepEqual(readMidi([0xc0, 19]), { kind: "program", channel: 0, program: 19 });
});

test("clock, active sensing, system exclusive and broken messages are passed over", () => {
  for (const bytes of [[0xf8], [0xfe], [0xf0, 1, 2, 0xf7], [], [60, 100], [0x90, 60],
    [0xa0, 60, 10], [0xd0, 10]]) {
    assert.equal(readMidi(bytes), null, String(bytes));
  }
});
