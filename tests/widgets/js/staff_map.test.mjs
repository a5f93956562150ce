import assert from "node:assert/strict";
import { test } from "node:test";
import { barAt, idsAt, onsetsOf, placeAt, stepAt, stepByKey, writtenNotes }
  from "../../../widgets/shared/staff_map.js";
import { spokenNotes, spokenPitch } from "../../../widgets/shared/staff_words.js";

// Two bars in one system, a third in the next, a fourth on another page.
const bar = (page, start, left, top, steps) => ({ page, start, end: start + 16, left,
  right: left + 0.4, top, bottom: top + 0.2,
  onsets: steps.map((step, i) => [start + step, left + 0.1 + 0.1 * i]) });
const BARS = [bar(0, 0, 0.1, 0.1, [0, 8]), bar(0, 16, 0.5, 0.1, [0]),
  bar(0, 32, 0.1, 0.5, [4]), bar(1, 48, 0.1, 0.1, [])];

const near = (value, wanted) =>
  assert.ok(Math.abs(value - wanted) < 1e-9, `${value} is not ${wanted}`);

test("a step lies in the bar that holds it, the end of the music in the last one", () => {
  assert.equal(barAt(BARS, 0).start, 0);
  assert.equal(barAt(BARS, 15.9).start, 0);
  assert.equal(barAt(BARS, 16).start, 16);
  assert.equal(barAt(BARS, 999).start, 48);
  assert.equal(barAt([], 0), null);
});

test("the playhead stands on a note when it is struck, and between two in between", () => {
  near(placeAt(BARS, 0).x, 0.2);
  near(placeAt(BARS, 8).x, 0.3);
  near(placeAt(BARS, 4).x, 0.25);
  near(placeAt(BARS, 12).x, 0.4); // half way to the bar line at 0.5
});

test("before the first note of a bar it moves from the bar line", () => {
  near(placeAt(BARS, 32).x, 0.1);
  near(placeAt(BARS, 34).x, 0.15);
});

test("the playhead never moves backwards within a bar and stays inside it", () => {
  BARS.forEach(({ start, end, left, right }) => {
    let last = left;
    for (let step = start; step < end; step += 0.5) {
      const { x } = placeAt(BARS, step);
      assert.ok(x >= last && x <= right + 1e-9, `step ${step}`);
      last = x;
    }
  });
});

test("a page says which system it is in", () => {
  near(placeAt(BARS, 33).top, 0.5);
  assert.equal(placeAt(BARS, 50).page, 1);
});

test("a click goes to the nearest note of the nearest bar", () => {
  assert.equal(stepAt(BARS, 0, 0.21, 0.15), 0);
  assert.equal(stepAt(BARS, 0, 0.29, 0.15), 8);
  assert.equal(stepAt(BARS, 0, 0.7, 0.2), 16);
  assert.equal(stepAt(BARS, 0, 0.7, 0.6), 36);
});

test("a click beside a system goes to the nearest one", () => {
  assert.equal(stepAt(BARS, 0, 0.2, 0), 0);
  assert.equal(stepAt(BARS, 0, 0.2, 0.99), 36);
});

test("a bar without a note is reached at its beginning", () => {
  assert.equal(stepAt(BARS, 1, 0.3, 0.2), 48);
});

test("a page without bars has no step", () => {
  assert.equal(stepAt(BARS, 7, 0.5, 0.5), null);
});

test("clicking where the playhead stands leads to the same note, for every note", () => {
  onsetsOf(BARS).forEach((step) => {
    const { page, x, top, bottom } = placeAt(BARS, step);
    assert.equal(stepAt(BARS, page, x, (top + bottom) / 2), step);
  });
});

const key = (name, shiftKey = false) => ({ key: name, shiftKey });

test("the arrows go from note to note, with Shift from bar to bar", () => {
  assert.equal(stepByKey(BARS, 0, key("ArrowRight")), 8);
  assert.equal(stepByKey(BARS, 8, key("ArrowRight")), 16);
  assert.equal(stepByKey(BARS, 16, key("ArrowLeft")), 8);
  assert.equal(stepByKey(BARS, 3, key("ArrowLeft")), 0);
  assert.equal(stepByKey(BARS, 5, key("ArrowRight", true)), 16);
  assert.equal(stepByKey(BARS, 40, key("ArrowLeft", true)), 32);
});

test("at both ends the arrows stay", () => {
  assert.equal(stepByKey(BARS, 36, key("ArrowRight")), 36);
  assert.equal(stepByKey(BARS, 0, key("ArrowLeft")), 0);
});

test("Home and End go to the first and the last note; other keys are not ours", () => {
  assert.equal(stepByKey(BARS, 20, key("Home")), 0);
  assert.equal(stepByKey(BARS, 20, key("End")), 36);
  assert.equal(stepByKey(BARS, 20, key("a")), null);
  assert.equal(stepByKey([], 0, key("Home")), null);
});

test("of a note over a bar line the part under the playhead lights up", () => {
  const written = writtenNotes([["a", 0, 0, 0, 12, 16], ["b", 0, 0, 0, 16, 20],
    ["c", 0, 1, 0, 0, 32]]);
  assert.deepEqual(idsAt(written, new Set(["0:0"]), 12), ["a"]);
  assert.deepEqual(idsAt(written, new Set(["0:0", "1:0"]), 17), ["b", "c"]);
  assert.deepEqual(idsAt(written, new Set(["9:9"]), 0), []);
});

test("what is written shorter than it is played stays lit until it ends", () => {
  const written = writtenNotes([["a", 0, 0, 0, 0, 4]]);
  assert.deepEqual(idsAt(written, new Set(["0:0"]), 4.2), ["a"]);
});

const MUSIC = { tracks: [{ name: "Melody" }, { name: "Drums", is_drum: true }] };

test("pitches are spoken with their octave", () => {
  assert.equal(spokenPitch(60), "C 4");
  assert.equal(spokenPitch(66), "F sharp 4");
});

test("what sounds is named track by track; a changed note says so", () => {
  const notes = [{ track: 0, index: 3, pitch: 71 }, { track: 1, index: 0, pitch: 38 }];
  const words = "Melody B 4 (changed), Drums Snare";
  assert.equal(spokenNotes(MUSIC, notes, [[0, 3]]), words);
  assert.equal(spokenNotes(MUSIC, notes.toReversed(), [[0, 3]]), words);
  assert.equal(spokenNotes(MUSIC, []), "rest");
});

test("of a very full chord the first eight notes are named", () => {
  const notes = Array.from({ length: 10 }, (_, i) => ({ track: 0, index: i, pitch: 60 + i }));
  assert.match(spokenNotes(MUSIC, notes), /and 2 more$/);
});
