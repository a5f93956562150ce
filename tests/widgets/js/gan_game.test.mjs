import assert from "node:assert/strict";
import { test } from "node:test";
import { contour, leaning, levelOf, pairsOf, probeAfter, probeWords, scoreAt, slopeAt }
  from "../../../widgets/gan_game/landscape.js";
import { amountWords, dotPlaces, fromPosition, isOfUse, measuredRow, pictureWords, SLIDERS,
  toPosition } from "../../../widgets/gan_game/settings.js";

// Scores that rise by 1 with x from -1 to 1, whatever y: levels 0, 127.5, 255.
const slope = { n: 3, low: -1, high: 1, middle: 0,
  levels: [0, 127.5, 255, 0, 127.5, 255, 0, 127.5, 255] };
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
const row = (name) => SLIDERS.find((slider) => slider.name === name);

test("points come in turn, in hundredths", () => {
  assert.deepEqual(pairsOf([150, -25, 0, 7]), [[1.5, -0.25], [0, 0.07]]);
  assert.deepEqual(pairsOf([]), []);
});

test("a score lies between its cells, and outside it is that of the edge", () => {
  near(scoreAt(slope, 1, [0.5, 0.3]), 0.5);
  near(scoreAt(slope, 1, [-1, -1]), -1);
  near(scoreAt(slope, 1, [9, 9]), 1);
});

test("the first row of levels is the lowest", () => {
  const rises = { ...slope, levels: [0, 0, 0, 127.5, 127.5, 127.5, 255, 255, 255] };
  near(scoreAt(rises, 1, [0, -1]), -1);
  near(scoreAt(rises, 1, [0, 1]), 1);
});

test("a point is pulled to where the score rises", () => {
  const [dx, dy] = slopeAt(slope, 1, [0, 0]);
  near(dx, 1);
  near(dy, 0);
});

test("a line of one height goes through the cells that it cuts", () => {
  const lines = contour(slope, 63.75); // a quarter of the way: x = 0.5 cells
  assert.equal(lines.length, 2);
  lines.forEach(([x1, , x2]) => { near(x1, 0.5); near(x2, 0.5); });
  assert.deepEqual(contour(slope, 999), []);
});

test("a saddle has two lines that do not meet", () => {
  const saddle = { n: 2, levels: [255, 0, 0, 255] };
  assert.equal(contour(saddle, 128).length, 2);
});

test("the middle leans to neither side, the ends wholly to one", () => {
  assert.equal(leaning(slope, 127.5), 0);
  assert.equal(leaning(slope, 255), 1);
  assert.equal(leaning(slope, 0), -1);
  assert.equal(leaning({ ...slope, middle: 1 }, 255), 0);
  assert.equal(leaning({ ...slope, low: -1000 }, 255), 1); // each side by its own ends
});

test("with a sigmoid it leans as D does", () => {
  const sure = { n: 2, low: 0, high: Math.log(3), middle: 0, is_sigmoid: true, levels: [] };
  near(leaning(sure, 0), 0); // D = 1/2
  near(leaning(sure, 255), 0.5); // D = 3/4
});

test("the level of a score undoes the score of a level", () => near(levelOf(slope, 0.5), 191.25));

test("arrow keys move the probe and stop at the edge", () => {
  near(probeAfter("ArrowUp", [0, 0], 2.4)[1], 0.1);
  assert.deepEqual(probeAfter("ArrowRight", [2.4, 0], 2.4), [2.4, 0]);
  near(probeAfter("ArrowLeft", [0, 0], 2.4, true)[0], -0.6);
  assert.equal(probeAfter("a", [0, 0], 2.4), null);
});

test("the critic's word on a place: a chance only where there is a sigmoid", () => {
  assert.equal(probeWords(slope, 1, [0, 0], "original"),
    "At (0.00, 0.00) the critic's score is 0.00, D = 50 % real.");
  assert.doesNotMatch(probeWords(slope, 1, [0.5, 0], "wgan-gp"), /D =/);
});

test("rates go by powers of ten and come back", () => {
  const rate = row("generator_rate");
  assert.equal(toPosition(rate, 0.001), -3);
  assert.equal(fromPosition(rate, -3), 0.001);
  assert.equal(fromPosition(rate, -2.5), 0.0032);
  assert.equal(fromPosition(row("n_critic"), 5), 5);
  assert.deepEqual([0.001, 5, 0.0032, 0.00001].map(amountWords), ["0.001", "5", "0.0032", "0.00001"]);
});

test("a slider is there only where it does something", () => {
  const shown = (config) => SLIDERS.filter(({ name }) => isOfUse(name, config)).map(({ name }) => name);
  assert.ok(shown({ loss: "wgan-gp", data: "ring" }).includes("gradient_penalty"));
  assert.ok(!shown({ loss: "wgan-clip", data: "ring" }).includes("gradient_penalty"));
  assert.ok(shown({ loss: "wgan-clip", data: "ring" }).includes("clip"));
  assert.ok(!shown({ loss: "original", data: "ring" }).includes("temperature"));
  assert.ok(shown({ loss: "original", data: "melody" }).includes("temperature"));
});

test("the picture is told in words", () => {
  const points = { covered_share: 0.375, near_share: 0.18 };
  assert.match(pictureWords({ config: { data: "ring" }, step: 150, row: points, reference: {} }),
    /step 150: the generated points reach 38 % of the places; 18 %/);
  const bars = { distinct_share: 0.02, known_share: 1 };
  assert.match(pictureWords({ config: { data: "rhythm" }, step: 3, row: bars,
    reference: { distinct_share: 0.26 } }), /2 % of the generated bars of rhythm.*26 %/);
});

test("the newest row that was measured", () => {
  assert.deepEqual(measuredRow([{ step: 0, near_share: 1, covered_share: 0 }, { step: 5 }]).step, 0);
  assert.deepEqual(measuredRow([]), {});
});

test("dots lie between the lowest and the highest score; what is no number has none", () => {
  const { real, fake, low, high } = dotPlaces({ real: [0, 4], fake: [1, null] });
  assert.deepEqual([real, fake, low, high], [[0, 1], [0.25, null], 0, 4]);
});
