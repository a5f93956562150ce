// Places on the pad, mixtures of waveforms, what is drawn of a sound. Pure functions.
//
//   A place is [column, row], both from 0, row 0 above; the corners are numbered upper left,
//   upper right, lower left, lower right.

const TARGET_RMS = 0.1; // -20 dB: how loud everything is heard
const MOST_PEAK = 0.95;
const FFT_SIZE = 2048;
const LOWEST = 50; // Hz, where the drawn spectrum begins

/** How much of each corner a place has: four numbers that sum to 1. */
export const weightsAt = ([column, row], n) => {
  const [x, y] = [column / (n - 1), row / (n - 1)];
  return [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y];
};

/** The places of the four corners. */
export const cornersOf = (n) => [[0, 0], [n - 1, 0], [0, n - 1], [n - 1, n - 1]];

const clamp = (value, n) => Math.min(n - 1, Math.max(0, value));

/** The place that a key leads to, or null. */
export const placeAfter = (key, [column, row], n) => {
  const middle = Math.floor((n - 1) / 2);
  const next = { ArrowLeft: [column - 1, row], ArrowRight: [column + 1, row],
    ArrowUp: [column, row - 1], ArrowDown: [column, row + 1], 0: [middle, middle],
    ...Object.fromEntries(cornersOf(n).map((corner, i) => [i + 1, corner])) }[key];
  return next ? next.map((value) => clamp(value, n)) : null;
};

/** The place nearest to a point of the pad, x and y from 0 to 1. */
export const placeAt = (x, y, n) =>
  [x, y].map((share) => clamp(Math.round(share * (n - 1)), n));

/** The nearest of some places, or null if there are none. */
export const nearestOf = ([column, row], places) => places.reduce((best, place) => {
  const distance = Math.hypot(place[0] - column, place[1] - row);
  return best === null || distance < best.distance ? { place, distance } : best;
}, null)?.place ?? null;

/** The weighted sum of waveforms; shorter ones end in silence. */
export const mixOf = (waves, weights) => {
  const mix = new Float32Array(Math.max(...waves.map((wave) => wave.length)));
  waves.forEach((wave, i) => {
    if (!weights[i]) return;
    for (let at = 0; at < wave.length; at += 1) mix[at] += weights[i] * wave[at];
  });
  return mix;
};

/** Sound sent as 16-bit numbers, as numbers within -1 and 1. */
export const fromBytes = ({ buffer, byteOffset, byteLength }) => {
  const whole = new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength));
  return Float32Array.from(whole, (number) => number / 32767);
};

/** What a sound is multiplied by, so that all are equally loud and none is clipped. */
export const gainFor = (wave) => {
  let [power, peak] = [0, 0];
  wave.forEach((sample) => {
    power += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  });
  if (!peak) return 1;
  return Math.min(TARGET_RMS / Math.sqrt(power / wave.length), MOST_PEAK / peak);
};

/** In place: the discrete Fourier transform of 2 ** m numbers. */
const transform = (real, imaginary) => {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i += 1) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const angle = (-2 * Math.PI) / size;
    for (let start = 0; start < n; start += size) {
      for (let k = 0; k < size / 2; k += 1) {
        const [cos, sin] = [Math.cos(angle * k), Math.sin(angle * k)];
        const [a, b] = [start + k, start + k + size / 2];
        const re = real[b] * cos - imaginary[b] * sin;
        const im = real[b] * sin + imaginary[b] * cos;
        [real[b], imaginary[b]] = [real[a] - re, imaginary[a] - im];
        real[a] += re;
        imaginary[a] += im;
      }
    }
  }
};

/** Levels in dB below the strongest, {hertz, levels}, of the middle of a sound. */
export const spectrumOf = (wave, rate) => {
  const real = new Float64Array(FFT_SIZE);
  const first = Math.max(0, Math.floor((wave.length - FFT_SIZE) * 0.4));
  const n = Math.min(FFT_SIZE, wave.length);
  for (let i = 0; i < n; i += 1) {
    real[i] = wave[first + i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n));
  }
  const imaginary = new Float64Array(FFT_SIZE);
  transform(real, imaginary);
  const levels = Array.from({ length: FFT_SIZE / 2 }, (_, i) =>
    20 * Math.log10(Math.hypot(real[i], imaginary[i]) + 1e-9));
  const top = Math.max(...levels);
  return { hertz: levels.map((_, i) => (i * rate) / FFT_SIZE), levels: levels.map((l) => l - top) };
};

/** Where a frequency lies on a logarithmic axis up to half the rate, 0 to 1. */
export const pitchShare = (hertz, rate) =>
  Math.log(hertz / LOWEST) / Math.log(rate / 2 / LOWEST);

/** Some periods of a sound from its middle, from a rising zero on where there is one. */
export const periodsOf = (wave, samplesPerPeriod, n) => {
  const wanted = Math.max(2, Math.round(n * samplesPerPeriod));
  let first = Math.max(0, Math.floor(0.4 * (wave.length - wanted)));
  const last = Math.min(first + 2 * samplesPerPeriod, wave.length - wanted - 1);
  for (let at = first; at < last; at += 1) {
    if (wave[at] <= 0 && wave[at + 1] > 0) {
      first = at;
      break;
    }
  }
  return wave.slice(first, first + wanted);
};

/** The lowest and highest sample of each of `n` parts of a sound: [[low, high], ...]. */
export const envelopeOf = (wave, n) => Array.from({ length: n }, (_, i) => {
  const from = Math.floor((i * wave.length) / n);
  const to = Math.max(from + 1, Math.floor(((i + 1) * wave.length) / n));
  let [low, high] = [Infinity, -Infinity];
  for (let at = from; at < to && at < wave.length; at += 1) {
    low = Math.min(low, wave[at]);
    high = Math.max(high, wave[at]);
  }
  return low > high ? [0, 0] : [low, high];
});

/** "organ 56 %, clarinet 19 %": who is in a mixture, the largest first. */
export const sharesText = (weights, names) => weights.map((weight, i) => [weight, names[i]])
  .filter(([weight]) => weight > 0.004).sort(([a], [b]) => b - a)
  .map(([weight, name]) => `${name} ${Math.round(100 * weight)} %`).join(", ");
