import assert from "node:assert/strict";
import { test } from "node:test";
import { createTransport } from "../../../widgets/shared/transport.js";

const track = (notes, values = {}) => ({ name: "", program: 0, is_drum: false, notes, ...values });

/** A transport with a clock that is moved by hand, and what its sound was told. */
const setUp = (tracks, values = {}) => {
  const time = { now: 1000 };
  const heard = []; // {what, channel, pitch or controller, value, time in ms}
  const sound = {
    at: (moment) => moment / 1000, wake: () => {}, isAsleep: () => false, kind: "sampled",
    takeStage: (player) => { if (sound.stage && sound.stage !== player) sound.stage.pause();
      sound.stage = player; },
    leaveStage: () => {},
    noteOn: (channel, pitch, velocity, when) =>
      heard.push({ what: "on", channel, pitch, velocity, time: 1000 * when }),
    noteOff: (channel, pitch, when) =>
      heard.push({ what: "off", channel, pitch, time: 1000 * when }),
    control: (channel, controller, value, when = 0) =>
      heard.push({ what: "control", channel, controller, value, time: 1000 * when }),
    setProgram: (channel, program) => heard.push({ what: "program", channel, program }),
  };
  let ticking = null;
  const transport = createTransport({ sound, clock: () => time.now,
    every: (action) => { ticking = action; return 1; }, never: () => { ticking = null; } });
  // A quarter lasts 500 ms, a step 125.
  transport.setMusic({ title: "", tempo: 120, tempo_changes: [], metres: [[0, 4, 4]], pickup: 0,
    tracks, ...values });
  const wait = (ms) => {
    for (let past = 0; past < ms && ticking; past += 10) { time.now += 10; ticking(); }
  };
  const begun = () => heard.find(({ what }) => what === "on").time;
  const strikes = (origin = begun()) => heard.filter(({ what }) => what === "on")
    .map(({ pitch, time: at }) => [pitch, Math.round(at - origin)]);
  const ends = (origin = begun()) => heard.filter(({ what }) => what === "off")
    .map(({ pitch, time: at }) => [pitch, Math.round(at - origin)]);
  return { transport, heard, time, wait, strikes, ends, begun, sound };
};

const SCALE = [[0, 60, 4, 80], [4, 62, 4, 80], [8, 64, 4, 80], [12, 65, 4, 80]];

test("notes begin and end at their moments, to the millisecond", () => {
  const { transport, wait, strikes, ends } = setUp([track(SCALE)]);
  transport.play();
  wait(3000);
  assert.deepEqual(strikes(), [[60, 0], [62, 500], [64, 1000], [65, 1500]]);
  assert.deepEqual(ends(), [[60, 500], [62, 1000], [64, 1500], [65, 2000]]);
  assert.equal(transport.isPlaying(), false);
});

test("a repeated note is let go before it is struck again", () => {
  const { transport, heard, wait } = setUp([track([[0, 60, 4, 80], [4, 60, 4, 80]])]);
  transport.play();
  wait(2000);
  const order = heard.filter(({ what }) => what !== "control" && what !== "program");
  assert.deepEqual(order.map(({ what }) => what), ["on", "off", "on", "off"]);
});

test("notes that overlap on one pitch do not cut each other short", () => {
  const { transport, heard, wait } = setUp([track([[0, 60, 8, 80], [4, 60, 8, 80]])]);
  transport.play();
  wait(3000);
  const order = heard.filter(({ what }) => what === "on" || what === "off");
  assert.deepEqual(order.map(({ what, time }) => [what, Math.round(time - order[0].time)]),
    [["on", 0], ["off", 500], ["on", 500], ["off", 1500]]);
});

test("the position follows the clock, and a pause keeps it", () => {
  const { transport, time, wait, begun } = setUp([track(SCALE)]);
  transport.play();
  wait(700);
  const expected = (time.now - begun()) / 125;
  assert.ok(Math.abs(transport.position() - expected) < 1e-6);
  transport.pause();
  const stood = transport.position();
  time.now += 5000;
  assert.equal(transport.position(), stood);
  assert.ok(Math.abs(stood - expected) < 1e-6);
});

