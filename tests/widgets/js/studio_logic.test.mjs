// What the studio's panels work out by themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { numberText } from "../../../widgets/shared/form.js";
import { fileProblem, shiftText, sizeText, stepOf, treeOf } from "../../../widgets/studio/logic.js";

test("numbers are written without a tail of zeros", () => {
  assert.deepEqual([0.9, 1, 0.30000000000000004, 2.5].map(numberText),
    ["0.9", "1", "0.3", "2.5"]);
});

test("a slider of whole numbers moves by one, others by a tidy part of the range", () => {
  assert.equal(stepOf({ kind: "int", low: 1, high: 32 }), 1);
  assert.equal(stepOf({ kind: "float", low: 0, high: 5 }), 0.05);
  assert.equal(stepOf({ kind: "float", low: 0, high: 10 }), 0.1);
  assert.equal(stepOf({ kind: "float", low: 0, high: 1 }), 0.01);
});

test("sizes are said in the unit that a person would take", () => {
  assert.deepEqual([12, 1500, 2_340_000].map(sizeText), ["12 bytes", "2 kB", "2.3 MB"]);
});

test("a move in semitones is said in words", () => {
  assert.deepEqual([0, 1, -3, 12, -24].map(shiftText), ["as it is", "up 1 semitone",
    "down 3 semitones", "up an octave", "down two octaves"]);
});

test("versions in a line stay flat and a branch goes in", () => {
  const versions = [{ id: "1", parent: null }, { id: "2", parent: "1" },
    { id: "3", parent: "1" }, { id: "4", parent: "2" }];
  assert.deepEqual(treeOf(versions).map(({ id, depth }) => [id, depth]),
    [["1", 0], ["3", 1], ["2", 0], ["4", 0]]);
});

test("a version whose parent is lost still stands in the history", () => {
  assert.deepEqual(treeOf([{ id: "7", parent: "lost" }]).map(({ depth }) => depth), [0]);
});

test("a file that is too large or empty is refused before it is sent", () => {
  assert.match(fileProblem({ name: "a.mid", size: 2e7 }, 1e7), /20\.0 MB.*10\.0 MB/);
  assert.match(fileProblem({ name: "a.mid", size: 0 }, 1e7), /empty/);
  assert.equal(fileProblem({ name: "a.mid", size: 100 }, 1e7), "");
});
