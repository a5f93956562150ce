// From mouse, pen and fingers on the roll to gestures: what lies under the pointer, one
// finger edits, two fingers move and zoom the view.

import { boxOf } from "./layer.js";

const EDGE = { mouse: 7, touch: 12 }; // px at the ends of a note that stretch it
const REACH = { mouse: 0, touch: 5 }; // px beside a note that still mean it
const SLOP = { mouse: 2, touch: 6 }; // px a pointer may tremble before it drags
const AUTO_SCROLL = 14; // px for each move at the edge of the roll
const WHEEL_ZOOM = 1.2;

const kindOf = (event) => (event.pointerType === "mouse" ? "mouse" : "touch");

/** The note under a place, that of the voice in hand first, and which part of it. */
export const hitAt = (session, geometry, { x, y }, kind) => {
  const reach = REACH[kind];
  const found = session.doc().notes.filter((note) => {
    const [left, top, width, height] = boxOf(geometry, note, session.isDrum(note.voice));
    return x >= left - reach && x <= left + width + reach && y >= top - 1 && y <= top + height + 1;
  });
  const hit = found.findLast((note) => note.voice === session.voice()) ?? found.at(-1) ?? null;
  if (!hit) return { hit, part: null };
  const [left, , width] = boxOf(geometry, hit, session.isDrum(hit.voice));
  const edge = Math.min(EDGE[kind], width / 3);
  if (x > left + width - edge) return { hit, part: "end" };
  return { hit, part: x < left + edge && width > 3 * EDGE[kind] ? "start" : "body" };
};

