import assert from "node:assert/strict";
import { test } from "node:test";
import { barNumberStride, clampZoom, fittingZoom, geometryOf, HEADER, pageFor, rowLayout,
  visibleNotes } from "../../../widgets/shared/roll_geometry.js";
import { completeMusic } from "../../../widgets/shared/score.js";

const track = (pitches, isDrum = false) => ({ name: "", program: 0, is_drum: isDrum,
  notes: pitches.map((pitch, i) => [4 * i, pitch, 4, 80]) });
const rowsOf = (tracks, options) => rowLayout(completeMusic({ tracks }), options);
const view = (rows, values = {}) => geometryOf({ rows, width: 400, height: 300, gutter: 40,
  pixelsPerStep: 5, rowHeight: 10, ...values });

test("rows go from above the highest to below the lowest note, at least an octave", () => {
  const wide = rowsOf([track([48, 72])]);
  assert.deepEqual([wide.low, wide.high, wide.n], [46, 74, 29]);
  const narrow = rowsOf([track([60])]);
  assert.equal(narrow.high - narrow.low, 12);
  const empty = rowsOf([]);
  assert.ok(empty.low <= 60 && empty.high >= 72);
});

test("rows never leave the MIDI pitches", () => {
  const rows = rowsOf([track([0, 127])]);
  assert.deepEqual([rows.low, rows.high], [0, 127]);
});

test("a fixed range is widened by notes outside it, not narrowed", () => {
  const rows = rowsOf([track([30, 62])], { pitches: [36, 84] });
  assert.deepEqual([rows.low, rows.high], [30, 84]);
});

test("each row knows its pitch and each pitch its row", () => {
  const rows = rowsOf([track([60, 64]), track([36, 38], true)]);
  for (let row = 0; row < rows.n; row += 1) {
    const here = rows.at(row);
    if (here) assert.equal(rows.rowOf(here.pitch, here.isDrum), row);
  }
  assert.equal(rows.at(-1), null);
  assert.equal(rows.at(rows.n), null);
});

test("drums stand in rows of their own below a gap, the highest number on top", () => {
  const rows = rowsOf([track([60]), track([36, 42, 38], true)]);
  assert.deepEqual(rows.drums, [42, 38, 36]);
  assert.equal(rows.at(rows.firstDrum - 1), null);
  assert.deepEqual(rows.at(rows.firstDrum), { pitch: 42, isDrum: true });
});

test("music of drums alone shows no pitches", () => {
  const rows = rowsOf([track([36, 38], true)]);
  assert.equal(rows.n, 2);
  assert.deepEqual(rows.at(0), { pitch: 38, isDrum: true });
});

test("steps and pixels are undone by each other, scrolled or not", () => {
  const geometry = view(rowsOf([track([60])]), { scrollX: 130, scrollY: 20 });
  [0, 7.5, 100].forEach((step) =>
    assert.ok(Math.abs(geometry.stepAt(geometry.xOf(step)) - step) < 1e-9));
  [56, 60, 65].forEach((pitch) =>
    assert.equal(geometry.pitchAt(geometry.yOf(pitch) + 5).pitch, pitch));
});

test("higher pitches lie higher", () => {
  const geometry = view(rowsOf([track([60, 64])]));
  assert.ok(geometry.yOf(64) < geometry.yOf(60));
  assert.ok(geometry.yOf(geometry.rows.high) === HEADER);
});

test("zoom fits the whole music and stays within bounds", () => {
  const zoom = fittingZoom(128, 600, 40);
  assert.ok(128 * zoom <= 560);
  assert.equal(clampZoom(1e9), 64);
  assert.equal(clampZoom(0), 0.25);
});

test("the page is turned only when the step is out of sight", () => {
  const rows = rowsOf([track([60])]);
  assert.equal(pageFor(view(rows), 10), null);
  const place = pageFor(view(rows), 90);
  assert.equal(pageFor(view(rows, { scrollX: place }), 90), null);
  assert.ok(pageFor(view(rows, { scrollX: 300 }), 2) < 300);
});

test("bar numbers leave room for each other", () => {
  assert.equal(barNumberStride(50), 1);
  assert.equal(barNumberStride(8), 4);
});

test("only notes that reach into the view are painted, the long ones, too", () => {
  const notes = [[0, 100], [4, 8], [20, 24], [60, 64], [90, 91]]
    .map(([start, end]) => ({ start, end }));
  const starts = visibleNotes(notes, 100, 50, 80).map(({ start }) => start);
  assert.deepEqual(starts, [0, 60]);
  assert.deepEqual(visibleNotes([], 0, 0, 10), []);
});
