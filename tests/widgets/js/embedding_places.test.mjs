import assert from "node:assert/strict";
import test from "node:test";
import { inARow, partAt, pointTowards, stagePlace, stageText }
  from "../../../widgets/embedding/places.js";

const CROSS = [{ x: 0.5, y: 0.5 }, { x: 1, y: 0.5 }, { x: 0, y: 0.5 }, { x: 0.5, y: 1 },
  { x: 0.5, y: 0 }].map((place, i) => ({ ...place, label: "ABCDE"[i] }));

test("each arrow leads to the point in its direction", () => {
  const led = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]
    .map((key) => pointTowards(CROSS, 0, key));
  assert.deepEqual(led, [1, 2, 3, 4]);
});

test("a point ahead is preferred to a nearer one aside", () => {
  const points = [{ x: 0, y: 0 }, { x: 0.1, y: 0.3 }, { x: 0.8, y: 0.1 }];
  assert.equal(pointTowards(points, 0, "ArrowRight"), 2);
});

test("where nothing lies further on, the arrow leads nowhere", () => {
  assert.equal(pointTowards(CROSS, 1, "ArrowRight"), -1);
});

test("from any point the arrows reach all others", () => {
  const points = Array.from({ length: 40 }, (_, i) =>
    ({ x: (i * 37 % 100) / 100, y: (i * 61 % 97) / 97 }));
  const seen = new Set([0]);
  const waiting = [0];
  while (waiting.length) {
    const from = waiting.pop();
    ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"].forEach((key) => {
      const to = pointTowards(points, from, key);
      if (to >= 0 && !seen.has(to)) {
        seen.add(to);
        waiting.push(to);
      }
    });
  }
  assert.equal(seen.size, 40);
});

const music = (program, ...notes) => ({ tempo: 100, tempo_changes: [], pickup: 0, metres: [],
  tracks: [{ program, is_drum: false, notes }] });

test("pieces follow each other with a gap, one track for an instrument", () => {
  const { music: all, starts } = inARow([music(0, [0, 60, 4, 80]), music(40, [0, 64, 6, 80]),
    music(0, [0, 67, 4, 80])], 1);
  assert.deepEqual(starts, [0, 5, 12]);
  assert.deepEqual(all.tracks.map(({ program }) => program), [0, 40]);
  assert.deepEqual(all.tracks[0].notes, [[0, 60, 4, 80], [12, 67, 4, 80]]);
  assert.deepEqual(all.tracks[1].notes, [[5, 64, 6, 80]]);
});

test("putting pieces in a row changes none of them", () => {
  const piece = music(0, [0, 60, 4, 80]);
  inARow([piece, piece]);
  assert.deepEqual(piece, music(0, [0, 60, 4, 80]));
});

test("a step belongs to the last part that has begun", () => {
  assert.deepEqual([0, 4.9, 5, 11, 12, 99].map((step) => partAt([0, 5, 12], step)),
    [0, 0, 1, 1, 2, 2]);
});

const WALK = { from: 2, to: 1, stages: [{ near: [[2, 1], [0, 0.5]] }, { near: [] },
  { near: [[1, 1]] }] };

test("a place of the walk is told in words", () => {
  assert.equal(stageText(WALK, 0, CROSS),
    "Place 1 of 3 from C to B; most alike: C 1.00, A 0.50.");
  assert.equal(stageText(WALK, 1, CROSS), "Place 2 of 3 from C to B; most alike: none.");
});

test("the walk's places lie on the line between its ends", () => {
  assert.deepEqual(stagePlace(WALK, 1, CROSS), { x: 0.5, y: 0.5 });
});
