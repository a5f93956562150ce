import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyClipboard, setUp, musicOf, TUNE } from "./editor_set_up.mjs";

const MAJOR = { tonic: 0, mode: "major", name: "C major" };

// --- keys alone

test("the cursor walks over the grid, and in the key if there is one", () => {
  const { commands, session } = setUp(musicOf([]), { grid: "1/4", key: MAJOR, in_key: true });
  commands.nudge(1, 0);
  commands.nudge(0, 1);
  assert.deepEqual(session.cursor(), { step: 4, pitch: 62 });
  commands.nudge(-1, 0);
  commands.nudge(-1, 0);
  assert.equal(session.cursor().step, 0);
});

test("the cursor says where it is and what is there", () => {
  const { commands, session } = setUp();
  commands.nudge(1, 0);
  assert.equal(session.said(), "C4, quarter, bar 1, beat 1, Soprano.");
  commands.nudge(0, 1);
  assert.equal(session.said(), "C sharp 4, bar 1, beat 1.25: no note.");
});

test("a melody is written with arrows and Enter", () => {
  const { commands, notes } = setUp(musicOf([]), { grid: "1/4" });
  commands.enter(); // draws C4
  commands.enter(); // lets go, goes on behind it
  commands.nudge(0, 1);
  commands.nudge(0, 1);
  commands.enter();
  commands.stretch(1);
  assert.deepEqual(notes(), [[0, 60, 4, 90], [4, 62, 8, 90]]);
});

test("Enter picks up the note at the cursor, and arrows then move it", () => {
  const { commands, notes, model } = setUp();
  commands.enter();
  assert.deepEqual(model.get("selected"), [[0, 0]]);
  commands.nudge(0, 1);
  commands.octave(1);
  assert.deepEqual(notes()[0], [0, 73, 4, 80]);
});

test("a moved note steps from line to line of the grid", () => {
  const { commands, notes } = setUp(musicOf([[0.3, 60, 1, 80]]), { grid: "1/8" });
  commands.selectAll();
  commands.nudge(1, 0);
  assert.equal(notes()[0][0], 2);
  commands.nudge(-1, 0);
  assert.equal(notes()[0][0], 0);
});

test("a note at the beginning says that it can't begin earlier", () => {
  const { commands, session, notes } = setUp();
  commands.enter();
  commands.nudge(-1, 0);
  assert.equal(session.said(), "The first note begins with the music: it can't begin earlier.");
  assert.deepEqual(notes(), TUNE);
});

test("next and previous go from note to note and stop at the ends", () => {
  const { commands, model, session } = setUp();
  commands.goTo(1);
  commands.goTo(1);
  assert.deepEqual(model.get("selected"), [[0, 1]]);
  commands.goTo(1);
  commands.goTo(1);
  assert.equal(session.said(), "That is the last note.");
});

test("Delete erases what is selected, or the note at the cursor", () => {
  const { commands, notes } = setUp();
  commands.erase();
  assert.equal(notes().length, 2);
  commands.selectAll();
  commands.erase();
  assert.deepEqual(notes(), []);
});

test("jumps go to the beginning, the end and from bar to bar", () => {
  const { commands, session } = setUp(musicOf([[0, 60, 40, 80]]));
  const places = ["end", "start", 1, 1, -1].map((where) => {
    commands.jump(where);
    return session.cursor().step;
  });
  assert.deepEqual(places, [40, 0, 16, 32, 16]);
});

test("copied notes are pasted at the cursor in the voice in hand", () => {
  const { commands, session, notes } = setUp(musicOf(TUNE, []));
  session.select([1, 2]);
  commands.copy();
  commands.letGo();
  commands.jump("end");
  commands.chooseVoice(1);
  commands.paste();
  assert.deepEqual(notes(1), [[16, 60, 4, 80], [20, 62, 4, 80]]);
});

test("notes go from one editor to another over the page's clipboard", () => {
  const first = setUp();
  first.commands.selectAll();
  first.commands.copy();
  const second = setUp(musicOf([[0, 50, 4, 80]]));
  second.commands.jump("end");
  second.commands.paste();
  assert.deepEqual(second.notes().map((note) => note[0]), [0, 4, 8, 12]);
});

test("on empty paper pasted notes keep their place", () => {
  const first = setUp(musicOf([[6, 60, 4, 80], [12, 62, 4, 80]]));
  first.commands.selectAll();
  first.commands.copy();
  const second = setUp(musicOf([]));
  second.commands.paste();
  assert.deepEqual(second.notes(), [[6, 60, 4, 80], [12, 62, 4, 80]]);
});

