import assert from "node:assert/strict";
import { test } from "node:test";
import { createMidi } from "../../../widgets/keyboard/midi_control.js";
import { grouped } from "../../../widgets/keyboard/midi_panel.js";
import { createMidiStore, readStored } from "../../../widgets/shared/midi_store.js";
import { offerButton, offerSlider, onScale, pageControls }
  from "../../../widgets/shared/controls.js";

const PROFILES = [
  { name: "deepcomposer", title: "AWS DeepComposer keyboard", names: ["akm322"],
    controls: [
      { number: 1, label: "Modulation wheel", mode: "knob", target: "modulation" },
      { number: 21, label: "Knob 1", mode: "knob", target: "tempo" },
      { number: 106, label: "Stop button", mode: "switch", target: "stop" },
      { number: 107, label: "Record button", mode: "button", target: "record" }] },
  { name: "generic", title: "Any MIDI keyboard", names: [], controls: [] },
];

/** A model that knows nothing of Jupyter. */
const createModel = (traits = {}) => {
  const values = { midi_state: "", midi_inputs: [], midi_device: "", midi_profile: "auto",
    midi_map: [], midi_targets: [], midi_profiles: PROFILES, ...traits };
  const listeners = new Map();
  return { values, sent: [], get: (name) => values[name], save_changes: () => {},
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      listeners.get(`change:${name}`)?.forEach((listener) => listener());
    },
    on: (name, listener) => listeners.set(name,
      (listeners.get(name) ?? new Set()).add(listener)),
    off: (name, listener) => listeners.get(name)?.delete(listener),
    send(message) { this.sent.push(message); } };
};

const setUp = ({ traits, storage = new Map() } = {}) => {
  const model = createModel(traits);
  const log = [];
  const note = (name) => (...rest) => { log.push([name, ...rest]); };
  const piano = { targets: () => [
    { name: "tempo", label: "Tempo", kind: "slider", value: 0.25 },
    { name: "modulation", label: "Modulation", kind: "slider" },
    { name: "stop", label: "Stop", kind: "button" },
    { name: "record", label: "Record", kind: "button" }] };
  ["press", "release", "sustain", "bend", "controller", "control", "button", "program",
    "unplug", "say"].forEach((name) => { piano[name] = note(name); });
  const hub = { clients: [], isElsewhere: () => false, refresh: () => {}, take: () => {},
    devices: () => [{ name: "AKM322", isMine: true, isWanted: true, problem: "" }],
    connect: async (client) => { hub.clients.push(client); return "ready"; },
    disconnect: (client) => { hub.clients = hub.clients.filter((one) => one !== client); } };
  const store = createMidiStore(() => ({ getItem: (name) => storage.get(name) ?? null,
    setItem: (name, text) => storage.set(name, text) }));
  const time = { now: 1000 };
  const midi = createMidi({ model, piano, hub, store, clock: () => time.now });
  return { midi, model, log, hub, store, storage, time, values: model.values,
    acts: () => log.filter(([name]) => name !== "say") };
};

// --- what a message does

test("keys, pedal, wheel, instrument and unknown controllers reach the piano", () => {
  const { midi, acts } = setUp();
  [[0x90, 60, 90], [0x80, 60, 0], [0xb0, 64, 127], [0xb0, 64, 0], [0xe0, 0, 64], [0xc0, 19],
    [0xb0, 11, 100]].forEach((bytes) => midi.hear(bytes, "AKM322", 5));
  assert.deepEqual(acts(), [["press", 60, 90, "midi:AKM322", 5], ["release", 60, "midi:AKM322", 5],
    ["sustain", true, "midi", 5], ["sustain", false, "midi", 5], ["bend", 8192], ["program", 19],
    ["controller", 11, 100, 5]]);
});

test("clock, sensing and broken messages do nothing", () => {
  const { midi, log } = setUp();
  [[0xf8], [0xfe], [0x90, 60], [], [0xd0, 3]].forEach((bytes) => midi.hear(bytes, "AKM322"));
  assert.deepEqual(log, []);
});

