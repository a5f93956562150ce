import assert from "node:assert/strict";
import { test } from "node:test";
import { afterEdits, barAt, barName, editSign, lockOf, musicOf, nextNote, notesOf, noteWords, standing,
  toggled, toggledNote, usualPace } from "../../../widgets/edit_desk/cells.js";
import { createHands } from "../../../widgets/edit_desk/hands.js";
import { createLoop } from "../../../widgets/edit_desk/loop.js";
import { createRounds, createTake, onGrid } from "../../../widgets/edit_desk/recording.js";
import { createSession } from "../../../widgets/edit_desk/session.js";
import { completeMusic, flatNotes } from "../../../widgets/shared/score.js";
import { createTransport } from "../../../widgets/shared/transport.js";

const BARS = [[0, 16, 1], [16, 32, 2]];
const rows = (...pitches) => pitches.map((pitch) => Array(32).fill(pitch));
const START = { pitches: rows(72, 67, 60, -1), onsets: rows(0, 0, 0, 0) };
// The alto goes down in bar 1, the bass comes in bar 2, the tenor falls silent there.
const EDITS = [[1, 4, 4, 67, 65, 0.9, 1, "one"], [3, 16, 16, -1, 48, 0.5, 1, "two"],
  [2, 16, 16, 60, -1, 0.7, 2, "three"]];
const FRAME = { title: "Two bars", tempo: 120, metres: [[0, 4, 4]], pickup: 0,
  tracks: ["Soprano", "Alto", "Tenor", "Bass"].map((name) =>
    ({ name, program: 0, is_drum: false, notes: [] })) };
const MUSIC = musicOf(afterEdits(START, EDITS, 3), FRAME);

// --- cells

test("notes begin where a pitch changes and where they are struck again", () => {
  assert.deepEqual(notesOf([60, 60, 62, -1, 62, 62], [0, 0, 0, 0, 0, 1]),
    [[0, 60, 2, 80], [2, 62, 1, 80], [4, 62, 1, 80], [5, 62, 1, 80]]);
});

test("edits are made one after another, and what they were made on stays", () => {
  assert.deepEqual(afterEdits(START, EDITS, 0), START);
  const one = afterEdits(START, EDITS, 1);
  assert.deepEqual(one.pitches[1].slice(2, 10), [67, 67, 65, 65, 65, 65, 67, 67]);
  assert.equal(one.pitches[3][16], -1);
  assert.equal(afterEdits(START, EDITS, 3).pitches[3][16], 48);
  assert.equal(START.pitches[1][4], 67);
});

test("a stretch that gets its neighbour's pitch is held on", () => {
  const cells = { pitches: [[60, 60, 62, 62]], onsets: [[1, 0, 1, 0]] };
  const held = afterEdits(cells, [[0, 2, 2, 62, 60, 1, 1, ""]], 1);
  assert.deepEqual(notesOf(held.pitches[0], held.onsets[0]), [[0, 60, 4, 80]]);
});

test("of an edit is left what no later edit has changed again", () => {
  const edits = [[0, 0, 8, 60, 62, 0.5, 1, ""], [0, 2, 2, 62, 64, 0.9, 2, ""],
    [0, 6, 2, 62, -1, 0.8, 2, ""], [1, 0, 2, 60, 61, 0.3, 2, ""]];
  assert.deepEqual(standing(edits, 1), [[0, 0, 8, 62, 0.5]]);
  assert.deepEqual(standing(edits, 4), [[1, 0, 2, 61, 0.3], [0, 2, 2, 64, 0.9], [0, 0, 2, 62, 0.5],
    [0, 4, 2, 62, 0.5]]);
});

test("bars are found and named", () => {
  assert.deepEqual([-1, 0, 15.9, 16, 99].map((step) => barAt(BARS, step)), [0, 0, 0, 1, 1]);
  assert.equal(barName([[0, 4, 0], ...BARS], 0), "Upbeat");
  assert.equal(barName(BARS, 1), "Bar 2");
});

