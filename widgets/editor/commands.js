// What buttons and keys ask an editor to do, by name. Each is one small function of a
// session (session.js); none knows the page.

import { barLines } from "../shared/score.js";
import { endOf, endOfMusic } from "./document.js";
import * as edits from "./edits.js";
import { allIds, idsOfVoice, neighbour } from "./selection.js";
import { gridLength, nextLine } from "./snap.js";
import { countOf, nextDrum, voiceName } from "./words.js";

const EMPTY = new Set();

/** All commands of a session: {name: (arguments..., {isRepeat}) => …}. */
export const createCommands = (session) => {
  const ids = () => session.committed().selected;
  const hasSelection = () => ids().size > 0;

  /** The selected notes, or the one at the cursor. */
  const meant = () => {
    if (hasSelection()) return ids();
    const note = session.noteAtCursor();
    return note ? new Set([note.id]) : EMPTY;
  };

  /** What is selected, or everything. */
  const meantOrAll = () => (hasSelection() ? ids() : allIds(session.committed()));

  /** The cursor goes along with what was edited, so that the next key acts there. */
  const followNote = () => {
    const [note] = session.selected();
    if (note) session.putCursor({ step: note.start, pitch: note.pitch }, { isQuiet: true });
  };

  const edit = (result, { isRepeat = false } = {}) => {
    const isDone = session.apply(result, { isContinued: isRepeat });
    if (isDone) followNote();
    return isDone;
  };

  const hearSelected = () => {
    const [note] = session.selected();
    if (note) session.hear(note.voice, note.pitch, note.velocity);
  };

  const moveCursor = (dx, dy) => {
    const { step, pitch } = session.cursor();
    const { head } = session.committed();
    const isDrum = session.isDrum(session.voice());
    session.putCursor({ step: dx ? nextLine(step, dx, session.grid(), head) : step,
      pitch: isDrum ? nextDrum(session.committed(), pitch, dy)
        : edits.oneUp(pitch, dy, session.lock()) });
  };

  const nudge = (dx, dy, options = {}) => {
    if (!hasSelection()) return moveCursor(dx, dy);
    const doc = session.committed();
    const [first] = session.selected();
    const line = nextLine(first.start, dx, session.grid(), doc.head);
    // Before the beginning lies no line: the edit itself then says that it can't be.
    const steps = dx ? line - first.start || dx * gridLength(session.grid()) : 0;
    const isDone = edit(edits.move(doc, ids(), { steps, degrees: dy, key: session.lock(),
      isContinued: options.isRepeat }), options);
    if (isDone && dy) hearSelected();
    return isDone;
  };

  const stretch = (by, options = {}) => {
    const doc = session.committed();
    const notes = doc.notes.filter((note) => meant().has(note.id));
    const end = notes.length ? endOf(notes[0]) : 0;
    const steps = nextLine(end, by, session.grid(), doc.head) - end;
    return edit(edits.stretch(doc, meant(), { steps, shortest: gridLength(session.grid()),
      isContinued: options.isRepeat }), options);
  };

  const drawAtCursor = () => {
    const { step, pitch } = session.cursor();
    const isDone = edit(edits.draw(session.committed(), { voice: session.voice(), start: step,
      pitch, duration: session.drawLength(), velocity: session.drawVelocity() }));
    if (isDone) hearSelected();
  };

  const enter = () => {
    const [note] = session.selected();
    if (note) { // put it down and go on behind it
      session.select(EMPTY);
      return session.putCursor({ step: endOf(note), pitch: note.pitch });
    }
    const there = session.noteAtCursor();
    if (!there) return drawAtCursor();
    session.select(new Set([there.id]));
    hearSelected();
    return session.say("Picked up. Arrows move it, Enter lets go.");
  };

  const goTo = (by) => {
    const [first] = session.selected();
    const note = neighbour(session.committed(), { voice: session.voice(), by,
      id: first?.voice === session.voice() ? first.id : null, step: session.cursor().step });
    if (!note) return session.say(by > 0 ? "That is the last note." : "That is the first note.");
    session.select(new Set([note.id]));
    followNote();
    hearSelected();
    return session.tellNote(note);
  };

  const jump = (where) => {
    const doc = session.committed();
    const { step } = session.cursor();
    const lines = barLines(doc.head, Math.max(step, endOfMusic(doc)) + 16).map((bar) => bar.step);
    const goals = { start: () => 0, end: () => endOfMusic(doc),
      1: () => lines.find((line) => line > step) ?? step,
      [-1]: () => lines.findLast((line) => line < step) ?? 0 };
    session.putCursor({ step: goals[where]() });
  };

  const copy = () => {
    const clip = edits.clipOf(session.committed(), meant());
    if (!clip) return session.say("Nothing is selected to copy.");
    session.keepClip(clip);
    return session.say(`Copied ${countOf(clip.notes.length)}.`);
  };

  const cut = () => {
    const clip = edits.clipOf(session.committed(), meant());
    if (!session.apply(edits.erase(session.committed(), meant(), "cut"))) return;
    session.keepClip({ ...clip, isCut: true });
    session.putCursor({ step: clip.from }, { isQuiet: true });
  };

  /**
   * At the cursor; but a copy does not go onto what it copies, it goes behind, and on empty
   * paper notes keep the place that they had.
   */
  const placeFor = (clip) => {
    if (!session.committed().notes.length) return clip.from;
    const { step } = session.cursor();
    const end = clip.from + clip.width;
    if (clip.isCut || !session.isFromHere(clip) || step < clip.from || step >= end) return step;
    return nextLine(end - 1e-3, 1, session.grid(), session.committed().head);
  };

  const paste = () => {
    const clip = session.clip();
    const isDone = session.apply(edits.paste(session.committed(), clip,
      { at: clip ? placeFor(clip) : 0, voice: session.voice() }));
    if (!isDone) return; // the next paste goes on behind this one
    session.putCursor({ step: Math.max(...session.selected().map(endOf)) }, { isQuiet: true });
  };

  const chooseVoice = (voice) => {
    const doc = session.committed();
    if (!doc.voices[voice]) return session.say(`There is no voice ${voice + 1}.`);
    session.save({ voice });
    const lock = session.isLocked(voice) ? ", locked" : "";
    return session.say(`Drawing in ${voiceName(doc, voice)}${lock}.`);
  };

  const lockOrUnlock = (voice) => {
    const locked = session.get("locked");
    const isLocked = locked.includes(voice);
    session.save({ locked: isLocked ? locked.filter((one) => one !== voice)
      : [...locked, voice].toSorted((a, b) => a - b) });
    session.say(`${voiceName(session.committed(), voice)} is ${isLocked ? "un" : ""}locked.`);
  };

  const bringIntoKey = () => {
    const key = session.key();
    if (!key) return session.say("Choose a key first.");
    return edit(edits.bringIntoKey(session.committed(), meantOrAll(), key,
      session.get("key").name));
  };

  const playSelection = () => {
    const notes = session.selected();
    if (!notes.length) return session.say("No note is selected.");
    return session.play({ from: Math.min(...notes.map((note) => note.start)),
      until: Math.max(...notes.map(endOf)) });
  };

  const select = (wanted) => {
    session.select(wanted);
    session.say(`Selected ${countOf(wanted.size)}.`);
  };

  return {
    nudge, stretch, enter, goTo, jump, copy, cut, paste, chooseVoice, lockOrUnlock,
    bringIntoKey, playSelection,
    toggleLock: () => lockOrUnlock(session.voice()),
    undo: () => session.undo(),
    redo: () => session.redo(),
    octave: (by, options) => (hasSelection()
      ? edit(edits.transpose(session.committed(), ids(), 12 * by), options) && hearSelected()
      : session.putCursor({ pitch: session.cursor().pitch + 12 * by })),
    transpose: (semitones) => edit(edits.transpose(session.committed(), meantOrAll(), semitones)),
    letGo: () => { session.select(EMPTY); session.say("Nothing is selected."); },
    erase: () => edit(edits.erase(session.committed(), meant())),
    duplicate: () => edit(edits.duplicate(session.committed(), meant(), session.grid())),
    quantise: () => edit(edits.quantise(session.committed(), meantOrAll(), session.grid())),
    loudness: (by, options = {}) => edit(edits.setVelocity(session.committed(), meant(),
      { by, isContinued: options.isRepeat }), options) && hearSelected(),
    velocity: (velocity) => (meant().size
      ? edit(edits.setVelocity(session.committed(), meant(), { velocity })) && hearSelected()
      : session.say(`New notes get velocity ${velocity}.`)),
    giveToVoice: (voice) => edit(edits.moveToVoice(session.committed(), meant(), voice)),
    selectAll: () => select(allIds(session.committed())),
    selectVoice: () => select(idsOfVoice(session.committed(), session.voice())),
    nextVoice: (by) => {
      const n = session.committed().voices.length;
      chooseVoice((session.voice() + by + n) % n);
    },
    playOrPause: () => (session.transport.isPlaying() ? session.transport.pause()
      : session.play({ from: session.cursor().step })),
    stop: () => session.transport.pause(),
    tool: (tool) => {
      session.save({ tool });
      session.say({ draw: "Drag on the grid to draw.", select: "Drag a box to select.",
        erase: "Click notes to erase them." }[tool]);
    },
  };
};
