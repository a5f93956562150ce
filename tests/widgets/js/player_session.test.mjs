import assert from "node:assert/strict";
import { test } from "node:test";
import { createSession } from "../../../widgets/player/session.js";
import { nextLine, wholeBars } from "../../../widgets/player/roll_input.js";
import { instrumentOf } from "../../../widgets/player/tracks.js";
import { barLines, completeMusic } from "../../../widgets/shared/score.js";
import { createTransport } from "../../../widgets/shared/transport.js";

const MUSIC = completeMusic({ title: "Two bars", tempo: 120, tracks: [
  { name: "Tune", program: 73, is_drum: false, notes: [[0, 60, 32, 80]] },
  { name: "", program: 33, is_drum: false, notes: [[0, 40, 16, 80]] }] });
const MIX = MUSIC.tracks.map(({ program, is_drum }) =>
  ({ program, is_drum, volume: 0.8, mute: false, solo: false }));

/** A session with a model that holds values, a real transport and a silent sound. */
const setUp = (traits = {}) => {
  const values = { music: MUSIC, mix: MIX, loop: [], speed: 1, volume: 0.8, position: 0,
    is_playing: false, status: "", ...traits };
  const listeners = {};
  const model = { get: (name) => values[name],
    set: (name, value) => { values[name] = value; (listeners[`change:${name}`] ?? [])
      .forEach((listener) => listener()); },
    save_changes: () => {},
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name]?.delete(listener) };
  const volumes = [];
  const sound = { at: (time) => time / 1000, wake: () => {}, noteOn: () => {}, noteOff: () => {},
    control: () => {}, setProgram: () => {}, setVolume: (volume) => volumes.push(volume) };
  const time = { now: 0 };
  let tick = null;
  const transport = createTransport({ sound, clock: () => time.now,
    every: (action) => { tick = action; }, never: () => { tick = null; } });
  let telling = null;
  const session = createSession({ model, transport, sound,
    every: (action) => { telling = action; }, never: () => { telling = null; } });
  const receive = (message) => listeners["msg:custom"].forEach((listener) => listener(message));
  const wait = (ms) => { for (let i = 0; i < ms; i += 10) { time.now += 10; tick?.(); } };
  return { session, transport, model, values, volumes, sound, receive, wait, listeners,
    tellNow: () => telling?.(), isTelling: () => telling !== null };
};

test("the music of Python is taken up, with its mix, loop and speed", () => {
  const { transport } = setUp({ loop: [16, 32], speed: 1.5, position: 8,
    mix: [{ ...MIX[0], mute: true }, { ...MIX[1], program: 40 }] });
  assert.deepEqual(transport.loop(), [16, 32]);
  assert.equal(transport.speed(), 1.5);
  assert.equal(transport.position(), 8);
  assert.equal(transport.isAudible(0), false);
  assert.equal(transport.mix()[1].program, 40);
});

test("Python learns the position while it plays, and where it was paused", () => {
  const { transport, values, wait, tellNow, isTelling } = setUp();
  transport.play();
  assert.equal(values.is_playing, true);
  wait(580); // 80 ms of lead-in, then half a second: 4 steps
  tellNow();
  assert.equal(values.position, 4);
  wait(250);
  transport.pause();
  assert.equal(values.position, 6);
  assert.equal(values.is_playing, false);
  assert.equal(isTelling(), false);
});

test("Python can play a stretch, pause, go to a step and stop", () => {
  const { transport, receive, wait } = setUp();
  receive({ kind: "play", from: 16, until: 20 });
  assert.equal(transport.isPlaying(), true);
  wait(1000);
  assert.equal(transport.isPlaying(), false);
  assert.equal(transport.position(), 20);
  receive({ kind: "seek", step: 8 });
  assert.equal(transport.position(), 8);
  receive({ kind: "play" });
  receive({ kind: "pause" });
  assert.equal(transport.isPlaying(), false);
  receive({ kind: "stop" });
  assert.equal(transport.position(), 0);
});

