import assert from "node:assert/strict";
import { test } from "node:test";
import { createPiano } from "../../../widgets/keyboard/piano.js";
import { LIVE_CHANNEL } from "../../../widgets/keyboard/playback.js";

/** A piano whose clock stands still until it is set, and whose sound is written down. */
const setUp = (traits = {}) => {
  const values = { low: 53, n_keys: 32, octave_shift: 0, volume: 0.8, instrument: 0,
    recorded: [], song: {}, n_takes: 0, pressed: [], status: "", ...traits };
  const model = { get: (name) => values[name], set: (name, value) => { values[name] = value; },
    save_changes: () => {} };
  const log = [];
  const note = (name) => (...arguments_) => log.push([name, ...arguments_]);
  const sound = { owner: null, wake: () => {}, isAsleep: () => false, at: (time) => time,
    noteOn: note("on"), noteOff: note("off"), control: note("control"), bend: note("bend"),
    setProgram: () => {}, setVolume: () => {} };
  const time = { now: 0 };
  return { piano: createPiano({ model, sound, clock: () => time.now }), values, log, sound,
    time, sounded: () => log.filter(([name]) => name === "on").map(([, , pitch]) => pitch) };
};

test("a key held by two fingers sounds once and ends with the last of them", () => {
  const { piano, log } = setUp();
  piano.press(60, 90, "mouse:1", 0);
  piano.press(60, 90, "computer:KeyB", 10);
  piano.release(60, "mouse:1", 20);
  assert.equal(piano.isHeld(60), true);
  piano.release(60, "computer:KeyB", 30);
  const notes = log.filter(([name]) => name !== "bend");
  assert.deepEqual(notes, [["on", LIVE_CHANNEL, 60, 90], ["off", LIVE_CHANNEL, 60]]);
});

test("a release without a press does nothing", () => {
  const { piano, log } = setUp();
  piano.release(60, "mouse:1", 0);
  assert.deepEqual(log, []);
});

test("a recording counts from the press of Record, in the time of the events", () => {
  const { piano, values } = setUp();
  piano.record(1000);
  piano.press(60, 90, "mouse:1", 1250.26);
  piano.release(60, "mouse:1", 1500);
  piano.stop(2000);
  assert.deepEqual(values.recorded, [
    { time: 250.3, pitch: 60, velocity: 90, source: "mouse" },
    { time: 500, pitch: 60, velocity: 0, source: "mouse" },
  ]);
  assert.equal(values.n_takes, 1);
});

test("what is held when the recording stops ends there, and sounds on", () => {
  const { piano, values, log } = setUp();
  piano.record(0);
  piano.press(60, 90, "midi:a", 100);
  piano.stop(900);
  assert.deepEqual(values.recorded.at(-1),
    { time: 900, pitch: 60, velocity: 0, source: "midi" });
  assert.equal(log.some(([name]) => name === "off"), false);
});

test("record while recording stops, as on the real keyboard", () => {
  const { piano, values } = setUp();
  piano.record(0);
  piano.record(100);
  assert.equal(piano.isRecording(), false);
  assert.equal(values.n_takes, 1);
});

test("a new recording takes the loaded song away, so that Play plays the recording", () => {
  const song = { title: "x", tracks: [{ program: 0, is_drum: false }],
    events: [[0, 0, 60, 90], [100, 0, 60, 0]] };
  const { piano, values } = setUp({ song });
  piano.record(0);
  piano.stop(10);
  assert.deepEqual(values.song, {});
});

test("two devices are told apart when one is unplugged", () => {
  const { piano } = setUp();
  piano.midi([0x90, 60, 90], "a", 0);
  piano.midi([0x90, 64, 90], "b", 0);
  piano.unplug("a");
  assert.deepEqual([piano.isHeld(60), piano.isHeld(64)], [false, true]);
  piano.dispose();
});

test("MIDI plays only the piano that was touched last", () => {
  const { piano, sound, sounded } = setUp();
  sound.owner = {};
  piano.midi([0x90, 60, 90], "a", 0);
  assert.deepEqual(sounded(), []);
  piano.press(62, 90, "mouse:1", 0);
  piano.midi([0x90, 60, 90], "a", 0);
  assert.deepEqual(sounded(), [62, 60]);
});

test("the pedal is part of the recording", () => {
  const { piano, values } = setUp();
  piano.record(0);
  piano.midi([0xb0, 64, 127], "a", 50);
  piano.stop(100);
  assert.deepEqual(values.recorded, [{ time: 50, pedal: true, source: "midi" }]);
});

test("a message that took long through the kernel keeps its time", () => {
  const { piano, values, time } = setUp();
  time.now = 10_000;
  piano.record(10_000);
  const arrive = (at, kernelTime, velocity) => {
    time.now = at;
    piano.kernelMidi([0x90, 60, velocity], "port", kernelTime);
  };
  arrive(10_502, 500, 90); // 2 ms on its way: the fastest
  arrive(10_790, 750, 0); // 40 ms on its way
  piano.stop(11_000);
  assert.deepEqual(values.recorded.map((event) => event.time), [502, 752]);
});

test("the octave stays where MIDI has pitches", () => {
  const { piano, values } = setUp();
  for (let i = 0; i < 9; i += 1) piano.shiftOctave(-1);
  assert.equal(values.octave_shift, -4);
});

test("playing lights each key at its time and ends by itself", async () => {
  const song = { title: "Two", tracks: [{ program: 0, is_drum: false }],
    events: [[0, 0, 60, 90], [100, 0, 60, 0], [100, 0, 64, 90], [200, 0, 64, 0]] };
  const { piano, time, values } = setUp({ song });
  const lit = [];
  const ended = new Promise((resolve) => {
    piano.onChange(() => {
      const pitches = [...piano.sounding().keys()].join();
      if (pitches !== lit.at(-1)) lit.push(pitches);
      if (!piano.isPlaying()) resolve();
      time.now += 30; // each look at the clock is 30 ms later
    });
  });
  piano.play();
  await ended;
  assert.deepEqual(lit.filter(Boolean), ["60", "64"]);
  assert.equal(values.is_playing, false);
});

test("stopping a playback silences its channels, also what was sent in advance", () => {
  const song = { title: "Long", tracks: [{ program: 0, is_drum: false }],
    events: [[0, 0, 60, 90], [9000, 0, 60, 0]] };
  const { piano, log } = setUp({ song });
  piano.play();
  piano.stop(5);
  const silenced = log.filter(([name, , controller]) => name === "control" && controller === 123);
  assert.equal(silenced.length, 2);
  assert.equal(piano.isPlaying(), false);
});

test("with nothing to play, Play says what to do", () => {
  const { piano, values } = setUp();
  piano.play();
  assert.match(values.status, /press Record/);
});
