import assert from "node:assert/strict";
import { test } from "node:test";
import { IDLE, checkedMap, controlIn, describeControl, findEntry, guessMode, heardWhileLearning,
  learntEntry, listening, turned, wish, withEntry, withoutEntry }
  from "../../../widgets/shared/learn.js";
import { controlOf, profileFor } from "../../../widgets/shared/profiles.js";

const control = (number, value = 64, channel = 0) => ({ kind: "control", channel, number, value });
const on = (pitch, velocity = 80) => ({ kind: "on", channel: 0, pitch, velocity });
const entry = (number, target, more = {}) => ({ device: "", channel: 0, kind: "control", number,
  mode: "knob", target, ...more });

// --- the map

test("a control is known by device, channel and number", () => {
  const map = [entry(21, "tempo", { device: "Keys", channel: 2 })];
  assert.equal(findEntry(map, control(21, 1, 2), "Keys").target, "tempo");
  assert.equal(findEntry(map, control(21, 1, 0), "Keys"), undefined);
  assert.equal(findEntry(map, control(21, 1, 2), "Other"), undefined);
  assert.equal(findEntry(map, control(22, 1, 2), "Keys"), undefined);
});

test("what this device was taught counts before what any was", () => {
  const map = [entry(21, "volume"), entry(21, "tempo", { device: "Keys" })];
  assert.equal(findEntry(map, control(21), "Keys").target, "tempo");
  assert.equal(findEntry(map, control(21), "Other").target, "volume");
});

test("the end of a note belongs to the pad that was learnt", () => {
  const map = [entry(36, "record", { kind: "note", mode: "button" })];
  const off = { kind: "off", channel: 0, pitch: 36, velocity: 0 };
  assert.equal(findEntry(map, off, "Pads").target, "record");
});

test("teaching a control again replaces what it did", () => {
  const map = withEntry(withEntry([], entry(21, "tempo")), entry(21, "volume"));
  assert.deepEqual(map.map(({ target }) => target), ["volume"]);
  assert.deepEqual(withoutEntry(map, entry(21, "whatever")), []);
});

test("wheels and the ends of notes can't be learnt", () => {
  for (const kind of ["bend", "program", "off"]) {
    assert.equal(controlIn({ kind, channel: 0, pitch: 60 }, "Keys"), null);
  }
  assert.equal(controlIn(null, "Keys"), null);
});

test("of a damaged store the good entries stay", () => {
  const good = entry(21, "tempo");
  const bad = [null, 3, {}, { ...good, number: 128 }, { ...good, channel: -1 },
    { ...good, mode: "dial" }, { ...good, mode: "toString" }, { ...good, kind: "bend" },
    { ...good, target: 5 }, { ...good, device: null }];
  assert.deepEqual(checkedMap([good, ...bad]), [good]);
  assert.deepEqual(checkedMap("[]"), []);
  assert.equal(checkedMap(Array(9999).fill(good)).length, 256);
});

// --- how a control speaks

test("a knob that is turned slowly is no endless one", () => {
  assert.equal(guessMode("control", [1, 2, 3]), "knob");
  assert.equal(guessMode("control", [60, 61, 63, 66]), "knob");
});

test("the same small step again and again is an endless knob, in both its dialects", () => {
  assert.equal(guessMode("control", [1, 1, 1]), "endless");
  assert.equal(guessMode("control", [127, 127, 126]), "endless");
  assert.equal(guessMode("control", [65, 65, 63]), "endless");
});

test("down and up is a button, and a pad is one too", () => {
  assert.equal(guessMode("control", [127]), "button");
  assert.equal(guessMode("control", [127, 0]), "button");
  assert.equal(guessMode("note", [99]), "button");
  assert.equal(guessMode("control", [1, 0]), "knob");
});

test("an endless knob counts from 0 or from 64", () => {
  assert.deepEqual([1, 3, 127, 125].map(turned), [1, 3, -1, -3]);
  assert.deepEqual([65, 67, 63, 61].map(turned), [1, 3, -1, -3]);
});

const anew = { value: null, share: 0.5 };

test("a knob moves a slider over its whole range", () => {
  assert.deepEqual([0, 127].map((value) => wish("knob", "slider", value, anew)),
    [{ share: 0 }, { share: 1 }]);
});

