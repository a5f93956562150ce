// Scales: which notes belong to a key, and which key is being played. Pure functions.

const TONICS = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/** Semitones above the tonic; widgets/performing.py holds the same table. */
export const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  "harmonic minor": [0, 2, 3, 5, 7, 8, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  pentatonic: [0, 2, 4, 7, 9],
  blues: [0, 3, 5, 6, 7, 10],
};

// How often each degree is heard in music in a key, and what a long last note says: as in
// deepcomposer_edu/music/keys.py, so that Python and the browser find the same key.
const PROFILES = {
  major: [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400],
  minor: [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330],
};
const CLOSING_TONIC = 0.2;
const CLOSING_THIRD = 0.1;
const CLOSING_LENGTH = 1.5; // times the median note

const modulo = (a, n) => ((a % n) + n) % n;

export const tonicNames = () => [...TONICS];

/** "F# dorian" as {tonic, kind, degrees}; null for what is no scale. */
export const parseScale = (name) => {
  const [tonicName, ...rest] = String(name).split(" ");
  const kind = rest.join(" ");
  const tonic = TONICS.indexOf(tonicName);
  if (tonic < 0 || !(kind in SCALES)) return null;
  return { tonic, kind, degrees: SCALES[kind] };
};

export const scaleName = (tonic, kind) => `${TONICS[modulo(tonic, 12)]} ${kind}`;

/** Whether a pitch belongs to a scale. */
export const isInScale = (scale, pitch) =>
  scale.degrees.includes(modulo(pitch - scale.tonic, 12));

/** The pitch `steps` notes of the scale above a pitch of the scale. */
export const stepUp = (scale, pitch, steps) => {
  const degree = modulo(pitch - scale.tonic, 12);
  const place = scale.degrees.indexOf(degree) + steps;
  const octaves = Math.floor(place / scale.degrees.length);
  return pitch - degree + 12 * octaves + scale.degrees[place % scale.degrees.length];
};

const centred = (values) => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.map((x) => x - mean);
};
const lengthOf = (values) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** What the last of some notes says for each key: a function of (tonic, mode). */
const closingScore = (notes) => {
  const last = notes.at(-1);
  const isOneTone = new Set(notes.map((note) => note.pitch % 12)).size === 1;
  const typical = median(notes.map((note) => note.duration));
  if (!isOneTone && last.duration < CLOSING_LENGTH * typical) return () => 0;
  return (tonic, mode) => {
    const above = modulo(last.pitch - tonic, 12);
    if (above === 0) return CLOSING_TONIC;
    return above === (mode === "major" ? 4 : 3) ? CLOSING_THIRD : 0;
  };
};

/**
 * The major or minor key that fits notes ({pitch, start, duration}) best, as "G major";
 * null without notes.
 */
export const guessScale = (notes) => {
  if (!notes.length) return null;
  const inOrder = [...notes].sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const weights = Array(12).fill(0);
  inOrder.forEach(({ pitch, duration }) => { weights[pitch % 12] += duration; });
  const heard = centred(weights);
  const loudness = lengthOf(heard);
  const closing = closingScore(inOrder);
  let best = { score: -Infinity };
  Object.entries(PROFILES).forEach(([mode, profile]) => {
    const shape = centred(profile);
    TONICS.forEach((_, tonic) => {
      const product = heard.reduce(
        (sum, weight, pitch) => sum + weight * shape[modulo(pitch - tonic, 12)], 0);
      const fit = loudness < 1e-12 ? 0 : product / (loudness * lengthOf(shape));
      const score = Math.round((fit + closing(tonic, mode)) * 1e9);
      if (score > best.score) best = { score, tonic, mode };
    });
  });
  return scaleName(best.tonic, best.mode);
};
