import assert from "node:assert/strict";
import { test } from "node:test";
import { GRIDS, cellStart, gridLines, isInKey, keyClasses, movePitch, nextLine, snapPitch, snapStep }
  from "../../../widgets/editor/snap.js";
import { randomDoc, randomKey, tools } from "./editor_random.mjs";

const COMMON = { metres: [[0, 4, 4]], pickup: 0 };

/** Calls `check` with a random head, grid and step, 400 times. */
const everywhere = (check) => {
  const tool = tools(0);
  for (let i = 0; i < 400; i += 1) {
    const { head } = randomDoc(i);
    check({ head, grid: tool.one(Object.keys(GRIDS)), step: 90 * tool.random() });
  }
};

test("a time goes to the nearest line of the grid", () => {
  assert.deepEqual([0.4, 0.6, 7.2].map((step) => snapStep(step, "1/16", COMMON)), [0, 1, 7]);
  assert.deepEqual([1.9, 2.1, 13].map((step) => snapStep(step, "1/4", COMMON)), [0, 4, 12]);
});

test("every third triplet line is a whole step", () => {
  assert.equal(snapStep(4.1, "1/8T", COMMON), 4);
  assert.equal(snapStep(1.2, "1/8T", COMMON), 4 / 3);
});

test("after a pickup the grid is counted from the bar line", () => {
  const pickup = { metres: [[0, 4, 4]], pickup: 2 };
  assert.deepEqual([0.3, 1.9, 5, 7].map((step) => snapStep(step, "1/4", pickup)), [0, 2, 6, 6]);
});

test("a change of metre begins the grid anew", () => {
  const head = { metres: [[0, 5, 8], [10, 4, 4]], pickup: 0 };
  assert.equal(snapStep(9.5, "1/4", head), 10);
  assert.equal(snapStep(13.5, "1/4", head), 14);
});

test("snapping a snapped time changes nothing", () => everywhere(({ head, grid, step }) => {
  const line = snapStep(step, grid, head);
  assert.equal(snapStep(line, grid, head), line);
}));

test("a snapped time is never before the beginning", () => {
  assert.equal(snapStep(-3, "1/4", COMMON), 0);
  everywhere(({ head, grid, step }) => assert.ok(snapStep(step, grid, head) >= 0));
});

test("a cell of the grid begins at or before the click", () =>
  everywhere(({ head, grid, step }) => {
    const start = cellStart(step, grid, head);
    assert.ok(start <= step + 1e-6 && nextLine(start, 1, grid, head) > step - 1e-6);
  }));

test("the next line and back is the line itself", () => everywhere(({ head, grid, step }) => {
  const line = snapStep(step, grid, head);
  const next = nextLine(line, 1, grid, head);
  assert.ok(next > line);
  assert.equal(nextLine(next, -1, grid, head), line);
}));

test("grid lines are those that notes snap to, each once", () =>
  everywhere(({ head, grid, step }) => {
    const lines = gridLines(step, step + 9, grid, head);
    assert.ok(lines.length > 1);
    lines.forEach((line, i) => {
      assert.equal(snapStep(line, grid, head), line);
      assert.ok(i === 0 || line > lines[i - 1]);
    });
  }));

test("before the first line lies nothing", () => {
  assert.equal(nextLine(0, -1, "1/16", COMMON), 0);
});

test("the scales are those of the course: A minor is natural", () => {
  assert.deepEqual(keyClasses({ tonic: 9, mode: "minor" }), [9, 11, 0, 2, 4, 5, 7]);
});

test("a pitch goes to the nearest note of the key, the lower of two", () => {
  const key = { tonic: 0, mode: "major" };
  assert.deepEqual([60, 61, 66, 70].map((pitch) => snapPitch(pitch, key)), [60, 60, 65, 69]);
});

test("snapping to a key keeps to the MIDI range and to the key, and is done in one go", () => {
  const tool = tools(1);
  for (let i = 0; i < 300; i += 1) {
    const key = randomKey(tool);
    const pitch = snapPitch(tool.whole(-20, 150), key);
    assert.ok(pitch >= 0 && pitch <= 127 && isInKey(pitch, key));
    assert.equal(snapPitch(pitch, key), pitch);
  }
});

test("a step in the key goes to its next note, from beside it too", () => {
  const key = { tonic: 7, mode: "major" }; // with F sharp
  assert.equal(movePitch(64, 1, key), 66);
  assert.equal(movePitch(66, 1, key), 67);
  assert.equal(movePitch(65, 1, key), 66);
  assert.equal(movePitch(65, -1, key), 64);
});

test("seven steps in a key are an octave", () => {
  const tool = tools(2);
  for (let i = 0; i < 200; i += 1) {
    const key = randomKey(tool);
    const pitch = snapPitch(tool.whole(24, 100), key);
    assert.equal(movePitch(pitch, 7, key), pitch + 12);
    assert.equal(movePitch(movePitch(pitch, 3, key), -3, key), pitch);
  }
});