test("a pause closes the channels at once and opens them when the synth's queue is empty", () => {
  const { transport, heard, time, wait } = setUp([track(SCALE)]);
  transport.play();
  wait(700);
  heard.length = 0;
  transport.pause();
  const expression = heard.filter(({ controller }) => controller === 11);
  assert.deepEqual(expression.map(({ value }) => value), [0, 127]);
  const [, open] = expression;
  assert.ok(open.time > time.now + 59);
  const emptied = heard.findIndex(({ controller }) => controller === 120);
  assert.ok(emptied < heard.indexOf(open) && heard[emptied].time <= open.time);
});

test("a pause waits for notes that were handed over while the page was hidden", () => {
  const { transport, heard, wait } = setUp([track(SCALE)]);
  globalThis.document = { hidden: true };
  transport.play();
  wait(100);
  globalThis.document = { hidden: false };
  const last = heard.filter(({ what }) => what === "on").at(-1).time;
  heard.length = 0;
  transport.pause();
  delete globalThis.document;
  const open = heard.filter(({ controller }) => controller === 11).at(-1);
  assert.ok(open.time > last);
});

test("a playback after a pause begins when the channels are open again", () => {
  const { transport, heard, wait } = setUp([track(SCALE)]);
  transport.play();
  wait(700);
  transport.pause();
  const open = heard.filter(({ controller }) => controller === 11).at(-1).time;
  heard.length = 0;
  transport.play();
  wait(300);
  assert.ok(heard.filter(({ what }) => what === "on").every(({ time }) => time > open));
  const volume = heard.filter(({ controller }) => controller === 7).at(-1);
  assert.ok(volume.time > open);
});

test("it begins in the middle of a held note by striking it", () => {
  const { transport, wait, strikes } = setUp([track([[0, 48, 16, 80], [8, 60, 4, 80]])]);
  transport.play({ from: 6 });
  wait(1000);
  assert.deepEqual(strikes(), [[48, 0], [60, 250]]);
});

test("a drum that was struck before is not struck again", () => {
  const { transport, wait, strikes } = setUp([
    track([[0, 36, 8, 80], [8, 38, 2, 80]], { is_drum: true })]);
  transport.play({ from: 4 });
  wait(1000);
  assert.deepEqual(strikes(), [[38, 0]]);
});

test("a loop comes round without a gap", () => {
  const { transport, wait, strikes } = setUp([track(SCALE)]);
  transport.setLoop([4, 12]);
  transport.play({ from: 4 });
  wait(2600);
  assert.deepEqual(strikes(), [[62, 0], [64, 500], [62, 1000], [64, 1500], [62, 2000],
    [64, 2500]]);
});

test("what sounds at the end of a loop ends there", () => {
  const { transport, wait, ends } = setUp([track([[0, 60, 16, 80]])]);
  transport.setLoop([0, 8]);
  transport.play();
  wait(1500);
  assert.deepEqual(ends()[0], [60, 1000]);
});

test("taking the loop away lets the music play on to its end", () => {
  const { transport, wait, strikes } = setUp([track(SCALE)]);
  transport.setLoop([0, 8]);
  transport.play();
  wait(600);
  transport.setLoop(null);
  wait(3000);
  assert.deepEqual(strikes().map(([pitch]) => pitch), [60, 62, 64, 65]);
  assert.equal(transport.isPlaying(), false);
});

test("a range plays once and stops at its end", () => {
  const { transport, wait, strikes } = setUp([track(SCALE)]);
  transport.play({ from: 4, until: 8 });
  wait(2000);
  assert.deepEqual(strikes(), [[62, 0]]);
  assert.equal(transport.position(), 8);
});

test("at double speed everything takes half the time", () => {
  const { transport, wait, strikes } = setUp([track(SCALE)]);
  transport.setSpeed(2);
  transport.play();
  wait(2000);
  assert.deepEqual(strikes(), [[60, 0], [62, 250], [64, 500], [65, 750]]);
});

test("a change of speed does not move the position", () => {
  const { transport, time, wait } = setUp([track(SCALE)]);
  transport.play();
  wait(700);
  const before = transport.position();
  transport.setSpeed(0.5);
  assert.ok(Math.abs(transport.position() - before) < 1e-9);
  time.now += 60;
  const at = transport.position();
  time.now += 100;
  assert.ok(Math.abs(transport.position() - at - 0.4) < 1e-6);
});