test("the DeepComposer keyboard's knobs and buttons do what its profile says", () => {
  const { midi, acts } = setUp();
  midi.hear([0xb0, 1, 127], "AKM322 MIDI 1", 5);
  midi.hear([0xb0, 21, 0], "AKM322 MIDI 1", 5);
  midi.hear([0xb0, 107, 127], "AKM322 MIDI 1", 5);
  midi.hear([0xb0, 106, 0], "AKM322 MIDI 1", 6);
  assert.deepEqual(acts(), [["control", "modulation", 1], ["control", "tempo", 0],
    ["button", "record", 5, true], ["button", "stop", 6, true]]);
});

test("the same knob of a keyboard without that profile goes to the synthesizer", () => {
  const { midi, acts } = setUp();
  midi.hear([0xb0, 21, 9], "Grand", 5);
  assert.deepEqual(acts(), [["controller", 21, 9, 5]]);
});

test("a profile that was chosen counts for every device", () => {
  const { midi, acts } = setUp({ traits: { midi_profile: "deepcomposer" } });
  midi.hear([0xb0, 21, 127], "Grand", 5);
  assert.deepEqual(acts(), [["control", "tempo", 1]]);
});

test("a message through Python keeps its time when it comes late", () => {
  const { midi, acts, time } = setUp();
  time.now = 10_502; // 2 ms on its way: the fastest
  midi.kernel([0x90, 60, 90], "Port", 500);
  time.now = 10_790; // 40 ms on its way
  midi.kernel([0x90, 60, 0], "Port", 750);
  assert.deepEqual(acts().map((act) => act.at(-1)), [10_502, 10_752]);
});

// --- learning

test("a knob that is learnt does what it was told instead, and is kept", () => {
  const { midi, acts, values, storage } = setUp();
  midi.learning.start();
  midi.hear([0xb0, 22, 10], "Grand", 5);
  midi.hear([0xb0, 22, 11], "Grand", 6);
  assert.deepEqual(acts(), []); // while learning nothing moves
  midi.learning.choose("tempo", "knob");
  midi.hear([0xb0, 22, 127], "Grand", 7);
  assert.deepEqual(acts(), [["control", "tempo", 1]]);
  const entry = { device: "Grand", channel: 0, kind: "control", number: 22, mode: "knob",
    target: "tempo" };
  assert.deepEqual(values.midi_map, [entry]);
  assert.deepEqual(readStored(storage.get("deepcomposer-edu.midi")).map, [entry]);
});

test("what was kept is there on the next page", () => {
  const { midi, storage } = setUp();
  midi.learning.start();
  midi.hear([0xb0, 22, 10], "Grand");
  midi.learning.choose("tempo", "knob");
  const next = setUp({ storage });
  next.midi.hear([0xb0, 22, 0], "Grand");
  assert.deepEqual(next.acts(), [["control", "tempo", 0]]);
  next.midi.learning.forgetAll();
  assert.deepEqual(setUp({ storage }).values.midi_map, []);
});

test("what Python sets holds at once and is kept", () => {
  const { midi, model, acts, store } = setUp();
  model.set("midi_map", [{ device: "", channel: 0, kind: "control", number: 5, mode: "knob",
    target: "tempo" }, "damaged"]);
  midi.hear([0xb0, 5, 127], "Grand");
  assert.deepEqual(acts(), [["control", "tempo", 1]]);
  assert.equal(store.map().length, 1);
});

test("what one piano of the page learns, the other knows", () => {
  const first = setUp();
  const model = createModel();
  const second = createMidi({ model, piano: { targets: () => [], unplug() {}, say() {} },
    hub: first.hub, store: first.store });
  first.midi.learning.start();
  first.midi.hear([0xb0, 22, 10], "Grand");
  first.midi.learning.choose("tempo");
  assert.equal(model.values.midi_map.length, 1);
  second.dispose();
});

test("a browser that forbids storing still learns for this page", () => {
  const forbidden = () => { throw new DOMException("no", "SecurityError"); };
  const store = createMidiStore(forbidden);
  store.setMap([1]);
  assert.deepEqual(store.map(), [1]);
});

test("a damaged store is passed over", () => {
  for (const text of ["", "{", "null", "[]", '{"map": 3, "device": 4}', null]) {
    assert.deepEqual(readStored(text), { map: [], device: "", profile: "auto" });
  }
});

