// Which numbers of a block share a mean, and what becomes of them. Pure functions.
//
//   block[b][c][t]: B pieces, C voices, T steps; the numbers are pitches.
//   norm: "none", "batch", "remembered" (BatchNorm after training), "layer" (the voices of
//   one step), "example" (a whole piece).

const EPSILON = 1e-5; // under the root, as in nn/layers.py

export const NORMS = [
  ["none", "None"],
  ["batch", "BatchNorm"],
  ["remembered", "BatchNorm after training"],
  ["layer", "LayerNorm over voices"],
  ["example", "LayerNorm over voices and steps"],
];

/** The first pieces, voices and steps of a block. */
export const cut = (block, [nPieces, nVoices, nSteps]) => block.slice(0, nPieces)
  .map((piece) => piece.slice(0, nVoices).map((voice) => voice.slice(0, nSteps)));

/** Whether two places, [piece, voice, step] each, share their mean. */
export const sharesMean = (norm, [b, c, t], [b2, c2, t2]) => ({
  none: () => b === b2 && c === c2 && t === t2,
  batch: () => c === c2,
  remembered: () => c === c2,
  layer: () => b === b2 && t === t2,
  example: () => b === b2,
}[norm]());

const places = (block) => block.flatMap((piece, b) => piece.flatMap((voice, c) =>
  voice.map((number, t) => ({ place: [b, c, t], number }))));

/** {n, mean, spread} of the numbers that share their mean with the one at `place`. */
export const statistics = (block, norm, place) => {
  const group = places(block).filter((other) => sharesMean(norm, place, other.place))
    .map(({ number }) => number);
  const mean = group.reduce((sum, number) => sum + number, 0) / group.length;
  const variance = group.reduce((sum, number) => sum + (number - mean) ** 2, 0) / group.length;
  return { n: group.length, mean, spread: Math.sqrt(variance) };
};

/** The block after the norm, without gain and shift. `all` is the block before it was cut. */
export const normalised = (block, norm, all = block) => {
  if (norm === "none") return block;
  const known = norm === "remembered" ? all : block;
  const found = new Map(); // one for each group, by its first place
  return block.map((piece, b) => piece.map((voice, c) => voice.map((number, t) => {
    const name = { batch: c, remembered: c, layer: `${b} ${t}`, example: b }[norm];
    if (!found.has(name)) found.set(name, statistics(known, norm, [b, c, t]));
    const { mean, spread } = found.get(name);
    return (number - mean) / Math.sqrt(spread ** 2 + EPSILON);
  })));
};

/** The pitch that is heard: what the norm left, times the gain, plus the voice's shift. */
export const pitchOf = (number, norm, gain, shift) =>
  Math.min(108, Math.max(21, Math.round(norm === "none" ? number : gain * number + shift)));

/** A piece of the block as music: a quarter for each step. */
export const musicOf = (piece, { norm, gain, shifts, voices, title }) => ({
  title, tempo: 90,
  tracks: piece.map((voice, c) => ({ name: voices[c], program: 0, is_drum: false,
    notes: voice.map((number, t) => [4 * t, pitchOf(number, norm, gain, shifts[c]), 4, 80]) })),
});

const many = (n) => `${n} numbers share`;

/** What the norm does to the chosen number, in sentences. */
export const words = ({ block, all, norm, place, voices }) => {
  const known = norm === "remembered" ? all : block;
  const { n, mean, spread } = statistics(known, norm, place);
  const voice = voices[place[1]];
  const share = `the mean ${mean.toFixed(1)} and the spread ${spread.toFixed(1)}`;
  const first = {
    none: "No norm: every number stays as it is.",
    batch: `${many(n)} ${share}: all pieces and steps of the ${voice}.`,
    remembered: `For the ${voice} ${share} are remembered from ${n} numbers of the training.`,
    layer: `${many(n)} ${share}: the voices of this piece at this step.`,
    example: `${many(n)} ${share}: all voices and steps of this piece.`,
  }[norm].replace("1 numbers share", "A number alone has");
  const isLost = norm !== "none" && spread < 0.005;
  const isMixed = norm === "batch" && block.length > 1;
  return [first,
    isLost ? "It is its own mean, so 0 is left of it, whatever it was." : "",
    isMixed ? "What becomes of a piece depends on the others in its batch."
      : "What becomes of a piece does not depend on any other.",
  ].filter(Boolean).join(" ");
};

/** The place that a key leads to, or null: [piece, voice, step] within the sizes. */
export const placeAfter = (key, [b, c, t], [nPieces, nVoices, nSteps]) => {
  const next = { ArrowLeft: [b, c, t - 1], ArrowRight: [b, c, t + 1], ArrowUp: [b, c - 1, t],
    ArrowDown: [b, c + 1, t], PageUp: [b - 1, c, t], PageDown: [b + 1, c, t], Home: [b, c, 0],
    End: [b, c, nSteps - 1] }[key];
  if (!next) return null;
  const sizes = [nPieces, nVoices, nSteps];
  return next.map((value, axis) => Math.min(sizes[axis] - 1, Math.max(0, value)));
};
