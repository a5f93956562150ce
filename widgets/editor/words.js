// What the editor says of notes, in words for eyes and screen readers. Pure functions.

import { spokenName } from "../shared/notes.js";
import { barAndBeat, barLines, drumName, trackName } from "../shared/score.js";

const LENGTHS = new Map([[16, "whole note"], [12, "dotted half"], [8, "half note"],
  [6, "dotted quarter"], [4, "quarter"], [3, "dotted eighth"], [2, "eighth"],
  [1, "sixteenth"], [0.5, "thirty-second"], [8 / 3, "quarter triplet"],
  [4 / 3, "eighth triplet"], [2 / 3, "sixteenth triplet"]]);

/** "1 note", "12 notes". */
export const countOf = (n) => `${n} ${n === 1 ? "note" : "notes"}`;

/** 2.5 as "2.5", 1.33333 as "1.33". */
const plain = (x) => String(Math.round(x * 100) / 100);

/** "quarter", "5 sixteenths". */
export const lengthName = (duration) => {
  const known = [...LENGTHS].find(([steps]) => Math.abs(steps - duration) < 1e-3);
  return known ? known[1] : `${plain(duration)} sixteenths`;
};

/** "bar 2, beat 3"; an incomplete first bar is the pickup. */
export const placeName = (head, step) => {
  const { bar, beat } = barAndBeat(head, step, barLines(head, step));
  return `${bar === 0 ? "pickup" : `bar ${bar}`}, beat ${plain(beat)}`;
};

/** "8 bars": how many bars begin before a step. */
export const barsOf = ({ head }, step) => {
  const n = barLines(head, step).filter((line) => line.number > 0 && line.step < step).length;
  return `${n} ${n === 1 ? "bar" : "bars"}`;
};

export const voiceName = ({ voices }, voice) => trackName({ tracks: voices }, voice);

/** "F sharp 4", or "Snare" in a voice of drums. */
export const pitchName = ({ voices }, voice, pitch) =>
  (voices[voice]?.is_drum ? drumName(pitch) : spokenName(pitch));

/** "C4, quarter, bar 2, beat 3". */
export const spoken = (doc, { voice, pitch, duration, start }) =>
  `${pitchName(doc, voice, pitch)}, ${lengthName(duration)}, ${placeName(doc.head, start)}`;

// What a beginner's drum kit needs; others have a row once they are used.
const KIT = [35, 36, 37, 38, 39, 42, 44, 45, 46, 48, 49, 50, 51, 54, 56];

/** The drums that have a row: the usual ones and those in use, from low to high. */
export const drumRows = ({ notes, voices }) => {
  const isDrum = (note) => voices[note.voice].is_drum;
  const used = notes.filter(isDrum).map((note) => note.pitch);
  return voices.some((voice) => voice.is_drum)
    ? [...new Set([...KIT, ...used])].toSorted((a, b) => a - b) : [];
};

/** The next drum up (1) or down (-1) that has a row; at the ends the same. */
export const nextDrum = (doc, pitch, by) => {
  const rows = drumRows(doc);
  const found = by > 0 ? rows.find((drum) => drum > pitch)
    : rows.findLast((drum) => drum < pitch);
  return by === 0 ? pitch : found ?? pitch;
};
