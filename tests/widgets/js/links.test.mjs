// Tokens and notes that belong together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { linksBetween, nextNote, noteAt, notesOfToken, tokenByKey }
  from "../../../widgets/linked/links.js";
import { flatNotes } from "../../../widgets/shared/score.js";

// Voice 0: C4 for four steps, D4 for two, a rest, E4. Voice 1: G3 for eight steps.
const NOTES = flatNotes({ tracks: [
  { notes: [[0, 60, 4, 80], [4, 62, 2, 80], [7, 64, 1, 80]] },
  { notes: [[0, 55, 8, 80]] },
] });
const token = (text, start, end, voice = null) => ({ text, start, end, voice });
const keys = (found) => found.map(({ track, index }) => `${track}:${index}`).sort();

test("a token of a voice speaks of the note that begins with it", () => {
  assert.deepEqual(keys(notesOfToken(token("D4:2", 4, 6, 0), NOTES)), ["0:1"]);
});

test("a hold speaks of the note that sounds on", () => {
  assert.deepEqual(keys(notesOfToken(token("hold", 2, 3, 0), NOTES)), ["0:0"]);
});

test("a rest speaks of no note", () => {
  assert.deepEqual(notesOfToken(token("rest", 6, 7, 0), NOTES), []);
});

test("a shift of time speaks of all that sounds meanwhile", () => {
  assert.deepEqual(keys(notesOfToken(token("shift 4", 2, 6), NOTES)), ["0:0", "0:1", "1:0"]);
});

test("a mark speaks of what begins there, or else of what sounds there", () => {
  assert.deepEqual(keys(notesOfToken(token("bar", 0, 0), NOTES)), ["0:0", "1:0"]);
  assert.deepEqual(keys(notesOfToken(token("position 4", 4, 4), NOTES)), ["0:1"]);
  assert.deepEqual(keys(notesOfToken(token("position 2", 2, 2), NOTES)), ["0:0", "1:0"]);
});

test("a note off the grid is found at the nearest step", () => {
  const notes = flatNotes({ tracks: [{ notes: [[3.8, 60, 4, 80]] }] });
  assert.deepEqual(keys(notesOfToken(token("C4", 4, 8, 0), notes)), ["0:0"]);
});

test("for a note stand the tokens of its own voice, those of all only without them", () => {
  const tokens = [token("bar", 0, 0), token("C4", 0, 4, 0), token("hold", 1, 2, 0),
    token("shift 8", 0, 8)];
  const { tokensOf } = linksBetween(tokens, NOTES);
  assert.deepEqual(tokensOf.get("0:0"), [1, 2]);
  assert.deepEqual(tokensOf.get("1:0"), [0, 3]);
});

test("both ways agree", () => {
  const tokens = [token("C4", 0, 4, 0), token("G3", 0, 8, 1), token("D4", 4, 6, 0)];
  const { notesOf, tokensOf } = linksBetween(tokens, NOTES);
  tokensOf.forEach((numbers, key) => numbers.forEach((number) =>
    assert.ok(notesOf[number].includes(key))));
});

test("the note under the pointer, at most a semitone off, or none", () => {
  assert.equal(noteAt(NOTES, 1, 60).pitch, 60);
  assert.equal(noteAt(NOTES, 1, 61).pitch, 60);
  assert.equal(noteAt(NOTES, 1, 70), null);
  assert.equal(noteAt(NOTES, 6.5, 62), null);
  assert.equal(noteAt(NOTES, 1, null), null);
});

test("the arrow keys lead through the tokens, up and down by bars", () => {
  const tokens = ["bar", "a", "b", "bar", "c"].map((text) => token(text, 0, 0));
  const to = (number, key) => tokenByKey(tokens, number, { key });
  assert.equal(to(1, "ArrowRight"), 2);
  assert.equal(to(4, "ArrowRight"), 4);
  assert.equal(to(0, "ArrowLeft"), 0);
  assert.equal(to(1, "ArrowDown"), 3);
  assert.equal(to(3, "ArrowDown"), 4);
  assert.equal(to(2, "ArrowUp"), 0);
  assert.equal(to(2, "Home"), 0);
  assert.equal(to(2, "End"), 4);
  assert.equal(to(2, "a"), null);
});

test("from note to note in order of time", () => {
  assert.equal(nextNote(NOTES, "0:0", 1).pitch, 55);
  assert.equal(nextNote(NOTES, "0:0", -1).pitch, 60);
  assert.equal(nextNote(NOTES, "", 1).pitch, 60);
});