test("a note is locked with its voice, by itself, or with its bar", () => {
  const note = { track: 1, start: 12, end: 20, pitch: 60 };
  const locks = { voices: [], bars: [], notes: [] };
  assert.equal(lockOf(note, locks, BARS), "");
  assert.equal(lockOf(note, { ...locks, bars: [1] }, BARS), "bar");
  assert.equal(lockOf(note, { ...locks, notes: [[1, 19]] }, BARS), "note");
  assert.equal(lockOf(note, { ...locks, notes: [[1, 20], [0, 13]] }, BARS), "");
  assert.equal(lockOf(note, { ...locks, voices: [1], bars: [1] }, BARS), "voice");
});

test("locking again unlocks", () => {
  assert.deepEqual(toggled([1, 3], 2), [1, 2, 3]);
  assert.deepEqual(toggled([1, 2, 3], 2), [1, 3]);
  const note = { track: 1, start: 4, end: 8 };
  assert.deepEqual(toggledNote([[0, 4]], note), [[0, 4], [1, 4]]);
  assert.deepEqual(toggledNote([[0, 4], [1, 6]], note), [[0, 4]]);
});

test("the cursor goes along a voice and across the voices that sing", () => {
  const notes = flatNotes(MUSIC);
  const at = (track, start) => notes.find((n) => n.track === track && n.start === start);
  assert.equal(nextNote(notes, null, "ArrowRight"), notes[0]);
  assert.equal(nextNote(notes, at(1, 0), "ArrowRight"), at(1, 4));
  assert.equal(nextNote(notes, at(1, 4), "ArrowLeft"), at(1, 0));
  assert.equal(nextNote(notes, at(1, 0), "ArrowLeft"), at(1, 0));
  assert.equal(nextNote(notes, at(1, 4), "End"), at(1, 8));
  assert.equal(nextNote(notes, at(1, 8), "ArrowUp"), at(0, 0));
  assert.equal(nextNote(notes, at(2, 0), "ArrowDown"), at(3, 16)); // it begins later
  assert.equal(nextNote(notes, at(3, 16), "ArrowDown"), at(3, 16));
  assert.equal(nextNote([], null, "Home"), null);
});

test("edits and notes in words", () => {
  assert.deepEqual(EDITS.map(editSign), ["G4 → F4", "+ C3", "− C4"]);
  assert.equal(noteWords({ track: 1, pitch: 64 }, ["Soprano", "Alto"], "bar 3, beat 2", "note"),
    "Alto, E4, bar 3, beat 2, locked");
});

test("many edits come faster, so that all are seen in a while", () => {
  assert.equal(usualPace(5), 3);
  assert.equal(usualPace(240), 20);
  assert.equal(usualPace(99_999), 120);
});

// --- what is played

test("a held note lies on the grid", () => {
  assert.deepEqual(onGrid(3.6, 7.7, 32), [4, 4]);
  assert.deepEqual(onGrid(4.1, 4.3, 32), [4, 1]); // a touch is a sixteenth
  assert.deepEqual(onGrid(28, 2, 32), [28, 4]); // held over the end: cut there
  assert.deepEqual(onGrid(31.7, 2.2, 32), [0, 2]); // struck just before it comes round
  assert.equal(onGrid(0, 1, 0), null);
});

test("a take gives each note when it is let go, and all when the music stops", () => {
  const taken = [];
  const take = createTake({ voice: () => 2, end: () => 32, onNotes: (notes) => taken.push(...notes) });
  take.press(60, 0);
  take.press(64, 4);
  take.release(60, 4);
  take.release(61, 5); // was never struck
  assert.deepEqual(taken, [[2, 0, 4, 60]]);
  take.end(8);
  assert.deepEqual(taken.at(-1), [2, 4, 4, 64]);
});

test("a bar is over when the music leaves it, also round the end", () => {
  const look = (steps, bar) => {
    const rounds = createRounds();
    return steps.map((step) => {
      const { isRound, hasLeft } = rounds.look(step, bar);
      return `${isRound ? "r" : ""}${hasLeft ? "l" : ""}`;
    });
  };
  assert.deepEqual(look([0, 15, 16.1, 31, 0.2, 15, 17], [0, 16]), ["", "", "l", "", "r", "", "l"]);
  assert.deepEqual(look([0, 17, 31, 0.5, 1], [16, 32]), ["l", "", "", "rl", ""]);
  assert.deepEqual(look([1, 9, 2, 8, 1], [0, 16]), ["", "", "rl", "", "rl"]); // the only bar
});

