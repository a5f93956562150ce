import assert from "node:assert/strict";
import { test } from "node:test";
import { chartOf, chartWords, niceTicks, pathOf, pointsOf, rangeOf, scale, signedPoints, smoothed,
  tickWords, valueAt, valueWords } from "../../../widgets/shared/curves.js";
import { createRecording, outline } from "../../../widgets/monitor/recording.js";
import { durationWords, hint, pitchesOf, progressWords, roughly, secondsPerStep,
  shareDone, stageIndex, stageWords, stateWord } from "../../../widgets/monitor/story.js";

const stages = [0, 200, 400].map((step) => ({ step, music: { tracks: [] } }));
const timed = (n, pace) => Array.from({ length: n }, (_, i) => ({ step: i, seconds: pace * i }));

test("a stage is found by its step, or the last before it", () => {
  assert.equal(stageIndex(stages, 200), 1);
  assert.equal(stageIndex(stages, 399), 1);
  assert.equal(stageIndex(stages, -5), 0);
  assert.equal(stageIndex([], 200), -1);
});

test("the pace of a training is that of its last steps", () => {
  assert.equal(secondsPerStep(timed(10, 2)), 2);
  const slowAtFirst = timed(100, 1).map((row) => ({ ...row, seconds: row.seconds + 50 }));
  assert.equal(secondsPerStep([{ step: 0, seconds: 0 }, ...slowAtFirst]), 1);
  assert.equal(secondsPerStep([{ step: 0, seconds: 0 }]), null);
  assert.equal(secondsPerStep([]), null);
});

test("times are told in words, what remains only roughly", () => {
  assert.deepEqual([42, 95, 7500].map(durationWords), ["42 s", "1 min 35 s", "2 h 5 min"]);
  assert.deepEqual([2, 41, 600, 4000, 7190].map(roughly), ["5 s", "45 s", "10 min", "1 h 10 min", "2 h"]);
});

test("a training says how far it is and how long it may still last", () => {
  const words = progressWords({ rows: timed(121, 0.5), nSteps: 200, state: "training" });
  assert.equal(words, "step 120 of 200 · 1 min 0 s · about 40 s left");
});

test("a training that stands still promises no end", () => {
  assert.doesNotMatch(progressWords({ rows: timed(121, 1), nSteps: 200, state: "paused" }), /left/);
  assert.equal(progressWords({ rows: [], nSteps: 0, state: "" }), "no step yet");
});

test("the share that is done is not known without an end", () => {
  assert.equal(shareDone(timed(51, 1), 200), 0.25);
  assert.equal(shareDone(timed(51, 1), 0), null);
});

test("a folder that does not say where it stands is a record, or awaited", () => {
  assert.deepEqual([stateWord("paused", []), stateWord("", timed(2, 1)), stateWord("", [])],
    ["Paused", "Recorded", "Waiting"]);
});

test("what was asked for is told until it is done", () => {
  const now = { state: "training", wish: "stop", stages, canControl: true, isTouched: false };
  assert.match(hint(now), /stops after this step/);
  assert.match(hint({ ...now, wish: "", state: "stopped" }), /Continue goes on/);
  assert.doesNotMatch(hint({ ...now, wish: "", state: "stopped", canControl: false }), /Continue/);
});

test("a screen reader hears the step and the number of the stage", () => {
  assert.equal(stageWords([...stages, { step: 4000 }], 3), "step 4,000, stage 4 of 4");
  assert.equal(stageWords([], -1), "no stage yet");
});

test("the rows of all stages together leave the drums out", () => {
  const voice = (isDrum, ...pitches) => ({ is_drum: isDrum, notes: pitches.map((p) => [0, p, 4, 80]) });
  const music = { tracks: [voice(false, 60, 72), voice(true, 36)] };
  assert.deepEqual(pitchesOf([{ step: 0, music }]), [60, 72]);
  assert.equal(pitchesOf([]), null);
});

test("points leave out what is missing or no number", () => {
  assert.deepEqual(pointsOf([{ step: 0 }, { step: 1, a: 2 }, { step: 2, a: null }], "a"), [[1, 2]]);
});

test("many points become means of neighbours, few stay as they are", () => {
  const many = Array.from({ length: 1000 }, (_, i) => [i, i % 2]);
  assert.equal(smoothed(many).length, 200);
  assert.ok(smoothed(many.slice(0, 996)).every(([, value]) => value > 0.3 && value < 0.7));
  assert.equal(smoothed(many.slice(0, 300)).length, 300);
});

test("a value holds until the next one", () => {
  assert.equal(valueAt([[0, 5], [10, 6]], 9), 5);
  assert.equal(valueAt([[4, 5]], 3), null);
});

