// Paints attention: columns over the roll, bars below it, and a head's whole pattern.

import { makeCanvas } from "../shared/dom.js";
import { channelsOf, mixColours } from "../shared/roll_colours.js";

const DEEPEST = 0.62; // opacity of the column with the largest share
const BADGE = 9; // px, half of a number's box

/** Where each position lies on the roll: [x, width]. */
const columnOf = (geometry, starts, position) => {
  const x = geometry.xOf(starts[position]);
  return [x, Math.max(1, geometry.xOf(starts[position + 1]) - x)];
};

const isSeen = (geometry, [x, width]) => x + width >= geometry.gutter && x <= geometry.width;

/**
 * A layer for the roll: what the position looks at lies under a veil, the deeper the more;
 * the position itself has a frame, the strongest chords their numbers.
 *
 * @param story {row, position, starts, looks, heard, alarm, isTurned}
 */
export const paintColumns = (context, geometry, palette, story) => {
  const { row, position, starts, looks, heard, alarm } = story;
  const most = Math.max(...row, 1e-9);
  const top = geometry.header;
  const height = geometry.height - top;
  row.forEach((share, s) => {
    const column = columnOf(geometry, starts, s);
    if (share < 0.002 || !isSeen(geometry, column)) return;
    context.globalAlpha = DEEPEST * Math.sqrt(share / most);
    context.fillStyle = isAhead(story, s) ? alarm : palette.accent;
    context.fillRect(column[0], top, column[1], height);
  });
  context.globalAlpha = 1;
  const [start, breadth] = columnOf(geometry, starts, position);
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  context.strokeRect(start - 1, top + 1, breadth + 2, height - 2);
  context.font = "700 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const taken = []; // the middles of the numbers in each row
  looks.forEach(({ from, to }, i) => {
    const [left] = columnOf(geometry, starts, from);
    const [last, wide] = columnOf(geometry, starts, to);
    const middle = (left + last + wide) / 2;
    const free = taken.findIndex((used) => used.every((x) => Math.abs(x - middle) > 2 * BADGE));
    const line = free < 0 ? taken.length : free;
    (taken[line] ??= []).push(middle);
    const upper = top + 3 + line * 2 * BADGE;
    const isHeard = heard !== null && heard >= from && heard <= to;
    context.fillStyle = isHeard ? palette.accent : palette.page;
    context.strokeStyle = palette.ink;
    context.lineWidth = 1;
    context.beginPath();
    context.rect(middle - BADGE, upper, 2 * BADGE, 2 * BADGE - 2);
    context.fill();
    context.stroke();
    context.fillStyle = isHeard ? palette.page : palette.ink;
    context.fillText(String(i + 1), middle, upper + BADGE - 1);
  });
};

/** Whether `s` lies ahead of the one that looks: nothing may be seen there. */
const isAhead = ({ position, isTurned }, s) => (isTurned ? s < position : s > position);

/** The shares as bars below the roll, on the roll's own places. */
export const paintBars = (canvas, geometry, palette, story) => {
  const ratio = globalThis.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const { row, position, starts, alarm } = story;
  const most = Math.max(...row, 1e-9);
  context.strokeStyle = palette.line;
  context.strokeRect(geometry.gutter + 0.5, height - 0.5, width, 0);
  context.save();
  context.beginPath();
  context.rect(geometry.gutter, 0, width, height);
  context.clip();
  row.forEach((share, s) => {
    const [x, wide] = columnOf(geometry, starts, s);
    const tall = (height - 3) * (share / most);
    context.fillStyle = isAhead(story, s) ? alarm : palette.accent;
    context.fillRect(x, height - tall, Math.max(1, wide - 0.5), tall);
  });
  const [x, wide] = columnOf(geometry, starts, position);
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  context.strokeRect(x - 1, 1, wide + 2, height - 2);
  context.restore();
  context.fillStyle = palette.soft;
  context.font = "10px system-ui, sans-serif";
  context.textAlign = "right";
  context.textBaseline = "top";
  const scale = most < 0.095 ? (100 * most).toFixed(1) : String(Math.round(100 * most));
  context.fillText(`${scale} %`, geometry.gutter - 4, 2);
};

/** A pattern as a square picture: each row looks, from the top; each column is looked at. */
export const paintPattern = (canvas, pattern, size, palette, alarm, position = null) => {
  const ratio = globalThis.devicePixelRatio || 1;
  const side = canvas.clientWidth || 46;
  const pixels = Math.round(side * ratio);
  Object.assign(canvas, { width: pixels, height: pixels });
  const context = canvas.getContext("2d");
  const small = makeCanvas(size);
  const image = new ImageData(size, size);
  const shades = [palette.accent, alarm].map((colour) => Array.from({ length: 65 }, (_, i) =>
    channelsOf(mixColours(palette.page, colour, i / 64))));
  for (let t = 0; t < size; t += 1) {
    let most = 1e-9; // of this row
    for (let s = 0; s < size; s += 1) most = Math.max(most, pattern[t * size + s]);
    for (let s = 0; s < size; s += 1) {
      const depth = Math.sqrt(pattern[t * size + s] / most);
      const [red, green, blue] = shades[s > t ? 1 : 0][Math.round(64 * depth)];
      image.data.set([red, green, blue, 255], 4 * (t * size + s));
    }
  }
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = size > pixels;
  context.drawImage(small, 0, 0, pixels, pixels);
  if (position === null) return;
  const line = (pixels * (position + 0.5)) / size;
  context.fillStyle = palette.ink;
  context.globalAlpha = 0.75;
  context.fillRect(0, line - ratio / 2, pixels, ratio);
  context.fillRect(line - ratio / 2, 0, ratio, pixels);
};