test("an endless knob goes on from where the slider stands, and stops at its ends", () => {
  const share = (value, from) => wish("endless", "slider", value, { value: 1, share: from }).share;
  assert.equal(share(1, 0.5), 0.5 + 1 / 127);
  assert.equal(share(127, 0.5), 0.5 - 1 / 127);
  assert.equal(share(67, 0.99), 1);
  assert.equal(share(125, 0), 0);
});

test("a button is pressed and let go", () => {
  assert.deepEqual([127, 0].map((value) => wish("button", "button", value, anew)),
    [{ isDown: true }, { isDown: false }]);
});

test("a switch is pressed by every message, whatever its value", () => {
  assert.deepEqual([127, 0].map((value) => wish("switch", "button", value, anew)),
    [{ isDown: true }, { isDown: true }]);
});

test("a knob presses a button once when it passes the middle", () => {
  const values = [10, 70, 90, 100, 20, 10, 80];
  const pressed = values.map((value, i) => wish("knob", "button", value,
    { value: values[i - 1] ?? null, share: 0 })?.isDown);
  assert.deepEqual(pressed, [undefined, true, undefined, undefined, false, undefined, true]);
});

test("an endless knob turned up presses a button", () => {
  assert.deepEqual(wish("endless", "button", 1, anew), { isDown: true });
  assert.equal(wish("endless", "button", 127, anew), null);
});

// --- the conversation

test("nothing is learnt while nobody asks", () => {
  assert.equal(heardWhileLearning(IDLE, control(21), "Keys"), IDLE);
});

test("the knob that is moved is the one meant, with how it speaks", () => {
  let session = listening();
  [10, 11, 12].forEach((value) => {
    session = heardWhileLearning(session, control(21, value), "Keys");
  });
  assert.equal(session.phase, "choosing");
  assert.deepEqual(learntEntry(session, "tempo"), entry(21, "tempo", { device: "Keys" }));
  assert.equal(learntEntry(session, "tempo", "endless").mode, "endless");
});

test("another knob that is moved before the choice takes the place of the first", () => {
  let session = heardWhileLearning(listening(), control(21, 3), "Keys");
  session = heardWhileLearning(session, control(22, 127), "Keys");
  assert.equal(session.control.number, 22);
  assert.deepEqual(session.values, [127]);
});

test("wheels are passed over while learning", () => {
  const session = listening();
  assert.equal(heardWhileLearning(session, { kind: "bend", channel: 0, value: 1 }, "K"), session);
});

test("a pad is learnt as a button", () => {
  const session = heardWhileLearning(listening(), on(36), "Pads");
  assert.deepEqual(learntEntry(session, "record"),
    entry(36, "record", { device: "Pads", kind: "note", mode: "button" }));
});

test("a control is described with its name, and its channel from the second on", () => {
  assert.equal(describeControl(entry(21)), "controller 21");
  assert.equal(describeControl(entry(21, "", { channel: 2 }), "Knob 1"),
    "Knob 1 (controller 21, channel 3)");
  assert.equal(describeControl(entry(36, "", { kind: "note" })), "key C2");
});

// --- profiles

const PROFILES = [
  { name: "deepcomposer", title: "AWS", names: ["akm322"],
    controls: [{ number: 21, label: "Knob 1", mode: "knob", target: "tempo" }] },
  { name: "generic", title: "Any", names: [], controls: [] },
];

test("a device is known by its name, whatever the case, or is a generic one", () => {
  assert.equal(profileFor(PROFILES, "auto", "AKM322 MIDI 1").name, "deepcomposer");
  assert.equal(profileFor(PROFILES, "auto", "Grand").name, "generic");
  assert.equal(profileFor(PROFILES, "auto", undefined).name, "generic");
});

test("the learner's choice of a profile counts more than the name", () => {
  assert.equal(profileFor(PROFILES, "generic", "AKM322").name, "generic");
  assert.equal(profileFor(PROFILES, "deepcomposer", "Grand").name, "deepcomposer");
  assert.equal(profileFor(PROFILES, "unheard of", "AKM322").name, "deepcomposer");
});

test("a profile knows its controls by number", () => {
  assert.equal(controlOf(PROFILES[0], 21).target, "tempo");
  assert.equal(controlOf(PROFILES[0], 22), undefined);
});
