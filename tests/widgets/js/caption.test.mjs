import assert from "node:assert/strict";
import { test } from "node:test";
import { captionOf, chordName } from "../../../widgets/shared/caption.js";
import { completeMusic, flatNotes } from "../../../widgets/shared/score.js";

const track = (notes, more = {}) => ({ name: "", program: 0, is_drum: false, notes, ...more });
const at = (tracks, step) => {
  const music = completeMusic({ tracks });
  return captionOf(music, flatNotes(music), step);
};

test("triads have their names, whatever lies lowest", () => {
  assert.equal(chordName([60, 64, 67]), "C major chord");
  assert.equal(chordName([64, 67, 72]), "C major chord");
  assert.equal(chordName([57, 60, 64, 69]), "A minor chord");
  assert.equal(chordName([59, 62, 65]), "B diminished chord");
});

test("sevenths and open fifths have their names", () => {
  assert.equal(chordName([55, 59, 62, 65]), "G seventh chord");
  assert.equal(chordName([48, 55]), "C open fifth");
});

test("of chords that are alike from each note the lowest is the root", () => {
  assert.equal(chordName([60, 64, 68]), "C augmented chord");
  assert.equal(chordName([64, 68, 72]), "E augmented chord");
});

test("what is no chord of these has no name", () => {
  [[60], [60, 61], [60, 62, 64]].forEach((pitches) => assert.equal(chordName(pitches), ""));
});

test("what sounds is named from high to low, with its chord", () => {
  const voices = [track([[0, 67, 8, 80]]), track([[0, 64, 4, 80], [4, 62, 4, 80]]),
    track([[0, 48, 8, 80]])];
  assert.equal(at(voices, 0), "G4, E4 and C3: C major chord");
  assert.equal(at(voices, 4), "G4, D4 and C3");
  assert.equal(at(voices, 8), "a rest");
});

test("one note, drums and many notes have words", () => {
  const kick = track([[0, 36, 2, 90]], { is_drum: true });
  assert.equal(at([track([[0, 60, 4, 80]])], 1), "C4");
  assert.equal(at([kick], 0), "drums");
  assert.equal(at([kick, track([[0, 60, 4, 80]])], 0), "C4, with drums");
  const cluster = Array.from({ length: 9 }, (_, i) => [0, 60 + i, 4, 80]);
  assert.equal(at([track(cluster)], 0), "G#4, G4, F#4, F4, E4, D#4 and 3 more");
});
