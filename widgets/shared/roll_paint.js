// Paints a piano roll on a canvas: time to the right, pitch upwards. Used by roll.js.

import { isBlack, noteName } from "./notes.js";
import { fillBoxes, mixColours } from "./roll_colours.js";
import { barNumberStride, visibleNotes } from "./roll_geometry.js";
import { drumName, noteKey } from "./score.js";

const NOTE_HEIGHT = 0.86; // of a row
const FADED = 0.26; // opacity of what stands behind highlighted notes

/** Where a note lies on the roll: [x, y, width, height]. */
export const noteBox = (geometry, { start, end, pitch }, isDrum) => {
  const x = geometry.xOf(start);
  const row = geometry.heightOf(isDrum);
  const height = Math.max(1.5, row * NOTE_HEIGHT);
  const y = geometry.yOf(pitch, isDrum) + (row - height) / 2;
  return [x, y, Math.max(1.5, geometry.xOf(end) - x - 0.5), height];
};

/**
 * What lies behind the notes: shaded rows (`isShaded` by pitch, usually the black keys),
 * lines at bars and beats, and fainter ones where `grid` (from, to) says.
 */
export const paintGround = (context, geometry, { bars, beats, palette, isShaded, grid }) => {
  const { rows, width, height, yOfRow, xOf, firstStep, lastStep } = geometry;
  context.fillStyle = palette.page;
  context.fillRect(0, 0, width, height);
  context.fillStyle = palette.shade;
  for (let row = 0; row < rows.n; row += 1) {
    const here = rows.at(row);
    const isDark = here && (here.isDrum ? (row - rows.firstDrum) % 2 === 0
      : isShaded(here.pitch));
    if (isDark) context.fillRect(0, yOfRow(row), width, geometry.heightOf(here.isDrum));
  }
  const inView = (step) => step >= firstStep - 1 && step <= lastStep + 1;
  const lines = (steps, colour) => {
    context.fillStyle = colour;
    steps.forEach((step) => context.fillRect(Math.round(xOf(step)), geometry.header, 1, height));
  };
  const barWidth = (bars[1].step - bars[0].step) * geometry.pixelsPerStep;
  lines(grid(firstStep, lastStep), mixColours(palette.faint, palette.page, 0.45));
  if (barWidth > 44) lines(beats.filter(inView), palette.faint);
  const stride = barNumberStride(barWidth, 6);
  lines(bars.filter(({ step, number }, i) => inView(step)
    && (i === bars.length - 1 || (number - 1) % stride === 0)).map(({ step }) => step),
  palette.line);
};

/** The strip on top with bar numbers, and the part of it that is looped. */
export const paintHeader = (context, geometry, { bars, palette, loop }) => {
  const { width, header, xOf, gutter, pixelsPerStep } = geometry;
  context.fillStyle = mixColours(palette.page, palette.ink, 0.07);
  context.fillRect(0, 0, width, header);
  if (loop) {
    const [x, end] = loop.map(xOf);
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.3;
    context.fillRect(x, 0, end - x, header);
    context.globalAlpha = 1;
    context.fillRect(x, header - 3, end - x, 3);
    [[x, 1], [end, -1]].forEach(([edge, way]) => { // brackets: not by colour alone
      context.fillRect(edge - (way < 0 ? 2 : 0), 0, 2, header);
      context.fillRect(edge + (way < 0 ? -6 : 0), 0, 6, 2);
    });
  }
  const last = bars.at(-1);
  const stride = barNumberStride((last.step / Math.max(1, bars.length - 1)) * pixelsPerStep);
  context.fillStyle = palette.soft;
  context.font = "10px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  bars.slice(0, -1).filter(({ number }) => number > 0 && (number - 1) % stride === 0)
    .forEach(({ step, number }) => {
      const x = xOf(step);
      if (x > gutter - 20 && x < width) context.fillText(String(number), x + 3, header / 2);
    });
};

/** The keys on the left: black and white, with a name at every C; names of the drums. */
export const paintGutter = (context, geometry, { palette }) => {
  const { rows, gutter, header, height, rowHeight, drumHeight, yOfRow } = geometry;
  context.fillStyle = palette.page;
  context.fillRect(0, header, gutter, height);
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let row = 0; row < rows.n; row += 1) {
    const here = rows.at(row);
    const y = yOfRow(row);
    if (!here || y > height || y + drumHeight < header) continue;
    if (here.isDrum) {
      context.fillStyle = palette.ink;
      context.font = "10px system-ui, sans-serif";
      context.fillText(drumName(here.pitch), gutter - 4, y + drumHeight / 2, gutter - 6);
    } else {
      context.fillStyle = palette.whiteKey;
      context.fillRect(0, y, gutter, rowHeight + 0.5);
      if (isBlack(here.pitch)) {
        context.fillStyle = palette.blackKey;
        context.fillRect(0, y + 0.5, gutter * 0.62, rowHeight - 1);
      }
      if (!isBlack(here.pitch) && [0, 5].includes(here.pitch % 12)) {
        context.fillStyle = "#9aa0a8"; // B and C, E and F touch: a line between them
        context.fillRect(0, y + rowHeight - 0.5, gutter, 0.5);
      }
    }
  }
  context.font = "600 9.5px system-ui, sans-serif";
  for (let pitch = rows.high; rows.hasPitches && pitch >= rows.low; pitch -= 1) {
    if (pitch % 12 !== 0) continue;
    context.fillStyle = "#30343b";
    context.fillText(noteName(pitch), gutter - 3, geometry.yOf(pitch) + rowHeight / 2);
  }
  context.fillStyle = palette.line;
  context.fillRect(gutter - 1, 0, 1, height);
  context.fillStyle = mixColours(palette.page, palette.ink, 0.07);
  context.fillRect(0, 0, gutter - 1, header);
};

