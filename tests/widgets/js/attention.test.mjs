import assert from "node:assert/strict";
import { test } from "node:test";
import { aheadOf, chordWords, chordsOf, distanceWords, meanDistance, patternOf, peekMusic,
  placeWords, positionAt, rowOf, strongest, unpackShares } from "../../../widgets/attention/shares.js";

// Two voices: C5 for a half bar, then B4; G3 for the whole bar, the next bar empty.
const music = { title: "", tempo: 60, metres: [[0, 4, 4]], pickup: 0, tracks: [
  { name: "", program: 0, is_drum: false, notes: [[0, 72, 8, 80], [8, 71, 8, 80]] },
  { name: "", program: 5, is_drum: false, notes: [[0, 55, 16, 80]] }] };
const sixteenths = Array.from({ length: 21 }, (_, i) => i);
const pack = (shares) => btoa(String.fromCharCode(...shares.map((x) => Math.round(255 * Math.sqrt(x)))));
const near = (got, wanted, tolerance = 0.005) => assert.ok(Math.abs(got - wanted) <= tolerance,
  `${got} is not ${wanted}`);

test("shares come out of their packing as they went in, small ones too", () => {
  const shares = [0, 0.0004, 0.01, 0.25, 0.5, 1];
  unpackShares(pack(shares)).forEach((got, i) => near(got, shares[i]));
  near(unpackShares(pack([0.0004]))[0], 0.0004, 0.00005);
});

test("a pattern is that of a layer's head, and head 0 the mean of its heads", () => {
  // two layers of two heads over one position each would say nothing: L=2, H=2, T=2
  const shares = Float32Array.from([1, 0, 0, 1, 1, 0, 1, 0, 0.5, 0.5, 0.5, 0.5, 1, 0, 0, 1]);
  const shape = [2, 2, 2];
  assert.deepEqual([...patternOf(shares, shape, 1, 2)], [1, 0, 1, 0]);
  assert.deepEqual([...patternOf(shares, shape, 2, 1)], [0.5, 0.5, 0.5, 0.5]);
  assert.deepEqual([...patternOf(shares, shape, 1, 0)], [1, 0, 0.5, 0.5]);
});

test("a row is what a position looks at, turned it is who looks at it", () => {
  const pattern = Float32Array.from([1, 0, 0, 0.5, 0.5, 0, 0.25, 0.5, 0.25]);
  assert.deepEqual([...rowOf(pattern, 3, 1)], [0.5, 0.5, 0]);
  assert.deepEqual([...rowOf(pattern, 3, 1, true)], [0, 0.5, 0.5]);
});

test("a head that looks one beat back is four steps away on average", () => {
  const [size, pattern] = [4, new Float32Array(16)];
  for (let t = 0; t < size; t += 1) pattern[t * size + Math.max(t - 1, 0)] = 1;
  assert.equal(meanDistance(pattern, [0, 4, 8, 12, 16]), 3); // the first has nothing behind it
  assert.equal(distanceWords(14), "looks 3.5 beats back on average");
  assert.equal(distanceWords(-4), "looks 1.0 beats ahead on average");
});

test("what lies behind a position in the row is a leak", () => {
  near(aheadOf([0.5, 0.25, 0.25], 1), 0.25);
  assert.equal(aheadOf([0.5, 0.5, 0], 1), 0);
});

test("a position is found by a step, also before and behind the music", () => {
  const starts = [0, 4, 8, 12];
  assert.deepEqual([-1, 0, 3.9, 4, 11.9, 12, 99].map((step) => positionAt(starts, step)),
    [0, 0, 0, 1, 2, 2, 2]);
});

test("chords are the stretches in which the same notes sound", () => {
  assert.deepEqual(chordsOf(music, sixteenths),
    [{ from: 0, to: 7 }, { from: 8, to: 15 }, { from: 16, to: 19 }]);
});

test("a chord that is struck again is another chord", () => {
  const again = { ...music, tracks: [{ ...music.tracks[0], notes: [[0, 72, 4, 80], [4, 72, 4, 80]] }] };
  assert.equal(chordsOf(again, [0, 2, 4, 6, 8]).length, 2);
});

test("a chord has the shares of all its positions, the largest come first", () => {
  const row = new Float32Array(20).fill(0.05);
  row[17] = 0.005;
  const chords = chordsOf(music, sixteenths);
  const looks = strongest(row, chords, 2);
  assert.deepEqual(looks.map(({ from }) => from), [0, 8]);
  near(looks[0].share, 0.4);
});

test("who looks at a chord is a mean, for those shares need not sum to 1", () => {
  const row = new Float32Array(20).fill(0.5);
  near(strongest(row, chordsOf(music, sixteenths), 1, true)[0].share, 0.5);
});

test("a peek plays chords in order of time, louder the more they are looked at", () => {
  const looks = [{ from: 8, to: 15, share: 0.8 }, { from: 0, to: 7, share: 0.2 }];
  const { music: heard, places } = peekMusic(music, sixteenths, looks, 12);
  assert.deepEqual(places.map(({ from }) => from), [0, 8, 12]);
  assert.deepEqual(heard.tracks[0].notes.map(([at, pitch]) => [at, pitch]), [[0, 72], [4, 71], [8, 71]]);
  assert.deepEqual(heard.tracks[1].notes.map(([, pitch]) => pitch), [55, 55, 55]);
  assert.ok(heard.tracks[0].notes[0][3] < heard.tracks[0].notes[1][3]);
  assert.equal(heard.tracks[1].program, 5);
});

test("a chord alone is heard without the one that looks", () => {
  assert.equal(peekMusic(music, sixteenths, [{ from: 0, to: 7, share: 1 }], null).places.length, 1);
});

test("places and chords have the names musicians use", () => {
  assert.equal(placeWords(music, sixteenths, 0), "Bar 1, beat 1");
  assert.equal(placeWords(music, sixteenths, 6), "Bar 1, beat 2½");
  assert.equal(placeWords({ ...music, pickup: 4 }, sixteenths, 1), "Pickup, beat 1¼");
  assert.equal(chordWords(music, sixteenths, 9), "B4 G3");
  assert.equal(chordWords(music, sixteenths, 18), "rest");
});
