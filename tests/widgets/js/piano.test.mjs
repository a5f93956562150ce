import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { createPiano } from "../../../widgets/keyboard/piano.js";
import { LIVE_CHANNEL } from "../../../widgets/shared/playback.js";

/** A piano whose clock stands still until it is set, and whose sound is written down. */
const setUp = (traits = {}) => {
  const values = { low: 53, n_keys: 32, octave_shift: 0, volume: 0.8, instrument: 0,
    recorded: [], song: {}, n_takes: 0, pressed: [], status: "", tempo: 100, bend: 0,
    bend_range: 2, modulation: 0, sustain: false, scale: "C major", scale_lock: false,
    auto_chord: false, chord_kind: "triad", arpeggiator: false, arp_order: "up",
    arp_rate: "1/8", arp_octaves: 1, metronome: false, count_in: 1, beats_per_bar: 4,
    click_volume: 0.5, max_bars: 0, rhythm_grid: "1/16", rhythm_strength: 1,
    rhythm_assist: false, takes: [], take: -1, ...traits };
  const model = { get: (name) => values[name], set: (name, value) => { values[name] = value; },
    save_changes: () => {} };
  const log = [];
  const note = (name) => (...arguments_) => log.push([name, ...arguments_]);
  const sound = { owner: null, wake: () => {}, isAsleep: () => false,
    at: (time) => time / 1000, // the sound's clock runs with the browser's
    noteOn: note("on"), noteOff: note("off"), control: note("control"), bend: note("bend"),
    setProgram: () => {}, setVolume: () => {} };
  const time = { now: 0 };
  const clicks = []; // [second, isFirst]
  const playClick = (second, isFirst) => {
    clicks.push([second, isFirst]);
    return () => clicks.pop();
  };
  const piano = createPiano({ model, sound, clock: () => time.now, playClick });
  return { piano, values, log, sound, time, clicks,
    notes: () => log.filter(([name]) => name === "on" || name === "off"),
    sounded: () => log.filter(([name]) => name === "on").map(([, , pitch]) => pitch) };
};

/** Let the clock run to `until` ms, every timer of the piano in its turn. */
const run = (time, until) => {
  while (time.now < until) {
    time.now = Math.min(until, time.now + 5);
    mock.timers.tick(5);
  }
};

beforeEach(() => mock.timers.enable({ apis: ["setInterval", "setTimeout"] }));
afterEach(() => mock.timers.reset());

test("a key held by two fingers sounds once and ends with the last of them", () => {
  const { piano, notes } = setUp();
  piano.press(60, 90, "mouse:1", 0);
  piano.press(60, 90, "computer:KeyB", 10);
  piano.release(60, "mouse:1", 20);
  assert.equal(piano.isHeld(60), true);
  piano.release(60, "computer:KeyB", 30);
  assert.deepEqual(notes(), [["on", LIVE_CHANNEL, 60, 90], ["off", LIVE_CHANNEL, 60]]);
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
  piano.press(60, 90, "midi:a", 0);
  piano.press(64, 90, "midi:b", 0);
  piano.unplug("a");
  assert.deepEqual([piano.isHeld(60), piano.isHeld(64)], [false, true]);
});

test("unplugging lets the pedal and the wheel go", () => {
  const { piano, values } = setUp();
  piano.sustain(true, "midi", 0);
  piano.bend(16383);
  piano.unplug("a");
  assert.deepEqual([values.sustain, values.bend], [false, 0]);
});

test("the piano tells when it becomes the one that plays", () => {
  const { piano, sound } = setUp();
  let n = 0;
  const off = piano.onActivate(() => { n += 1; });
  piano.press(60, 90, "mouse:1", 0);
  piano.press(62, 90, "mouse:1", 0);
  sound.owner = {};
  piano.press(64, 90, "mouse:1", 0);
  off();
  sound.owner = {};
  piano.press(65, 90, "mouse:1", 0);
  assert.equal(n, 2);
});

test("the pedal is part of the recording", () => {
  const { piano, values } = setUp();
  piano.record(0);
  piano.press(60, 90, "midi:a", 10);
  piano.sustain(true, "midi", 50);
  piano.release(60, "midi:a", 80);
  piano.stop(100);
  assert.deepEqual(values.recorded[1], { time: 50, pedal: true, source: "midi" });
});