export const createPointer = ({ roll, session, commands, gestures, signal }) => {
  const { surface } = roll;
  const down = new Map(); // pointer id -> its last event
  let pressed = null; // {id, x, y, kind, isDragged, mode}
  let lastPitch = null;
  const on = (type, action, options = {}) =>
    surface.addEventListener(type, action, { signal, ...options });

  /** Where a pointer is. Between the rows, and on rows of the wrong kind, the last pitch. */
  const placeOf = (event, isDrum = session.isDrum(session.voice())) => {
    const place = roll.placeOf(event);
    const isRow = place.pitch !== null && place.isDrum === isDrum;
    lastPitch = isRow ? place.pitch : lastPitch;
    return { ...place, isRow, isDrum, pitch: lastPitch, step: Math.max(0, place.step) };
  };

  const scrollAtEdge = ({ x, y }) => {
    const { gutter, width, height, header } = roll.geometry();
    if (x > width - 10) surface.scrollLeft += AUTO_SCROLL;
    if (x < gutter + 4) surface.scrollLeft -= AUTO_SCROLL;
    if (y > height - 8) surface.scrollTop += AUTO_SCROLL;
    if (y < header + 4) surface.scrollTop -= AUTO_SCROLL;
  };

  // --- two fingers: move and zoom
  const middleOf = (events) => ({
    x: (events[0].clientX + events[1].clientX) / 2,
    y: (events[0].clientY + events[1].clientY) / 2,
    width: Math.abs(events[0].clientX - events[1].clientX),
  });
  let view = null;
  const moveView = () => {
    const now = middleOf([...down.values()].slice(0, 2));
    if (view) {
      surface.scrollLeft -= now.x - view.x;
      surface.scrollTop -= now.y - view.y;
      const factor = now.width / view.width;
      if (view.width > 40 && Math.abs(factor - 1) > 0.02) roll.zoomBy(factor);
    }
    view = now;
  };

  // --- one pointer: ruler, keys on the left, or notes
  const seek = (place) => {
    session.putCursor({ step: place.step });
    if (session.transport.isPlaying()) session.transport.seek(session.cursor().step);
  };

  const press = (event) => {
    const kind = kindOf(event);
    const place = roll.placeOf(event);
    pressed = { id: event.pointerId, x: event.clientX, y: event.clientY, kind, mode: "notes",
      isDragged: false };
    if (place.isHeader) {
      pressed.mode = "ruler";
      return seek(place);
    }
    if (place.isGutter) {
      pressed.mode = "keys";
      if (place.pitch !== null) hearRow(place);
      return null;
    }
    const under = hitAt(session, roll.geometry(), place, kind);
    const isErasing = event.button === 2 || session.get("tool") === "erase";
    const tool = isErasing ? "erase" : session.get("tool");
    lastPitch = place.pitch ?? lastPitch;
    const isDrum = kindOfRow(place, under, tool);
    const here = placeOf(event, isDrum);
    if (!under.hit && tool === "draw" && !here.isRow) {
      return session.say(isDrum ? "The drums have their rows below: draw there."
        : "That row belongs to the drums: choose their voice first.");
    }
    pressed.isDrum = isDrum;
    const isAdding = event.shiftKey || event.ctrlKey || event.metaKey;
    return gestures.begin({ ...here, ...under }, { tool, isAdding });
  };

  /** Whether a press is about drums: what it hits, draws, or begins a box on. */
  const kindOfRow = (place, { hit }, tool) => {
    if (hit) return session.isDrum(hit.voice);
    if (tool === "select" && place.pitch !== null) return place.isDrum;
    return session.isDrum(session.voice());
  };

  const hearRow = ({ pitch, isDrum }) => {
    const track = session.isDrum(session.voice()) === isDrum ? session.voice()
      : session.committed().voices.findIndex((voice) => voice.is_drum === isDrum);
    session.hear(track, pitch);
    session.putCursor({ pitch });
  };

  on("pointerdown", (event) => {
    if (event.button > 2 || event.button === 1) return;
    roll.element.focus({ preventScroll: true });
    down.set(event.pointerId, event);
    if (down.size > 1) {
      gestures.cancel();
      pressed = null;
      return;
    }
    surface.setPointerCapture(event.pointerId);
    press(event);
    event.preventDefault();
  });

  on("pointermove", (event) => {
    if (!down.has(event.pointerId)) {
      if (event.pointerType === "mouse") showWhatIsUnder(event);
      return;
    }
    down.set(event.pointerId, event);
    if (down.size > 1) return void moveView();
    if (pressed?.id !== event.pointerId) return;
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (!pressed.isDragged && far <= SLOP[pressed.kind]) return;
    pressed.isDragged = true;
    if (pressed.mode === "ruler") return void seek(placeOf(event));
    if (pressed.mode === "keys") return;
    const place = placeOf(event, pressed.isDrum);
    scrollAtEdge(place);
    gestures.move({ ...place, ...hitAt(session, roll.geometry(), place, pressed.kind) });
  });

  const lift = (event, isGivenUp) => {
    if (!down.delete(event.pointerId)) return;
    view = null;
    if (pressed?.id !== event.pointerId) return;
    pressed = null;
    if (isGivenUp) gestures.cancel();
    else gestures.end();
  };
  on("pointerup", (event) => lift(event, false));
  on("pointercancel", (event) => lift(event, true));
  on("contextmenu", (event) => event.preventDefault());

  on("dblclick", (event) => {
    const place = placeOf(event);
    if (session.get("tool") !== "select" || !place.isRow || place.isHeader || place.isGutter
      || hitAt(session, roll.geometry(), place, "mouse").hit) return;
    session.putCursor(place);
    commands.enter();
  });

  on("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    roll.zoomBy(event.deltaY < 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, roll.placeOf(event).step);
  }, { passive: false });

  /** The mouse pointer tells what a press would do. */
  const showWhatIsUnder = (event) => {
    const place = roll.placeOf(event);
    const { part } = hitAt(session, roll.geometry(), place, "mouse");
    const tool = session.get("tool");
    surface.dataset.under = place.isHeader || place.isGutter ? "edge" : part ?? tool;
  };

  const cancel = () => {
    pressed = null;
    gestures.cancel();
  };
  return { isDragging: () => pressed !== null, cancel };
};