test("a tempo change in the music is followed", () => {
  const { transport, wait, strikes } = setUp([track(SCALE)], { tempo_changes: [[8, 60]] });
  transport.play();
  wait(4000);
  assert.deepEqual(strikes(), [[60, 0], [62, 500], [64, 1000], [65, 2000]]);
});

test("a muted track is silent, and is heard again from the middle of its note", () => {
  const { transport, time, wait, strikes, ends, begun } = setUp([track([[0, 60, 16, 80]]),
    track([[0, 48, 16, 80]])]);
  transport.play();
  wait(300);
  const origin = begun();
  transport.setTrack(0, { mute: true });
  assert.deepEqual(ends(origin).map(([pitch]) => pitch), [60]);
  wait(300);
  transport.setTrack(0, { mute: false });
  wait(200);
  assert.deepEqual(strikes(origin).map(([pitch]) => pitch), [60, 48, 60]);
  assert.ok(time.now > origin);
});

test("a solo silences the others, unless they are solo, too", () => {
  const { transport } = setUp([track([]), track([]), track([])]);
  transport.setTrack(1, { solo: true });
  assert.deepEqual([0, 1, 2].map(transport.isAudible), [false, true, false]);
  transport.setTrack(2, { solo: true });
  assert.deepEqual([0, 1, 2].map(transport.isAudible), [false, true, true]);
  transport.setTrack(2, { mute: true });
  assert.deepEqual([0, 1, 2].map(transport.isAudible), [false, true, false]);
});

test("another instrument is heard at once: the note that sounds is struck anew", () => {
  const { transport, heard, wait, strikes, ends } = setUp([track([[0, 60, 16, 80]])]);
  transport.play();
  wait(300);
  transport.setTrack(0, { program: 40 });
  assert.deepEqual(heard.filter(({ what }) => what === "program").at(-1).program, 40);
  assert.equal(strikes().length, 2);
  assert.equal(ends().length, 1);
});

test("a track that becomes drums moves to the drums' channel", () => {
  const { transport, heard, wait } = setUp([track(SCALE)]);
  transport.play();
  wait(300);
  transport.setTrack(0, { is_drum: true });
  wait(600);
  assert.equal(heard.filter(({ what }) => what === "on").at(-1).channel, 9);
});

test("two tracks of drums share a channel and keep their own volumes", () => {
  const { transport, heard, wait } = setUp([
    track([[0, 36, 2, 100]], { is_drum: true }), track([[0, 38, 2, 100]], { is_drum: true })]);
  transport.setTrack(0, { volume: 0.8 });
  transport.setTrack(1, { volume: 0.4 });
  transport.play();
  wait(200);
  const velocities = heard.filter(({ what }) => what === "on").map(({ velocity }) => velocity);
  assert.deepEqual(velocities, [100, 50]);
  assert.equal(heard.filter(({ controller }) => controller === 7).at(-1).value, 100);
});

test("volume is a controller of the track's channel", () => {
  const { transport, heard } = setUp([track(SCALE)]);
  transport.setTrack(0, { volume: 0.4 });
  transport.play();
  assert.equal(heard.filter(({ controller }) => controller === 7).at(-1).value, 50);
});

test("music that changes while it plays plays on: what is gone ends, what is new begins", () => {
  const { transport, wait, strikes, ends, begun } = setUp([track([[0, 60, 16, 80],
    [0, 64, 16, 80]])]);
  transport.play();
  wait(400);
  const origin = begun();
  transport.setMusic({ ...transport.music(), tracks: [track([[0, 60, 16, 80],
    [0, 67, 16, 80]])] });
  assert.deepEqual(ends(origin).map(([pitch]) => pitch), [64]);
  assert.deepEqual(strikes(origin).map(([pitch]) => pitch), [60, 64, 67]);
  wait(2000);
  assert.deepEqual(ends(origin).map(([pitch]) => pitch).sort(), [60, 64, 67]);
});

test("a seek while it plays plays on from there", () => {
  const { transport, heard, wait, strikes } = setUp([track(SCALE)]);
  transport.play();
  wait(300);
  heard.length = 0;
  transport.seek(12);
  wait(200);
  assert.deepEqual(strikes().map(([pitch]) => pitch), [65]);
});

