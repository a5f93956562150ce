// What a piano roll is painted with: the colours of the theme, and of each track a colour and
// a pattern, since colour alone would not do.

import { makeCanvas } from "./dom.js";
import { inkOn } from "./notes.js";

const ONSET_SHARE = 0.3; // of its note, at most
const ONSET_PX = 3;
const EDGED_FROM = 4; // px of width
const PATTERN_SIZE = 6; // px
const PATTERN_FROM = 4.5; // px of height, below that a pattern is only noise

/** Red, green and blue of a colour such as "#0b4f94", 0 to 255. */
export const channelsOf = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

/** A colour between two others such as "#0b4f94"; share 0 is the first. */
export const mixColours = (one, other, share) => {
  const [a, b] = [channelsOf(one), channelsOf(other)];
  return `#${a.map((value, i) => Math.round(value + (b[i] - value) * share)
    .toString(16).padStart(2, "0")).join("")}`;
};

/** How bright a colour is, 0 to 1. */
export const brightness = (colour) => {
  const [red, green, blue] = channelsOf(colour);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
};

/**
 * Any CSS colour as "#rrggbb", as far as canvas understands it; one that lets light through
 * (JupyterLab's inks do) as it looks on `ground`.
 */
const plainColour = (context, colour, fallback, ground = fallback) => {
  context.fillStyle = fallback;
  context.fillStyle = colour.trim() || fallback;
  const plain = context.fillStyle;
  if (/^#[0-9a-f]{6}$/i.test(plain)) return plain;
  const parts = plain.match(/[0-9.]+/g)?.map(Number) ?? [];
  if (!plain.startsWith("rgba(") || parts.length !== 4) return fallback;
  const opaque = `#${parts.slice(0, 3).map((value) =>
    Math.round(value).toString(16).padStart(2, "0")).join("")}`;
  return mixColours(ground, opaque, parts[3]);
};

/** The colours of the widget's theme, from the variables of theme.css. */
export const paletteOf = (element, context) => {
  const style = getComputedStyle(element);
  const page = plainColour(context, style.getPropertyValue("--dc-page"), "#ffffff");
  const colour = (name, fallback) =>
    plainColour(context, style.getPropertyValue(name), fallback, page);
  const ink = colour("--dc-ink", "#1d2026");
  const isDark = brightness(page) < 0.5;
  return { page, ink, isDark, soft: colour("--dc-ink-soft", "#5a5f69"),
    accent: colour("--dc-accent", "#0072b2"),
    shade: mixColours(page, ink, isDark ? 0.06 : 0.045),
    line: mixColours(page, ink, isDark ? 0.34 : 0.26),
    faint: mixColours(page, ink, isDark ? 0.14 : 0.1),
    whiteKey: isDark ? "#d3d4d3" : "#ffffff", blackKey: "#2b2f36" };
};

/** The edge of a track's notes: it must stand out from the page, light or dark. */
const edgeOf = (colour, palette) => (palette.isDark
  ? mixColours(colour, "#ffffff", 0.5) : mixColours(colour, "#000000", 0.45));

// The second sign beside the colour, by track: nothing, upright, slanting, dots, level, ...
const DRAWN = [
  null,
  (c, s) => c.rect(s / 2 - 0.6, 0, 1.2, s),
  (c, s) => { c.moveTo(0, s); c.lineTo(s, 0); c.lineTo(s, 1.4); c.lineTo(1.4, s); },
  (c, s) => c.arc(s / 2, s / 2, 1.25, 0, 7),
  (c, s) => c.rect(0, s / 2 - 0.6, s, 1.2),
  (c, s) => { c.moveTo(0, 0); c.lineTo(s, s); c.lineTo(s - 1.4, s); c.lineTo(0, 1.4); },
  (c, s) => { c.rect(s / 2 - 0.5, 0, 1, s); c.rect(0, s / 2 - 0.5, s, 1); },
  (c, s) => { c.rect(0, 0, s / 2, s / 2); c.rect(s / 2, s / 2, s / 2, s / 2); },
];

const tile = (track, colour, ratio) => {
  const draw = DRAWN[track % DRAWN.length];
  const size = Math.floor(PATTERN_SIZE * ratio);
  if (!draw || size < 1) return null; // a page may be zoomed out that far
  const canvas = makeCanvas(size);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.globalAlpha = 0.42;
  context.fillStyle = inkOn(colour);
  context.beginPath();
  draw(context, PATTERN_SIZE);
  context.fill();
  return canvas;
};

/** What the notes of each track are painted with; make it anew when theme or colours change. */
export const trackPaints = (context, colours, nTracks, palette, ratio) =>
  Array.from({ length: Math.max(nTracks, 1) }, (_, track) => {
    const colour = colours[track % colours.length];
    const drawn = tile(track, colour, ratio);
    const thin = palette.isDark ? mixColours(colour, "#ffffff", 0.25) : colour;
    return { colour, thin, edge: edgeOf(colour, palette), ratio,
      pattern: drawn && context.createPattern(drawn, "repeat") };
  });

/** Fill rectangles [x, y, width, height] in a track's colour, pattern and edge. */
export const fillBoxes = (context, all, { colour, thin, edge, pattern, ratio }, scrollX) => {
  // An edge around a note of two pixels would leave nothing of its colour.
  const boxes = all.filter(([, , width]) => width >= EDGED_FROM);
  context.fillStyle = thin;
  all.filter(([, , width]) => width < EDGED_FROM)
    .forEach(([x, y, width, height]) => context.fillRect(x, y, width, height));
  const path = new Path2D();
  boxes.forEach(([x, y, width, height]) => path.rect(x, y, width, height));
  context.fillStyle = colour;
  context.fill(path);
  if (pattern && boxes.some(([, , , height]) => height >= PATTERN_FROM)) {
    pattern.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, -scrollX % PATTERN_SIZE, 0]));
    context.fillStyle = pattern;
    context.fill(path);
  }
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.stroke(path);
  const onsets = new Path2D();
  boxes.forEach(([x, y, width, height]) =>
    onsets.rect(x, y, Math.min(ONSET_PX, ONSET_SHARE * width), height));
  context.fillStyle = edge;
  context.fill(onsets);
};

/** A small picture of a track's colour and pattern, for a list of tracks. */
export const paintSwatch = (canvas, colour, track, palette) => {
  const ratio = globalThis.devicePixelRatio || 1;
  const [width, height] = [20, 14];
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const [paint] = trackPaints(context, [colour], 1, palette, ratio);
  const drawn = tile(track, colour, ratio);
  const pattern = drawn && context.createPattern(drawn, "repeat");
  fillBoxes(context, [[0.5, 0.5, width - 1, height - 1]], { ...paint, pattern }, 0);
};
