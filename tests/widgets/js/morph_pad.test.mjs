import assert from "node:assert/strict";
import { test } from "node:test";
import { cornersOf, envelopeOf, fromBytes, gainFor, mixOf, nearestOf, periodsOf, pitchShare,
  placeAfter, placeAt, sharesText, spectrumOf, weightsAt }
  from "../../../widgets/morph_pad/mixing.js";

const near = (a, b, within = 1e-6) => assert.ok(Math.abs(a - b) < within, `${a} is not ${b}`);
const sine = (hertz, n = 4000, rate = 8000) =>
  Float32Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));

test("a corner is one instrument alone, the middle all alike, and shares sum to 1", () => {
  cornersOf(5).forEach((corner, i) =>
    assert.deepEqual(weightsAt(corner, 5), [0, 1, 2, 3].map((j) => Number(i === j))));
  assert.deepEqual(weightsAt([2, 2], 5), [0.25, 0.25, 0.25, 0.25]);
  assert.deepEqual(weightsAt([2, 0], 5), [0.5, 0.5, 0, 0]);
  near(weightsAt([1, 3], 5).reduce((a, b) => a + b), 1);
});

test("keys move by one place, lead to corners and the middle, and stop at the edge", () => {
  assert.deepEqual(placeAfter("ArrowRight", [2, 2], 5), [3, 2]);
  assert.deepEqual(placeAfter("ArrowUp", [2, 0], 5), [2, 0]);
  assert.deepEqual(["1", "2", "3", "4", "0"].map((key) => placeAfter(key, [1, 1], 5)),
    [[0, 0], [4, 0], [0, 4], [4, 4], [2, 2]]);
  assert.equal(placeAfter("x", [1, 1], 5), null);
});

test("a point is at the nearest place, a place not decoded near one that is", () => {
  assert.deepEqual(placeAt(0.3, 0.9, 5), [1, 4]);
  assert.deepEqual(placeAt(-1, 7, 5), [0, 4]);
  assert.deepEqual(nearestOf([2, 2], [[0, 0], [3, 2], [4, 4]]), [3, 2]);
  assert.equal(nearestOf([2, 2], []), null);
});

test("waveforms are added by their shares, a shorter one ends in silence", () => {
  const mix = mixOf([Float32Array.of(1, 1), Float32Array.of(1, 0, 1)], [0.5, 0.25]);
  assert.deepEqual([...mix], [0.75, 0.5, 0.25]);
});

test("sixteen bits are numbers within -1 and 1, wherever they lie in their buffer", () => {
  const bytes = new Uint8Array(8);
  new Int16Array(bytes.buffer).set([9, 32767, -32767, 0]);
  assert.deepEqual([...fromBytes(new DataView(bytes.buffer, 2, 6))], [1, -1, 0]);
});

test("quiet and loud are heard alike, peaks stay below 1, silence stays silence", () => {
  const level = (wave) => gainFor(wave) * Math.sqrt(wave.reduce((s, x) => s + x * x, 0) / wave.length);
  near(level(sine(440)), 0.1, 1e-4);
  near(level(sine(440).map((x) => x / 50)), 0.1, 1e-4);
  const click = Float32Array.from({ length: 4000 }, (_, i) => Number(i === 9) * 0.5);
  near(gainFor(click) * 0.5, 0.95);
  assert.equal(gainFor(new Float32Array(9)), 1);
});

test("the spectrum of a sine is highest at its frequency and low elsewhere", () => {
  const { hertz, levels } = spectrumOf(sine(1000), 8000);
  near(hertz[levels.indexOf(Math.max(...levels))], 1000, 4);
  assert.ok(levels[hertz.findIndex((h) => h > 2000)] < -60);
  assert.ok(spectrumOf(sine(1000, 100), 8000).levels.every(Number.isFinite)); // a short one
});

test("an octave is as wide everywhere, half the rate is the right edge", () => {
  near(pitchShare(4000, 8000), 1);
  near(pitchShare(400, 8000) - pitchShare(200, 8000), pitchShare(200, 8000) - pitchShare(100, 8000));
});

test("periods begin where the wave rises through zero", () => {
  const part = periodsOf(sine(200), 40, 4);
  assert.equal(part.length, 160);
  assert.ok(part[0] <= 0 && part[1] > 0);
  assert.equal(periodsOf(sine(200, 30), 40, 4).length, 30);
});

test("the envelope holds every sample", () => {
  assert.deepEqual(envelopeOf([1, -1, 0.5, 0.25], 2), [[-1, 1], [0.25, 0.5]]);
  assert.deepEqual(envelopeOf([], 1), [[0, 0]]);
});

test("who is in a mixture, the largest first", () => {
  assert.equal(sharesText([0.25, 0.75, 0, 0], ["a", "b", "c", "d"]), "b 75 %, a 25 %");
});
