// Choosing notes: by box, by voice, one after another. Pure functions; they give sets of
// note ids, or single notes.

import { endOf } from "./document.js";

const idsOf = (notes) => new Set(notes.map((note) => note.id));

export const allIds = (doc) => idsOf(doc.notes);

export const idsOfVoice = (doc, voice) => idsOf(doc.notes.filter((note) => note.voice === voice));

/** Notes that a box of time and pitch touches; in `voices`, or in all. */
export const idsInBox = (doc, { from, to, low, high, voices = null }) =>
  idsOf(doc.notes.filter((note) => note.start < to && endOf(note) > from
    && note.pitch >= low && note.pitch <= high
    && (!voices || voices.includes(note.voice))));

/** The set with `id` taken in, or out if it was in. */
export const toggled = (ids, id) => {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
};

/**
 * The note that sounds at a step at a pitch (a drum, if `voice` has drums); of several, the
 * one of `voice` first.
 */
export const noteAt = (doc, { step, pitch, voice }) => {
  const isDrum = doc.voices[voice].is_drum;
  const there = doc.notes.filter((note) => note.pitch === pitch
    && doc.voices[note.voice].is_drum === isDrum
    && note.start <= step + 1e-9 && endOf(note) > step + 1e-9);
  return there.find((note) => note.voice === voice) ?? there.at(-1) ?? null;
};

/** The next note (`by` = 1) or the one before (-1) in a voice, from a note or a step. */
export const neighbour = (doc, { voice, id = null, step = 0, by = 1 }) => {
  const notes = doc.notes.filter((note) => note.voice === voice);
  const place = notes.findIndex((note) => note.id === id);
  if (place >= 0) return notes[place + by] ?? null;
  return by > 0 ? notes.find((note) => note.start >= step - 1e-9) ?? null
    : notes.findLast((note) => note.start < step - 1e-9) ?? null;
};