test("a message that is not for the player changes nothing", () => {
  const { transport, receive } = setUp();
  receive({ kind: "pages", pages: [] });
  assert.equal(transport.isPlaying(), false);
});

test("a track that is muted here is muted in Python's mix", () => {
  const { session, values, transport } = setUp();
  session.setTrack(1, { mute: true });
  assert.equal(values.mix[1].mute, true);
  assert.equal(values.mix[0].mute, false);
  assert.equal(transport.isAudible(1), false);
  assert.equal(values.status, "Track 2 is muted.");
});

test("a mix that Python changes is heard", () => {
  const { model, transport } = setUp();
  model.set("mix", [{ ...MIX[0], solo: true }, MIX[1]]);
  assert.equal(transport.isAudible(1), false);
});

test("other music plays on where the one before was", () => {
  const { transport, model, wait } = setUp();
  transport.play();
  wait(580);
  model.set("music", { ...MUSIC, title: "Other" });
  assert.equal(transport.isPlaying(), true);
  assert.ok(Math.abs(transport.position() - 4) < 1e-6);
});

test("the loop button loops all bars at first, then what was looped last", () => {
  const { session, values } = setUp();
  session.toggleLoop();
  assert.deepEqual(values.loop, [0, 32]);
  session.setLoop([16, 32]);
  session.toggleLoop();
  assert.deepEqual(values.loop, []);
  session.toggleLoop();
  assert.deepEqual(values.loop, [16, 32]);
});

test("what happens is said in a sentence", () => {
  const { session, transport, values, wait } = setUp();
  transport.play();
  assert.equal(values.status, "Playing Two bars.");
  wait(580);
  transport.pause();
  assert.equal(values.status, "Paused at bar 1, beat 2.");
  session.setLoop([16, 32]);
  assert.equal(values.status, "Looping from bar 2, beat 1 to bar 3, beat 1.");
});

test("while the browser keeps silent, the reason is said", () => {
  const { transport, values, sound, wait } = setUp();
  sound.context = { state: "suspended" };
  sound.isAsleep = () => true;
  transport.play();
  wait(20);
  assert.match(values.status, /^Click the player to hear it/);
  sound.context.state = "running";
  wait(20);
  assert.equal(values.status, "Playing Two bars.");
});

test("with its last view the sound ends: the cell is gone", () => {
  const { session, transport } = setUp();
  const [one, other] = [session.enter(), session.enter()];
  transport.play();
  one();
  assert.equal(transport.isPlaying(), true);
  other();
  assert.equal(transport.isPlaying(), false);
});

test("a closed session hears Python no more", () => {
  const { session, transport, listeners } = setUp();
  transport.play();
  session.close();
  assert.equal(transport.isPlaying(), false);
  assert.equal(Object.values(listeners).reduce((sum, { size }) => sum + size, 0), 0);
});

test("arrow keys go from line to line", () => {
  assert.equal(nextLine([0, 4, 8], 4, 1), 8);
  assert.equal(nextLine([0, 4, 8], 5, -1), 4);
  assert.equal(nextLine([0, 4, 8], 8, 1), 8);
  assert.equal(nextLine([0, 4, 8], 0, -1), 0);
});

test("a drawn loop takes whole bars, whichever way it was drawn", () => {
  const bars = barLines(MUSIC, 64);
  assert.deepEqual(wholeBars(bars, 20, 40), [16, 48]);
  assert.deepEqual(wholeBars(bars, 40, 20), [16, 48]);
  assert.deepEqual(wholeBars(bars, 17, 18), [16, 32]);
  assert.deepEqual(wholeBars(bars, 16, 16), [16, 32]);
});

test("the menu's drum kits are told from its instruments", () => {
  assert.deepEqual(instrumentOf("33"), { program: 33, is_drum: false });
  assert.deepEqual(instrumentOf("kit:25"), { program: 25, is_drum: true });
});
