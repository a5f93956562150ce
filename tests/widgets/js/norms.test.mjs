import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, musicOf, normalised, NORMS, pitchOf, placeAfter, sharesMean, statistics, words }
  from "../../../widgets/norm_view/norms.js";

const block = [[[60, 62], [50, 54]], [[64, 66], [40, 40]]]; // two pieces, voices, steps
const flat = (numbers) => numbers.flat(2);
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-4, `${a} is not ${b}`);

test("BatchNorm leaves mean 0 and variance 1 in each voice over pieces and steps", () => {
  const found = normalised(block, "batch");
  [0, 1].forEach((c) => {
    const voice = found.flatMap((piece) => piece[c]);
    near(mean(voice), 0);
    near(mean(voice.map((number) => number ** 2)), 1);
  });
});

test("LayerNorm leaves mean 0 in each step of each piece over its voices", () => {
  const found = normalised(block, "layer");
  found.forEach((piece) => [0, 1].forEach((t) => {
    near(mean(piece.map((voice) => voice[t])), 0);
  }));
  near(found[0][0][0], 1); // 60 above 50, by hand
});

test("LayerNorm over voices and steps leaves mean 0 in each piece", () => {
  normalised(block, "example").forEach((piece) => near(mean(piece.flat()), 0));
});

test("no norm changes nothing", () => assert.deepEqual(normalised(block, "none"), block));

test("what is remembered does not ask who is in the batch", () => {
  const alone = cut(block, [1, 2, 2]);
  assert.deepEqual(normalised(alone, "remembered", block)[0],
    normalised(block, "remembered", block)[0]);
  assert.notDeepEqual(normalised(alone, "batch")[0], normalised(block, "batch")[0]);
});

test("a number that stands alone becomes 0", () => {
  assert.deepEqual(flat(normalised(cut(block, [1, 2, 1]), "batch")), [0, 0]);
});

test("every norm has a rule of who shares a mean", () => {
  const all = [0, 1].flatMap((b) => [0, 1].flatMap((c) => [0, 1].map((t) => [b, c, t])));
  const count = (norm) => all.filter((place) => sharesMean(norm, [0, 0, 0], place)).length;
  assert.deepEqual(NORMS.map(([norm]) => count(norm)), [1, 4, 4, 2, 4]);
});

test("mean and spread by hand", () => {
  assert.deepEqual(statistics(block, "layer", [0, 0, 0]), { n: 2, mean: 55, spread: 5 });
});

test("what the norm left is heard around the middle of the voice, within the piano", () => {
  assert.equal(pitchOf(1.5, "batch", 4, 70), 76);
  assert.equal(pitchOf(61, "none", 4, 70), 61);
  assert.equal(pitchOf(99, "batch", 4, 70), 108);
  assert.equal(pitchOf(-99, "batch", 4, 70), 21);
});

test("a piece is music of quarters, a track for each voice", () => {
  const music = musicOf(block[0], { norm: "none", gain: 4, shifts: [70, 50],
    voices: ["Soprano", "Bass"], title: "One" });
  assert.deepEqual(music.tracks.map(({ notes }) => notes),
    [[[0, 60, 4, 80], [4, 62, 4, 80]], [[0, 50, 4, 80], [4, 54, 4, 80]]]);
});

test("the words say how many share, and when nothing is left", () => {
  const about = (norm, sizes) => words({ block: cut(block, sizes), all: block, norm,
    place: [0, 0, 0], voices: ["Soprano", "Bass"] });
  assert.match(about("batch", [2, 2, 2]), /^4 numbers share .*Soprano\..*depends on the others/);
  assert.match(about("batch", [1, 2, 1]), /^A number alone has .*0 is left/);
  assert.match(about("layer", [2, 2, 2]), /^2 numbers share .*does not depend/);
  assert.match(about("remembered", [1, 2, 1]), /remembered from 4 numbers/);
});

test("keys lead through the block and stop at its edges", () => {
  const sizes = [2, 2, 2];
  assert.deepEqual(placeAfter("ArrowRight", [0, 0, 0], sizes), [0, 0, 1]);
  assert.deepEqual(placeAfter("ArrowRight", [0, 0, 1], sizes), [0, 0, 1]);
  assert.deepEqual(placeAfter("ArrowDown", [0, 0, 1], sizes), [0, 1, 1]);
  assert.deepEqual(placeAfter("PageDown", [0, 1, 1], sizes), [1, 1, 1]);
  assert.deepEqual(placeAfter("End", [1, 1, 0], sizes), [1, 1, 1]);
  assert.equal(placeAfter("a", [0, 0, 0], sizes), null);
});
