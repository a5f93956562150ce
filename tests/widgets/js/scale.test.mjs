import assert from "node:assert/strict";
import { test } from "node:test";
import { SCALES, guessScale, isInScale, parseScale, scaleName, stepUp, tonicNames }
  from "../../../widgets/keyboard/scale.js";
import { CHORD_KINDS, chordOn } from "../../../widgets/keyboard/chords.js";

const names = (pitches) => pitches.map((pitch) => tonicNames()[pitch % 12]).join(" ");
const notes = (pitches) =>
  pitches.map((pitch, i) => ({ pitch, start: i, duration: 1 }));

test("a scale is read by its name, and its name is given back", () => {
  assert.deepEqual(parseScale("F# dorian"),
    { tonic: 6, kind: "dorian", degrees: SCALES.dorian });
  assert.equal(scaleName(6, "dorian"), "F# dorian");
});

test("what is no scale is null", () => {
  ["", "H major", "C", "C loud", "major"].forEach((name) =>
    assert.equal(parseScale(name), null));
});

test("C major holds the white keys", () => {
  const inside = [...Array(12).keys()].filter((p) => isInScale(parseScale("C major"), 60 + p));
  assert.deepEqual(inside, [0, 2, 4, 5, 7, 9, 11]);
});

test("a scale reaches below its tonic", () => {
  assert.equal(isInScale(parseScale("A minor"), 0), true); // C-1
  assert.equal(isInScale(parseScale("A minor"), 1), false);
});

test("going up the scale by its length is an octave, from every note of every scale", () => {
  Object.keys(SCALES).forEach((kind) => tonicNames().forEach((tonic) => {
    const scale = parseScale(`${tonic} ${kind}`);
    for (let pitch = 40; pitch < 64; pitch += 1) {
      if (!isInScale(scale, pitch)) continue;
      assert.equal(stepUp(scale, pitch, scale.degrees.length), pitch + 12);
      assert.equal(isInScale(scale, stepUp(scale, pitch, 1)), true);
    }
  }));
});

test("a scale played up and down is its key", () => {
  assert.equal(guessScale(notes([67, 69, 71, 72, 74, 76, 78, 79])), "G major");
});

test("without notes no key is guessed", () => assert.equal(guessScale([]), null));

test("without a scale a key carries its major triad", () => {
  assert.equal(names(chordOn(62, "triad")), "D F# A");
});

test("in C major every key carries a triad of white keys", () => {
  const scale = parseScale("C major");
  assert.deepEqual([60, 62, 64, 65, 67, 69, 71].map((p) => names(chordOn(p, "triad", scale))),
    ["C E G", "D F A", "E G B", "F A C", "G B D", "A C E", "B D F"]);
});

test("sevenths stack one more third, in the key", () => {
  assert.equal(names(chordOn(67, "seventh", parseScale("C major"))), "G B D F");
  assert.equal(names(chordOn(60, "seventh")), "C E G A#");
});

test("every chord of every scale stays in its scale and begins with its key", () => {
  Object.keys(SCALES).forEach((kind) => {
    const scale = parseScale(`E ${kind}`);
    CHORD_KINDS.forEach((chord) => {
      for (let pitch = 52; pitch < 64; pitch += 1) {
        if (!isInScale(scale, pitch)) continue;
        const pitches = chordOn(pitch, chord, scale);
        assert.equal(pitches[0], pitch);
        assert.deepEqual(pitches.filter((one) => !isInScale(scale, one)), []);
        assert.deepEqual(pitches, [...new Set(pitches)].sort((a, b) => a - b));
      }
    });
  });
});

test("a chord at the top of MIDI loses what lies above it", () => {
  assert.deepEqual(chordOn(125, "triad"), [125]);
});
