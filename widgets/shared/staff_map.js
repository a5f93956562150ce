// Where the music stands on pages of notation. Pure functions.
//
// A bar as it is measured on its page:
//   { page, start, end, left, right, top, bottom, onsets: [[step, x]] }
// x, left and right are shares of the page's width, top and bottom of its height; onsets are
// in order of time, a step at most once.

/** The bar that sounds at `step`; before the first and behind the last, those. */
export const barAt = (bars, step) =>
  bars.find(({ end }) => step < end - 1e-6) ?? bars.at(-1) ?? null;

const between = (points, value, from, to) => {
  const next = points.findIndex((point) => point[from] > value);
  if (next === 0) return points[0][to];
  if (next < 0) return points.at(-1)[to];
  const [a, b] = [points[next - 1], points[next]];
  return a[to] + ((b[to] - a[to]) * (value - a[from])) / (b[from] - a[from]);
};

const points = ({ start, end, left, right, onsets }) => {
  const first = onsets.length && onsets[0][0] <= start + 1e-6 ? [] : [[start, left]];
  return [...first, ...onsets, [end, right]];
};

/** Where the playhead stands: { page, x, top, bottom } as shares, or null without bars. */
export const placeAt = (bars, step) => {
  const bar = barAt(bars, step);
  if (!bar) return null;
  const { page, top, bottom } = bar;
  return { page, top, bottom, x: between(points(bar), step, 0, 1) };
};

const distance = (value, low, high) => Math.max(low - value, value - high, 0);

/** The step of the onset nearest to a point of a page, or null if there are no bars there. */
export const stepAt = (bars, page, x, y) => {
  const here = bars.filter((bar) => bar.page === page);
  const far = (bar) => [distance(y, bar.top, bar.bottom), distance(x, bar.left, bar.right)];
  const nearest = here.reduce((best, bar) => {
    if (!best) return bar;
    const [[y1, x1], [y2, x2]] = [far(bar), far(best)];
    return y1 < y2 - 1e-6 || (y1 < y2 + 1e-6 && x1 < x2) ? bar : best;
  }, null);
  if (!nearest) return null;
  const choices = nearest.onsets.length ? nearest.onsets : [[nearest.start, nearest.left]];
  return choices.reduce((best, one) =>
    (Math.abs(one[1] - x) < Math.abs(best[1] - x) ? one : best))[0];
};

/** Every step at which something is struck or written on, in order. */
export const onsetsOf = (bars) =>
  [...new Set(bars.flatMap(({ onsets }) => onsets.map(([step]) => step)))].sort((a, b) => a - b);

/** The step that a key leads to from `step`, or null: it is not one of ours. */
export const stepByKey = (bars, step, { key, shiftKey }) => {
  const steps = shiftKey ? bars.map(({ start }) => start) : onsetsOf(bars);
  if (!steps.length) return null;
  switch (key) {
    case "ArrowRight": return steps.find((one) => one > step + 1e-6) ?? steps.at(-1);
    case "ArrowLeft": return steps.findLast((one) => one < step - 1e-6) ?? steps[0];
    case "Home": return steps[0];
    case "End": return steps.at(-1);
    default: return null;
  }
};

/** The written notes of each played one: Map "track:index" -> [{ id, page, start, end }]. */
export const writtenNotes = (notes) => {
  const found = new Map();
  notes.forEach(([id, page, track, index, start, end]) => {
    const key = `${track}:${index}`;
    found.set(key, [...(found.get(key) ?? []), { id, page, start, end }]);
  });
  return found;
};

/** The ids of the notes that stand where the playhead is, of those that sound. */
export const idsAt = (written, keys, step) => [...keys].flatMap((key) => {
  const parts = written.get(key) ?? [];
  const here = parts.find(({ start, end }) => start <= step + 1e-6 && step < end);
  return here ? [here.id] : parts.slice(-1).map(({ id }) => id);
});
