// From a history to lines on a chart: points, scales, ticks, words. Pure functions.

const SMOOTH_ABOVE = 200; // points: more than that are drawn as means of neighbours
const LEAST_SHARE = 0.1; // of a scale of shares, so that nothing looks like a change

/** The points of one value: [[step, value]], where a row has it as a finite number. */
export const pointsOf = (rows, name) =>
  rows.filter((row) => Number.isFinite(row[name])).map((row) => [row.step, row[name]]);

/** At most about 200 means of neighbours, so that a trend can be seen. */
export const smoothed = (points) => {
  const size = Math.max(1, Math.floor(points.length / SMOOTH_ABOVE));
  if (size === 1) return points;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const part = points.slice(i * size, (i + 1) * size);
    return [0, 1].map((axis) => part.reduce((sum, point) => sum + point[axis], 0) / part.length);
  });
};

/** The value of a line at `step`: that of the last point there or before; null if none. */
export const valueAt = (points, step) =>
  points.findLast(([at]) => at <= step)?.[1] ?? null;

/** Round numbers from low to high, about `count` of them. */
export const niceTicks = (low, high, count = 5) => {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 2.5, 5, 10].map((factor) => factor * power)
    .find((candidate) => candidate >= rough * 0.999);
  const first = Math.ceil(low / size - 1e-9);
  const last = Math.floor(high / size + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * size).toPrecision(12)));
};

/** From low to high with room around; shares stay within 0 and 1. */
export const rangeOf = (values, isShare) => {
  if (!values.length) return [0, 1];
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const least = isShare ? LEAST_SHARE : Math.max(Math.abs(low), Math.abs(high), 1e-3) * 0.02;
  if (high - low < least) {
    const middle = (low + high) / 2;
    [low, high] = [middle - least / 2, middle + least / 2];
  }
  const room = 0.06 * (high - low);
  [low, high] = [low - room, high + room];
  if (!isShare) return [low, high];
  const width = Math.min(1.12, high - low);
  if (low < -0.02) return [-0.02, Math.max(width, 0.1) - 0.02];
  if (high > 1.02) return [Math.min(1.02 - width, 0.92), 1.02];
  return [low, high];
};

/**
 * All that a chart of `panel` ({is_share, lines: [{name, label, track}]}) shows:
 * {lines: [{…, points, data}], x: [first, last], y: [low, high]}; `data` is the data's own
 * value, or null. Lines without a point are left out.
 */
export const chartOf = (rows, panel, reference) => {
  const lines = (panel?.lines ?? []).map((line) => ({ ...line,
    points: smoothed(pointsOf(rows, line.name)),
    exact: pointsOf(rows, line.name),
    data: Number.isFinite(reference[line.name]) ? reference[line.name] : null }))
    .filter(({ points }) => points.length);
  const values = lines.flatMap(({ points, data }) =>
    [...points.map(([, value]) => value), ...(data === null ? [] : [data])]);
  const last = Math.max(1, rows.at(-1)?.step ?? 1);
  return { lines, isShare: Boolean(panel?.is_share), x: [0, last],
    y: rangeOf(values, panel?.is_share) };
};

/** From values to pixels: scale([low, high], [first, last])(value). */
export const scale = ([low, high], [first, last]) => (value) =>
  first + ((value - low) / (high - low)) * (last - first);

/** Points as the path of an SVG line. */
export const pathOf = (points, x, y) => points
  .map(([step, value], i) => `${i ? "L" : "M"}${x(step).toFixed(1)} ${y(value).toFixed(1)}`)
  .join("");

/** Which points bear a sign: all of few, else some at even distances, never the last. */
export const signedPoints = (points, count = 7, offset = 0) => {
  if (points.length <= 12) return points;
  const stride = points.length / count;
  return Array.from({ length: count }, (_, i) =>
    points[Math.floor((i + 0.2 + 0.15 * offset) * stride)]).filter(Boolean);
};

/** 0.632 as "63 %" for a share; three digits for others: "-1.31", "13,400". */
export const valueWords = (value, isShare) => {
  if (value === null || value === undefined) return "–";
  if (isShare) {
    const percent = 100 * value;
    return `${percent.toFixed(percent > 0 && percent < 9.95 ? 1 : 0)} %`;
  }
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US").replace("-", "−");
  const words = value === 0 ? "0" : value.toPrecision(3);
  return words.replace("e-", " · 10^−").replace("-", "−");
};

/** A tick's words: as many digits as the distance of the ticks needs. */
export const tickWords = (value, isShare, size) => {
  if (isShare) return `${Number((100 * value).toFixed(size < 0.01 ? 1 : 0))} %`;
  return value.toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "−");
};

/** One sentence for those who cannot see a chart. */
export const chartWords = (title, chart, step) => {
  if (!chart.lines.length) return `${title}: nothing measured yet.`;
  const parts = chart.lines.map(({ label, exact, data }) => {
    const now = valueWords(valueAt(exact, step), chart.isShare);
    const own = data === null ? "" : `, the data's ${valueWords(data, chart.isShare)}`;
    return `${label} ${now}${own}`;
  });
  return `${title} at step ${step}: ${parts.join("; ")}.`;
};
