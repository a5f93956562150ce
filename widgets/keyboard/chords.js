// Auto-chord: which notes sound when one key is pressed. Pure functions.

import { isInScale, stepUp } from "./scale.js";

/** Semitones above the key that is pressed, without a scale. */
const SHAPES = {
  triad: [0, 4, 7],
  minor: [0, 3, 7],
  seventh: [0, 4, 7, 10],
  power: [0, 7],
};

/** How many notes of the scale lie above the key, with one: thirds on thirds. */
const STEPS = { triad: [0, 2, 4], minor: [0, 2, 4], seventh: [0, 2, 4, 6], power: [0, 4] };

export const CHORD_KINDS = Object.keys(SHAPES);

/**
 * The pitches of the chord on `pitch`, its lowest note first. With a scale every note of
 * it lies in the scale: in C major D carries D minor. Notes above 127 are left out.
 */
export const chordOn = (pitch, kind, scale = null) => {
  const isInKey = scale && isInScale(scale, pitch);
  const pitches = isInKey
    ? STEPS[kind].map((steps) => stepUp(scale, pitch, steps))
    : SHAPES[kind].map((above) => pitch + above);
  return pitches.filter((one) => one <= 127);
};
