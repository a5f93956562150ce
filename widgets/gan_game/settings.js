// What can be set in the game: menus, sliders, and when each is of use. Pure functions.

export const LABELS = {
  data: "Data", loss: "Loss", normalisation: "Norm in the critic",
  n_critic: "Critic steps (n_critic)", generator_rate: "Generator's rate",
  critic_rate: "Critic's rate", clip: "Clip", gradient_penalty: "Penalty",
  temperature: "Temperature",
};

export const WORDS = {
  ring: "Ring of 8", grid: "Grid of 25", spiral: "Spiral", moons: "Two moons",
  rhythm: "Rhythms", melody: "Melodies",
  original: "Original (log(1 − D))", "non-saturating": "Non-saturating (−log D)",
  "wgan-clip": "Wasserstein, clipped", "wgan-gp": "Wasserstein, penalty",
  none: "None", batch: "BatchNorm", layer: "LayerNorm", spectral: "Spectral norm",
};

export const MENUS = ["data", "loss", "normalisation"];

// least, most, step; "log" sliders hold the power of ten.
export const SLIDERS = [
  { name: "n_critic", least: 0, most: 10, step: 1 },
  { name: "generator_rate", least: -5, most: -1, step: 0.25, isLog: true },
  { name: "critic_rate", least: -5, most: -1, step: 0.25, isLog: true },
  { name: "gradient_penalty", least: 0, most: 10, step: 0.5 },
  { name: "clip", least: -3, most: 0, step: 0.25, isLog: true },
  { name: "temperature", least: 0, most: 2, step: 0.1 },
];

/** Whether a slider does anything under these settings. */
export const isOfUse = (name, { loss, data }) => ({
  gradient_penalty: loss === "wgan-gp",
  clip: loss === "wgan-clip",
  temperature: ["rhythm", "melody"].includes(data),
}[name] ?? true);

/** A setting as a slider's position, and back. */
export const toPosition = ({ isLog }, value) => (isLog ? Math.log10(value) : value);
export const fromPosition = ({ isLog }, position) =>
  (isLog ? Number((10 ** position).toPrecision(2)) : position);

/** A setting as a text: "0.001", "5". */
export const amountWords = (value) => String(Number(value.toPrecision(3)));

const percent = (share) => `${Math.round(100 * share)} %`;

/** What there is to be seen, in a sentence or two, for those who cannot see it. */
export const pictureWords = ({ config, step, row, reference }) => {
  const at = `At step ${step}`;
  if (row.covered_share !== undefined) {
    return `${at}: the generated points reach ${percent(row.covered_share)} of the places; `
      + `${percent(row.near_share)} of the points lie near one.`;
  }
  if (row.distinct_share === undefined) return `${at}: nothing measured yet.`;
  const kind = config.data === "melody" ? "bars of melody" : "bars of rhythm";
  return `${at}: ${percent(row.distinct_share)} of the generated ${kind} are different (data: `
    + `${percent(reference.distinct_share)}); ${percent(row.known_share)} are bars of the data.`;
};

/** What the newest row that was measured says, with its losses. */
export const measuredRow = (rows) => rows.findLast((row) =>
  row.covered_share !== undefined || row.distinct_share !== undefined) ?? {};

/** Where dots of scores lie: shares of the width, 0 to 1; null where a score is no number. */
export const dotPlaces = ({ real, fake }) => {
  const all = [...real, ...fake].filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const place = (score) => (Number.isFinite(score) ? (score - low) / Math.max(high - low, 1e-9)
    : null);
  return { real: real.map(place), fake: fake.map(place), low, high };
};
