// Where things lie on a piano roll: rows for pitches and drums, steps and pixels. Pure.
// Coordinates are CSS pixels from the top left corner of the roll.

export const HEADER = 18; // px, with the bar numbers
const DRUM_ROW = 11; // px at least, so that the names of drums can be read
const MARGIN = 2; // semitones above the highest and below the lowest note
const OCTAVE = 12;
const DRUM_GAP = 1; // rows between the lowest pitch and the drums
export const LEAST_ZOOM = 0.25; // px for a step
export const MOST_ZOOM = 64;

/** The lowest and highest pitch to show: at least an octave. As viz/rolls.py does it. */
const pitchRange = (pitches) => {
  let low = Math.max(Math.min(...(pitches.length ? pitches : [62])) - MARGIN, 0);
  let high = Math.min(Math.max(...(pitches.length ? pitches : [70])) + MARGIN, 127);
  if (high - low < OCTAVE) {
    low = Math.min(Math.max(Math.floor((low + high) / 2) - OCTAVE / 2, 0), 127 - OCTAVE);
    high = low + OCTAVE;
  }
  return [low, high];
};

const pitchesOf = (tracks) =>
  [...new Set(tracks.flatMap(({ notes }) => notes.map(([, pitch]) => pitch)))];

/**
 * The rows of a roll from top to bottom: pitches, then a gap and one row for each drum.
 *
 * @param pitches [low, high] to show at least; null shows what there is
 * @param drums MIDI numbers that have a row though no note may use them
 * @returns {low, high, drums, n, rowOf(pitch, isDrum), at(row) -> {pitch, isDrum} or null}
 */
export const rowLayout = (music, { pitches = null, drums = [] } = {}) => {
  const melodic = music.tracks.filter((track) => !track.is_drum);
  const beaten = music.tracks.filter((track) => track.is_drum);
  const found = pitchesOf(melodic);
  let [low, high] = pitchRange(found);
  if (pitches) {
    low = Math.min(pitches[0], ...found);
    high = Math.max(pitches[1], ...found);
  }
  const rows = [...new Set([...pitchesOf(beaten), ...drums])].sort((a, b) => b - a);
  const hasPitches = melodic.length > 0 || !rows.length;
  const nPitches = hasPitches ? high - low + 1 : 0;
  const firstDrum = hasPitches ? nPitches + DRUM_GAP : 0;
  return {
    low, high, drums: rows, hasPitches,
    n: rows.length ? firstDrum + rows.length : nPitches,
    firstDrum,
    rowOf: (pitch, isDrum = false) =>
      (isDrum ? firstDrum + rows.indexOf(pitch) : high - pitch),
    at: (row) => {
      if (row >= 0 && row < nPitches) return { pitch: high - row, isDrum: false };
      const drum = rows[row - firstDrum];
      return drum === undefined || row < firstDrum ? null : { pitch: drum, isDrum: true };
    },
  };
};

const drumRow = (rowHeight) => Math.max(rowHeight, DRUM_ROW);

/** How high all rows are together, and how high one may be so that they fit. */
export const rowsHeight = (rows, rowHeight) => (rows.drums.length
  ? rows.firstDrum * rowHeight + rows.drums.length * drumRow(rowHeight) : rows.n * rowHeight);

export const fittingRow = (rows, height) => {
  const even = height / rows.n;
  if (!rows.drums.length || even >= DRUM_ROW || !rows.firstDrum) return even;
  return (height - rows.drums.length * DRUM_ROW) / rows.firstDrum;
};

/**
 * Steps and pitches to pixels and back, for one look at a roll.
 *
 * `gutter` is the width of the keys on the left. Steps may be fractional; a row's y is its
 * upper edge.
 */
export const geometryOf = ({ rows, width, height, gutter, pixelsPerStep, rowHeight,
  scrollX = 0, scrollY = 0 }) => {
  const xOf = (step) => gutter + step * pixelsPerStep - scrollX;
  const stepAt = (x) => (x - gutter + scrollX) / pixelsPerStep;
  const drumTop = rows.drums.length ? rows.firstDrum * rowHeight : Infinity;
  const drumHeight = drumRow(rowHeight);
  const isDrumRow = (row) => rows.drums.length > 0 && row >= rows.firstDrum;
  const yOfRow = (row) => HEADER - scrollY + (isDrumRow(row)
    ? drumTop + (row - rows.firstDrum) * drumHeight : row * rowHeight);
  const rowAt = (y) => {
    const down = y - HEADER + scrollY;
    return Math.floor(down < drumTop ? down / rowHeight
      : rows.firstDrum + (down - drumTop) / drumHeight);
  };
  return {
    rows, width, height, gutter, header: HEADER, pixelsPerStep, rowHeight, scrollX, scrollY,
    drumHeight, xOf, stepAt, yOfRow,
    yOf: (pitch, isDrum = false) => yOfRow(rows.rowOf(pitch, isDrum)),
    /** {pitch, isDrum} of the row at y; null between and outside the rows. */
    pitchAt: (y) => rows.at(rowAt(y)),
    /** How high the row of a pitch or a drum is. */
    heightOf: (isDrum = false) => (isDrum ? drumHeight : rowHeight),
    firstStep: Math.max(0, stepAt(gutter)),
    lastStep: stepAt(width),
  };
};

/** How many pixels a step should have, so that music of `length` steps fits. */
export const fittingZoom = (length, width, gutter) =>
  clampZoom((width - gutter - 6) / Math.max(length, 1));

export const clampZoom = (pixels) => Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, pixels));

/** Every how many bars a number fits: 1, 2, 4, 8, … for bars `pixels` wide. */
export const barNumberStride = (pixels, room = 26) => {
  let stride = 1;
  while (stride * pixels < room && stride < 4096) stride *= 2;
  return stride;
};

/**
 * Where to scroll so that `step` is seen while the music plays: null as long as it is, else
 * a page further, so that it stands a little right of the left edge.
 */
export const pageFor = (geometry, step) => {
  const { gutter, width, pixelsPerStep, xOf } = geometry;
  const x = xOf(step);
  const room = width - gutter;
  if (x >= gutter - 1 && x <= gutter + 0.94 * room) return null;
  return Math.max(0, step * pixelsPerStep - 0.06 * room);
};

/** Notes of one track ({start, end}, sorted by start) that reach into [from, to]. */
export const visibleNotes = (notes, longest, from, to) => {
  let low = 0;
  let high = notes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (notes[middle].start < from - longest) low = middle + 1;
    else high = middle;
  }
  const visible = [];
  for (let i = low; i < notes.length && notes[i].start <= to; i += 1) {
    if (notes[i].end >= from) visible.push(notes[i]);
  }
  return visible;
};
