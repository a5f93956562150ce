// Drags on the grid: draw, move, stretch, box, erase. It knows steps and pitches, not pixels;
// the view tells it where the pointer is. While a drag goes on the session shows what would
// become of it; only its end is an edit, so one drag is one step of the history.

import { endOf, withSelected } from "./document.js";
import * as edits from "./edits.js";
import { idsInBox, toggled } from "./selection.js";
import { cellStart, clamp, degreesBetween, gridLength, nextLine, snapPitch, snapStep }
  from "./snap.js";
import { countOf, voiceName } from "./words.js";

/** The pitch that a pointer means in the voice in hand: in the key, in the range. */
const pitchFor = (session, pitch, voice) => {
  const { lowest, highest } = session.committed().rules;
  if (session.isDrum(voice)) return clamp(pitch, lowest, highest);
  return snapPitch(pitch, session.lock(), lowest, highest);
};

const drawing = (session, from) => {
  const voice = session.voice();
  const base = session.committed();
  const start = cellStart(from.step, session.grid(), base.head);
  let heard = null;
  let isDragged = false;
  return ({ step, pitch }) => {
    const end = nextLine(step, 1, session.grid(), base.head);
    isDragged ||= end - start > gridLength(session.grid()) + 1e-6;
    const duration = isDragged ? Math.max(end - start, gridLength(session.grid()))
      : session.drawLength();
    const note = { voice, start, duration, pitch: pitchFor(session, pitch, voice),
      velocity: session.drawVelocity() };
    const result = edits.draw(base, note);
    if (!result.isRefused && note.pitch !== heard) {
      heard = note.pitch;
      session.hear(voice, note.pitch, note.velocity);
    }
    return { ...result, drawnLength: isDragged ? duration : null };
  };
};

const moving = (session, from, note) => {
  const base = session.committed();
  const ids = base.selected;
  let heard = note.pitch;
  return ({ step, pitch }) => {
    const start = snapStep(note.start + step - from.step, session.grid(), base.head);
    const key = session.isDrum(note.voice) ? null : session.lock();
    const degrees = degreesBetween(note.pitch, note.pitch + pitch - from.pitch, key);
    const isStill = Math.abs(step - from.step) * 2 < gridLength(session.grid());
    const steps = isStill ? 0 : start - note.start;
    if (steps === 0 && degrees === 0) return null;
    const result = edits.move(base, ids, { steps, degrees, key });
    const there = result.doc.notes.find(({ id }) => id === note.id);
    if (!result.isRefused && there && there.pitch !== heard) {
      heard = there.pitch;
      session.hear(there.voice, heard, there.velocity);
    }
    return result;
  };
};

const stretching = (session, from, note, side) => {
  const base = session.committed();
  const edge = side === "end" ? endOf(note) : note.start;
  return ({ step }) => {
    const goal = snapStep(edge + step - from.step, session.grid(), base.head);
    if (goal === edge || Math.abs(step - from.step) * 2 < gridLength(session.grid())) return null;
    return edits.stretch(base, base.selected, { steps: goal - edge, side,
      shortest: gridLength(session.grid()) });
  };
};

const erasing = (session) => {
  const base = session.committed();
  const ids = new Set();
  return ({ hit }) => {
    if (hit) ids.add(hit.id);
    return ids.size ? edits.erase(base, ids) : null;
  };
};

/** The gestures of a session; `box()` is the box that is being dragged, or null. */
export const createGestures = (session) => {
  let drag = null; // {kind, follow, result, base, from, kept}
  let box = null;

  const boxed = ({ step, pitch }) => {
    const { from, kept } = drag;
    box = { from: Math.min(from.step, step), to: Math.max(from.step, step),
      low: Math.min(from.pitch, pitch), high: Math.max(from.pitch, pitch),
      isDrum: Boolean(from.isDrum) };
    // Pitches and drums have rows of their own, though the same numbers.
    const open = session.committed().voices.map((_, voice) => voice)
      .filter((voice) => !session.isLocked(voice)
        && session.isDrum(voice) === Boolean(from.isDrum));
    return new Set([...kept, ...idsInBox(session.committed(), { ...box, voices: open })]);
  };

  const grab = (place, isAdding) => {
    const { hit, part } = place;
    const { selected } = session.committed();
    if (isAdding) {
      session.select(toggled(selected, hit.id));
      return null;
    }
    if (hit.voice !== session.voice()) session.save({ voice: hit.voice });
    if (!selected.has(hit.id)) session.select(new Set([hit.id]));
    session.putCursor({ step: hit.start, pitch: hit.pitch }, { isQuiet: true });
    session.tellNote(hit);
    session.hear(hit.voice, hit.pitch, hit.velocity);
    if (session.isLocked(hit.voice)) {
      session.say(`${voiceName(session.committed(), hit.voice)} is locked.`);
      return null;
    }
    return part === "body" ? { kind: "move", follow: moving(session, place, hit) }
      : { kind: "stretch", follow: stretching(session, place, hit, part) };
  };

  /** A press: {step, pitch, hit: note or null, part: "start" | "body" | "end"}. */
  const begin = (place, { tool, isAdding = false }) => {
    cancel();
    if (tool === "erase") drag = { kind: "erase", follow: erasing(session) };
    else if (place.hit) drag = grab(place, isAdding);
    else if (tool === "select" || isAdding) {
      drag = { kind: "box", from: place, kept: isAdding ? session.committed().selected : [] };
      session.putCursor(place, { isQuiet: true });
    } else drag = { kind: "draw", follow: drawing(session, place) };
    if (drag) drag.base = session.committed();
    if (drag?.kind === "draw" || drag?.kind === "erase") move(place);
    return drag?.kind ?? null;
  };

  /** Whether Python or another view has changed the music under the pointer. */
  const isStale = () => drag !== null && drag.base !== session.committed();

  const move = (place) => {
    if (isStale()) cancel();
    if (!drag) return;
    if (drag.kind === "box") {
      session.show(withSelected(session.committed(), boxed(place)));
      return;
    }
    drag.result = drag.follow(place);
    session.show(drag.result?.doc ?? null);
  };

  const end = () => {
    if (isStale()) cancel();
    if (!drag) return;
    const { kind, result, kept } = drag;
    const ids = session.doc().selected;
    drag = null;
    session.show(null);
    if (kind === "box") {
      const chosen = box ? ids : new Set(kept);
      box = null;
      session.select(chosen);
      if (chosen.size) session.say(`Selected ${countOf(chosen.size)}.`);
      else session.putCursor({});
      return;
    }
    if (!result) return;
    if (result.drawnLength) session.setDraws({ length: result.drawnLength });
    if (!session.apply(result) || kind === "erase") return;
    const [note] = session.selected();
    if (note) session.putCursor({ step: note.start, pitch: note.pitch }, { isQuiet: true });
  };

  /** Give a drag up: everything stays as it was. */
  const cancel = () => {
    if (!drag) return;
    drag = null;
    box = null;
    session.show(null);
  };

  return { begin, move, end, cancel, box: () => box, isDragging: () => drag !== null };
};