test("ticks are round numbers within the range", () => {
  assert.deepEqual(niceTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(niceTicks(-5.3, 5.1, 4), [-5, 0, 5]);
  assert.deepEqual(niceTicks(3, 3), [3]);
});

test("every range of numbers has at least two ticks and at most eight", () => {
  for (let i = 0; i < 300; i += 1) {
    const low = (Math.random() - 0.5) * 10 ** (i % 9 - 3);
    const high = low + Math.random() * 10 ** (i % 7 - 3) + 1e-6;
    const ticks = niceTicks(low, high, 4);
    assert.ok(ticks.length >= 1 && ticks.length <= 8, `${low} to ${high}: ${ticks}`);
    assert.ok(ticks.every((tick) => tick >= low - 1e-6 * Math.abs(low) - 1e-9 && tick <= high + 1e-6));
  }
});

test("a flat share looks flat: at least ten per cent of the scale are shown", () => {
  const [low, high] = rangeOf([0.95, 0.951], true);
  assert.ok(high - low >= 0.1 && high <= 1.02 + 1e-9);
  const [zero, top] = rangeOf([0, 0], true);
  assert.ok(zero <= 0 && zero >= -0.021 && top >= 0.05);
});

test("every value lies within its range", () => {
  for (let i = 0; i < 200; i += 1) {
    const isShare = i % 2 === 0;
    const values = Array.from({ length: 1 + (i % 5) }, () => (isShare ? 1 : 40) * Math.random());
    const [low, high] = rangeOf(values, isShare);
    assert.ok(values.every((value) => value >= low && value <= high), `${values}: ${low} ${high}`);
  }
});

const panel = { title: "Harmony", is_share: true, lines: [
  { name: "a", label: "triads", track: 0 }, { name: "b", label: "held notes", track: 1 }] };

test("a chart holds its lines, the data's values and the whole way", () => {
  const chart = chartOf([{ step: 0, a: 0.1 }, { step: 40, a: 0.5 }], panel, { a: 0.7, b: 0.1 });
  assert.deepEqual(chart.lines.map(({ label, data }) => [label, data]), [["triads", 0.7]]);
  assert.deepEqual(chart.x, [0, 40]);
  assert.ok(chart.y[1] >= 0.7);
});

test("a chart of nothing is drawn, too", () => {
  const chart = chartOf([], panel, {});
  assert.deepEqual(chart.lines, []);
  assert.equal(chartWords("Harmony", chart, 0), "Harmony: nothing measured yet.");
});

test("a chart says in words what it shows at a step", () => {
  const chart = chartOf([{ step: 0, a: 0.1 }, { step: 40, a: 0.5 }], panel, { a: 0.628 });
  assert.equal(chartWords("Harmony", chart, 40),
    "Harmony at step 40: triads 50 %, the data's 63 %.");
});

test("values are written as people write them", () => {
  assert.deepEqual([valueWords(0.632, true), valueWords(0.0123, true), valueWords(0, true)],
    ["63 %", "1.2 %", "0 %"]);
  assert.deepEqual([valueWords(-1.3084), valueWords(3.3), valueWords(0), valueWords(-2e-9)],
    ["−1.31", "3.30", "0", "−2.00 · 10^−9"]);
  assert.deepEqual([valueWords(13412.3), valueWords(null)], ["13,412", "–"]);
  assert.deepEqual([tickWords(0.5, true, 0.5), tickWords(-5, false, 5)], ["50 %", "−5"]);
});

test("a path goes from point to point", () => {
  const x = scale([0, 10], [0, 100]);
  const y = scale([0, 1], [50, 0]);
  assert.equal(pathOf([[0, 0], [10, 1]], x, y), "M0.0 50.0L100.0 0.0");
});

test("few points all bear a sign, many only some", () => {
  const points = Array.from({ length: 100 }, (_, i) => [i, i]);
  assert.equal(signedPoints(points.slice(0, 5)).length, 5);
  assert.equal(signedPoints(points, 7, 3).length, 7);
});

test("stages of raw sound have no pitches, and the others keep theirs", () => {
  const notes = { music: { tracks: [{ is_drum: false, notes: [[0, 60, 4], [4, 72, 4]] }] } };
  assert.equal(pitchesOf([{ music: null, wav: "data:" }]), null);
  assert.deepEqual(pitchesOf([{ music: null }, notes]), [60, 72]);
});

test("the outline of a waveform goes there above the middle and back below it", () => {
  assert.equal(outline([]), "");
  const points = outline([100, 0]).slice(1, -1).split("L").map((p) => p.split(",").map(Number));
  assert.deepEqual(points, [[75, 0], [225, 49.5], [225, 50.5], [75, 100]]);
});

/** What an audio element does, as far as a recording needs it. */
class FakeAudio extends EventTarget {
  paused = true;
  currentTime = 0;
  duration = 2;
  play() {
    this.paused = false;
    this.dispatchEvent(new Event("play"));
    return Promise.resolve();
  }
  pause() {
    if (!this.paused) {
      this.paused = true;
      this.dispatchEvent(new Event("pause"));
    }
  }
  removeAttribute() {
    this.src = "";
  }
}

test("another stage takes over what plays, and silence stays silence", () => {
  const [audio, told] = [new FakeAudio(), []];
  const recording = createRecording({ audio, onChange: (what) => told.push(what) });
  recording.set("data:a");
  assert.equal(recording.isPlaying(), false);
  recording.play();
  recording.set("data:b");
  assert.equal(audio.src, "data:b");
  assert.equal(recording.isPlaying(), true);
  recording.set(null);
  assert.equal(recording.isPlaying(), false);
  assert.equal(recording.isThere(), false);
  assert.deepEqual(told, ["play", "pause", "play", "pause"]);
});

test("a recording is sought by its share, and told nothing after it is closed", () => {
  const [audio, told] = [new FakeAudio(), []];
  const recording = createRecording({ audio, onChange: (what) => told.push(what) });
  recording.set("data:a");
  recording.seek(0.25);
  assert.equal(audio.currentTime, 0.5);
  assert.equal(recording.share(), 0.25);
  recording.close();
  audio.play();
  assert.deepEqual(told, []);
});