test("a copy is pasted behind what it copies, and again behind that", () => {
  const { commands, notes } = setUp(musicOf(TUNE));
  commands.selectAll();
  commands.copy();
  commands.paste();
  commands.paste();
  assert.deepEqual(notes().map((note) => note[0]), [0, 4, 8, 16, 20, 24, 32, 36, 40]);
});

test("cut takes the notes away and keeps them", () => {
  const { commands, notes, session } = setUp();
  session.select([3]);
  commands.cut();
  assert.equal(notes().length, 2);
  commands.paste();
  assert.deepEqual(notes().find((note) => note[1] === 64), [8, 64, 8, 80]);
});

test("nothing to copy, to paste, to undo or to play is said", () => {
  emptyClipboard();
  const { commands, session } = setUp(musicOf([]));
  const words = ["copy", "paste", "undo", "redo", "playOrPause", "playSelection"].map((name) => {
    commands[name]();
    return session.said();
  });
  assert.deepEqual(words, ["Nothing is selected to copy.", "Nothing is copied yet.",
    "There is nothing to take back.", "There is nothing to redo.",
    "There is nothing to play yet: draw some notes.", "No note is selected."]);
});

test("a voice is chosen, locked and unlocked", () => {
  const { commands, model, session } = setUp(musicOf(TUNE, TUNE));
  commands.nextVoice(-1);
  assert.equal(session.said(), "Drawing in Alto.");
  commands.toggleLock();
  assert.deepEqual(model.get("locked"), [1]);
  commands.enter();
  commands.nudge(0, 1);
  assert.equal(session.said(), "Alto is locked, so it stays as it is.");
  commands.toggleLock();
  assert.deepEqual(model.get("locked"), []);
});

test("without a selection the whole piece is brought into the key", () => {
  const { commands, notes } = setUp(musicOf([[0, 61, 4, 80], [4, 66, 4, 80]]), { key: MAJOR });
  commands.bringIntoKey();
  assert.deepEqual(notes().map((note) => note[1]), [60, 65]);
});

// --- history

test("undo and redo reach Python with their kind", () => {
  const { commands, model } = setUp();
  commands.erase();
  const kinds = [model.get("change").kind];
  commands.undo();
  kinds.push(model.get("change").kind);
  commands.redo();
  kinds.push(model.get("change").kind);
  assert.deepEqual(kinds, ["edit", "undo", "redo"]);
});

test("a key held down is one step for Python, too", () => {
  const { commands, model, notes } = setUp();
  commands.enter();
  commands.nudge(0, 1);
  commands.nudge(0, 1, { isRepeat: true });
  assert.equal(model.get("change").is_continued, true);
  commands.undo();
  assert.deepEqual(notes(), TUNE);
});

test("an undo of Python goes back in the page's own history", () => {
  const { commands, session, fromPython } = setUp();
  commands.erase();
  fromPython(musicOf(TUNE), "undo", "erase");
  assert.equal(session.committed().past.length, 0);
  assert.equal(session.canStep("redo"), true);
  assert.equal(session.said(), "Took back: erase.");
});

test("several steps of Python's are gone back at once", () => {
  const { commands, session, fromPython } = setUp();
  commands.erase();
  commands.selectAll();
  commands.erase();
  fromPython(musicOf(TUNE), "undo", "erase");
  assert.deepEqual([session.committed().past.length, session.committed().future.length], [0, 2]);
});

test("music that Python sets is one edit on the page", () => {
  const { commands, fromPython, notes } = setUp();
  fromPython(musicOf([[0, 72, 4, 80]]), "edit", "compose");
  commands.undo();
  assert.deepEqual(notes(), TUNE);
});

test("music that Python loads begins a new history", () => {
  const { commands, fromPython, session } = setUp();
  commands.erase();
  fromPython(musicOf([[0, 72, 4, 80]]), "load");
  assert.equal(session.canStep("undo"), false);
});

test("what this page does not remember Python is asked to take back", () => {
  const { commands, model, session, fromPython } = setUp(musicOf(TUNE), { n_undo: 2 });
  commands.undo();
  assert.deepEqual(model.sent, [{ kind: "undo" }]);
  fromPython(musicOf([]), "undo", "draw");
  assert.equal(session.committed().past.length, 0);
});

test("a lost kernel takes away only what Python remembers, and says how to keep the notes", () => {
  const { session, commands, notes } = setUp(musicOf(TUNE), { n_undo: 2 });
  session.kernelLost();
  assert.match(session.said(), /run the cell again/);
  assert.equal(session.canStep("undo"), false);
  commands.erase();
  assert.equal(notes().length, 2);
  assert.equal(session.canStep("undo"), true);
});

