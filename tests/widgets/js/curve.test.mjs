import assert from "node:assert/strict";
import { test } from "node:test";
import { createCurve, framesOf, newsOf, stepAt } from "../../../widgets/shared/curve_sound.js";

const one = (pitch, more = {}) => ({ pitch, swing: pitch.map(() => 0),
  rough: pitch.map(() => 0), broken: pitch.map(() => false), ...more });
const curve = (...curves) => ({ seconds: 2, steps: curves[0].pitch.map((_, i) => 10 * (i + 1)),
  curves, mark: 72, timbres: [[1, 0.5], [1, 0, 0.5]], rough_hertz: 45, swing_hertz: 5.5,
  softer_db: 3, zero: 66, words: "" });
const about = (value, wanted) => assert.ok(Math.abs(value - wanted) < 1e-6 * wanted,
  `${value} is not ${wanted}`);

test("a tone sounds at its pitch in its middle, and glides between", () => {
  const { hertz } = framesOf(curve(one([69, 81, 81])), 0);
  about(hertz[0], 440);
  about(hertz.at(-1), 880);
  assert.ok(hertz.every((value, i) => i === 0 || value >= hertz[i - 1]));
});

test("higher tones are softer, three decibels an octave", () => {
  const { level } = framesOf(curve(one([66, 66, 78, 78])), 0);
  about(level[0], 1);
  about(level.at(-1), 10 ** -0.15);
});

test("a curve that is not there yet is silent", () => {
  const { level, hertz } = framesOf(curve(one([null, null, 72, 72])), 0);
  assert.equal(level[0], 0);
  assert.ok(level.at(-1) > 0);
  assert.ok(hertz.every(Number.isFinite));
});

test("what is no number is noise without a tone", () => {
  const { level, noise } = framesOf(curve(one([72, null, null, null],
    { broken: [false, true, true, true] })), 0);
  assert.deepEqual([noise[0], noise.find((value) => value > 0)], [0, 1]);
  assert.ok(level[0] > 0);
  assert.equal(level.at(-1), 0);
});

test("a curve that never was a number is heard, too", () => {
  const { hertz, noise } = framesOf(curve(one([null, null], { broken: [true, true] })), 0);
  assert.ok(hertz.every(Number.isFinite));
  assert.equal(noise[0], 1);
});

test("swings are in cents, roughness is a depth of 0 to 1", () => {
  const { cents, depth } = framesOf(curve(one([72, 72], { swing: [2, 2], rough: [1, 1] })), 0);
  assert.ok(cents.every((value) => value === 200));
  assert.ok(depth.every((value) => value === 1));
});

test("news are the last tone alone, short and without ticks", () => {
  const news = newsOf(curve(one([72, 70, 68]), one([60, 61, 62])));
  assert.deepEqual(news.curves.map(({ pitch }) => pitch), [[68], [62]]);
  assert.deepEqual([news.steps, news.mark], [[30], null]);
  assert.ok(news.seconds < 0.5);
});

test("the step that is heard goes from the first to the last", () => {
  const heard = [-1, 0, 0.34, 0.99, 1, 7].map((share) => stepAt(curve(one([1, 2, 3])), share));
  assert.deepEqual(heard, [10, 10, 20, 30, 30, 30]);
});

test("without curves, or without sound, nothing is played", () => {
  const sound = { context: null, wake: () => {}, takeStage: () => assert.fail("no stage"),
    leaveStage: () => {} };
  const player = createCurve({ sound, volume: () => 1 });
  player.play({});
  player.news({});
  player.play(curve(one([72])));
  player.news(curve(one([72])));
  assert.deepEqual([player.isPlaying(), player.step(), player.share()], [false, null, 0]);
  player.close();
});
