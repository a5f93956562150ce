// Arpeggiator: held notes one after another, and the tempo tapped. Pure functions.

export const ARP_ORDERS = ["up", "down", "up-down", "played"];

/** Notes in a beat, by the name of their length; T is a triplet. */
export const ARP_RATES = { "1/4": 1, "1/8": 2, "1/8T": 3, "1/16": 4, "1/16T": 6, "1/32": 8 };

/**
 * The notes of one round.
 *
 * @param held pitches in the order in which they were pressed
 * @param order one of ARP_ORDERS; "up-down" strikes the two ends once
 * @param nOctaves how many octaves the round climbs
 */
export const arpRound = (held, order, nOctaves = 1) => {
  const pressed = [...new Set(held)];
  const base = order === "played" ? pressed : [...pressed].sort((a, b) => a - b);
  const all = Array.from({ length: nOctaves }, (_, octave) =>
    base.map((pitch) => pitch + 12 * octave)).flat().filter((pitch) => pitch <= 127);
  const up = order === "played" ? all : [...new Set(all)].sort((a, b) => a - b);
  if (order === "down") return [...up].reverse();
  if (order === "up-down") return [...up, ...up.slice(1, -1).reverse()];
  return up;
};

const LONGEST_GAP = 2500; // ms: a longer pause begins a new tapping
const MOST_TAPS = 8;
const SLOWEST = 20; // BPM
const FASTEST = 300;

/** The taps that count after one more at `time` (ms). */
export const addTap = (taps, time) => {
  const isNew = taps.length && time - taps.at(-1) > LONGEST_GAP;
  return [...(isNew ? [] : taps), time].slice(-MOST_TAPS);
};

/** The tempo of some taps in whole BPM, from 20 to 300; null with fewer than two. */
export const tapTempo = (taps) => {
  if (taps.length < 2) return null;
  const beat = (taps.at(-1) - taps[0]) / (taps.length - 1);
  return Math.round(Math.min(FASTEST, Math.max(SLOWEST, 60000 / beat)));
};
