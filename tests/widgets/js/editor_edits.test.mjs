import assert from "node:assert/strict";
import { test } from "node:test";
import { endOf, fromMusic, idsAt, placesOf, redo, replaceMusic, toMusic, undo, LONGEST_HISTORY }
  from "../../../widgets/editor/document.js";
import * as edits from "../../../widgets/editor/edits.js";
import { allIds, idsInBox, idsOfVoice, neighbour, noteAt, toggled }
  from "../../../widgets/editor/selection.js";
import { randomDoc, randomEdit, tools } from "./editor_random.mjs";

const track = (notes, extra = {}) => ({ name: "", program: 0, is_drum: false, notes, ...extra });
const piece = (tracks, rules = {}) => fromMusic({ title: "", tempo: 100, tempo_changes: [],
  metres: [[0, 4, 4]], pickup: 0, tracks }, rules);
const notesOf = (doc, voice = 0) => toMusic(doc).tracks[voice].notes;
const C = { tonic: 0, mode: "major" };

const TUNE = [[0, 60, 4, 80], [4, 62, 4, 80], [8, 64, 8, 80]];

// --- properties that hold for every edit

/** Calls `check` with a random piece before and after each of eight edits. */
const afterAnyEdit = (check) => {
  for (let seed = 0; seed < 150; seed += 1) {
    let doc = randomDoc(seed);
    const tool = tools(1000 + seed);
    for (let i = 0; i < 8; i += 1) {
      const before = doc;
      const result = randomEdit(doc, tool);
      check(before, result.doc, result);
      doc = result.doc;
    }
  }
};

test("undo takes any edit back", () => afterAnyEdit((before, after) => {
  if (after === before) return;
  assert.deepEqual(toMusic(undo(after)), toMusic(before));
}));

test("redo brings any edit again", () => afterAnyEdit((before, after) => {
  if (after === before) return;
  assert.deepEqual(toMusic(redo(undo(after))), toMusic(after));
}));

test("no edit changes the document that it was given", () => {
  for (let seed = 0; seed < 150; seed += 1) {
    const doc = randomDoc(seed);
    const before = structuredClone(doc);
    randomEdit(doc, tools(seed));
    assert.deepEqual(doc, before);
  }
});

test("no edit leaves the MIDI range or begins before the beginning", () =>
  afterAnyEdit((_, { notes }) => notes.forEach((note) => {
    assert.ok(Number.isInteger(note.pitch) && note.pitch >= 0 && note.pitch <= 127);
    assert.ok(Number.isInteger(note.velocity) && note.velocity >= 1 && note.velocity <= 127);
    assert.ok(note.start >= 0 && note.duration > 0 && Number.isFinite(endOf(note)));
  })));

test("no edit goes beyond the longest length allowed", () =>
  afterAnyEdit((_, doc) => doc.notes.forEach((note) =>
    assert.ok(endOf(note) <= doc.rules.maxSteps + 1e-9))));

test("no edit touches a locked voice", () => afterAnyEdit((before, after) => {
  before.rules.locked.forEach((voice) =>
    assert.deepEqual(notesOf(after, voice), notesOf(before, voice)));
}));

test("in a voice no two notes of one pitch sound at once", () => afterAnyEdit((_, doc) => {
  doc.notes.forEach((a) => doc.notes.forEach((b) => {
    if (a.id >= b.id || a.voice !== b.voice || a.pitch !== b.pitch) return;
    assert.ok(endOf(a) <= b.start + 1e-9 || endOf(b) <= a.start + 1e-9);
  }));
}));

test("notes keep the order in which Python counts them", () => afterAnyEdit((_, doc) => {
  toMusic(doc).tracks.forEach(({ notes }) => notes.slice(1).forEach((note, i) => {
    const [first, then] = [notes[i], note];
    const place = first.findIndex((value, j) => value !== then[j]);
    assert.ok(place < 0 || first[place] < then[place]);
  }));
}));