test("bend and modulation are recorded and played back on the live channel", () => {
  const { piano, values, log, time } = setUp();
  piano.record(0);
  piano.press(60, 90, "midi:a", 0);
  piano.bend(16383, "midi", 40);
  piano.modulate(1, "midi", 60);
  piano.release(60, "midi:a", 90);
  piano.stop(100);
  assert.deepEqual(values.recorded.slice(1, 3), [
    { time: 40, bend: 1, source: "midi" }, { time: 60, modulation: 1, source: "midi" }]);
  log.length = 0;
  time.now = 1000;
  piano.play();
  run(time, 1200);
  assert.ok(log.some(([name, channel, value]) =>
    name === "bend" && channel === LIVE_CHANNEL && value === 16383));
  assert.ok(log.some(([name, , number, value]) =>
    name === "control" && number === 1 && value === 127));
});

// --- scale lock, auto-chord, arpeggiator

test("under scale lock only the notes of the key sound, and a sentence says why", () => {
  const { piano, sounded, values } = setUp({ scale_lock: true, scale: "G major" });
  piano.press(65, 90, "mouse:1", 0);
  assert.match(values.status, /F4 is not in G major/);
  piano.press(66, 90, "mouse:1", 0);
  assert.deepEqual(sounded(), [66]);
});

test("auto-chord strikes a triad and lets all of it go", () => {
  const { piano, notes, values } = setUp({ auto_chord: true });
  piano.press(60, 90, "mouse:1", 0);
  assert.deepEqual(values.pressed, [60, 64, 67]);
  piano.release(60, "mouse:1", 100);
  assert.deepEqual(notes().map(([name, , pitch]) => `${name} ${pitch}`),
    ["on 60", "on 64", "on 67", "off 60", "off 64", "off 67"]);
});

test("auto-chord stays in the key when the scale is locked", () => {
  const { piano, sounded } = setUp({ auto_chord: true, scale_lock: true });
  piano.press(62, 90, "mouse:1", 0);
  assert.deepEqual(sounded(), [62, 65, 69]);
});

test("a note that two chords share ends with the second of them", () => {
  const { piano } = setUp({ auto_chord: true, scale_lock: true });
  piano.press(60, 90, "mouse:1", 0); // C E G
  piano.press(64, 90, "mouse:2", 0); // E G B
  piano.release(60, "mouse:1", 10);
  assert.deepEqual([60, 64, 67, 71].map(piano.isHeld), [false, true, true, true]);
});

test("a chord goes out as it came in, whatever was switched in between", () => {
  const { piano, values } = setUp({ auto_chord: true });
  piano.press(60, 90, "mouse:1", 0);
  values.auto_chord = false;
  piano.release(60, "mouse:1", 10);
  assert.deepEqual(values.pressed, []);
});

test("the arpeggiator strikes the held notes one after another, in steady time", () => {
  const { piano, log, time } = setUp({ arpeggiator: true, tempo: 150, arp_rate: "1/8" });
  piano.press(64, 90, "mouse:1", 0);
  piano.press(60, 90, "mouse:2", 0);
  run(time, 700);
  const on = log.filter(([name]) => name === "on");
  assert.deepEqual(on.map(([, , pitch]) => pitch), [64, 64, 60, 64]);
  assert.deepEqual(on.map(([, , , , when]) => when.toFixed(6)),
    ["0.000000", "0.200000", "0.400000", "0.600000"]);
});

test("letting go ends the arpeggio", () => {
  const { piano, log, time } = setUp({ arpeggiator: true, tempo: 150 });
  piano.press(60, 90, "mouse:1", 0);
  run(time, 300);
  piano.release(60, "mouse:1", 300);
  const n = log.length;
  run(time, 2000);
  assert.equal(log.length, n);
  assert.deepEqual([...piano.sounding()], []);
});

test("with the pedal down the arpeggio goes on without hands", () => {
  const { piano, log, time } = setUp({ arpeggiator: true, tempo: 150 });
  piano.sustain(true);
  piano.press(60, 90, "mouse:1", 0);
  piano.release(60, "mouse:1", 10);
  run(time, 1000);
  assert.equal(piano.isHeld(60), true);
  piano.sustain(false, "button", 1000);
  assert.equal(piano.isHeld(60), false);
  const pedals = log.filter(([name, , number, value]) =>
    name === "control" && number === 64 && value > 0);
  assert.deepEqual(pedals, []);
});

