// What looks at what, and how much. Pure functions.
//
// A pattern is a Float32Array of T * T shares: pattern[t * T + s] is the share of its
// attention that position t gives to position s; over all s they sum to 1. `starts` has
// T + 1 steps: position t lasts from starts[t] to starts[t + 1].

import { noteName } from "../shared/notes.js";
import { barAndBeat, flatNotes, notesAt } from "../shared/score.js";

const LEAST = 0.01; // smaller shares are not worth a line
const PEEK = 4; // steps that a chord looked at is heard
const LAST = 8; // steps of the chord that looks
const [SOFTEST, LOUDEST] = [28, 112]; // velocities

/** The shares of all layers and heads, as Python packs them: a byte is 255 * sqrt(share). */
export const unpackShares = (text) => Float32Array.from(atob(text),
  (letter) => (letter.charCodeAt(0) / 255) ** 2);

/** The pattern of a head, 1 to H, of a layer, 1 to L; head 0 is the mean of its heads. */
export const patternOf = (shares, [, nHeads, size], layer, head) => {
  const cells = size * size;
  const at = (h) => shares.subarray(((layer - 1) * nHeads + h) * cells,
    ((layer - 1) * nHeads + h + 1) * cells);
  if (head > 0) return at(head - 1);
  const mean = new Float32Array(cells);
  for (let h = 0; h < nHeads; h += 1) at(h).forEach((share, i) => { mean[i] += share / nHeads; });
  return mean;
};

/** What a position looks at, or with `isTurned` how much each position looks at it. */
export const rowOf = (pattern, size, position, isTurned = false) => Float32Array.from(
  { length: size }, (_, s) => pattern[isTurned ? s * size + position : position * size + s]);

/** How far back a head looks on average, in steps; what lies ahead counts as negative. */
export const meanDistance = (pattern, starts) => {
  const size = starts.length - 1;
  let sum = 0;
  for (let t = 0; t < size; t += 1) {
    for (let s = 0; s < size; s += 1) sum += pattern[t * size + s] * (starts[t] - starts[s]);
  }
  return sum / Math.max(size, 1);
};

/** The position that a step belongs to. */
export const positionAt = (starts, step) => {
  const found = starts.findLastIndex((start) => start <= step + 1e-6);
  return Math.min(Math.max(found, 0), starts.length - 2);
};

/** The notes in the middle of a position, the upper voices first. */
const sounding = (notes, starts, position) =>
  notesAt(notes, (starts[position] + starts[position + 1]) / 2)
    .sort((a, b) => a.track - b.track);

/** Stretches of positions in which the same notes sound: [{from, to}], `to` included. */
export const chordsOf = (music, starts) => {
  const notes = flatNotes(music);
  const chords = [];
  let before = null;
  for (let position = 0; position < starts.length - 1; position += 1) {
    const now = sounding(notes, starts, position)
      .map(({ track, index }) => `${track}:${index}`).join();
    if (now === before) chords.at(-1).to = position;
    else chords.push({ from: position, to: position });
    before = now;
  }
  return chords;
};

/**
 * The chords with the largest shares, the largest first: [{from, to, share}]. A chord has
 * the shares of all its positions together; with `isTurned` the mean of them.
 */
export const strongest = (row, chords, n, isTurned = false) => chords
  .map(({ from, to }) => {
    const sum = row.slice(from, to + 1).reduce((total, share) => total + share, 0);
    return { from, to, share: isTurned ? sum / (to - from + 1) : sum };
  })
  .filter(({ share }) => share >= LEAST)
  .sort((a, b) => b.share - a.share)
  .slice(0, n);

/** How much of a row lies behind the position that looks: 0 for a good mask. */
export const aheadOf = (row, position) => row.slice(position + 1)
  .reduce((sum, share) => sum + share, 0);

/** The chords in order of time, as loud as they are looked at, then the one that looks. */
export const peekMusic = (music, starts, looks, position) => {
  const notes = flatNotes(music);
  const most = Math.max(...looks.map(({ share }) => share), 1e-9);
  const inTime = [...looks].sort((a, b) => a.from - b.from);
  const places = inTime.map(({ from, share }, i) => ({ from, at: PEEK * i, length: PEEK,
    velocity: Math.round(SOFTEST + (LOUDEST - SOFTEST) * Math.sqrt(share / most)) }));
  if (position !== null) {
    places.push({ from: position, at: PEEK * inTime.length, length: LAST, velocity: 96 });
  }
  const tracks = music.tracks.map((track, number) => ({ ...track,
    notes: places.flatMap(({ from, at, length, velocity }) => sounding(notes, starts, from)
      .filter((note) => note.track === number)
      .map(({ pitch }) => [at, pitch, length - 0.5, velocity])) }));
  return { music: { title: "", tempo: music.tempo, metres: [[0, 4, 4]], pickup: 0, tracks },
    places };
};

// --- words

/** 0.314 as "31 %". */
export const percent = (share) => `${Math.round(100 * share)} %`;

/** "Bar 3, beat 2½": where a position lies, to a quarter of a beat. */
export const placeWords = (music, starts, position) => {
  const { bar, beat } = barAndBeat(music, starts[position]);
  const whole = Math.floor(beat + 1e-6);
  const rest = ["", "¼", "½", "¾"][Math.round(4 * (beat - whole)) % 4];
  return `${bar === 0 ? "Pickup" : `Bar ${bar}`}, beat ${whole}${rest}`;
};

/** "G4 D4 B3 G2", the voices from the top; "rest" where nothing sounds. */
export const chordWords = (music, starts, position) => {
  const notes = sounding(flatNotes(music), starts, position);
  return notes.map(({ pitch }) => noteName(pitch)).join(" ") || "rest";
};

/** "looks 3.5 beats back on average". */
export const distanceWords = (steps) => {
  const beats = Math.abs(steps) / 4;
  const way = steps < 0 ? "ahead" : "back";
  return `looks ${beats.toFixed(beats < 10 ? 1 : 0)} beats ${way} on average`;
};