test("only notes that exist are selected, and every edit says something", () =>
  afterAnyEdit((_, doc, { say }) => {
    const ids = allIds(doc);
    assert.ok([...doc.selected].every((id) => ids.has(id)));
    assert.match(say, /\.$/);
  }));

test("what is not possible leaves the very same document", () =>
  afterAnyEdit((before, after, { isRefused }) => assert.equal(after === before, Boolean(isRefused))));

// --- history

test("undo and redo go through the whole history", () => {
  let doc = piece([track([])]);
  for (let i = 0; i < 5; i += 1) {
    doc = edits.draw(doc, { voice: 0, start: i, pitch: 60 + i, duration: 1 }).doc;
  }
  const full = toMusic(doc);
  for (let i = 0; i < 5; i += 1) doc = undo(doc);
  assert.deepEqual(notesOf(doc), []);
  assert.equal(undo(doc), doc);
  for (let i = 0; i < 5; i += 1) doc = redo(doc);
  assert.deepEqual(toMusic(doc), full);
  assert.equal(redo(doc), doc);
});

test("an edit after an undo forgets what was undone", () => {
  const drawn = edits.draw(piece([track([])]), { voice: 0, start: 0, pitch: 60, duration: 1 }).doc;
  const other = edits.draw(undo(drawn), { voice: 0, start: 0, pitch: 72, duration: 1 }).doc;
  assert.equal(redo(other), other);
});

test("the history has an end", () => {
  let doc = piece([track([])]);
  for (let i = 0; i < LONGEST_HISTORY + 20; i += 1) {
    doc = edits.draw(doc, { voice: 0, start: i, pitch: 60, duration: 1 }).doc;
  }
  assert.equal(doc.past.length, LONGEST_HISTORY);
});

test("the repeats of a key that is held down are undone as one", () => {
  const doc = piece([track(TUNE)]);
  const ids = allIds(doc);
  const once = edits.move(doc, ids, { degrees: 1 }).doc;
  const twice = edits.move(once, ids, { degrees: 1, isContinued: true }).doc;
  assert.deepEqual(toMusic(undo(twice)), toMusic(doc));
});

test("undo brings back what was selected", () => {
  const doc = { ...piece([track(TUNE)]), selected: new Set([2]) };
  assert.deepEqual(undo(edits.erase(doc, new Set([2])).doc).selected, new Set([2]));
});

test("music from outside is one step of the history, with its tempo", () => {
  const doc = piece([track(TUNE)]);
  const other = { ...toMusic(doc), tempo: 60, tracks: [track([[0, 50, 1, 80]])] };
  const replaced = replaceMusic(doc, other, "harmonise");
  assert.deepEqual(toMusic(replaced), other);
  assert.deepEqual(toMusic(undo(replaced)), toMusic(doc));
  assert.deepEqual(toMusic(redo(undo(replaced))), other);
});

test("reading music and writing it again changes nothing", () => {
  const music = { title: "A", tempo: 90, tempo_changes: [[4, 100]], metres: [[0, 3, 4]],
    pickup: 4, tracks: [track(TUNE, { name: "Flute", program: 73 }),
      track([[0, 36, 1, 90], [0, 36, 2, 80]], { is_drum: true })] };
  assert.deepEqual(toMusic(fromMusic(music)), music);
});

// --- each edit

test("a drawn note is selected and told", () => {
  const { doc, say } = edits.draw(piece([track(TUNE)]),
    { voice: 0, start: 20, pitch: 66, duration: 2 });
  assert.deepEqual(placesOf(doc), [[0, 3]]);
  assert.equal(say, "Drew F sharp 4, eighth, bar 2, beat 2.");
});

test("a note drawn over one of its pitch cuts it short", () => {
  const { doc } = edits.draw(piece([track(TUNE)]), { voice: 0, start: 10, pitch: 64, duration: 2 });
  assert.deepEqual(notesOf(doc).slice(2), [[8, 64, 2, 80], [10, 64, 2, 80]]);
});