// --- sessions

const setUp = (traits = {}) => {
  const values = { music: MUSIC, bars: BARS, voices: FRAME.tracks.map(({ name }) => name),
    thought: { number: 1, is_new: false, ...START, edits: EDITS }, shown: 3, volume: 0.8,
    locked_voices: [], locked_bars: [], locked_notes: [], is_looping: false, model_bar: 0,
    played_voice: 0, low: 60, is_playing: false, status: "", ...traits };
  const listeners = {};
  const sent = [];
  const model = { get: (name) => values[name],
    set: (name, value) => { if (values[name] === value) return;
      values[name] = value; [...(listeners[`change:${name}`] ?? [])].forEach((l) => l()); },
    save_changes: () => {}, send: (message) => sent.push(message),
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name]?.delete(listener) };
  const struck = [];
  const sound = { at: (time) => time / 1000, wake: () => {}, setVolume: () => {}, control: () => {},
    setProgram: () => {}, noteOff: () => {},
    noteOn: (channel, pitch) => struck.push([channel, pitch]) };
  const time = { now: 0 };
  const ticks = new Set();
  const every = (action) => { ticks.add(action); return action; };
  const never = (action) => ticks.delete(action);
  const clock = () => time.now;
  const transport = createTransport({ sound, clock, every, never });
  const session = createSession({ model, sound, transport, clock, every, never });
  const loop = createLoop({ model, session, every, never });
  const hub = { connect: async () => "missing", disconnect: () => {}, take: () => {} };
  const hands = createHands({ sound, session, loop, hub });
  const wait = (ms) => { for (let i = 0; i < ms; i += 10) { time.now += 10; [...ticks].forEach((t) => t()); } };
  const receive = (message) => [...listeners["msg:custom"]].forEach((l) => l(message));
  return { session, loop, hands, transport, receive, values, model, sent, struck, wait, listeners, ticks };
};
const bassOf = (transport) => transport.music().tracks[3].notes.length;

test("what is shown is what is heard: edit by edit", () => {
  const { session, transport } = setUp();
  assert.deepEqual(transport.music().tracks, completeMusic(MUSIC).tracks);
  session.go(1);
  assert.equal(bassOf(transport), 0);
  session.go(2);
  assert.equal(bassOf(transport), 1);
  session.go(99);
  assert.equal(session.shown(), 3);
});

test("new edits come one after another, each with its sound", () => {
  const { session, model, values, struck, wait } = setUp();
  model.set("thought", { ...values.thought, number: 2, is_new: true });
  assert.equal(session.shown(), 0);
  assert.equal(session.isWatching(), true);
  wait(400);
  assert.equal(session.shown(), 1); // three a second
  wait(700);
  assert.equal(session.shown(), 3);
  assert.equal(session.isWatching(), false);
  assert.deepEqual(struck.map(([, pitch]) => pitch), [65, 48, 60]); // the last one is taken away
  assert.equal(values.shown, 3);
});

test("edits of undo are shown at once", () => {
  const { session, model, values } = setUp();
  model.set("thought", { ...values.thought, number: 2, is_new: false, edits: EDITS.slice(0, 2) });
  assert.equal(session.shown(), 2);
  assert.equal(session.isWatching(), false);
});

test("edits are seen while the network is still at work, and go on where they are", () => {
  const { session, model, values, receive, wait } = setUp({ is_working: true });
  receive({ kind: "edits", start: START, rows: EDITS.slice(0, 1) });
  assert.equal(session.isWatching(), true);
  wait(2000); // it has long been shown, and the next one is not there yet
  assert.equal(session.shown(), 1);
  receive({ kind: "edits", start: null, rows: EDITS.slice(1) });
  wait(100);
  assert.equal(session.shown(), 1); // no burst: three a second
  wait(300);
  assert.equal(session.shown(), 2);
  model.set("thought", { ...values.thought, number: 2, is_new: true });
  model.set("is_working", false);
  assert.equal(session.shown(), 2);
  wait(400);
  assert.equal(session.shown(), 3);
  assert.equal(session.isWatching(), false);
});

