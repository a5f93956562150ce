// The critic's scores over the plane: values, slopes and lines of one height. Pure functions.
//
//   landscape = { n, low, high, middle, is_sigmoid, levels: n * n whole numbers, 0 (low) to 255 (high),
//                 row by row from below }
//   A place is [x, y] within -reach and reach.

/** Pairs of a flat list of hundredths: [[x, y], ...]. */
export const pairsOf = (flat) => Array.from({ length: Math.floor(flat.length / 2) }, (_, i) =>
  [flat[2 * i] / 100, flat[2 * i + 1] / 100]);

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** The critic's score at a place, between its cells' by two straight lines. */
export const scoreAt = ({ n, low, high, levels }, reach, [x, y]) => {
  const [column, row] = [x, y].map((at) => clamp(((at + reach) / (2 * reach)) * (n - 1), 0, n - 1));
  const [i, j] = [column, row].map((at) => Math.min(n - 2, Math.floor(at)));
  const [u, v] = [column - i, row - j];
  const level = (a, b) => levels[b * n + a];
  const mixed = (1 - v) * ((1 - u) * level(i, j) + u * level(i + 1, j))
    + v * ((1 - u) * level(i, j + 1) + u * level(i + 1, j + 1));
  return low + (mixed / 255) * (high - low);
};

/** Where the score rises, [dx, dy] a unit: the way in which the critic pulls a point. */
export const slopeAt = (landscape, reach, [x, y]) => {
  const cell = (2 * reach) / (landscape.n - 1);
  const [left, right, below, above] = [[x - cell, y], [x + cell, y], [x, y - cell], [x, y + cell]]
    .map((place) => scoreAt(landscape, reach, place));
  return [(right - left) / (2 * cell), (above - below) / (2 * cell)];
};

/**
 * How far a level is from the middle, -1 (surely generated) to 1 (surely real): 2 D - 1 for
 * a critic with a sigmoid, else as a share of the way to the highest or lowest score.
 */
export const leaning = ({ low, high, middle, is_sigmoid: isSigmoid }, level) => {
  const score = low + (level / 255) * (high - low);
  if (isSigmoid) return Math.tanh(score / 2);
  const most = score > middle ? high - middle : middle - low;
  return clamp((score - middle) / Math.max(most, 1e-9), -1, 1);
};

/** Lines of one height as [[x1, y1, x2, y2], ...] in cells, 0 to n - 1 (marching squares). */
export const contour = ({ n, levels }, height) => {
  const lines = [];
  const between = (a, b) => (height - a) / (b - a);
  for (let j = 0; j < n - 1; j += 1) {
    for (let i = 0; i < n - 1; i += 1) {
      const corners = [levels[j * n + i], levels[j * n + i + 1], levels[(j + 1) * n + i + 1],
        levels[(j + 1) * n + i]];
      const edges = [[i, j, 1, 0], [i + 1, j, 0, 1], [i, j + 1, 1, 0], [i, j, 0, 1]];
      const pairs = [[0, 1], [1, 2], [3, 2], [0, 3]];
      const cuts = pairs.flatMap(([a, b], edge) => {
        if ((corners[a] < height) === (corners[b] < height)) return [];
        const share = between(corners[a], corners[b]);
        const [x, y, dx, dy] = edges[edge];
        return [[x + dx * share, y + dy * share]];
      });
      if (cuts.length === 2) lines.push([...cuts[0], ...cuts[1]]);
      if (cuts.length === 4) { // a saddle: two lines that do not meet
        lines.push([...cuts[0], ...cuts[1]], [...cuts[2], ...cuts[3]]);
      }
    }
  }
  return lines;
};

/** The level (0 to 255) of a score. */
export const levelOf = ({ low, high }, score) => (255 * (score - low)) / Math.max(high - low, 1e-9);

/** Where a key moves the probe, or null: [x, y] within the picture. */
export const probeAfter = (key, [x, y], reach, isFast = false) => {
  const step = isFast ? reach / 4 : reach / 24;
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
  if (!way) return null;
  return [x + step * way[0], y + step * way[1]].map((at) => clamp(at, -reach, reach));
};

const digits = (value) => value.toFixed(Math.abs(value) < 10 ? 2 : 0).replace("-", "−");

/** What the critic says of a place. */
export const probeWords = (landscape, reach, [x, y], loss) => {
  const score = scoreAt(landscape, reach, [x, y]);
  const isSigmoid = !loss.startsWith("wgan");
  const chance = isSigmoid
    ? `, D = ${(100 / (1 + Math.exp(-score))).toFixed(0)} % real` : "";
  return `At (${digits(x)}, ${digits(y)}) the critic's score is ${digits(score)}${chance}.`;
};