/**
 * All notes in view. `voices` are {notes, longest, isDrum} by track; muted tracks are drawn
 * hollow; with `highlight` (a Set of noteKey) all others fade.
 */
export const paintNotes = (context, geometry, { voices, paints, muted, faded,
  highlight }) => {
  const backToFront = [...voices.keys()].sort((a, b) => faded.has(b) - faded.has(a));
  backToFront.forEach((track) => {
    const { notes, longest, isDrum } = voices[track];
    const inView = visibleNotes(notes, longest, geometry.firstStep, geometry.lastStep);
    if (!inView.length) return;
    const box = (note) => noteBox(geometry, note, isDrum);
    if (muted.has(track)) {
      context.strokeStyle = paints[track].edge;
      context.globalAlpha = 0.55;
      context.lineWidth = 1;
      inView.forEach((note) => context.strokeRect(...box(note)));
    } else {
      context.globalAlpha = highlight.size || faded.has(track) ? FADED : 1;
      fillBoxes(context, inView.map(box), paints[track], geometry.scrollX);
    }
    context.globalAlpha = 1;
  });
};

/** Highlighted notes again, over all others: whole, outlined and with a flag on top. */
export const paintHighlight = (context, geometry, { voices, paints, palette, highlight }) => {
  if (!highlight.size) return;
  voices.forEach(({ notes, longest, isDrum }, track) => {
    const boxes = visibleNotes(notes, longest, geometry.firstStep, geometry.lastStep)
      .filter(({ index }) => highlight.has(noteKey(track, index)))
      .map((note) => noteBox(geometry, note, isDrum));
    if (!boxes.length) return;
    fillBoxes(context, boxes, paints[track], geometry.scrollX);
    context.strokeStyle = palette.ink;
    context.lineWidth = 2;
    context.fillStyle = palette.ink;
    boxes.forEach(([x, y, width, height]) => {
      context.strokeRect(x, y, width, height);
      context.beginPath();
      context.moveTo(x - 1, y - 7);
      context.lineTo(x + 7, y - 7);
      context.lineTo(x + 3, y - 1.5);
      context.fill();
    });
  });
};

/** Selected notes: two lines around each, one of ink and one of the page. */
export const paintSelected = (context, geometry, { voices, palette, selected }) => {
  if (!selected.size) return;
  voices.forEach(({ notes, longest, isDrum }, track) => {
    visibleNotes(notes, longest, geometry.firstStep, geometry.lastStep)
      .filter(({ index }) => selected.has(noteKey(track, index)))
      .forEach((note) => {
        const [x, y, width, height] = noteBox(geometry, note, isDrum);
        context.lineWidth = 2;
        context.strokeStyle = palette.ink;
        context.strokeRect(x - 1.5, y - 1.5, width + 3, height + 3);
        context.lineWidth = 1;
        context.strokeStyle = palette.page;
        context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
      });
  });
};

/** Notes that sound now: brighter, with a line of ink around them. */
export const paintSounding = (context, geometry, { voices, paints, palette, sounding }) => {
  voices.forEach(({ byIndex, isDrum }, track) => {
    sounding.forEach((key) => {
      const [of, index] = key.split(":").map(Number);
      const note = of === track ? byIndex.get(index) : undefined;
      if (!note || note.end < geometry.firstStep || note.start > geometry.lastStep) return;
      const [x, y, width, height] = noteBox(geometry, note, isDrum);
      context.fillStyle = mixColours(paints[track].colour, "#ffffff", 0.35);
      context.fillRect(x, y - 1, width, height + 2);
      context.strokeStyle = palette.ink;
      context.lineWidth = 1.5;
      context.strokeRect(x, y - 1, width, height + 2);
    });
  });
};

/** The line that moves with the music. */
export const paintPlayhead = (context, geometry, { palette, playhead }) => {
  if (playhead === null) return;
  const x = geometry.xOf(playhead);
  if (x < geometry.gutter - 2 || x > geometry.width + 2) return;
  context.fillStyle = palette.page; // a rim keeps it apart from dark notes
  context.fillRect(x - 2, geometry.header, 4, geometry.height);
  context.fillStyle = palette.ink;
  context.fillRect(x - 1, 0, 2, geometry.height);
  context.beginPath();
  context.moveTo(x - 6, 0);
  context.lineTo(x + 6, 0);
  context.lineTo(x, 9);
  context.fill();
};