test("in a voice that sings one note at a time a drawn note cuts any other", () => {
  const doc = piece([track(TUNE), track(TUNE)], { isMonophonic: true });
  const drawn = edits.draw(doc, { voice: 0, start: 3, pitch: 70, duration: 3 }).doc;
  assert.deepEqual(notesOf(drawn), [[0, 60, 3, 80], [3, 70, 3, 80], [8, 64, 8, 80]]);
  assert.deepEqual(notesOf(drawn, 1), TUNE);
});

test("nothing is drawn behind the end", () => {
  const doc = piece([track(TUNE)], { maxSteps: 32 });
  const { isRefused, say } = edits.draw(doc, { voice: 0, start: 32, pitch: 60, duration: 1 });
  assert.equal(isRefused, true);
  assert.equal(say, "The music here ends after 2 bars.");
});

test("a note that would last beyond the end ends there", () => {
  const doc = piece([track([])], { maxSteps: 32 });
  const drawn = edits.draw(doc, { voice: 0, start: 30, pitch: 60, duration: 8 }).doc;
  assert.deepEqual(notesOf(drawn), [[30, 60, 2, 80]]);
});

test("no more notes than allowed are drawn or pasted", () => {
  const doc = piece([track(TUNE)], { maxNotes: 4 });
  assert.equal(edits.duplicate(doc, allIds(doc), "1/16").isRefused, true);
  const full = edits.draw(doc, { voice: 0, start: 20, pitch: 60, duration: 1 }).doc;
  const { say } = edits.draw(full, { voice: 0, start: 24, pitch: 60, duration: 1 });
  assert.equal(say, "There is room for 4 notes, and 4 are there.");
});

test("notes move together and stop together at the edge", () => {
  const doc = piece([track(TUNE)]);
  const ids = new Set([2, 3]);
  assert.deepEqual(notesOf(edits.move(doc, ids, { steps: -100 }).doc),
    [[0, 60, 4, 80], [0, 62, 4, 80], [4, 64, 8, 80]]);
  const high = notesOf(edits.move(doc, ids, { degrees: 100 }).doc).map((note) => note[1]);
  assert.deepEqual(high, [60, 125, 127]);
});

test("notes that are at the edge say so", () => {
  const doc = piece([track(TUNE)]);
  assert.equal(edits.move(doc, allIds(doc), { steps: -1 }).say,
    "The first note begins with the music: it can't begin earlier.");
});

test("in a key notes move from one of its notes to the next", () => {
  const doc = piece([track(TUNE)]);
  const moved = edits.move(doc, allIds(doc), { degrees: 1, key: C }).doc;
  assert.deepEqual(notesOf(moved).map((note) => note[1]), [62, 64, 65]);
});

test("drums move by themselves, whatever the key", () => {
  const doc = piece([track([[0, 36, 1, 80]], { is_drum: true })]);
  assert.deepEqual(notesOf(edits.move(doc, allIds(doc), { degrees: 1, key: C }).doc),
    [[0, 37, 1, 80]]);
});

test("a transposition happens whole or not at all, and leaves the drums", () => {
  const doc = piece([track([[0, 60, 1, 80], [1, 120, 1, 80]]),
    track([[0, 36, 1, 80]], { is_drum: true })]);
  assert.equal(edits.transpose(doc, allIds(doc), 12).say, "That would be too high for them.");
  const down = edits.transpose(doc, allIds(doc), -12).doc;
  assert.deepEqual(toMusic(down).tracks.map((voice) => voice.notes.map((note) => note[1])),
    [[48, 108], [36]]);
});

test("a stretched note grows at its end, or at its beginning", () => {
  const doc = piece([track(TUNE)]);
  const ids = new Set([2]);
  assert.deepEqual(notesOf(edits.stretch(doc, ids, { steps: 3 }).doc)[1], [4, 62, 7, 80]);
  assert.deepEqual(notesOf(edits.stretch(doc, ids, { steps: -3, side: "start" }).doc)[1],
    [1, 62, 7, 80]);
});