test("what Python selects and locks is followed", () => {
  const { model, session } = setUp(musicOf(TUNE, TUNE));
  model.set("selected", [[1, 2]]);
  assert.deepEqual(session.selected().map(({ voice, pitch }) => [voice, pitch]), [[1, 64]]);
  model.set("locked", [0]);
  assert.equal(session.isLocked(0), true);
});

// --- sound

test("a drawn note is heard, and a note moved in pitch", () => {
  const { commands, heard } = setUp(musicOf([]));
  commands.enter();
  commands.nudge(0, 1);
  commands.nudge(1, 0);
  assert.deepEqual(heard(), [60, 61]);
});

test("playing begins at the cursor", () => {
  const { commands, heard, run, model } = setUp();
  commands.goTo(1);
  commands.goTo(1);
  commands.letGo();
  const before = heard().length;
  commands.playOrPause();
  assert.equal(model.get("is_playing"), true);
  run(4000);
  assert.deepEqual(heard().slice(before), [62, 64]);
});

test("the selection alone is played", () => {
  const { commands, heard, run, session } = setUp();
  session.select([2]);
  commands.playSelection();
  run(4000);
  assert.deepEqual(heard(), [62]);
});

test("what is edited while it plays sounds as edited", () => {
  const { commands, session, heard, run, notes } = setUp();
  session.select([3]);
  commands.playOrPause();
  run(200);
  session.select([3]);
  commands.nudge(0, 1);
  run(4000);
  assert.deepEqual([heard(), notes()[2][1]], [[60, 62, 65], 65]);
});

// --- mouse and finger, in steps and pitches

const press = ({ gestures, session }, step, pitch, { tool = "draw", isAdding, part = "body" } = {}) => {
  const hit = session.doc().notes.find((note) => note.pitch === pitch && note.start <= step
    && step < note.start + note.duration) ?? null;
  gestures.begin({ step, pitch, hit, part }, { tool, isAdding });
};
const drag = (editor, [step, pitch], [toStep, toPitch], options) => {
  press(editor, step, pitch, options);
  editor.gestures.move({ step: toStep, pitch: toPitch });
  editor.gestures.end();
};

test("a click draws a note of the grid's length", () => {
  const editor = setUp(musicOf([]), { grid: "1/8" });
  press(editor, 5.9, 67);
  editor.gestures.end();
  assert.deepEqual(editor.notes(), [[4, 67, 2, 90]]);
});

test("a drag draws a longer note, and the next click one as long", () => {
  const editor = setUp(musicOf([]), { grid: "1/8" });
  drag(editor, [0.5, 67], [5.5, 67]);
  press(editor, 8.2, 60);
  editor.gestures.end();
  assert.deepEqual(editor.notes(), [[0, 67, 6, 90], [8, 60, 6, 90]]);
});

test("a note is drawn in the key", () => {
  const editor = setUp(musicOf([]), { key: MAJOR, in_key: true });
  drag(editor, [0, 61], [0.2, 61]);
  assert.equal(editor.notes()[0][1], 60);
});

test("a dragged note snaps to the grid and to the key", () => {
  const editor = setUp(musicOf(TUNE), { grid: "1/4", key: MAJOR, in_key: true });
  drag(editor, [9, 64], [14.5, 70]);
  assert.deepEqual(editor.notes()[2], [12, 69, 8, 80]);
});

test("a drag is one step of the history, whatever way it takes", () => {
  const editor = setUp();
  press(editor, 9, 64);
  [[10, 70], [3, 50], [13, 65]].forEach(([step, pitch]) => editor.gestures.move({ step, pitch }));
  editor.gestures.end();
  editor.commands.undo();
  assert.deepEqual(editor.notes(), TUNE);
});

test("nothing reaches Python before the drag ends", () => {
  const editor = setUp();
  press(editor, 9, 64);
  editor.gestures.move({ step: 13, pitch: 70 });
  assert.equal(editor.model.get("music").tracks[0].notes[2][1], 64);
  assert.equal(editor.session.music().tracks[0].notes[2][1], 70);
});

test("a drag that is given up changes nothing", () => {
  const editor = setUp();
  press(editor, 9, 64);
  editor.gestures.move({ step: 13, pitch: 70 });
  editor.gestures.cancel();
  assert.deepEqual(editor.session.music().tracks[0].notes, TUNE);
});

