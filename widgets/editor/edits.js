// The edits: each takes a document and gives {doc, say}, where `say` is the sentence to
// tell. What is not possible gives the same document back, and says why. Pure functions.
//
// No edit leaves the MIDI range, begins before step 0, ends after the longest length
// allowed, or touches a locked voice.

import { commit, endOf, isLocked, makeRoom, SHORTEST } from "./document.js";
import { clamp, HIGHEST_PITCH, isInKey, LOWEST_PITCH, movePitch, snapPitch, snapStep }
  from "./snap.js";
import { barsOf, countOf, spoken, voiceName } from "./words.js";

const LOUDEST = 127;
const OTHER_KIND = "Drums and pitched voices do not share notes: a pitch is a drum there.";

const refuse = (doc, say) => ({ doc, say, isRefused: true });

/** Notes with these ids in voices that may be edited, and why there are none. */
const editable = (doc, ids) => {
  const wanted = doc.notes.filter((note) => ids.has(note.id));
  const notes = wanted.filter((note) => !isLocked(doc, note.voice));
  if (notes.length) return { notes };
  const why = wanted.length
    ? `${voiceName(doc, wanted[0].voice)} is locked, so it stays as it is.`
    : "No note is selected.";
  return { notes, why };
};

/** Put changed notes in the place of those with the same id, and make room for them. */
const put = (doc, changed, { label, isContinued, selected, mayMeet = true }) => {
  const byId = new Map(changed.map((note) => [note.id, note]));
  const old = doc.notes.map((note) => byId.get(note.id) ?? note);
  const known = new Set(doc.notes.map((note) => note.id));
  const all = [...old, ...changed.filter((note) => !known.has(note.id))];
  const notes = mayMeet ? makeRoom(all, new Set(byId.keys()), doc.rules) : all;
  const nextId = Math.max(doc.nextId, ...changed.map((note) => note.id + 1));
  return { ...commit(doc, { notes, label, isContinued, ...(selected && { selected }) }), nextId };
};

const tooMany = (doc, nNew) => (doc.notes.length + nNew > doc.rules.maxNotes
  ? `There is room for ${countOf(doc.rules.maxNotes)}, and ${doc.notes.length} are there.`
  : null);

const tooLate = (doc, start) => (start > doc.rules.maxSteps - SHORTEST
  ? `The music here ends after ${barsOf(doc, doc.rules.maxSteps)}.` : null);

/** A new note, selected. What does not fit in time or range is brought back into it. */
export const draw = (doc, { voice, start, pitch, duration, velocity = 80 }) => {
  const { lowest, highest, maxSteps } = doc.rules;
  const from = Math.max(0, start);
  const problem = (!doc.voices[voice] && "There is no voice to draw in.")
    || (isLocked(doc, voice) && `${voiceName(doc, voice)} is locked: choose another voice.`)
    || tooLate(doc, from) || tooMany(doc, 1);
  if (problem) return refuse(doc, problem);
  const note = { id: doc.nextId, voice, start: from, pitch: clamp(pitch, lowest, highest),
    duration: clamp(duration, SHORTEST, maxSteps - from),
    velocity: clamp(Math.round(velocity), 1, LOUDEST) };
  const drawn = put(doc, [note], { label: "draw", selected: new Set([note.id]) });
  return { doc: drawn, say: `Drew ${spoken(drawn, note)}.` };
};

export const erase = (doc, ids, label = "erase") => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  const gone = new Set(notes.map((note) => note.id));
  const rest = doc.notes.filter((note) => !gone.has(note.id));
  const what = notes.length === 1 ? spoken(doc, notes[0]) : countOf(notes.length);
  return { doc: commit(doc, { notes: rest, label }),
    say: `${label === "cut" ? "Cut" : "Erased"} ${what}.` };
};

/** `degrees` brought towards 0 until every note stays in the range. */
const allowedDegrees = (doc, notes, degrees, key) => {
  const { lowest, highest } = doc.rules;
  const fits = (by) => notes.every((note) => {
    const pitch = target(doc, note, by, key);
    return pitch >= Math.min(lowest, note.pitch) && pitch <= Math.max(highest, note.pitch);
  });
  let by = degrees;
  while (by !== 0 && !fits(by)) by -= Math.sign(by);
  return by;
};

const target = (doc, note, degrees, key) => (degrees === 0 ? note.pitch
  : movePitch(note.pitch, degrees, doc.voices[note.voice].is_drum ? null : key));

/**
 * Notes moved together by `steps` in time and `degrees` in pitch: semitones, or notes of
 * `key` if there is one. They move as far as all of them can.
 */
