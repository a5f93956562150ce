// Paints on the roll what the network did and what it may not touch.

import { noteBox } from "../shared/roll_paint.js";
import { lockOf, percent, REST } from "./cells.js";

const LABEL_PX = 30; // room that a number needs
const HATCH = 7; // px between the lines over a locked bar

/** Slanting lines over a stretch of the roll: it is locked. */
const hatch = (context, [x, end], { header, height }, colour) => {
  context.save();
  context.beginPath();
  context.rect(x, header, end - x, height);
  context.clip();
  context.strokeStyle = colour;
  context.globalAlpha = 0.3;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = x - height; at < end; at += HATCH) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.stroke();
  context.restore();
};

/** A small padlock whose lower left corner is at a place. */
const padlock = (context, x, y, palette) => {
  context.fillStyle = palette.ink;
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.4;
  context.beginPath();
  context.arc(x + 3.5, y - 5.5, 2.3, Math.PI, 0);
  context.stroke();
  context.fillRect(x, y - 5.5, 7, 5.5);
};

const paintLocks = (context, geometry, palette, { bars, locks, notes }) => {
  locks.bars.filter((place) => bars[place]).forEach((place) => {
    const span = bars[place].slice(0, 2).map(geometry.xOf);
    if (span[1] < geometry.gutter || span[0] > geometry.width) return;
    hatch(context, span, geometry, palette.soft);
    padlock(context, span[1] - 11, geometry.header - 4, palette);
  });
  locks.voices.forEach((voice) => { // on the voice's first note that is seen
    const first = notes.find(({ track, end }) => track === voice && end > geometry.firstStep);
    if (!first) return;
    const [x, y] = noteBox(geometry, first);
    padlock(context, Math.max(x, geometry.gutter) + 3, y - 1, palette);
  });
  notes.filter((note) => lockOf(note, { ...locks, bars: [], voices: [] }, bars))
    .forEach((note) => {
      const [x, y, width, height] = noteBox(geometry, note);
      context.strokeStyle = palette.ink;
      context.lineWidth = 2;
      context.strokeRect(x, y, width, height);
      padlock(context, x + 2, y - 1, palette);
    });
};

/** The network's bar in loop mode: a frame. */
const paintBar = (context, geometry, palette, [start, end]) => {
  const [x, right] = [start, end].map(geometry.xOf);
  context.strokeStyle = palette.accent;
  context.lineWidth = 2.5;
  context.setLineDash([7, 4]);
  context.strokeRect(x + 1, geometry.header + 1, right - x - 2, geometry.height - geometry.header - 3);
  context.setLineDash([]);
};

/** The edits that stand: a line under each, the surer the darker; the last one in full. */
const paintEdits = (context, geometry, palette, { marks, last }) => {
  context.fillStyle = palette.accent;
  marks.forEach(([, start, nSteps, pitch, probability]) => {
    const end = start + nSteps;
    if (end < geometry.firstStep || start > geometry.lastStep) return;
    const [x, y, width, height] = noteBox(geometry, { start, end, pitch });
    context.globalAlpha = 0.35 + 0.65 * probability;
    context.fillRect(x, y + height, width, 2);
  });
  context.globalAlpha = 1;
  if (!last) return;
  const [, start, nSteps, before, after] = last;
  const [x, y, width, height] = noteBox(geometry,
    { start, end: start + nSteps, pitch: after === REST ? before : after });
  context.strokeStyle = palette.page;
  context.lineWidth = 5;
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  context.strokeStyle = palette.accent;
  context.lineWidth = 2.5;
  if (last[4] === REST) context.setLineDash([4, 3]); // it is gone
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  context.setLineDash([]);
  const text = percent(last[5]);
  context.font = "700 11px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  const room = context.measureText(text).width + 8;
  const left = Math.min(Math.max(x, geometry.gutter + 1), geometry.width - Math.max(room, LABEL_PX));
  const upper = y - 19 > geometry.header ? y - 19 : y + height + 5;
  context.fillStyle = palette.ink;
  context.fillRect(left, upper, room, 15);
  context.fillStyle = palette.page;
  context.fillText(text, left + 4, upper + 8);
};

const paintCursor = (context, geometry, palette, note) => {
  const [x, y, width, height] = noteBox(geometry, note);
  context.strokeStyle = palette.page;
  context.lineWidth = 4;
  context.strokeRect(x - 3, y - 3, width + 6, height + 6);
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  context.setLineDash([3, 2]);
  context.strokeRect(x - 3, y - 3, width + 6, height + 6);
  context.setLineDash([]);
};

/**
 * A layer for the roll.
 *
 * @param story {bars, locks, notes, marks (see standing() in cells.js), last (the edit that is
 *   shown, or undefined), modelBar (or null), cursor (or null)}
 */
export const paintStory = (context, geometry, palette, story) => {
  paintLocks(context, geometry, palette, story);
  paintEdits(context, geometry, palette, story);
  if (story.modelBar) paintBar(context, geometry, palette, story.modelBar);
  if (story.cursor) paintCursor(context, geometry, palette, story.cursor);
};