test("a note never gets shorter than the shortest", () => {
  const doc = piece([track(TUNE)]);
  const short = edits.stretch(doc, new Set([1]), { steps: -100, shortest: 1 });
  assert.deepEqual(notesOf(short.doc)[0], [0, 60, 1, 80]);
  assert.equal(edits.stretch(short.doc, new Set([1]), { steps: -1, shortest: 1 }).say,
    "It is as short as it can be.");
});

test("a note that is shorter than the shortest does not grow by being shortened", () => {
  const doc = piece([track([[0, 60, 0.5, 80]])]);
  assert.equal(edits.stretch(doc, allIds(doc), { steps: -1, shortest: 4 }).isRefused, true);
});

test("a locked voice says that it is locked", () => {
  const doc = piece([track(TUNE, { name: "Soprano" })], { locked: [0] });
  assert.equal(edits.erase(doc, allIds(doc)).say, "Soprano is locked, so it stays as it is.");
});

test("velocity is set, or changed, from 1 to 127", () => {
  const doc = piece([track(TUNE)]);
  const velocities = (result) => notesOf(result.doc).map((note) => note[3]);
  assert.deepEqual(velocities(edits.setVelocity(doc, new Set([1]), { velocity: 100 })), [100, 80, 80]);
  assert.deepEqual(velocities(edits.setVelocity(doc, allIds(doc), { by: 99 })), [127, 127, 127]);
  assert.deepEqual(velocities(edits.setVelocity(doc, allIds(doc), { by: -99 })), [1, 1, 1]);
});

test("notes are brought to the grid, and once is enough", () => {
  const doc = piece([track([[0.2, 60, 1, 80], [3.7, 62, 1, 80]])]);
  const tidy = edits.quantise(doc, allIds(doc), "1/16").doc;
  assert.deepEqual(notesOf(tidy).map((note) => note[0]), [0, 4]);
  assert.equal(edits.quantise(tidy, allIds(tidy), "1/16").isRefused, true);
});

test("notes beside the key are brought into it, and once is enough", () => {
  const doc = piece([track([[0, 61, 1, 80], [4, 64, 1, 80], [8, 66, 1, 80]])]);
  const { doc: tidy, say } = edits.bringIntoKey(doc, allIds(doc), C, "C major");
  assert.deepEqual(notesOf(tidy).map((note) => note[1]), [60, 64, 65]);
  assert.equal(say, "Brought 2 notes into C major.");
  assert.equal(edits.bringIntoKey(tidy, allIds(tidy), C, "C major").isRefused, true);
});

test("a note changes its voice", () => {
  const doc = piece([track(TUNE), track([], { name: "Alto" })]);
  const { doc: next, say } = edits.moveToVoice(doc, new Set([2]), 1);
  assert.deepEqual(notesOf(next, 1), [[4, 62, 4, 80]]);
  assert.equal(say, "Gave 1 note to Alto.");
});

test("copy and paste puts the same notes somewhere else, selected", () => {
  const doc = piece([track(TUNE)]);
  const pasted = edits.paste(doc, edits.clipOf(doc, new Set([2, 3])), { at: 32, voice: 0 }).doc;
  assert.deepEqual(notesOf(pasted).slice(3), [[32, 62, 4, 80], [36, 64, 8, 80]]);
  assert.deepEqual(placesOf(pasted), [[0, 3], [0, 4]]);
});

test("notes of one voice are pasted into the voice chosen, those of several into theirs", () => {
  const doc = piece([track(TUNE), track([[0, 48, 4, 80]])]);
  const one = edits.paste(doc, edits.clipOf(doc, idsOfVoice(doc, 1)), { at: 16, voice: 0 }).doc;
  assert.equal(notesOf(one).length, 4);
  const both = edits.paste(doc, edits.clipOf(doc, allIds(doc)), { at: 16, voice: 0 }).doc;
  assert.deepEqual([notesOf(both).length, notesOf(both, 1).length], [6, 2]);
});