export const move = (doc, ids, { steps = 0, degrees = 0, key = null, isContinued = false }) => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  const first = Math.min(...notes.map((note) => note.start));
  const last = Math.max(...notes.map(endOf));
  const room = Math.max(0, doc.rules.maxSteps - last); // what is too long already may stay
  const by = clamp(steps, -first, room);
  const up = allowedDegrees(doc, notes, degrees, key);
  if (by === 0 && up === 0) return refuse(doc, whyStuck(doc, { steps, degrees }));
  const moved = notes.map((note) => ({ ...note, start: Math.max(0, note.start + by),
    pitch: target(doc, note, up, key) }));
  const next = put(doc, moved, { label: "move", isContinued });
  const what = moved.length === 1 ? spoken(next, moved[0]) : `${countOf(moved.length)}`;
  return { doc: next, say: moved.length === 1 ? `${what}.` : `Moved ${what}.` };
};

const whyStuck = (doc, { steps, degrees }) => {
  if (degrees > 0) return "The highest note can't go any higher.";
  if (degrees < 0) return "The lowest note can't go any lower.";
  if (steps < 0) return "The first note begins with the music: it can't begin earlier.";
  if (steps > 0) return `The music here ends after ${barsOf(doc, doc.rules.maxSteps)}.`;
  return "Nothing moved.";
};

/** All notes of `ids` up or down by semitones; nothing happens if one can't follow. */
export const transpose = (doc, ids, semitones) => {
  const pitched = new Set(editable(doc, ids).notes
    .filter((note) => !doc.voices[note.voice].is_drum).map((note) => note.id));
  const { notes, why } = editable(doc, pitched.size ? pitched : ids);
  if (why) return refuse(doc, why);
  if (!pitched.size) return refuse(doc, "Drums have no height to move.");
  if (allowedDegrees(doc, notes, semitones, null) !== semitones) {
    const way = semitones > 0 ? "high" : "low";
    return refuse(doc, `That would be too ${way} for ${notes.length === 1 ? "it" : "them"}.`);
  }
  return move(doc, pitched, { degrees: semitones });
};

/** Every note longer (or shorter) by `steps` at its end, or at its beginning. */
export const stretch = (doc, ids, { steps, side = "end", shortest = SHORTEST,
  isContinued = false }) => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  const stretched = notes.map((note) => {
    const least = Math.min(shortest, note.duration);
    if (side === "start") {
      const start = clamp(note.start + steps, 0, endOf(note) - least);
      return { ...note, start, duration: endOf(note) - start };
    }
    const most = Math.max(note.duration, doc.rules.maxSteps - note.start);
    return { ...note, duration: clamp(note.duration + steps, least, most) };
  });
  const isSame = stretched.every((note, i) => note.duration === notes[i].duration);
  if (isSame) {
    return refuse(doc, steps < 0 === (side === "end") ? "It is as short as it can be."
      : "It is as long as it can be.");
  }
  const next = put(doc, stretched, { label: "stretch", isContinued });
  return { doc: next, say: stretched.length === 1 ? `${spoken(next, stretched[0])}.`
    : `Changed the length of ${countOf(stretched.length)}.` };
};

/** Loudness 1 to 127: set to `velocity`, or changed `by`. */
export const setVelocity = (doc, ids, { velocity, by = 0, isContinued = false }) => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  const changed = notes.map((note) => ({ ...note,
    velocity: clamp(Math.round((velocity ?? note.velocity) + by), 1, LOUDEST) }));
  if (changed.every((note, i) => note.velocity === notes[i].velocity)) {
    const end = by > 0 ? "loud" : "soft";
    return refuse(doc, by ? `It is as ${end} as it can be.` : "It is as loud as that already.");
  }
  return { doc: put(doc, changed, { label: "velocity", isContinued, mayMeet: false }),
    say: `Velocity ${changed[0].velocity}.` };
};

/** Beginnings brought to the grid; lengths stay. */
export const quantise = (doc, ids, grid) => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  const { maxSteps } = doc.rules;
  const moved = notes.map((note) => ({ ...note, start: snapStep(note.start, grid, doc.head) }))
    .filter((note, i) => note.start !== notes[i].start && note.start + SHORTEST <= maxSteps)
    .map((note) => ({ ...note, duration: Math.min(note.duration, maxSteps - note.start) }));
  if (!moved.length) return refuse(doc, "Every note begins on the grid already.");
  return { doc: put(doc, moved, { label: "quantise" }),
    say: `Brought ${countOf(moved.length)} to the grid.` };
};

