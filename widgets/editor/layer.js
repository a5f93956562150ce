// What the editor paints over the notes: grips of what is selected, the cursor and the box
// that is dragged.

import { noteBox } from "../shared/roll_paint.js";
import { endOf, selectedNotes } from "./document.js";
import { gridLength } from "./snap.js";

const HANDLE = 5; // px
const HANDLES_FROM = 16; // px: a shorter note has no room for them

/** Where a note of a document lies on the roll: [x, y, width, height]. */
export const boxOf = (geometry, note, isDrum) =>
  noteBox(geometry, { start: note.start, end: endOf(note), pitch: note.pitch }, isDrum);

const inView = ({ firstStep, lastStep }, note) =>
  endOf(note) >= firstStep && note.start <= lastStep;

/** Selected notes have grips at both ends; the roll itself outlines them. */
const paintGrips = (context, geometry, palette, session) => {
  selectedNotes(session.doc()).filter((note) => inView(geometry, note)).forEach((note) => {
    const [x, y, width, height] = boxOf(geometry, note, session.isDrum(note.voice));
    if (width < HANDLES_FROM) return;
    [x, x + width].forEach((edge) => {
      const middle = y + height / 2;
      context.fillStyle = palette.page;
      context.fillRect(edge - HANDLE / 2 - 1, middle - HANDLE / 2 - 1, HANDLE + 2, HANDLE + 2);
      context.fillStyle = palette.ink;
      context.fillRect(edge - HANDLE / 2, middle - HANDLE / 2, HANDLE, HANDLE);
    });
  });
};

/** A mark on the ruler, and with the keys in the roll the cell where they act. */
const paintCursor = (context, geometry, palette, session, hasFocus) => {
  const { step, pitch } = session.cursor();
  const x = geometry.xOf(step);
  context.fillStyle = palette.accent;
  context.fillRect(x - 0.75, geometry.header, 1.5, geometry.height);
  context.beginPath();
  context.moveTo(x - 5, geometry.header - 7);
  context.lineTo(x + 5, geometry.header - 7);
  context.lineTo(x, geometry.header);
  context.fill();
  if (!hasFocus) return;
  const isDrum = session.isDrum(session.voice());
  const y = geometry.yOf(pitch, isDrum);
  const height = geometry.heightOf(isDrum);
  const width = Math.max(8, gridLength(session.grid()) * geometry.pixelsPerStep);
  context.strokeStyle = palette.page;
  context.lineWidth = 4;
  context.strokeRect(x, y, width, height);
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  context.strokeRect(x, y, width, height);
};

const paintBox = (context, geometry, palette, { from, to, low, high, isDrum }) => {
  const [x, y] = [geometry.xOf(from), geometry.yOf(high, isDrum)];
  const size = [geometry.xOf(to) - x,
    geometry.yOf(low, isDrum) + geometry.heightOf(isDrum) - y];
  context.fillStyle = palette.accent;
  context.globalAlpha = 0.14;
  context.fillRect(x, y, ...size);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.setLineDash([5, 3]);
  context.strokeRect(x, y, ...size);
};

const paintHint = (context, geometry, palette) => {
  context.fillStyle = palette.soft;
  context.font = "14px system-ui, sans-serif";
  context.textAlign = "center";
  context.fillText("Drag here to draw notes", (geometry.gutter + geometry.width) / 2,
    (geometry.header + geometry.height) / 2, geometry.width - geometry.gutter - 12);
};

/** The layer for roll.addLayer(). */
export const createLayer = ({ session, gestures, hasFocus }) => (context, geometry, palette) => {
  paintCursor(context, geometry, palette, session, hasFocus());
  paintGrips(context, geometry, palette, session);
  const box = gestures.box();
  if (box) paintBox(context, geometry, palette, box);
  if (!session.doc().notes.length) paintHint(context, geometry, palette);
};