test("an unknown profile that was kept is not handed on", () => {
  const storage = new Map([["deepcomposer-edu.midi", '{"map": [], "profile": "gone"}']]);
  assert.equal(setUp({ storage }).values.midi_profile, "auto");
});

test("cancelled learning changes nothing and the knob works again", () => {
  const { midi, acts } = setUp();
  midi.learning.start();
  midi.hear([0xb0, 21, 10], "AKM322");
  midi.learning.cancel();
  midi.hear([0xb0, 21, 127], "AKM322");
  assert.deepEqual([acts(), midi.map()], [[["control", "tempo", 1]], []]);
});

test("a key held when learning begins is still let go", () => {
  const { midi, acts } = setUp();
  midi.hear([0x90, 60, 90], "AKM322", 1);
  midi.learning.start();
  midi.hear([0x80, 60, 0], "AKM322", 2);
  assert.deepEqual(acts().at(-1), ["release", 60, "midi:AKM322", 2]);
});

test("a pad that was learnt presses and lets go, and sounds no note", () => {
  const entry = { device: "", channel: 9, kind: "note", number: 36, mode: "button",
    target: "record" };
  const { midi, acts } = setUp({ traits: { midi_map: [entry] } });
  midi.hear([0x99, 36, 80], "Pads", 1);
  midi.hear([0x89, 36, 0], "Pads", 2);
  assert.deepEqual(acts(), [["button", "record", 1, true], ["button", "record", 2, false]]);
});

test("an endless knob starts from where the piano says its slider stands", () => {
  const entry = { device: "", channel: 0, kind: "control", number: 30, mode: "endless",
    target: "tempo" };
  const { midi, acts } = setUp({ traits: { midi_map: [entry] } });
  midi.hear([0xb0, 30, 1], "Grand");
  assert.deepEqual(acts(), [["control", "tempo", 0.25 + 1 / 127]]);
});

// --- targets beyond the piano

test("a slider that another widget offers follows a knob until it is withdrawn", () => {
  const entry = { device: "", channel: 0, kind: "control", number: 30, mode: "knob",
    target: "studio.heat" };
  const { midi } = setUp({ traits: { midi_map: [entry] } });
  const moved = [];
  const withdraw = pageControls().offer({ name: "studio.heat", label: "Heat", kind: "slider",
    set: (share) => moved.push(share) });
  midi.hear([0xb0, 30, 127], "Grand");
  assert.ok(midi.targets().some(({ label }) => label === "Heat"));
  withdraw();
  midi.hear([0xb0, 30, 0], "Grand");
  assert.deepEqual(moved, [1]);
  assert.match(midi.last().words, /studio.heat, which is not here/);
});

test("an endless knob moves a slider of few steps after enough turning", () => {
  const entry = { device: "", channel: 0, kind: "control", number: 30, mode: "endless",
    target: "steps" };
  const { midi } = setUp({ traits: { midi_map: [entry] } });
  let value = 0;
  const withdraw = pageControls().offer({ name: "steps", label: "Steps", kind: "slider",
    get: () => value, set: (share) => { value = Math.round(4 * share) / 4; } });
  for (let i = 0; i < 20; i += 1) midi.hear([0xb0, 30, 1], "Grand");
  assert.equal(value, 0.25);
  value = 1; // moved by hand: the knob goes on from there
  midi.hear([0xb0, 30, 125], "Grand");
  assert.equal(value, 1);
  for (let i = 0; i < 6; i += 1) midi.hear([0xb0, 30, 125], "Grand");
  assert.equal(value, 0.75);
  withdraw();
});

test("Python is told of a moving knob now and then, and of where it stopped", async () => {
  const traits = { midi_targets: [{ name: "notebook.Heat", label: "Heat", kind: "slider" }],
    midi_map: [{ device: "", channel: 0, kind: "control", number: 30, mode: "knob",
      target: "notebook.Heat" }] };
  const { midi, model } = setUp({ traits });
  for (let value = 0; value < 128; value += 1) midi.hear([0xb0, 30, value], "Grand");
  while (model.sent.at(-1)?.value !== 1) await new Promise((resolve) => { setTimeout(resolve); });
  assert.ok(model.sent.length <= 3, String(model.sent.length));
  assert.deepEqual(model.sent[0], { kind: "midi_control", name: "notebook.Heat", value: 0 });
});

