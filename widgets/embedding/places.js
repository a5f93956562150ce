// Points on a plane and their sounds, one after the other. Pure functions.

export const GAP = 1; // steps of silence between two sounds in a row

const ALONG = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * The point that an arrow key leads to: the nearest one within 45 degrees of its
 * direction, else the nearest in that half of the plane; -1 if there is none.
 * @param points [{x, y}], y upwards
 */
export const pointTowards = (points, from, key) => {
  const [dx, dy] = ALONG[key];
  const here = points[from];
  const found = points.map(({ x, y }, number) => {
    const along = (x - here.x) * dx + (y - here.y) * dy;
    const across = Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx);
    return { number, along, isAhead: across <= along, distance: Math.hypot(along, across) };
  }).filter(({ number, along }) => number !== from && along > 1e-9)
    .sort((a, b) => b.isAhead - a.isAhead || a.distance - b.distance || a.number - b.number);
  return found[0]?.number ?? -1;
};

const endOf = ({ tracks }) => tracks.reduce((end, { notes }) =>
  notes.reduce((last, [start, , duration]) => Math.max(last, start + duration), end), 0);

/**
 * Several pieces of music one after the other, in the tempo of the first.
 * Returns {music, starts}: starts are the steps at which they begin. Tracks with one
 * instrument become one track, so that many pieces need few channels.
 */
export const inARow = (pieces, gap = GAP) => {
  const tracks = new Map();
  const starts = [];
  let at = 0;
  pieces.forEach((music) => {
    starts.push(at);
    music.tracks.forEach(({ program, is_drum: isDrum, notes }) => {
      const key = `${program}:${isDrum}`;
      if (!tracks.has(key)) tracks.set(key, { name: "", program, is_drum: isDrum, notes: [] });
      tracks.get(key).notes.push(...notes.map(([start, ...rest]) => [start + at, ...rest]));
    });
    at += endOf(music) + gap;
  });
  return { starts, music: { ...pieces[0], title: "", tempo_changes: [], pickup: 0,
    tracks: [...tracks.values()] } };
};

/** Which of several starts a step belongs to: the last one that has begun. */
export const partAt = (starts, step) =>
  Math.max(0, starts.findLastIndex((start) => start <= step + 1e-6));

/** A place of the walk in words: "3 of 9, between C4 and G4: nearest are F4 0.81, ...". */
export const stageText = (walk, stage, points) => {
  const names = [points[walk.from].label, points[walk.to].label];
  const near = walk.stages[stage].near
    .map(([number, cosine]) => `${points[number].label} ${cosine.toFixed(2)}`).join(", ");
  return `Place ${stage + 1} of ${walk.stages.length} from ${names[0]} to ${names[1]}; most `
    + `alike: ${near || "none"}.`;
};

/** Where the walk's places lie on the plane: on a line, since the plane is a projection. */
export const stagePlace = (walk, stage, points) => {
  const share = stage / Math.max(walk.stages.length - 1, 1);
  const [a, b] = [points[walk.from], points[walk.to]];
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
};
