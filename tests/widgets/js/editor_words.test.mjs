import assert from "node:assert/strict";
import { test } from "node:test";
import { barsOf, lengthName, placeName, spoken } from "../../../widgets/editor/words.js";

test("lengths have their names, and odd ones their number", () => {
  assert.deepEqual([16, 4, 3, 4 / 3, 5].map(lengthName),
    ["whole note", "quarter", "dotted eighth", "eighth triplet", "5 sixteenths"]);
});

test("bars and beats are counted from 1", () => {
  assert.equal(placeName({ metres: [[0, 4, 4]], pickup: 0 }, 20), "bar 2, beat 2");
  assert.equal(placeName({ metres: [[0, 6, 8]], pickup: 0 }, 14), "bar 2, beat 2");
});

test("an incomplete first bar is the pickup", () => {
  const head = { metres: [[0, 4, 4]], pickup: 4 };
  assert.deepEqual([0, 4].map((step) => placeName(head, step)),
    ["pickup, beat 1", "bar 1, beat 1"]);
});

test("bars go on being counted through a change of metre", () => {
  const head = { metres: [[0, 4, 4], [32, 3, 4]], pickup: 0 };
  assert.deepEqual([28, 32, 44].map((step) => placeName(head, step)),
    ["bar 2, beat 4", "bar 3, beat 1", "bar 4, beat 1"]);
});

test("a length is told in bars", () => {
  assert.equal(barsOf({ head: { metres: [[0, 4, 4]], pickup: 0 } }, 128), "8 bars");
  assert.equal(barsOf({ head: { metres: [[0, 3, 4]], pickup: 0 } }, 12), "1 bar");
});

test("a drum is told by its name", () => {
  const doc = { head: { metres: [[0, 4, 4]], pickup: 0 }, voices: [{ is_drum: true }] };
  assert.equal(spoken(doc, { voice: 0, start: 0, pitch: 36, duration: 1 }),
    "Kick, sixteenth, bar 1, beat 1");
});