test("an arpeggio is recorded note by note, each with its end", () => {
  const { piano, values, time } = setUp({ arpeggiator: true, tempo: 150 });
  piano.record(0);
  piano.press(60, 90, "mouse:1", 0);
  run(time, 500);
  piano.stop(500);
  const strikes = values.recorded.filter((event) => event.velocity > 0);
  assert.deepEqual(strikes.map((event) => event.time), [0, 200, 400]);
  assert.equal(values.recorded.filter((event) => event.velocity === 0).length, 3);
});

// --- metronome and count-in

test("the metronome clicks on every beat, the first of a bar another way", () => {
  const { piano, clicks, time } = setUp({ tempo: 120, beats_per_bar: 3 });
  piano.setMetronome(true);
  run(time, 1900);
  assert.deepEqual(clicks.map(([second]) => second.toFixed(2)),
    ["0.06", "0.56", "1.06", "1.56"]);
  assert.deepEqual(clicks.map(([, isFirst]) => isFirst), [true, false, false, true]);
  piano.setMetronome(false);
});

test("with the metronome a recording begins after a bar of counting", () => {
  const { piano, values, time } = setUp({ tempo: 120, metronome: true });
  piano.record(0);
  assert.equal(piano.position().now, -2060);
  run(time, 1000);
  piano.press(60, 90, "mouse:1", 1000); // while it counts: not part of the take
  piano.release(60, "mouse:1", 1100);
  run(time, 2100);
  piano.press(62, 90, "mouse:1", 2040); // a little early: meant for the first beat
  piano.release(62, "mouse:1", 2560);
  piano.stop(3000);
  assert.deepEqual(values.recorded.map((e) => [e.time, e.pitch]), [[0, 62], [500, 62]]);
  assert.equal(values.takes[0].is_counted, true);
});

test("a limit of bars ends the recording by itself", () => {
  const { piano, values, time } = setUp({ tempo: 120, max_bars: 2 });
  piano.record(0);
  piano.press(60, 90, "mouse:1", 500);
  run(time, 6000);
  assert.equal(piano.isRecording(), false);
  assert.equal(values.recorded.at(-1).time, 4500); // 2 bars of 2 s after the first note
});

test("taps set the tempo", () => {
  const { piano, values } = setUp();
  [0, 400, 800].forEach((time) => piano.button("tap", time));
  assert.equal(values.tempo, 150);
});

// --- takes

const playTake = (piano, pitch, from) => {
  piano.record(from);
  piano.press(pitch, 90, "mouse:1", from + 10);
  piano.release(pitch, "mouse:1", from + 400);
  piano.stop(from + 500);
};

test("undo brings back the take before, redo the one after", () => {
  const { piano, values } = setUp();
  playTake(piano, 60, 0);
  playTake(piano, 62, 1000);
  piano.undo();
  assert.equal(values.recorded[0].pitch, 60);
  piano.redo();
  assert.equal(values.recorded[0].pitch, 62);
  piano.undo();
  piano.undo();
  assert.deepEqual([values.recorded, piano.hasSomethingToPlay()], [[], false]);
});

test("a recording without a note brings the take before back", () => {
  const { piano, values } = setUp();
  playTake(piano, 60, 0);
  piano.record(1000);
  piano.stop(2000);
  assert.equal(values.recorded[0].pitch, 60);
  assert.equal(values.n_takes, 1);
});

test("rhythm assist moves the take to the grid of its tempo, undo takes it back", () => {
  const { piano, values } = setUp({ metronome: true, tempo: 120 });
  piano.record(0);
  piano.press(60, 90, "mouse:1", 2060 + 540);
  piano.release(60, "mouse:1", 2060 + 980);
  piano.stop(4000);
  piano.tidy();
  assert.deepEqual(values.recorded.map((event) => event.time), [500, 1000]);
  piano.undo();
  assert.deepEqual(values.recorded.map((event) => event.time), [540, 980]);
});

test("without a metronome rhythm assist finds the tempo that was played", () => {
  const { piano, values } = setUp({ tempo: 100 });
  piano.record(0);
  for (let i = 0; i < 8; i += 1) {
    piano.press(60 + i, 90, "mouse:1", 500 + 480 * i + (i % 2) * 12);
    piano.release(60 + i, "mouse:1", 900 + 480 * i);
  }
  piano.stop(9000);
  piano.tidy();
  assert.equal(values.tempo, 125);
  piano.undo();
  assert.equal(values.tempo, 100);
});

