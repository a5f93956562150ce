// The piece as cells, edits on cells, and what is locked. Pure functions.
//
//   cells = { pitches: [[…], …], onsets: [[0 or 1, …], …] }   // (4, T); -1 is a rest
//   edit  = [voice, start, n_steps, before, after, probability, iteration, sentence]
//   bars  = [[start, end, number], …]                         // in steps
//   locks = { voices: [], bars: [], notes: [[voice, step], …] }

import { noteName } from "../shared/notes.js";

export const REST = -1;
const VELOCITY = 80;

const copied = ({ pitches, onsets }) => ({ pitches: pitches.map((row) => [...row]),
  onsets: onsets.map((row) => [...row]) });

/** The cells after the first `n` edits: each makes its stretch one held note, or a rest. */
export const afterEdits = (cells, edits, n) => {
  const now = copied(cells);
  edits.slice(0, n).forEach(([voice, start, nSteps, , after]) => {
    now.pitches[voice].fill(after, start, start + nSteps);
    now.onsets[voice].fill(0, start, start + nSteps);
  });
  return now;
};

/**
 * What is left of the first `n` edits: [voice, start, n_steps, pitch, probability] of each
 * stretch of cells that no later one of them has changed again; rests are left out.
 */
export const standing = (edits, n) => {
  const taken = new Map(); // voice -> steps that a later edit has changed
  const found = [];
  edits.slice(0, n).reverse().forEach(([voice, start, nSteps, , after, probability]) => {
    const later = taken.get(voice) ?? new Set();
    taken.set(voice, later);
    let from = null;
    for (let step = start; step <= start + nSteps; step += 1) {
      const isFree = step < start + nSteps && !later.has(step);
      if (isFree && from === null) from = step;
      if (!isFree && from !== null) {
        if (after !== REST) found.push([voice, from, step - from, after, probability]);
        from = null;
      }
      if (step < start + nSteps) later.add(step);
    }
  });
  return found;
};

/** The notes of one voice, [[start, pitch, duration, velocity], …]: as music/grid.py does it. */
export const notesOf = (pitches, onsets) => {
  const notes = [];
  pitches.forEach((pitch, step) => {
    const before = step ? pitches[step - 1] : REST;
    if (pitch === REST) return;
    if (onsets[step] || pitch !== before) notes.push([step, pitch, 1, VELOCITY]);
    else notes.at(-1)[2] += 1;
  });
  return notes;
};

/** Cells as music, with the names, instruments, tempo and metres of `frame`. */
export const musicOf = (cells, frame) => ({ ...frame,
  tracks: frame.tracks.map((track, voice) =>
    ({ ...track, notes: notesOf(cells.pitches[voice], cells.onsets[voice]) })) });

/** The place of the bar in which a step lies; the last one for what lies behind it. */
export const barAt = (bars, step) => {
  const found = bars.findLastIndex(([start]) => start <= step + 1e-6);
  return Math.max(found, 0);
};

/** "Bar 3", "Upbeat": what a bar is called. */
export const barName = (bars, place) => {
  const number = bars[place]?.[2];
  return number === 0 ? "Upbeat" : `Bar ${number}`;
};

/** Which of the locks hold a note ({track, start, end}): "voice", "bar", "note" or "". */
export const lockOf = (note, locks, bars) => {
  if (locks.voices.includes(note.track)) return "voice";
  if (locks.notes.some(([voice, step]) =>
    voice === note.track && step >= note.start && step < note.end)) return "note";
  const isInBar = locks.bars.some((place) =>
    bars[place] && note.start < bars[place][1] && note.end > bars[place][0]);
  return isInBar ? "bar" : "";
};

/** A list with something put in or taken out, in order. */
export const toggled = (list, item) => (list.includes(item)
  ? list.filter((one) => one !== item) : [...list, item].sort((a, b) => a - b));

/** The locked notes with one note locked or unlocked. */
export const toggledNote = (notes, { track, start, end }) => {
  const others = notes.filter(([voice, step]) =>
    !(voice === track && step >= start && step < end));
  return others.length < notes.length ? others : [...notes, [track, start]];
};

/** How many edits a second, so that all are seen in about twelve seconds; 3 to 120. */
export const usualPace = (nEdits) => Math.min(120, Math.max(3, Math.ceil(nEdits / 12)));

/** "87 %" */
export const percent = (share) => `${Math.round(100 * share)} %`;

/** "F4 → E4", "+ E4", "− F4": an edit in a few signs. */
export const editSign = ([, , , before, after]) => {
  if (before === REST) return `+ ${noteName(after)}`;
  if (after === REST) return `− ${noteName(before)}`;
  return `${noteName(before)} → ${noteName(after)}`;
};

/** A note as it is told: "Alto, E4, bar 3, beat 2, locked". */
export const noteWords = (note, voices, place, lock) => {
  const held = { voice: ", locked with its voice", bar: ", locked with its bar",
    note: ", locked" }[lock] ?? "";
  return `${voices[note.track]}, ${noteName(note.pitch)}, ${place}${held}`;
};

/** The note that the cursor goes to: along its voice, or to another voice at that time. */
export const nextNote = (notes, here, key) => {
  if (!notes.length) return null;
  if (!here) return notes[0];
  const inVoice = (track) => notes.filter((note) => note.track === track);
  if (key === "ArrowLeft") {
    return inVoice(here.track).findLast(({ start }) => start < here.start) ?? here;
  }
  if (key === "ArrowRight") return inVoice(here.track).find(({ start }) => start > here.start) ?? here;
  if (key === "Home") return inVoice(here.track)[0];
  if (key === "End") return inVoice(here.track).at(-1);
  const way = key === "ArrowDown" ? 1 : -1;
  for (let track = here.track + way; track >= 0 && track < 4; track += way) {
    const there = inVoice(track);
    if (there.length) return there.findLast(({ start }) => start <= here.start) ?? there[0];
  }
  return here;
};
