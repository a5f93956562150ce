// What a hand plays while the piece goes round, as notes on the grid. Pure, but for what
// is held.

/** A time in steps on the grid: the nearest step; a half goes up. */
const nearest = (step) => Math.floor(step + 0.5);

/**
 * A note that was held from one step to another, as [start, n_steps], or null.
 *
 * @param begun where the music stood at the touch, in steps
 * @param ended where it stood at the release; before `begun` if it came round meanwhile
 * @param end of the piece, in steps; a note that is struck just before it belongs to the
 *   beginning
 */
export const onGrid = (begun, ended, end) => {
  if (end <= 0) return null;
  const isRound = ended < begun;
  const start = nearest(begun);
  if (start >= end) return [0, Math.max(1, isRound ? nearest(ended) : 1)];
  return [start, Math.max(1, (isRound ? end : nearest(ended)) - start)];
};

/** Notes of one voice as they are played: press and release, each with its place in steps. */
export const createTake = ({ voice, end, onNotes }) => {
  const held = new Map(); // pitch -> step of the touch
  const finish = (pitch, step) => {
    const place = onGrid(held.get(pitch), step, end());
    held.delete(pitch);
    if (place) onNotes([[voice(), ...place, pitch]]);
  };
  return {
    press: (pitch, step) => held.set(pitch, step),
    release: (pitch, step) => { if (held.has(pitch)) finish(pitch, step); },
    /** The music has stopped: what is held ends here. */
    end: (step) => [...held.keys()].forEach((pitch) => finish(pitch, step)),
  };
};

/**
 * Watches the music go round: `look(step)` is called again and again, and says what has
 * happened since: {isRound, hasLeft}: it came round; it has left the bar [from, to), or
 * came round within it.
 */
export const createRounds = () => {
  let last = null;
  return {
    forget: () => { last = null; },
    look: (step, [from, to]) => {
      const before = last;
      last = step;
      if (before === null) return { isRound: false, hasLeft: step < from || step >= to };
      const isRound = step < before - 1e-6;
      const wasIn = before >= from && before < to;
      const isIn = step >= from && step < to;
      return { isRound, hasLeft: wasIn && (!isIn || isRound) };
    },
  };
};
