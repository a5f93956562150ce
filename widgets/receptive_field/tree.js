// The stack on a canvas: a row of cells for the input and for each layer, newest at the
// right; below it how many paths each input has.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { paletteOf } from "../shared/roll_colours.js";
import { dilationsOf, extraOf, fieldOf, lagAfter } from "./field.js";

const LIGHT = { one: "#0b4f94", many: "#b5770a", gap: "#c2487f" };
const DARK = { one: "#79b0ea", many: "#f2b134", gap: "#f08cb4" };
const CLOSE = 40; // columns of the close view
const LABELS = 54; // px at the left for the dilations
const EDGE = 8;
const STRIP = 54; // px for the paths
const GAP = 16; // px between the tree and the paths
const TALLEST = 34; // px of a row
const MOST_HEIGHT = 330; // px of all rows
const LINES_FROM = 7; // px of a row: in lower ones lines would run together
const CELLS_FROM = 5; // px of a column: narrower cells are not drawn one by one

/**
 * @param onInput called with a lag; onOutput with an output
 * @param signal ends all listeners
 */
export const createTree = ({ onInput, onOutput, signal }) => {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const element = make("div", { class: "dc-tree", role: "application", tabindex: 0,
    "aria-label": "The stack", ...NO_SHORTCUTS }, canvas);
  const context = canvas.getContext("2d");
  let shown = null; // {stack, counts, reached, onPath, lag, output, isClose}
  let [width, height, ratio, frame] = [0, 0, 1, 0];
  let palette = null;

  // --- where things are
  const nRows = () => shown.stack.n_layers * shown.stack.n_blocks + 1;
  const rowHeight = () => Math.min(TALLEST, MOST_HEIGHT / nRows());
  const extra = () => extraOf(fieldOf(shown.stack));
  let columns = 1; // counted once for each stack: it is asked for with every cell
  const countColumns = () => {
    const all = fieldOf(shown.stack) + extra();
    columns = shown.isClose ? Math.min(CLOSE, all) : all;
  };
  const nColumns = () => columns;
  const columnWidth = () => (width - LABELS - EDGE) / nColumns();
  const toX = (column) => width - EDGE - (column + 0.5) * columnWidth();
  const toY = (row) => EDGE + (nRows() - 1 - row + 0.5) * rowHeight();
  const columnAt = (x) => Math.round((width - EDGE - x) / columnWidth() - 0.5);
  const treeHeight = () => 2 * EDGE + nRows() * rowHeight();

  // --- painting
  const paintLines = (rows, colour, thickness) => {
    const { stack, output } = shown;
    context.strokeStyle = colour;
    context.lineWidth = thickness;
    dilationsOf(stack).forEach((dilation, i) => {
      context.beginPath(); // one for each layer: a single long path would take seconds
      const last = Array(stack.kernel).fill(-1); // for each tap the pixels of its last line
      for (let end = 0; end < rows[i + 1].length; end += 1) {
        if (!rows[i + 1][end] || end + output > nColumns()) continue;
        for (let tap = 0; tap < stack.kernel; tap += 1) {
          const start = end + tap * dilation;
          if (!rows[i][start]) continue;
          const [x1, x2] = [toX(start + output), toX(end + output)];
          const pixels = Math.round(x1) * 65536 + Math.round(x2);
          if (pixels === last[tap]) continue; // many lines upon one pixel
          last[tap] = pixels;
          context.moveTo(x1, toY(i));
          context.lineTo(x2, toY(i + 1));
        }
      }
      context.stroke();
    });
  };

  /** Many layers: a band for each row, filled where cells reach the output. */
  const paintBands = (rows, colour) => {
    const last = Math.min(rows[0].length, nColumns() - shown.output);
    const thick = Math.max(1, columnWidth());
    context.fillStyle = colour;
    rows.forEach((row, i) => {
      const [top, high] = [toY(i) - rowHeight() * 0.4, rowHeight() * 0.8];
      let right = null; // where a run of filled pixels ends
      let left = 0;
      const fill = () => { if (right !== null) context.fillRect(left, top, right - left, high); };
      for (let lag = 0; lag < last; lag += 1) {
        if (!row[lag]) continue;
        const x = Math.round(toX(lag + shown.output) - thick / 2);
        if (right === null || x < left - thick) {
          fill();
          right = x + thick;
        }
        left = x;
      }
      fill();
    });
  };

  const paintCells = (colours) => {
    const { reached, onPath, output, lag } = shown;
    const radius = Math.min(4.6, columnWidth() * 0.34, rowHeight() * 0.3);
    for (let row = 0; row < nRows(); row += 1) {
      for (let column = 0; column < nColumns(); column += 1) {
        const at = column - output;
        const isReached = at >= 0 && reached[row][at];
        const isPath = at >= 0 && onPath[row][at];
        context.fillStyle = isReached ? colours.one : palette.page;
        context.strokeStyle = isReached ? colours.one : palette.line;
        context.lineWidth = 1;
        context.beginPath();
        if (isPath) { // squares, so that not the colour alone tells them
          context.fillStyle = palette.ink;
          context.rect(toX(column) - radius * 1.2, toY(row) - radius * 1.2, radius * 2.4,
            radius * 2.4);
          context.fill();
          continue;
        }
        context.arc(toX(column), toY(row), radius, 0, 7);
        context.fill();
        context.stroke();
        if (row === 0 && at === lag) {
          context.strokeStyle = palette.ink;
          context.lineWidth = 2;
          context.strokeRect(toX(column) - radius * 1.6, toY(row) - radius * 1.6, radius * 3.2,
            radius * 3.2);
        }
      }
    }
  };

  const paintPaths = (colours) => {
    const { counts, output, lag } = shown;
    const bottom = treeHeight() + GAP + STRIP - 4;
    const most = Math.log(Math.max(2, counts.reduce((a, b) => Math.max(a, b), 1)));
    const bar = columnWidth() < 3 ? Math.ceil(columnWidth()) + 0.5 : columnWidth() * 0.7;
    const tallest = new Map(); // pixel -> {top, colour, hasGap}
    for (let i = 0; i < counts.length && i + output < nColumns(); i += 1) {
      const x = Math.round(toX(i + output) - bar / 2);
      const count = counts[i];
      const top = count === 0 ? 0 : 0.3 + 0.7 * (Math.log(count) / most);
      const before = tallest.get(x) ?? { top: 0, many: false, hasGap: false };
      tallest.set(x, { top: Math.max(before.top, top), many: before.many || count > 1,
        hasGap: before.hasGap || count === 0 });
    }
    tallest.forEach(({ top, many, hasGap }, x) => {
      context.fillStyle = many ? colours.many : colours.one;
      const length = top * (STRIP - 10);
      if (top) context.fillRect(x, bottom - length, bar, length);
      if (!hasGap) return;
      context.strokeStyle = colours.gap;
      context.lineWidth = 1.6;
      const size = Math.min(4, Math.max(2, bar / 2));
      const middle = x + bar / 2;
      context.beginPath();
      context.moveTo(middle - size, bottom - 8 - size);
      context.lineTo(middle + size, bottom - 8 + size);
      context.moveTo(middle - size, bottom - 8 + size);
      context.lineTo(middle + size, bottom - 8 - size);
      context.stroke();
    });
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(LABELS, bottom + 0.5);
    context.lineTo(width - EDGE, bottom + 0.5);
    context.stroke();
    if (lag + output < 0 || lag + output >= nColumns()) return;
    const x = toX(lag + output);
    context.fillStyle = palette.ink;
    context.beginPath();
    context.moveTo(x, bottom - STRIP + 6);
    context.lineTo(x - 5, bottom - STRIP - 3);
    context.lineTo(x + 5, bottom - STRIP - 3);
    context.fill();
  };

  const paintLabels = () => {
    const dilations = dilationsOf(shown.stack);
    const every = Math.ceil(13 / rowHeight());
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.fillStyle = palette.soft;
    context.fillText("input", 4, toY(0));
    dilations.forEach((dilation, i) => {
      if ((i + 1) % every === 0) context.fillText(`× ${dilation}`, 4, toY(i + 1));
    });
    context.fillText("paths", 4, treeHeight() + GAP + STRIP - 14);
  };

  const paint = () => {
    frame = 0;
    if (!width || !shown?.reached) return;
    palette ??= paletteOf(element, context);
    const colours = palette.isDark ? DARK : LIGHT;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.page;
    context.fillRect(0, 0, width, height);
    context.save();
    context.beginPath();
    context.rect(LABELS - 4, 0, width, height);
    context.clip();
    if (rowHeight() < LINES_FROM) {
      paintBands(shown.reached, colours.one);
      paintBands(shown.onPath, palette.ink);
    } else {
      context.globalAlpha = columnWidth() < 1 ? 0.6 : 1;
      paintLines(shown.reached, colours.one, columnWidth() < CELLS_FROM ? 0.6 : 1);
      context.globalAlpha = 1;
      paintLines(shown.onPath, palette.ink, columnWidth() < CELLS_FROM ? 1 : 2.4);
      if (columnWidth() >= CELLS_FROM) paintCells(colours);
    }
    paintPaths(colours);
    context.restore();
    paintLabels();
  };
  const request = () => { if (!frame) frame = requestAnimationFrame(paint); };

  const resize = () => {
    const next = Math.floor(element.clientWidth);
    const now = globalThis.devicePixelRatio || 1;
    const tall = shown?.reached ? Math.round(treeHeight() + GAP + STRIP) : 0;
    if (next === width && now === ratio && tall === height) return;
    [width, height, ratio] = [next, tall, now];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
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

  // --- hands
  const limits = () => ({ low: -shown.output,
    high: fieldOf(shown.stack) + extra() - 1 - shown.output });
  // What was chosen counts at once: the next key may come before the next frame is drawn.
  const chooseInput = (next) => {
    const { low, high } = limits();
    const lag = Math.min(high, Math.max(low, next));
    shown = { ...shown, lag };
    onInput(lag);
  };
  const chooseOutput = (next) => {
    const output = Math.min(extra(), Math.max(0, next));
    shown = { ...shown, output };
    onOutput(output);
  };
  let isOutput = false; // what is dragged
  const point = (event) => {
    const { left } = canvas.getBoundingClientRect();
    const column = columnAt(event.clientX - left);
    if (isOutput) chooseOutput(column);
    else chooseInput(column - shown.output);
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !shown?.reached) return;
    const { top } = canvas.getBoundingClientRect();
    isOutput = event.clientY - top < EDGE + Math.max(rowHeight(), 16);
    element.setPointerCapture(event.pointerId);
    point(event);
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) point(event);
  }, { signal });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !shown?.reached) return;
    const steps = { PageUp: 1, PageDown: -1 }[event.key];
    const { low, high } = limits();
    const next = lagAfter(event.key, shown.lag, { low, high, isFar: event.shiftKey });
    if (next === null && !steps) return;
    event.preventDefault();
    if (steps) chooseOutput(shown.output + steps);
    else chooseInput(next);
  }, { signal });

  return {
    element,
    limits,
    extra,
    show: (next) => {
      shown = next;
      countColumns();
      element.hidden = !next.reached;
      resize();
      request();
    },
    say: (text) => element.setAttribute("aria-label", text),
    close: () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      themes.disconnect();
    },
  };
};
