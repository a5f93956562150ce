// The plane of the game on a canvas: the critic's landscape, real and generated points, the
// way each generated point is pulled, and a probe that asks the critic about a place.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { channelsOf, mixColours, paletteOf } from "../shared/roll_colours.js";
import { contour, leaning, levelOf, pairsOf, probeAfter, scoreAt, slopeAt } from "./landscape.js";

const REAL = "#2f7fc4"; // towards real
const MADE = "#d98613"; // towards generated
const STRONGEST = 0.62; // of a colour at the edge of the landscape's range
const HEIGHTS = 6; // faint lines of one height
const PULLS = 70; // points whose pull is drawn
const LONGEST_PULL = 0.22; // of the plane's units

/**
 * @param onProbe called after the probe moved, by hand or by keys
 * @param signal ends all listeners
 */
export const createPlane = ({ onProbe, signal }) => {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const element = make("div", { class: "dc-plane", role: "application", tabindex: 0,
    ...NO_SHORTCUTS }, canvas);
  const context = canvas.getContext("2d");
  const small = document.createElement("canvas"); // one pixel a cell
  let [reach, real, fake, landscape, probe, pulls] = [2.4, [], [], null, null, true];
  let size = 0;
  let ratio = 1;
  let frame = 0;
  let palette = null;

  const toX = (x) => ((x + reach) / (2 * reach)) * size;
  const toY = (y) => size - ((y + reach) / (2 * reach)) * size;

  const paintGround = () => {
    const { n, levels } = landscape;
    small.width = n;
    small.height = n;
    const pixels = small.getContext("2d");
    const image = pixels.createImageData(n, n);
    const shades = Array.from({ length: 256 }, (_, level) => {
      const share = leaning(landscape, level);
      return channelsOf(mixColours(palette.page, share > 0 ? REAL : MADE,
        STRONGEST * Math.abs(share)));
    });
    levels.forEach((level, i) => {
      const [row, column] = [n - 1 - Math.floor(i / n), i % n];
      image.data.set([...shades[level], 255], 4 * (row * n + column));
    });
    pixels.putImageData(image, 0, 0);
    // The cells' middles lie on the edges of the plane.
    const cell = size / (n - 1);
    context.imageSmoothingEnabled = true;
    context.drawImage(small, -cell / 2, -cell / 2, size + cell, size + cell);
  };

  const paintLines = (height, colour, width, dash) => {
    const cell = size / (landscape.n - 1);
    context.beginPath();
    contour(landscape, height).forEach(([x1, y1, x2, y2]) => {
      context.moveTo(x1 * cell, size - y1 * cell);
      context.lineTo(x2 * cell, size - y2 * cell);
    });
    context.setLineDash(dash);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
    context.setLineDash([]);
  };

  const paintPoints = () => {
    context.lineWidth = 1.2;
    context.strokeStyle = palette.isDark ? "#9fd0ff" : "#0b4f94";
    real.forEach(([x, y]) => {
      context.beginPath();
      context.arc(toX(x), toY(y), 3.2, 0, 7);
      context.stroke();
    });
    const ink = palette.isDark ? "#ffc46b" : "#8a4b00";
    if (pulls && landscape) {
      const slopes = fake.slice(0, PULLS).map((place) => slopeAt(landscape, reach, place));
      const most = Math.max(...slopes.map(([x, y]) => Math.hypot(x, y)), 1e-9);
      context.strokeStyle = ink;
      context.beginPath();
      slopes.forEach(([dx, dy], i) => {
        const [x, y] = fake[i];
        context.moveTo(toX(x), toY(y));
        context.lineTo(toX(x + (dx / most) * LONGEST_PULL), toY(y + (dy / most) * LONGEST_PULL));
      });
      context.stroke();
    }
    context.lineWidth = 0.8;
    context.strokeStyle = palette.page;
    context.fillStyle = ink;
    fake.forEach(([x, y]) => { // triangles, so that not the colour alone tells them
      const [a, b] = [toX(x), toY(y)];
      context.beginPath();
      context.moveTo(a, b - 4.4);
      context.lineTo(a + 4, b + 2.8);
      context.lineTo(a - 4, b + 2.8);
      context.closePath();
      context.fill();
      context.stroke();
    });
  };

  const paintProbe = () => {
    const [x, y] = [toX(probe[0]), toY(probe[1])];
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.6;
    context.beginPath();
    context.arc(x, y, 7, 0, 7);
    [[-12, 0], [12, 0], [0, -12], [0, 12]].forEach(([dx, dy]) => {
      context.moveTo(x + dx, y + dy);
      context.lineTo(x + dx / 3, y + dy / 3);
    });
    context.stroke();
  };

  const paint = () => {
    frame = 0;
    if (!size) return;
    palette ??= paletteOf(element, context);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.page;
    context.fillRect(0, 0, size, size);
    if (landscape) {
      paintGround();
      Array.from({ length: HEIGHTS }, (_, i) => ((i + 1) * 255) / (HEIGHTS + 1))
        .forEach((height) => paintLines(height, palette.faint, 1, []));
      paintLines(levelOf(landscape, landscape.middle), palette.ink, 1.8, [6, 4]);
    }
    paintPoints();
    if (probe) paintProbe();
  };
  const request = () => { if (!frame) frame = requestAnimationFrame(paint); };

  const resize = () => {
    const next = Math.floor(element.clientWidth);
    const now = globalThis.devicePixelRatio || 1;
    if (!next || (next === size && now === ratio)) return;
    [size, ratio] = [next, now];
    canvas.width = Math.round(size * ratio);
    canvas.height = Math.round(size * ratio);
    canvas.style.height = `${size}px`;
    palette = null;
    request();
  };
  const sizes = new ResizeObserver(resize);
  sizes.observe(element);
  const changeTheme = () => { palette = null; request(); };
  const themes = new MutationObserver(changeTheme);
  themes.observe(document.body, { attributes: true,
    attributeFilter: ["class", "data-jp-theme-light", "data-vscode-theme-kind"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changeTheme, { signal });

  const setProbe = (place) => {
    probe = place;
    request();
    onProbe();
  };
  const point = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    setProbe([((event.clientX - left) / size) * 2 * reach - reach,
      reach - ((event.clientY - top) / size) * 2 * reach]
      .map((at) => Math.min(reach, Math.max(-reach, at))));
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    point(event);
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) point(event);
  }, { signal });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = event.key === "Escape" ? null
      : probeAfter(event.key, probe ?? [0, 0], reach, event.shiftKey);
    if (!next && (event.key !== "Escape" || !probe)) return;
    event.preventDefault();
    setProbe(next);
  }, { signal });

  return {
    element,
    probe: () => probe,
    landscape: () => landscape,
    reach: () => reach,
    scoreThere: () => (probe && landscape ? scoreAt(landscape, reach, probe) : null),
    setPulls: (next) => { pulls = next; request(); },
    setReal: (points, next) => {
      [real, reach] = [pairsOf(points), next];
      request();
    },
    setPicture: (picture) => {
      fake = pairsOf(picture.points);
      landscape = picture.landscape;
      request();
    },
    close: () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      themes.disconnect();
    },
  };
};