/** Pitches brought to the nearest note of a key; drums stay. */
export const bringIntoKey = (doc, ids, key, keyName) => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  const { lowest, highest } = doc.rules;
  const moved = notes
    .filter((note) => !doc.voices[note.voice].is_drum && !isInKey(note.pitch, key))
    .map((note) => ({ ...note, pitch: snapPitch(note.pitch, key, lowest, highest) }));
  if (!moved.length) return refuse(doc, `Every note is in ${keyName} already.`);
  return { doc: put(doc, moved, { label: "bring into key" }),
    say: `Brought ${countOf(moved.length)} into ${keyName}.` };
};

/** The notes given to another voice. */
export const moveToVoice = (doc, ids, voice) => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  if (isLocked(doc, voice)) return refuse(doc, `${voiceName(doc, voice)} is locked.`);
  const isOther = (note) => doc.voices[note.voice].is_drum !== doc.voices[voice].is_drum;
  if (notes.some(isOther)) return refuse(doc, OTHER_KIND);
  const moved = notes.filter((note) => note.voice !== voice).map((note) => ({ ...note, voice }));
  if (!moved.length) return refuse(doc, `They are in ${voiceName(doc, voice)} already.`);
  return { doc: put(doc, moved, { label: "change voice" }),
    say: `Gave ${countOf(moved.length)} to ${voiceName(doc, voice)}.` };
};

// --- copies

/** What copying the notes keeps: {notes, from, width}, times counted from the first note. */
export const clipOf = (doc, ids) => {
  const notes = doc.notes.filter((note) => ids.has(note.id));
  if (!notes.length) return null;
  const from = Math.min(...notes.map((note) => note.start));
  const width = Math.max(...notes.map(endOf)) - from;
  const kept = notes.map((note) => ({ ...note, start: note.start - from,
    isDrum: doc.voices[note.voice].is_drum }));
  return { notes: kept, from, width };
};

/**
 * A copy of a clip that begins at step `at`, selected. Notes of one voice go to `voice`;
 * notes of several stay in theirs. What lies beyond the end allowed is left out.
 */
export const paste = (doc, clip, { at, voice, label = "paste" }) => {
  if (!clip) return refuse(doc, "Nothing is copied yet.");
  const isOneVoice = new Set(clip.notes.map((note) => note.voice)).size === 1;
  const { lowest, highest, maxSteps } = doc.rules;
  const from = Math.max(0, at);
  const wanted = clip.notes.map((note) => ({ ...note, start: from + note.start,
    voice: isOneVoice && voice !== undefined ? voice : note.voice }));
  const open = wanted.filter((note) => doc.voices[note.voice] && !isLocked(doc, note.voice));
  if (!open.length) return refuse(doc, "Its voice is locked: choose another voice.");
  if (open.some((note) => note.isDrum !== doc.voices[note.voice].is_drum)) {
    return refuse(doc, OTHER_KIND);
  }
  const fitting = open.filter((note) => note.start <= maxSteps - SHORTEST
    && note.pitch >= lowest && note.pitch <= highest);
  const problem = (!fitting.length && (tooLate(doc, from) ?? "Its notes lie out of the range."))
    || tooMany(doc, fitting.length);
  if (problem) return refuse(doc, problem);
  const notes = fitting.map(({ isDrum: _, ...note }, i) => ({ ...note, id: doc.nextId + i,
    duration: Math.min(note.duration, maxSteps - note.start) }));
  const next = put(doc, notes, { label, selected: new Set(notes.map((note) => note.id)) });
  const nLeft = wanted.length - notes.length;
  const rest = nLeft ? ` ${countOf(nLeft)} did not fit.` : "";
  const verb = label === "paste" ? "Pasted" : "Duplicated";
  return { doc: next, say: `${verb} ${countOf(notes.length)}.${rest}` };
};

/** A copy right behind the notes, at the first grid line there. */
export const duplicate = (doc, ids, grid) => {
  const { notes, why } = editable(doc, ids);
  if (why) return refuse(doc, why);
  const clip = clipOf(doc, new Set(notes.map((note) => note.id)));
  const end = clip.from + clip.width;
  const line = snapStep(end, grid, doc.head);
  return paste(doc, clip, { at: line >= end - 1e-9 ? line : end, label: "duplicate" });
};

/** A pitch one step up (`by` = 1) or down, or as it is (0), kept in the MIDI range. */
export const oneUp = (pitch, by, key) =>
  (by ? clamp(movePitch(pitch, by, key), LOWEST_PITCH, HIGHEST_PITCH) : pitch);
