// What belongs together: tokens, notes and stretches of time. Pure functions.
//
//   token = { text, start, end, voice }   in steps; voice: number of a track, or null for all
//   note as flatNotes() of shared/score.js gives it

import { noteKey } from "../shared/score.js";

const EPS = 1e-6;
const NEAR = 0.5; // steps: a note on no step of the grid was moved to the nearest one

const isOf = (token, note) => token.voice === null || token.voice === note.track;
const keyOf = ({ track, index }) => noteKey(track, index);

/**
 * The notes that a token speaks of: for one that has a length, those of its voice that sound
 * meanwhile; for a mark ("bar", "position 4"), those that begin there, or else sound there.
 */
export const notesOfToken = (token, notes) => {
  const own = notes.filter((note) => isOf(token, note));
  const { start, end } = token;
  if (end > start + EPS) {
    const during = own.filter((note) => note.start < end - NEAR + EPS && note.end > start + EPS);
    const begun = during.filter((note) => Math.abs(note.start - start) <= NEAR);
    // one voice sings one note at a time: what begins here is meant, not what just ends
    return token.voice !== null && begun.length ? begun : during;
  }
  const begin = own.filter((note) => Math.abs(note.start - start) <= NEAR);
  return begin.length ? begin
    : own.filter((note) => note.start <= start + EPS && note.end > start + EPS);
};

/** Both ways at once: {notesOf: [[key]], tokensOf: Map key -> [number]}. */
export const linksBetween = (tokens, notes) => {
  const notesOf = tokens.map((token) => notesOfToken(token, notes).map(keyOf));
  const tokensOf = new Map(notes.map((note) => [keyOf(note), []]));
  // Tokens of its own voice stand for a note; those of all voices only where there are none.
  [(token) => token.voice !== null, () => true].forEach((counts) => {
    const isEmpty = new Set([...tokensOf].filter(([, found]) => !found.length)
      .map(([key]) => key));
    tokens.forEach((token, number) => {
      if (!counts(token)) return;
      notesOf[number].filter((key) => isEmpty.has(key))
        .forEach((key) => tokensOf.get(key).push(number));
    });
  });
  return { notesOf, tokensOf };
};

/** The note at a step and a pitch, nearest in pitch within one semitone, or null. */
export const noteAt = (notes, step, pitch) => {
  if (pitch === null) return null;
  const here = notes.filter(({ start, end }) => start <= step && step < end);
  const far = (note) => Math.abs(note.pitch - pitch);
  const nearest = here.reduce((best, note) =>
    (!best || far(note) <= far(best) ? note : best), null);
  return nearest && far(nearest) <= 1 ? nearest : null;
};

/** The number of the token that a key leads to, or null: the key is not one of ours. */
export const tokenByKey = (tokens, number, { key }) => {
  const last = tokens.length - 1;
  const isBar = (token) => token.text === "bar";
  const bars = (way) => {
    const found = tokens.map((token, i) => (isBar(token) ? i : -1)).filter((i) => i >= 0);
    return way > 0 ? found.find((i) => i > number) ?? last
      : found.findLast((i) => i < number) ?? 0;
  };
  switch (key) {
    case "ArrowRight": return Math.min(number + 1, last);
    case "ArrowLeft": return Math.max(number - 1, 0);
    case "ArrowDown": case "PageDown": return bars(1);
    case "ArrowUp": case "PageUp": return bars(-1);
    case "Home": return 0;
    case "End": return last;
    default: return null;
  }
};

/** The note before (way -1) or after (1) the one with a key, in order of time. */
export const nextNote = (notes, key, way) => {
  const at = notes.findIndex((note) => keyOf(note) === key);
  if (at < 0) return way > 0 ? notes[0] : notes.at(-1);
  return notes[Math.min(notes.length - 1, Math.max(0, at + way))];
};
