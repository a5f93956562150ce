// The music that is edited: an immutable document with a history. Pure functions; nothing
// here knows a page. Every change gives a new document and leaves the old one as it was.
//
// A document holds
//   head       {title, tempo, tempo_changes, metres, pickup}
//   voices     [{name, program, is_drum}], one for each track
//   notes      [{id, voice, start, pitch, duration, velocity}], sorted
//   selected   Set of note ids
//   past, future   what undo and redo go back to: [{head, voices, notes, selected, label}]
//   rules      {locked: [voice], maxSteps, maxNotes, lowest, highest, isMonophonic}

import { HIGHEST_PITCH, LOWEST_PITCH } from "./snap.js";

export const LONGEST_HISTORY = 200;
export const SHORTEST = 1 / 24; // steps: the shortest note there can be
const MOST_NOTES = 20_000;

export const DEFAULT_RULES = { locked: [], maxSteps: Infinity, maxNotes: MOST_NOTES,
  lowest: LOWEST_PITCH, highest: HIGHEST_PITCH, isMonophonic: false };

// The order that a Track of Python keeps, so that [track, index] means the same there.
const inOrder = (a, b) => a.voice - b.voice || a.start - b.start || a.pitch - b.pitch
  || a.duration - b.duration || a.velocity - b.velocity || a.id - b.id;

export const endOf = (note) => note.start + note.duration;

/** A document of music in the form in which Python and browser exchange it. */
export const fromMusic = (music, rules = {}) => {
  const { tracks = [], ...head } = music;
  let id = 0;
  const notes = tracks.flatMap((track, voice) => track.notes
    .map(([start, pitch, duration, velocity]) => {
      id += 1;
      return { id, voice, start, pitch, duration, velocity };
    }));
  const voices = tracks.map(({ name, program, is_drum }) => ({ name, program, is_drum }));
  return { head, voices, notes: notes.toSorted(inOrder), selected: new Set(), past: [],
    future: [], nextId: id + 1, rules: { ...DEFAULT_RULES, ...rules } };
};

/** The music of a document. */
export const toMusic = ({ head, voices, notes }) => ({
  ...head,
  tracks: voices.map((voice, i) => ({
    ...voice,
    notes: notes.filter((note) => note.voice === i)
      .map(({ start, pitch, duration, velocity }) => [start, pitch, duration, velocity]),
  })),
});

/** Whether two documents' notes are the same music, whatever their ids. */
export const isSameMusic = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export const selectedNotes = (doc) => doc.notes.filter((note) => doc.selected.has(note.id));

export const isLocked = (doc, voice) => doc.rules.locked.includes(voice);

/** The step at which the last note ends. */
export const endOfMusic = (doc) => Math.max(0, ...doc.notes.map(endOf));

/** Notes by [track, index], as Python counts them. */
export const placesOf = (doc, ids = doc.selected) => {
  const counts = doc.voices.map(() => 0);
  return doc.notes.flatMap((note) => {
    const place = [note.voice, counts[note.voice]];
    counts[note.voice] += 1;
    return ids.has(note.id) ? [place] : [];
  });
};

/** The ids of notes given as [track, index]. */
export const idsAt = (doc, places) => {
  const byVoice = doc.voices.map((_, voice) => doc.notes.filter((note) => note.voice === voice));
  return new Set(places.map(([voice, i]) => byVoice[voice]?.[i]?.id)
    .filter((id) => id !== undefined));
};

export const withSelected = (doc, ids) => ({ ...doc, selected: new Set(ids) });

// --- history

const snapshot = ({ head, voices, notes, selected }, label) =>
  ({ head, voices, notes, selected, label });

/**
 * A document with other notes (and head, and voices), as one step of the history. With
 * `isContinued` it belongs to the step before, as the repeats of a held key do.
 */
export const commit = (doc, { label, isContinued = false, ...changes }) => {
  const next = { ...doc, ...changes };
  const ids = new Set(next.notes.map((note) => note.id));
  const belongs = isContinued && doc.past.at(-1)?.label === label;
  return {
    ...next,
    notes: next.notes.toSorted(inOrder),
    selected: new Set([...next.selected].filter((id) => ids.has(id))),
    past: belongs ? doc.past : [...doc.past, snapshot(doc, label)].slice(-LONGEST_HISTORY),
    future: [],
  };
};

/** The document before the last change; the same one when there was none. */
export const undo = (doc) => {
  const before = doc.past.at(-1);
  if (!before) return doc;
  const { label, ...content } = before;
  return { ...doc, ...content, past: doc.past.slice(0, -1),
    future: [snapshot(doc, label), ...doc.future] };
};

/** The document after the change that was undone last. */
export const redo = (doc) => {
  const after = doc.future[0];
  if (!after) return doc;
  const { label, ...content } = after;
  return { ...doc, ...content, past: [...doc.past, snapshot(doc, label)],
    future: doc.future.slice(1) };
};

/**
 * The document before (`step` = undo) or after (redo) some changes, where it held `music`;
 * null if it never did.
 */
export const stepTo = (doc, step, music) => {
  for (let before = doc, now = step(doc); now !== before; before = now, now = step(now)) {
    if (isSameMusic(toMusic(now), music)) return now;
  }
  return null;
};

/** The same history with other music on top, which undo takes away again. */
export const replaceMusic = (doc, music, label) => {
  const { head, voices, notes, nextId } = fromMusic(music);
  // Ids that no note of the history has.
  const moved = notes.map((note) => ({ ...note, id: note.id + doc.nextId }));
  return { ...commit(doc, { head, voices, notes: moved, selected: new Set(), label }),
    nextId: doc.nextId + nextId };
};

// --- notes that meet

/**
 * All notes, with room made for those whose ids are in `touched`: of one voice, two notes
 * of one pitch never sound at once (with isMonophonic no two notes at all). A note that
 * began before a touched one ends there; one that begins under it goes.
 */
export const makeRoom = (notes, touched, { isMonophonic }) => {
  const meets = (a, b) => a.voice === b.voice && (isMonophonic || a.pitch === b.pitch)
    && a.start < endOf(b) - 1e-9 && b.start < endOf(a) - 1e-9;
  const winners = notes.filter((note) => touched.has(note.id)).toSorted(inOrder);
  const kept = [];
  // Touched notes that meet each other: the later one cuts the earlier.
  winners.forEach((note) => {
    const met = kept.findIndex((other) => meets(other, note));
    if (met >= 0 && note.start - kept[met].start >= SHORTEST) {
      kept[met] = { ...kept[met], duration: note.start - kept[met].start };
    } else if (met >= 0) kept.splice(met, 1);
    kept.push(note);
  });
  const others = notes.filter((note) => !touched.has(note.id)).flatMap((note) => {
    const above = kept.filter((winner) => meets(winner, note));
    if (!above.length) return [note];
    const first = Math.min(...above.map((winner) => winner.start));
    return first - note.start >= SHORTEST ? [{ ...note, duration: first - note.start }] : [];
  });
  return [...others, ...kept];
};