test("edits of a work that was cancelled are forgotten", () => {
  const { session, model, receive, transport, wait } = setUp({ is_working: true, shown: 0,
    thought: { number: 1, edits: [] } });
  receive({ kind: "edits", start: { ...START, pitches: rows(72, -1, -1, -1) },
    rows: [[1, 0, 4, -1, 67, 0.9, 1, "one"]] });
  wait(500);
  assert.equal(transport.music().tracks[1].notes.length, 1);
  model.set("is_working", false);
  assert.equal(session.nEdits(), 0);
  assert.deepEqual(transport.music().tracks, completeMusic(MUSIC).tracks);
});

test("a pause keeps the place, and a hand may set the pace", () => {
  const { session, wait } = setUp();
  session.setPace(1);
  session.watch(0);
  wait(1200);
  session.toggleWatch();
  wait(3000);
  assert.equal(session.shown(), 1);
  session.setPace(50);
  session.toggleWatch();
  wait(100);
  assert.equal(session.shown(), 3);
});

test("before and after are played from the beginning", () => {
  const { session, transport } = setUp();
  session.hear(0);
  assert.equal(session.shown(), 0);
  assert.equal(bassOf(transport), 0);
  assert.equal(transport.isPlaying(), true);
  session.hear(3);
  assert.equal(bassOf(transport), 1);
});

test("the loop asks for its bar when the bar is over, once a round", () => {
  const { loop, sent, wait, values } = setUp();
  const asked = () => sent.filter(({ kind }) => kind === "again").length;
  loop.start(); // at 120 a minute a bar lasts two seconds
  assert.equal(values.is_looping, true);
  wait(1500);
  assert.equal(asked(), 0);
  wait(800);
  assert.equal(asked(), 1);
  wait(2000);
  assert.equal(loop.nRounds(), 1);
  assert.equal(asked(), 1);
  wait(2000);
  assert.equal(asked(), 2);
});

test("a pause ends the loop, for Python too", () => {
  const { loop, transport, values, wait, ticks } = setUp();
  loop.start();
  wait(100);
  transport.pause();
  assert.equal(loop.isOn(), false);
  assert.equal(values.is_looping, false);
  assert.equal(transport.loop(), null);
  assert.equal(ticks.size, 0);
});

test("what is played in the loop is written at its place, and only there", () => {
  const { loop, hands, sent, wait, struck } = setUp({ played_voice: 1 });
  const played = () => sent.filter(({ kind }) => kind === "played").map(({ notes }) => notes[0]);
  hands.press(70, 90, "key");
  hands.release(70, "key");
  assert.deepEqual(struck.at(-1), [15, 70]); // it is heard
  assert.deepEqual(played(), []); // but nothing goes round
  loop.start();
  wait(80 + 500); // lead-in, then four steps
  hands.press(74, 90, "key");
  hands.press(74, 90, "midi"); // a second finger on the key
  wait(500);
  hands.release(74, "midi");
  hands.release(74, "key");
  assert.deepEqual(played(), [[1, 4, 4, 74]]);
});

test("what is locked while the network works goes to Python as traits", () => {
  const { session, values } = setUp();
  session.lockBar(1);
  session.lockVoice(2);
  session.lockNote({ track: 1, start: 4, end: 8 });
  assert.deepEqual([values.locked_bars, values.locked_voices, values.locked_notes],
    [[1], [2], [[1, 4]]]);
  session.lockOthers(1);
  assert.deepEqual(values.locked_bars, [0]);
  session.unlock();
  assert.deepEqual([values.locked_bars, values.locked_voices, values.locked_notes], [[], [], []]);
});

test("a note is moved as it is now, not as it was some edits ago", () => {
  const { session, sent, transport } = setUp();
  session.go(0);
  session.moveNote(flatNotes(transport.music())[0], 1);
  assert.equal(session.shown(), 3);
  assert.deepEqual(sent.at(-1), { kind: "move", note: [0, 0, 1] });
});

test("when it is closed nothing listens and nothing ticks", () => {
  const { session, loop, hands, listeners, ticks } = setUp();
  session.watch(0);
  [loop, hands, session].forEach((part) => part.close());
  assert.equal(ticks.size, 0);
  assert.deepEqual(Object.values(listeners).filter((set) => set.size), []);
});
