import assert from "node:assert/strict";
import { test } from "node:test";
import { ARP_RATES, addTap, arpRound, tapTempo } from "../../../widgets/keyboard/arpeggiator.js";
import { beatsUntil } from "../../../widgets/keyboard/metronome.js";
import { createPulse, createSteadyClock, steady } from "../../../widgets/keyboard/steady.js";
import { MOST_TAKES, addTake, canRedo, canUndo, currentTake, redo, undo }
  from "../../../widgets/keyboard/takes.js";

// --- arpeggiator

test("up, down, up and down, and as played", () => {
  const held = [64, 60, 67];
  assert.deepEqual(arpRound(held, "up"), [60, 64, 67]);
  assert.deepEqual(arpRound(held, "down"), [67, 64, 60]);
  assert.deepEqual(arpRound(held, "up-down"), [60, 64, 67, 64]);
  assert.deepEqual(arpRound(held, "played"), [64, 60, 67]);
});

test("one note goes round alone, two go to and fro", () => {
  assert.deepEqual(arpRound([60], "up-down"), [60]);
  assert.deepEqual(arpRound([60, 64], "up-down"), [60, 64]);
});

test("two octaves climb on, and nothing lies above MIDI", () => {
  assert.deepEqual(arpRound([60, 64], "up", 2), [60, 64, 72, 76]);
  assert.deepEqual(arpRound([120, 124], "up", 2), [120, 124]);
});

test("the rates are notes in a beat", () => {
  assert.deepEqual([ARP_RATES["1/4"], ARP_RATES["1/8T"], ARP_RATES["1/16"]], [1, 3, 4]);
});

// --- tap tempo

test("taps half a second apart are 120 beats a minute", () => {
  assert.equal(tapTempo([0, 500, 1000].reduce(addTap, [])), 120);
});

test("one tap is no tempo", () => assert.equal(tapTempo([5]), null));

test("after a pause the tapping begins anew", () => {
  assert.deepEqual([0, 500, 9000].reduce(addTap, []), [9000]);
});

test("only the last eight taps count", () => {
  const taps = Array.from({ length: 20 }, (_, i) => (i < 10 ? i * 900 : 8100 + (i - 9) * 600));
  assert.equal(tapTempo(taps.reduce(addTap, [])), 100);
});

test("taps faster than 300 a minute are 300", () => assert.equal(tapTempo([0, 50]), 300));

// --- metronome

test("a count-in of one bar has four beats before number 0", () => {
  const { beats } = beatsUntil({ at: 1000, index: -4 }, 3500, { tempo: 120, beatsPerBar: 4 });
  assert.deepEqual(beats.map(({ at, index, isFirst }) => [at, index, isFirst]), [
    [1000, -4, true], [1500, -3, false], [2000, -2, false], [2500, -1, false],
    [3000, 0, true], [3500, 1, false]]);
});

test("asking in small pieces gives the same beats as asking at once", () => {
  const settings = { tempo: 97, beatsPerBar: 3 };
  const all = beatsUntil({ at: 0, index: 0 }, 20000, settings).beats;
  let next = { at: 0, index: 0 };
  const pieces = [];
  for (let until = 0; until <= 20000; until += 100) {
    const some = beatsUntil(next, until, settings);
    pieces.push(...some.beats);
    next = some.next;
  }
  assert.deepEqual(pieces, all);
});

// --- two clocks

test("a clock that is told in buffers is read steadily", () => {
  let now = 0;
  const buffer = 0.01; // s
  const sound = { at: (time, shown) => Math.floor(shown / 1000 / buffer) * buffer
    + (time - shown) / 1000 };
  const seconds = createSteadyClock(sound, () => now);
  const times = Array.from({ length: 200 }, (_, i) => {
    now = i * 7.3;
    return seconds(now) - now / 1000;
  });
  assert.ok(Math.max(...times) - Math.min(...times) < 1e-9);
});

test("when the sound has stood still, the distance is taken anew", () => {
  assert.equal(steady(0.5, 0.2), 0.2);
  assert.equal(steady(0.5, 0.49), 0.5);
  assert.equal(steady(null, 0.3), 0.3);
});

test("what follows one another keeps its distance, though the first look was wrong", () => {
  const distances = [0.988, 1, 1, 1];
  const pulse = createPulse((time) => time / 1000 + distances.shift());
  const seconds = [0, 500, 1000, 1500].map(pulse);
  assert.deepEqual(seconds.map((s) => s.toFixed(6)), ["0.988000", "1.488000", "1.988000",
    "2.488000"]);
});

test("a clock that has gone far astray is followed", () => {
  const distances = [1, 1.5];
  const pulse = createPulse((time) => time / 1000 + distances.shift());
  assert.deepEqual([0, 500].map(pulse), [1, 2]);
});

// --- takes

const take = (label) => ({ events: [], label, tempo: 100, is_counted: false });
const labels = ({ takes }) => takes.map(({ label }) => label).join("");
const empty = { takes: [], take: -1 };

test("undo and redo walk through the takes", () => {
  const two = ["a", "b"].map(take).reduce(addTake, empty);
  assert.equal(currentTake(undo(two)).label, "a");
  assert.equal(currentTake(redo(undo(two))).label, "b");
  assert.equal(currentTake(undo(undo(two))).label, "");
});

test("there is nothing to undo before the first take and nothing to redo after the last", () => {
  assert.deepEqual([canUndo(empty), canRedo(empty)], [false, false]);
  assert.deepEqual(undo(empty), empty);
  const one = addTake(empty, take("a"));
  assert.deepEqual(redo(one), one);
});

test("a new take forgets what was undone", () => {
  const two = ["a", "b"].map(take).reduce(addTake, empty);
  assert.equal(labels(addTake(undo(two), take("c"))), "ac");
});

test("the history is bounded", () => {
  const many = Array.from({ length: 50 }, (_, i) => take(String(i))).reduce(addTake, empty);
  assert.equal(many.takes.length, MOST_TAKES);
  assert.equal(currentTake(many).label, "49");
});