test("a seek beyond the ends stays inside", () => {
  const { transport } = setUp([track(SCALE)]);
  transport.seek(-5);
  assert.equal(transport.position(), 0);
  transport.seek(500);
  assert.equal(transport.position(), 16);
});

test("play at the end begins anew", () => {
  const { transport, wait, strikes } = setUp([track(SCALE)]);
  transport.seek(16);
  transport.play();
  wait(200);
  assert.equal(strikes()[0][0], 60);
});

test("another transport that begins pauses this one", () => {
  const first = setUp([track(SCALE)]);
  const second = createTransport({ sound: first.sound, clock: () => first.time.now,
    every: () => 1, never: () => {} });
  second.setMusic(first.transport.music());
  first.transport.play();
  second.play();
  assert.equal(first.transport.isPlaying(), false);
  assert.equal(second.isPlaying(), true);
});

test("music without notes does not play", () => {
  const { transport } = setUp([]);
  assert.equal(transport.play(), false);
  assert.equal(transport.isPlaying(), false);
});

test("while the browser keeps silent the position moves, and the first touch joins in", () => {
  const { transport, sound, wait, heard } = setUp([track([[0, 60, 16, 80]])]);
  sound.context = { state: "suspended" };
  sound.isAsleep = () => true;
  transport.play();
  wait(500);
  assert.equal(transport.isSilent(), true);
  assert.ok(transport.position() > 3);
  assert.equal(heard.some(({ what }) => what === "on"), false);
  sound.context.state = "running";
  wait(50);
  assert.equal(transport.isSilent(), false);
  assert.deepEqual(heard.filter(({ what }) => what === "on").map(({ pitch }) => pitch), [60]);
});

test("when the system takes the sound away, nothing piles up until it is back", () => {
  const { transport, sound, wait, heard } = setUp([track(SCALE)]);
  sound.context = { state: "running" };
  transport.play();
  wait(300);
  sound.context.state = "interrupted";
  wait(1000);
  const struck = () => heard.filter(({ what }) => what === "on").map(({ pitch }) => pitch);
  assert.deepEqual(struck(), [60]);
  sound.context.state = "running";
  wait(100);
  assert.deepEqual(struck(), [60, 64]);
});

test("a pause leaves the standard drums to whoever plays next", () => {
  const { transport, heard, wait } = setUp([track([[0, 36, 8, 80]],
    { is_drum: true, program: 25 })]);
  transport.play();
  wait(200);
  assert.deepEqual(heard.filter(({ what }) => what === "program").at(-1).program, 25);
  transport.pause();
  assert.deepEqual(heard.filter(({ what }) => what === "program").at(-1),
    { what: "program", channel: 9, program: 0 });
});

test("a sound that is being woken is waited for, so that no note is lost", () => {
  const { transport, sound, wait, strikes, heard } = setUp([track(SCALE)]);
  sound.context = { state: "suspended" };
  transport.play();
  wait(400);
  assert.equal(heard.some(({ what }) => what === "on"), false);
  assert.equal(transport.position(), 0);
  sound.context.state = "running";
  wait(1000);
  assert.deepEqual(strikes().slice(0, 2), [[60, 0], [62, 500]]);
});

test("clocks that read unevenly do not make the rhythm uneven", () => {
  const { transport, sound, wait, strikes } = setUp([track(SCALE)]);
  let n = 0;
  sound.at = (moment) => (moment + [0, 9, 4, 7][(n += 1) % 4]) / 1000;
  transport.play();
  wait(3000);
  const times = strikes().map(([, at]) => at);
  times.forEach((at, i) => assert.ok(Math.abs(at - 500 * i) <= 5, `${times}`));
});

test("the notes that sound now are known by track and place", () => {
  const { transport, wait } = setUp([track(SCALE), track([[0, 40, 16, 80]])]);
  assert.deepEqual(transport.sounding(), []);
  transport.play();
  wait(400);
  assert.deepEqual([...transport.soundingKeys()], ["0:0", "1:0"]);
  transport.setTrack(1, { mute: true });
  assert.deepEqual([...transport.soundingKeys()], ["0:0"]);
});