test("a paste tells what did not fit", () => {
  const doc = piece([track(TUNE)], { maxSteps: 32 });
  const { doc: next, say } = edits.paste(doc, edits.clipOf(doc, allIds(doc)), { at: 24, voice: 0 });
  assert.deepEqual(notesOf(next).slice(3), [[24, 60, 4, 80], [28, 62, 4, 80]]);
  assert.equal(say, "Pasted 2 notes. 1 note did not fit.");
});

test("a duplicate comes right behind", () => {
  const doc = piece([track(TUNE)]);
  const starts = notesOf(edits.duplicate(doc, allIds(doc), "1/4").doc).map((note) => note[0]);
  assert.deepEqual(starts, [0, 4, 8, 16, 20, 24]);
});

test("a duplicate never covers what it copies", () => {
  const doc = piece([track([[0, 60, 5, 80]])]);
  const twice = edits.duplicate(doc, allIds(doc), "1/4").doc;
  assert.deepEqual(notesOf(twice), [[0, 60, 5, 80], [5, 60, 5, 80]]);
});

// --- choosing notes

test("a box takes the notes that it touches", () => {
  const doc = piece([track(TUNE), track(TUNE)]);
  assert.equal(idsInBox(doc, { from: 3, to: 5, low: 60, high: 62 }).size, 4);
  assert.equal(idsInBox(doc, { from: 3, to: 5, low: 61, high: 70, voices: [1] }).size, 1);
  assert.equal(idsInBox(doc, { from: 16, to: 20, low: 0, high: 127 }).size, 0);
});

test("choosing a note again lets go of it", () => {
  assert.deepEqual(toggled(toggled(new Set([1]), 2), 1), new Set([2]));
});

test("of two notes at one place the one of the voice in hand is meant", () => {
  const doc = piece([track(TUNE), track(TUNE)]);
  assert.equal(noteAt(doc, { step: 1, pitch: 60, voice: 0 }).voice, 0);
  assert.equal(noteAt(doc, { step: 1, pitch: 60, voice: 1 }).voice, 1);
  assert.equal(noteAt(doc, { step: 4, pitch: 60, voice: 0 }), null);
});

test("a drum is not the note of a pitched voice, though it has its number", () => {
  const doc = piece([track([]), track([[0, 60, 4, 80]], { is_drum: true })]);
  assert.equal(noteAt(doc, { step: 1, pitch: 60, voice: 0 }), null);
  assert.equal(noteAt(doc, { step: 1, pitch: 60, voice: 1 }).voice, 1);
});

test("notes do not go from a melody to the drums", () => {
  const doc = piece([track(TUNE), track([], { is_drum: true })]);
  const clip = edits.clipOf(doc, allIds(doc));
  assert.equal(edits.moveToVoice(doc, allIds(doc), 1).isRefused, true);
  assert.match(edits.paste(doc, clip, { at: 0, voice: 1 }).say, /^Drums and pitched voices/);
});

test("one goes from note to note in a voice", () => {
  const doc = piece([track(TUNE)]);
  assert.equal(neighbour(doc, { voice: 0, step: 1 }).pitch, 62);
  assert.equal(neighbour(doc, { voice: 0, step: 1, by: -1 }).pitch, 60);
  assert.equal(neighbour(doc, { voice: 0, id: 2, by: 1 }).pitch, 64);
  assert.equal(neighbour(doc, { voice: 0, id: 3, by: 1 }), null);
});

test("a place that Python names is found, and a missing one is left out", () => {
  const doc = piece([track(TUNE), track(TUNE)]);
  assert.deepEqual(placesOf(doc, idsAt(doc, [[1, 2], [0, 0], [0, 9], [7, 0]])), [[0, 0], [1, 2]]);
});
