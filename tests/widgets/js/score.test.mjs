import assert from "node:assert/strict";
import { test } from "node:test";
import { barAndBeat, barLines, beatLines, completeMusic, drumName, flatNotes, musicEnd,
  musicSeconds, notesAt, spokenPlace, tempoMap } from "../../../widgets/shared/score.js";

const music = (values = {}) => completeMusic(values);
const track = (...notes) => ({ name: "", program: 0, is_drum: false, notes });

test("at 120 beats a minute a step lasts an eighth of a second", () => {
  const map = tempoMap(music({ tempo: 120 }));
  assert.equal(map.secondsAt(16), 2);
  assert.equal(map.stepAt(2), 16);
});

test("a tempo change counts from its step on", () => {
  const map = tempoMap(music({ tempo: 60, tempo_changes: [[8, 120]] }));
  assert.equal(map.secondsAt(8), 2);
  assert.equal(map.secondsAt(16), 3);
  assert.equal(map.tempoAt(7.9), 60);
  assert.equal(map.tempoAt(8), 120);
});

test("stepAt undoes secondsAt, through every tempo change", () => {
  const map = tempoMap(music({ tempo: 93, tempo_changes: [[3, 141], [3, 50], [20.5, 200]] }));
  for (let step = 0; step < 60; step += 0.7) {
    assert.ok(Math.abs(map.stepAt(map.secondsAt(step)) - step) < 1e-9);
  }
});

test("bars are numbered from 1, and the last line stands behind the last note", () => {
  assert.deepEqual(barLines(music({ tracks: [track([0, 60, 20, 80])] })),
    [{ step: 0, number: 1 }, { step: 16, number: 2 }, { step: 32, number: 3 }]);
});

test("a pickup is bar 0", () => {
  const lines = barLines(music({ pickup: 4, metres: [[0, 3, 4]] }), 20);
  assert.deepEqual(lines.map(({ step }) => step), [0, 4, 16, 28]);
  assert.deepEqual(lines.map(({ number }) => number), [0, 1, 2, 3]);
});

test("a new metre begins a new bar", () => {
  const lines = barLines(music({ metres: [[0, 4, 4], [24, 3, 4]] }), 48);
  assert.deepEqual(lines.map(({ step }) => step), [0, 16, 24, 36, 48]);
});

test("beats lie between the bar lines; those of a pickup are counted back", () => {
  assert.deepEqual(beatLines(music({ tracks: [track([0, 60, 16, 80])] })), [4, 8, 12]);
  const upbeat = music({ pickup: 6, tracks: [track([0, 60, 22, 80])] });
  assert.deepEqual(beatLines(upbeat), [2, 10, 14, 18]);
});

test("a place is told as bar and beat", () => {
  assert.deepEqual(barAndBeat(music(), 22), { bar: 2, beat: 2.5 });
  assert.equal(spokenPlace(music(), 22), "bar 2, beat 2");
  assert.equal(spokenPlace(music({ pickup: 4 }), 0), "pickup, beat 1");
});

test("notes of all tracks come in order of time and keep their names", () => {
  const notes = flatNotes(music({ tracks: [track([4, 60, 4, 80]), track([0, 50, 8, 70])] }));
  assert.deepEqual(notes.map((note) => [note.track, note.index, note.start, note.end]),
    [[1, 0, 0, 8], [0, 0, 4, 8]]);
  assert.deepEqual(notesAt(notes, 4).map((note) => note.track), [1, 0]);
  assert.deepEqual(notesAt(notes, 8), []);
});

test("music without notes has an end and a length of 0", () => {
  assert.equal(musicEnd(music()), 0);
  assert.equal(musicSeconds(music()), 0);
});

test("a drum without a name is called by its number", () => {
  assert.equal(drumName(38), "Snare");
  assert.equal(drumName(99), "Drum 99");
});
