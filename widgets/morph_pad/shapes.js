// What a sound looks like: all of its waveform, four periods of it, and its spectrum beside
// that of the other mixture.

import { make } from "../shared/dom.js";
import { paletteOf } from "../shared/roll_colours.js";
import { frequency } from "../shared/notes.js";
import { envelopeOf, gainFor, periodsOf, pitchShare, spectrumOf } from "./mixing.js";

const LIGHT = { codes: "#0b4f94", waves: "#8a5a05" };
const DARK = { codes: "#79b0ea", waves: "#f2b134" };
const HEIGHT = 104; // px of each picture
const PERIODS = 4; // of the waveform, from its middle
const LOWEST_LEVEL = -60; // dB
const MARKS = [100, 200, 500, 1000, 2000, 5000]; // Hz

/** @param signal ends all listeners */
export const createShapes = ({ rate, signal }) => {
  const titles = ["Waveform", `${PERIODS} periods`, "Spectrum"];
  const canvases = titles.map((title) => make("canvas", { role: "img", "aria-label": title }));
  const element = make("div", { class: "dc-shapes" },
    ...titles.map((title, i) => make("div", { class: `dc-shape dc-shape-${i}` },
      make("span", { class: "dc-title", text: title, "aria-hidden": "true" }), canvases[i])));
  let sounds = { codes: null, waves: null, how: "codes", pitch: 60 };
  let [widths, ratio, frame, palette] = [[0, 0, 0], 1, 0, null];

  const begin = (i) => {
    const context = canvases[i].getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.page;
    context.fillRect(0, 0, widths[i], HEIGHT);
    context.font = "10px system-ui, sans-serif";
    return context;
  };

  const paintWaveform = (colours) => {
    const context = begin(0);
    const [width] = widths;
    const wave = sounds[sounds.how];
    context.strokeStyle = palette.line;
    context.strokeRect(0, HEIGHT / 2, width, 0);
    if (!wave) return;
    const gain = Math.min(4 * gainFor(wave), 0.95 / Math.max(...envelopeOf(wave, 1)[0]
      .map(Math.abs), 1e-6));
    context.fillStyle = colours[sounds.how];
    envelopeOf(wave, width).forEach(([low, high], x) => {
      const [top, bottom] = [high, low].map((value) => (HEIGHT / 2) * (1 - gain * value));
      context.fillRect(x, top, 1, Math.max(1, bottom - top));
    });
  };

  const paintPeriods = (colours) => {
    const context = begin(1);
    const wave = sounds[sounds.how];
    if (!wave) return;
    const part = periodsOf(wave, rate / frequency(sounds.pitch), PERIODS);
    const reach = Math.max(...part.map(Math.abs), 1e-6);
    context.strokeStyle = colours[sounds.how];
    context.lineWidth = 1.5;
    context.beginPath();
    part.forEach((sample, i) => context.lineTo((i / (part.length - 1)) * widths[1],
      (HEIGHT / 2) * (1 - (0.9 * sample) / reach)));
    context.stroke();
  };

  const paintSpectrum = (colours) => {
    const context = begin(2);
    const width = widths[2];
    context.strokeStyle = palette.faint;
    context.fillStyle = palette.soft;
    MARKS.filter((hertz) => hertz < rate / 2).forEach((hertz) => {
      const x = pitchShare(hertz, rate) * width;
      context.strokeRect(x, 0, 0, HEIGHT);
      context.fillText(hertz < 1000 ? String(hertz) : `${hertz / 1000}k`, x + 3, HEIGHT - 4);
    });
    // The other mixture first, thin and dashed, so that the heard one lies above it.
    const other = sounds.how === "codes" ? "waves" : "codes";
    [other, sounds.how].forEach((how) => {
      if (!sounds[how]) return;
      const { hertz, levels } = spectrumOf(sounds[how], rate);
      context.strokeStyle = colours[how];
      context.setLineDash(how === other ? [3, 3] : []);
      context.lineWidth = how === other ? 1 : 1.7;
      context.beginPath();
      levels.forEach((level, i) => {
        const x = pitchShare(Math.max(hertz[i], 1), rate) * width;
        const y = HEIGHT * Math.min(1, level / LOWEST_LEVEL) * 0.83 + 3;
        if (x >= -20) context.lineTo(x, y);
      });
      context.stroke();
      context.setLineDash([]);
    });
  };

  const paint = () => {
    frame = 0;
    if (!widths[0]) return;
    palette ??= paletteOf(element, canvases[0].getContext("2d"));
    const colours = palette.isDark ? DARK : LIGHT;
    paintWaveform(colours);
    paintPeriods(colours);
    paintSpectrum(colours);
  };
  const request = () => { if (!frame) frame = requestAnimationFrame(paint); };
  const resize = () => {
    const next = canvases.map((canvas) => Math.floor(canvas.parentElement.clientWidth));
    const now = globalThis.devicePixelRatio || 1;
    if (!next[0] || (next.join() === widths.join() && now === ratio)) return;
    [widths, ratio, palette] = [next, now, null];
    canvases.forEach((canvas, i) => {
      canvas.width = Math.round(widths[i] * ratio);
      canvas.height = Math.round(HEIGHT * ratio);
      canvas.style.height = `${HEIGHT}px`;
    });
    request();
  };
  const sizes = new ResizeObserver(resize);
  sizes.observe(element);
  const changeTheme = () => { palette = null; request(); };
  const themes = new MutationObserver(changeTheme);
  themes.observe(document.body, { attributes: true,
    attributeFilter: ["class", "data-jp-theme-light", "data-vscode-theme-kind"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changeTheme, { signal });

  return {
    element,
    /** @param next {codes, waves: samples or null, how: which is heard, pitch} */
    show: (next) => {
      sounds = next;
      const what = next.how === "codes" ? "mix of codes" : "mix of waveforms";
      const [line, periods, levels] = canvases;
      line.setAttribute("aria-label", `Waveform of the ${what}`);
      periods.setAttribute("aria-label", `${PERIODS} periods of the ${what}`);
      levels.setAttribute("aria-label", `Spectrum of the ${what}; the other mixture is dashed`);
      request();
    },
    close: () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      themes.disconnect();
    },
  };
};