test("a click selects a note and its voice, and moves nothing", () => {
  const editor = setUp(musicOf(TUNE, [[0, 50, 4, 80]]));
  press(editor, 1, 50);
  editor.gestures.move({ step: 1.3, pitch: 50 });
  editor.gestures.end();
  assert.deepEqual([editor.model.get("selected"), editor.model.get("voice")], [[[1, 0]], 1]);
  assert.deepEqual(editor.model.get("change").number, 0);
});

test("a click that trembles leaves a note that lies beside the grid", () => {
  const editor = setUp(musicOf([[0.3, 60, 4, 80]]));
  drag(editor, [1, 60], [1.2, 60]);
  assert.deepEqual(editor.notes(), [[0.3, 60, 4, 80]]);
});

test("all selected notes move together", () => {
  const editor = setUp();
  editor.commands.selectAll();
  drag(editor, [1, 60], [5, 61]);
  assert.deepEqual(editor.notes(), [[4, 61, 4, 80], [8, 63, 4, 80], [12, 65, 8, 80]]);
});

test("a drag at the edge of a note stretches it", () => {
  const editor = setUp(musicOf(TUNE), { grid: "1/8" });
  drag(editor, [15.8, 64], [19.8, 64], { part: "end" });
  drag(editor, [0.1, 60], [2.2, 60], { part: "start" });
  assert.deepEqual(editor.notes(), [[2, 60, 2, 80], [4, 62, 4, 80], [8, 64, 12, 80]]);
});

test("a box selects what it touches, and with Shift adds to it", () => {
  const editor = setUp();
  drag(editor, [3, 70], [5, 61], { tool: "select" });
  assert.deepEqual(editor.model.get("selected"), [[0, 1]]);
  drag(editor, [9, 70], [10, 63], { tool: "select", isAdding: true });
  assert.deepEqual(editor.model.get("selected"), [[0, 1], [0, 2]]);
});

test("a box leaves locked voices alone", () => {
  const editor = setUp(musicOf(TUNE, TUNE), { locked: [1] });
  drag(editor, [0, 127], [20, 0], { tool: "select" });
  assert.deepEqual(editor.model.get("selected"), [[0, 0], [0, 1], [0, 2]]);
});

test("a box over pitches leaves the drums of the same number alone", () => {
  const music = musicOf(TUNE, [[0, 60, 1, 80]]);
  music.tracks[1].is_drum = true;
  const editor = setUp(music);
  drag(editor, [0, 127], [20, 0], { tool: "select" });
  assert.deepEqual(editor.model.get("selected"), [[0, 0], [0, 1], [0, 2]]);
});

test("a drag ends when Python changes the music under it", () => {
  const editor = setUp();
  press(editor, 9, 64);
  editor.gestures.move({ step: 13, pitch: 70 });
  editor.fromPython(musicOf([[0, 72, 4, 80]]), "edit", "compose");
  editor.gestures.move({ step: 14, pitch: 71 });
  editor.gestures.end();
  assert.deepEqual(editor.notes(), [[0, 72, 4, 80]]);
});

test("without a grid a click draws a note that can be seen", () => {
  const editor = setUp(musicOf([]), { grid: "off" });
  press(editor, 5.5, 67);
  editor.gestures.end();
  assert.deepEqual(editor.notes(), [[5.5, 67, 1, 90]]);
});

test("Shift and click add a note and take it out again", () => {
  const editor = setUp();
  press(editor, 1, 60);
  editor.gestures.end();
  press(editor, 5, 62, { isAdding: true });
  assert.equal(editor.model.get("selected").length, 2);
  press(editor, 5, 62, { isAdding: true });
  assert.equal(editor.model.get("selected").length, 1);
});

test("one sweep erases all notes that it meets, in one step", () => {
  const editor = setUp();
  const [first, , last] = editor.session.doc().notes;
  editor.gestures.begin({ step: 1, pitch: 60, hit: first }, { tool: "erase" });
  editor.gestures.move({ step: 6, pitch: 64, hit: null });
  editor.gestures.move({ step: 9, pitch: 64, hit: last });
  editor.gestures.end();
  assert.deepEqual(editor.notes(), [TUNE[1]]);
  editor.commands.undo();
  assert.deepEqual(editor.notes(), TUNE);
});

test("a locked note can be selected but not moved", () => {
  const editor = setUp(musicOf(TUNE), { locked: [0] });
  drag(editor, [1, 60], [9, 70]);
  assert.deepEqual([editor.notes(), editor.model.get("selected")], [TUNE, [[0, 0]]]);
  assert.equal(editor.session.said(), "Soprano is locked.");
});
