import assert from "node:assert/strict";
import { test } from "node:test";
import { countPaths, countText, dilationsOf, fieldOf, formulaText, inputText, kindsOf, lagAfter,
  lengthsOf, musicText, plainText, rowsOnPath, rowsReached, ruleText, shortText }
  from "../../../widgets/receptive_field/field.js";
import { planOf } from "../../../widgets/receptive_field/hear.js";

const stack = (n_layers, kernel, factor, n_blocks = 1) => ({ n_layers, kernel, factor, n_blocks });
const lagsOf = (row) => [...row].flatMap((byte, lag) => (byte ? [lag] : []));
const rule = (one) => ruleText(one, kindsOf(countPaths(one)));

test("dilations grow by the factor and begin again with each block", () => {
  assert.deepEqual(dilationsOf(stack(3, 2, 2, 2)), [1, 2, 4, 1, 2, 4]);
  assert.equal(fieldOf(stack(4, 2, 2)), 16);
  assert.equal(fieldOf(stack(4, 2, 1)), 5);
  assert.equal(fieldOf(stack(10, 2, 2, 3)), 3070);
});

test("paths by hand: binomial numbers without dilation, one each with it", () => {
  assert.deepEqual([...countPaths(stack(3, 2, 1))], [1, 3, 3, 1]);
  assert.deepEqual([...countPaths(stack(3, 2, 2))], Array(8).fill(1));
  assert.deepEqual([...countPaths(stack(2, 2, 3))], [1, 1, 0, 1, 1]);
  assert.deepEqual([...countPaths(stack(1, 2, 2, 2))], [1, 2, 1]);
});

test("who reaches the output, row by row from the input", () => {
  assert.deepEqual(rowsReached(stack(2, 2, 2)).map(lagsOf), [[0, 1, 2, 3], [0, 2], [0]]);
  assert.deepEqual(rowsReached(stack(2, 2, 3)).map(lagsOf)[0], [0, 1, 3, 4]);
});

test("the cells on a path are reached from both ends, and their number fits the paths", () => {
  assert.deepEqual(rowsOnPath(stack(2, 2, 2), 3).map(lagsOf), [[3], [2], [0]]);
  assert.deepEqual(rowsOnPath(stack(2, 2, 1), 1).map(lagsOf), [[1], [0, 1], [0]]);
  const nothing = [[], [], []];
  assert.deepEqual(rowsOnPath(stack(2, 2, 3), 2).map(lagsOf), nothing); // a gap
  assert.deepEqual(rowsOnPath(stack(2, 2, 2), -1).map(lagsOf), nothing); // the future
  assert.deepEqual(rowsOnPath(stack(2, 2, 2), 4).map(lagsOf), nothing); // before the field
});

test("the rule compares kernel and factor, and its count is that of the paths", () => {
  assert.match(rule(stack(4, 2, 2)), /equals factor 2: one path.*all 16 inputs with one path/);
  assert.match(rule(stack(4, 2, 2)), /not the dilations themselves/);
  assert.match(rule(stack(2, 2, 3)), /smaller than factor 3: .*gaps.*1 input with no path/);
  assert.match(rule(stack(2, 3, 2)), /larger than factor 2: paths meet again.*several paths/);
  assert.match(rule(stack(3, 2, 2, 2)), /within a block one path.*comes 2 times.*at most 8/);
  assert.match(rule(stack(1, 2, 4)), /single layer has dilation 1.*all 2 inputs/);
  assert.match(ruleText(stack(10, 4, 4), undefined), /too long to count/);
});

test("an input is in the field, in a gap, before it or in the future", () => {
  const about = (one, lag) => inputText(one, lag, countPaths(one));
  assert.match(about(stack(2, 2, 1), 1), /^The input 1 sample back .* on 2 paths\.$/);
  assert.match(about(stack(2, 2, 1), 0), /^The newest input .* on 1 path\.$/);
  assert.match(about(stack(2, 2, 3), 2), /gap/);
  assert.match(about(stack(2, 2, 2), 5), /2 samples before the field/);
  assert.match(about(stack(2, 2, 2), -2), /2 samples after the output.*causal/);
});

test("the formula and the stack without dilation", () => {
  assert.equal(formulaText(stack(3, 2, 2)), "1 + (2 − 1) × (1 + 2 + 4) = 8");
  assert.equal(formulaText(stack(2, 3, 2, 2)), "1 + (3 − 1) × 2 × (1 + 2) = 13");
  assert.equal(formulaText(stack(10, 2, 2)), "1 + (2 − 1) × (1 + 2 + 4 + … + 512) = 1,024");
  assert.match(plainText(stack(4, 2, 2)), /4 layers without dilation: 5\./);
});

test("a field in milliseconds, beats and periods; how many blocks hold a beat", () => {
  const choice = { sample_rate: 8000, tempo: 120 };
  const { field, milliseconds, beats } = lengthsOf(stack(10, 2, 2), choice);
  assert.deepEqual([field, milliseconds, beats], [1024, 128, 0.256]);
  // 4,000 samples a beat, 1,023 more with each block: 3 x 1,023 + 1 are too few
  assert.match(musicText(stack(10, 2, 2), choice), /33.5 periods.* 4 such blocks/);
  assert.match(musicText(stack(10, 2, 2, 4), choice), /fits into it/);
});

test("numbers are short, and large ones are powers of ten", () => {
  assert.equal(countText(1234567), "1,234,567");
  assert.equal(countText(1.26e32), "about 1.3 × 10³²");
  assert.deepEqual([0.00204, 1.875, 33.49, 1024].map(shortText), ["0.002", "1.9", "33.5", "1,024"]);
});

test("keys: left is further back, Home the oldest", () => {
  const within = { low: -2, high: 9, isFar: false };
  assert.equal(lagAfter("ArrowLeft", 3, within), 4);
  assert.equal(lagAfter("ArrowRight", -2, within), -2);
  assert.equal(lagAfter("ArrowLeft", 3, { ...within, isFar: true }), 9);
  assert.equal(lagAfter("Home", 3, within), 9);
  assert.equal(lagAfter("End", 3, within), -2);
  assert.equal(lagAfter("a", 3, within), null);
});

test("a short field sounds at each beat, one longer than a beat once, never for ever", () => {
  const tones = (seconds) => planOf(seconds, 120).filter(({ kind }) => kind === "tone");
  assert.deepEqual(tones(0.1).map(({ start }) => start), [0, 0.5, 1, 1.5]);
  assert.deepEqual(tones(0.8), [{ kind: "tone", start: 0, seconds: 0.8 }]);
  assert.equal(tones(60)[0].seconds, 2);
});
