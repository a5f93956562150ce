import assert from "node:assert/strict";
import { test } from "node:test";
import { chartOf, fileNameOf, interval, nextOpen, percent, resultOf, scoreWords, share, unseal,
  verdictWords } from "../../../widgets/bach_or_bot/answers.js";

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-4, `${a} is not ${b}`);
const round = (real, says = {}) => ({ real, title: "BWV 1", made_by: "a net", says, heard: {} });
const rounds = [round(true, { Rules: true }), round(false, { Rules: true }), round(false)];

test("Wilson's interval is that of the books", () => {
  const [low, high] = interval(13, 20); // centre 0.6258, half width 0.1929
  near(low, 0.4329);
  near(high, 0.8188);
  assert.deepEqual(interval(0, 0), [0, 1]);
  near(interval(0, 10)[0], 0);
  near(interval(10, 10)[1], 1);
});

test("each share counts its own rounds, and only those that were answered", () => {
  const pairs = [[true, true], [true, false], [false, false], [false, null], [false, undefined]];
  assert.deepEqual(share(pairs, "right"), { n: 2, all: 3 });
  assert.deepEqual(share(pairs, "recognised"), { n: 1, all: 2 });
  assert.deepEqual(share(pairs, "spotted"), { n: 1, all: 1 });
});

test("results that a class collects have names of their own, without what disks refuse", () => {
  const score = { right: 2, all: 10 };
  assert.equal(fileNameOf({ player: " Zoë/../B? ", id: "b49dc0", ...score }),
    "bach-or-bot-zoë-b-2-of-10-b49d.json");
  assert.equal(fileNameOf({ player: "", id: "0a1b2c", ...score }), "bach-or-bot-2-of-10-0a1b.json");
  assert.equal(fileNameOf({ player: "김민수", id: "0a1b2c", ...score }),
    "bach-or-bot-김민수-2-of-10-0a1b.json");
});

test("what was sealed in Python is unsealed", () => {
  // compose/blind/deck.py: seal({"rounds": [{"real": true}]})
  const bytes = new TextEncoder().encode('{"rounds": [{"real": true}]}');
  const hidden = bytes.map((byte, i) => byte ^ ((73 * i + 41) & 255));
  assert.deepEqual(unseal(btoa(String.fromCharCode(...hidden))), [{ real: true }]);
});

test("a published figure stands only beside the same thing counted", () => {
  const published = [{ who: "A", counts: "spotted", share: 0.5, n_answers: 100 },
    { who: "B", counts: "right", share: 0.51, n_answers: null }];
  const groups = chartOf({ rounds, said: [true, false, null], published });
  const labels = Object.fromEntries(groups.map(({ counts, rows }) =>
    [counts, rows.map(({ label }) => label)]));
  assert.deepEqual(labels, { right: ["You", "Rules", "B"], recognised: ["You", "Rules"],
    spotted: ["You", "Rules", "A"] });
  const [, , b] = groups[0].rows;
  assert.equal(b.interval, null); // nobody says how many answers
  assert.equal(groups[0].rows[1].text, "1 of 2"); // Rules did not judge the third round
});

test("the score in words says what it does not show", () => {
  const many = Array.from({ length: 20 }, (_, i) => round(i % 2 === 0));
  const right = (n) => many.map(({ real }, i) => (i < n ? real : !real));
  assert.match(scoreWords(many, right(13)), /13 of 20 rounds, 65 %.*43 % and 82 %.*does not show/);
  assert.match(scoreWords(many, right(19)), /you hear a difference\.$/);
  assert.match(scoreWords(many, right(1)), /take the one for the other/);
  assert.equal(scoreWords(many, []), "No round has been judged yet.");
});

test("a verdict names who it was", () => {
  const names = ["Bach", "Bot"];
  assert.equal(verdictWords(rounds[0], true, names), "Right. It was Bach: BWV 1.");
  assert.equal(verdictWords(rounds[1], true, names), "Wrong. It was Bot (a net): BWV 1.");
  const nobody = { ...rounds[1], made_by: "" };
  assert.equal(verdictWords(nobody, false, names), "Right. It was Bot: BWV 1.");
});

test("the next open round is looked for all round", () => {
  assert.equal(nextOpen([null, true, null], 0), 2);
  assert.equal(nextOpen([null, true, true], 2), 0);
  assert.equal(nextOpen([false, true, true], 1), -1);
});

test("a result has what Python reads", () => {
  const result = resultOf({ id: "ab", test: "cd", about: "x", names: ["a", "b"],
    player: `  ${"y".repeat(50)}`, rounds, said: [true] });
  assert.equal(result.format, "deepcomposer bach-or-bot result");
  assert.equal(result.player.length, 40);
  assert.deepEqual(result.rounds.map(({ said }) => said), [true, null, null]);
});

test("a share is shown without decimals", () => assert.equal(percent(0.654), "65 %"));