test("always-on rhythm assist keeps how it was played one undo away", () => {
  const { piano, values } = setUp({ rhythm_assist: true, tempo: 120 });
  playTake(piano, 60, 0);
  assert.deepEqual(values.takes.map(({ label }) => label), ["recording", "rhythm assist"]);
  assert.equal(values.n_takes, 1);
});

test("trimming to a bar keeps what begins in it", () => {
  const { piano, values } = setUp({ tempo: 120 });
  piano.record(0);
  for (let i = 0; i < 8; i += 1) {
    piano.press(60 + i, 90, "mouse:1", 500 * i);
    piano.release(60 + i, "mouse:1", 500 * i + 400);
  }
  piano.stop(9000);
  piano.trim(1, 2);
  assert.deepEqual(values.recorded.filter((e) => e.velocity).map((e) => e.pitch),
    [64, 65, 66, 67]);
  piano.trim(4, 9);
  assert.match(values.status, /beyond the take: it has 1 bar/);
});

// --- what MIDI can reach

test("every target that a knob or button can be learnt for does something", () => {
  const { piano } = setUp();
  piano.targets().forEach(({ name, kind }) => {
    const isKnown = kind === "slider" ? piano.control(name, 0.5) : piano.button(name, 0);
    assert.equal(isKnown, true, name);
  });
  assert.deepEqual([piano.control("nothing", 1), piano.button("nothing", 0)], [false, false]);
});

test("a knob turns the volume, and a pedal on a button holds", () => {
  const { piano, values } = setUp();
  piano.control("volume", 0.25);
  piano.button("sustain", 0, true);
  assert.deepEqual([values.volume, values.sustain], [0.25, true]);
  piano.button("sustain", 0, false);
  assert.equal(values.sustain, false);
});

test("panic silences everything", () => {
  const { piano, values, log } = setUp({ auto_chord: true });
  piano.sustain(true);
  piano.press(60, 90, "mouse:1", 0);
  piano.button("panic", 5);
  assert.deepEqual([values.pressed, values.sustain], [[], false]);
  assert.ok(log.some(([name, , number]) => name === "control" && number === 120));
});

test("taking the piano down leaves no timer, no note and no owner", () => {
  const { piano, sound, values } = setUp({ metronome: true, arpeggiator: true });
  piano.setMetronome(true);
  piano.press(60, 90, "mouse:1", 0);
  piano.record(0);
  piano.dispose();
  assert.deepEqual([values.pressed, sound.owner, values.is_recording], [[], null, false]);
});

test("the octave stays where MIDI has pitches", () => {
  const { piano, values } = setUp();
  for (let i = 0; i < 9; i += 1) piano.shiftOctave(-1);
  assert.equal(values.octave_shift, -4);
});

test("playing lights each key at its time and ends by itself", () => {
  const song = { title: "Two", tracks: [{ program: 0, is_drum: false }],
    events: [[0, 0, 60, 90], [100, 0, 60, 0], [100, 0, 64, 90], [200, 0, 64, 0]] };
  const { piano, time, values } = setUp({ song });
  const lit = [];
  piano.onChange(() => {
    const pitches = [...piano.sounding().keys()].join();
    if (pitches !== lit.at(-1)) lit.push(pitches);
  });
  piano.play();
  run(time, 500);
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

test("a knob that is read back stands where it was set", () => {
  const { piano } = setUp();
  ["volume", "modulation", "bend", "tempo", "octave", "instrument", "velocity"]
    .forEach((name) => [0, 0.25, 1].forEach((share) => {
      piano.control(name, share);
      const stands = piano.targets().find((one) => one.name === name).value;
      assert.ok(Math.abs(stands - share) < 0.1, `${name} ${share} ${stands}`);
    }));
});

test("the key is guessed from the song, without its drums", () => {
  const tracks = [{ is_drum: true, program: 0 }, { is_drum: false, program: 0 }];
  const tune = [67, 69, 71, 72, 74, 76, 78, 67].flatMap((pitch, i) =>
    [[100 * i, 1, pitch, 90], [100 * i + 90, 1, pitch, 0]]);
  const beat = [36, 37].flatMap((pitch, i) => [[100 * i, 0, pitch, 90], [9000, 0, pitch, 0]]);
  const { piano, values } = setUp({ song: { tracks, events: [...tune, ...beat] } });
  piano.guessKey();
  assert.deepEqual([values.scale, values.scale_lock], ["G major", true]);
});