test("an input element moves on its steps and says so as by hand", () => {
  const input = Object.assign(new EventTarget(), { min: "0", max: "2", step: "0.1", value: "1",
    disabled: false });
  const told = [];
  ["input", "change"].forEach((type) => input.addEventListener(type, () => told.push(type)));
  const withdraw = offerSlider(input, { name: "x", label: "X" });
  pageControls().find("x").set(0.333);
  assert.deepEqual([input.value, told], ["0.7", ["input", "change"]]);
  pageControls().find("x").set(0.334); // the same step: nothing to say
  assert.equal(told.length, 2);
  assert.equal(pageControls().find("x").get(), 0.35);
  withdraw();
  assert.equal(pageControls().find("x"), undefined);
});

test("a scale has ends and steps", () => {
  const scale = { min: -1, max: 1, step: 0.25 };
  assert.deepEqual([-5, 0, 0.5, 0.55, 1, 7].map((share) => onScale(share, scale)),
    [-1, -1, 0, 0, 1, 1]);
  assert.equal(onScale(0.3, { min: 0, max: 1, step: 0 }), 0.3);
});

test("a button that is offered is clicked", () => {
  let nClicks = 0;
  const withdraw = offerButton({ click: () => { nClicks += 1; } }, { name: "b", label: "B" });
  pageControls().find("b").press();
  assert.equal(nClicks, 1);
  withdraw();
});

// --- the ways to a device

test("connecting says who is connected, and disposing lets go", async () => {
  const { midi, values, log, hub } = setUp();
  await midi.connect();
  assert.deepEqual([values.midi_state, values.midi_inputs], ["ready", ["AKM322"]]);
  assert.deepEqual(log.at(-1), ["say", "MIDI keyboard connected: AKM322."]);
  midi.dispose();
  assert.deepEqual(hub.clients, []);
});

test("a widget that is gone before the browser's answer takes no device", async () => {
  const { midi, hub } = setUp();
  const connecting = midi.connect();
  midi.dispose();
  await connecting;
  assert.deepEqual(hub.clients, []);
});

test("Python's port ends the browser's, so that no key sounds twice", async () => {
  const { midi, model, hub } = setUp();
  await midi.connect();
  model.set("midi_state", "kernel");
  assert.deepEqual(hub.clients, []);
  await midi.connect();
  assert.deepEqual(model.sent, [{ kind: "midi_disconnect" }]);
});

test("a lost kernel takes Python's port with it and says so", () => {
  const { midi, values, log } = setUp({ traits: { midi_state: "kernel", midi_inputs: ["P"] } });
  midi.kernelLost();
  assert.deepEqual([values.midi_state, values.midi_inputs], ["", []]);
  assert.deepEqual(log[0], ["unplug", "P"]);
  assert.match(log[1][1], /Python has stopped/);
});

test("a piano that nobody sees any more holds no device, and takes it when shown again", async () => {
  const { midi, values, hub } = setUp();
  midi.views.opened();
  midi.views.opened();
  await midi.connect();
  midi.views.closed();
  assert.equal(hub.clients.length, 1); // the other view is still there
  midi.views.closed();
  assert.deepEqual([hub.clients, values.midi_state], [[], ""]);
  midi.views.opened();
  await new Promise((resolve) => { setTimeout(resolve); });
  assert.deepEqual([hub.clients.length, values.midi_state], [1, "ready"]);
});

test("a piano that nobody sees any more lets Python close its port", () => {
  const { midi, model, log } = setUp({ traits: { midi_state: "kernel", midi_inputs: ["P"] } });
  midi.views.opened();
  midi.views.closed();
  midi.views.opened();
  assert.deepEqual(model.sent, [{ kind: "midi_disconnect" },
    { kind: "midi_connect", port: "P" }]);
  assert.deepEqual(log[0], ["unplug", "P"]);
});

test("targets are grouped for the menu in the order they come", () => {
  const targets = [{ group: "A", name: "x", label: "X" }, { group: "B", name: "y", label: "Y" },
    { group: "A", name: "z", label: "Z" }];
  assert.deepEqual(grouped(targets), [["A", [["x", "X"], ["z", "Z"]]], ["B", [["y", "Y"]]]]);
});
