// Where notes may lie: lines of a time grid and pitches of a key. Pure functions.
// Time is in steps of a sixteenth; a pitch is a MIDI number.

export const LOWEST_PITCH = 0;
export const HIGHEST_PITCH = 127;

// A grid line lies every `over / under` steps: written as a fraction, so that the third
// triplet line is exactly 4 and not 3.9999999999999996.
export const GRIDS = {
  "1/4": { over: 4, under: 1, words: "quarter notes" },
  "1/8": { over: 2, under: 1, words: "eighths" },
  "1/8T": { over: 4, under: 3, words: "eighth triplets" },
  "1/16": { over: 1, under: 1, words: "sixteenths" },
  "1/16T": { over: 2, under: 3, words: "sixteenth triplets" },
  "1/32": { over: 1, under: 2, words: "thirty-seconds" },
  // No grid to be seen; times are still kept in 96ths of a quarter, as in a MIDI file.
  off: { over: 1, under: 24, words: "no grid" },
};

const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10], // natural minor, as deepcomposer_edu.music.keys has it
};

const mod = (a, n) => ((a % n) + n) % n;

export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

/** Distance of two grid lines in steps. */
export const gridLength = (grid) => GRIDS[grid].over / GRIDS[grid].under;

/** Where the counting of bars begins anew: [[from, anchor]], in order of time. */
const segments = ({ metres = [], pickup = 0 }) => {
  const later = metres.slice(1).map(([step]) => [step, step]);
  return [[0, pickup], ...later];
};

const segmentAt = (parts, step) => {
  const i = parts.findLastIndex(([from]) => from <= step);
  const place = Math.max(0, i);
  return { anchor: parts[place][1], from: parts[place][0], to: parts[place + 1]?.[0] ?? Infinity };
};

/** The lines just at or before `step` and just after it, beginning with step 0. */
const around = (step, grid, head) => {
  const { over, under } = GRIDS[grid];
  const { anchor, from, to } = segmentAt(segments(head), Math.max(0, step));
  const line = (k) => clamp(anchor + (k * over) / under, from, to);
  // A hair of tolerance: a line that was reached by adding fractions is that line.
  const k = Math.floor(((step - anchor) * under) / over + 1e-6);
  return [line(k), line(k + 1)];
};

/**
 * The grid line nearest to `step`, 0 or later. The grid is counted from the bar lines, so
 * after a pickup and after a change of metre it begins anew; step 0 is always a line.
 */
export const snapStep = (step, grid, head = {}) => {
  if (step <= 0) return 0;
  const [before, after] = around(step, grid, head);
  return step - before < after - step ? before : after;
};

/** The last grid line at or before `step`: the cell of the grid that a click falls into. */
export const cellStart = (step, grid, head = {}) =>
  (step <= 0 ? 0 : around(step, grid, head)[0]);

/** The next grid line after (`by` = 1) or before (-1) `step`; 0 has none before it. */
export const nextLine = (step, by, grid, head = {}) => {
  const [before, after] = around(step, grid, head);
  if (by > 0) return after;
  if (step - before > 1e-6) return before;
  return step <= 0 ? 0 : around(step - 1e-3, grid, head)[0];
};

/** The grid lines from one step to another, to be drawn. */
export const gridLines = (from, to, grid, head = {}) => {
  const lines = [];
  for (let line = cellStart(from, grid, head); line < to; line = nextLine(line, 1, grid, head)) {
    lines.push(line);
  }
  return lines;
};

/** Pitch classes of a key {tonic, mode}; null allows all twelve. */
export const keyClasses = (key) =>
  (key ? SCALES[key.mode].map((degree) => (key.tonic + degree) % 12) : null);

/** Whether a pitch belongs to a key; every pitch belongs to no key. */
export const isInKey = (pitch, key) => !key || keyClasses(key).includes(mod(pitch, 12));

/** The nearest pitch of the key within the range; of two as near, the lower. */
export const snapPitch = (pitch, key, low = LOWEST_PITCH, high = HIGHEST_PITCH) => {
  const wanted = clamp(Math.round(pitch), low, high);
  for (let distance = 0; distance <= 12; distance += 1) {
    for (const candidate of [wanted - distance, wanted + distance]) {
      if (candidate >= low && candidate <= high && isInKey(candidate, key)) return candidate;
    }
  }
  return wanted; // a range too narrow to hold a note of the key
};

/**
 * A pitch moved by `degrees`: semitones without a key, else notes of the key. A note
 * beside the key steps onto it. The result may lie outside the MIDI range.
 */
export const movePitch = (pitch, degrees, key) => {
  if (!key) return pitch + degrees;
  const classes = keyClasses(key).toSorted((a, b) => a - b);
  const octave = Math.floor(pitch / 12);
  const below = classes.findLastIndex((pitchClass) => pitchClass <= pitch - 12 * octave);
  // From between two notes of the key, up is one step from the lower of them and down
  // one from the upper.
  const isBeside = classes[below] !== pitch - 12 * octave;
  const place = below + degrees + (isBeside && degrees < 0 ? 1 : 0);
  const nOctaves = Math.floor(place / classes.length);
  return 12 * (octave + nOctaves) + classes[mod(place, classes.length)];
};

/** How many degrees (see movePitch) lead from a pitch as near to another as can be. */
export const degreesBetween = (from, to, key) => {
  if (!key) return to - from;
  const way = Math.sign(to - from);
  const distance = (degrees) => Math.abs(movePitch(from, degrees, key) - to);
  let degrees = 0;
  while (way !== 0 && distance(degrees + way) < Math.abs(to - (degrees ? movePitch(from, degrees,
    key) : from))) degrees += way;
  return degrees;
};
