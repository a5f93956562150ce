// The looks of the editor: DOM in, events out. What it does is in session.js, commands.js
// and gestures.js.

import { isTyping, make, NO_SHORTCUTS } from "../shared/dom.js";
import { isBlack } from "../shared/notes.js";
import { createRoll } from "../shared/roll.js";
import { createCommands } from "./commands.js";
import { endOfMusic, placesOf, toMusic } from "./document.js";
import { createGestures } from "./gestures.js";
import { commandOf, keyHelp } from "./keys.js";
import { createLayer } from "./layer.js";
import { createPointer } from "./pointer.js";
import { gridLength, gridLines, isInKey } from "./snap.js";
import { createActions, createTools } from "./toolbar.js";
import { createVoices } from "./voices.js";
import { countOf, drumRows, voiceName } from "./words.js";

const ROW = 13; // px: high enough for a finger
const ROOM_BEHIND = 64; // steps behind the last note
const LEAST_ZOOM = 13; // px for a step at first
const LEAST_GRID = 6; // px between two lines of the grid; nearer ones are not drawn
const ZOOM = 1.5;
const MIDDLE = 64; // pitch in the middle of an empty roll
const SHORT_HELP = "Enter draws a note or picks one up, arrows move it, question mark shows "
  + "all keys.";

/** The pitch around which the music lies. */
const middlePitch = (doc, voice) => {
  const pitches = doc.notes.filter((note) => note.voice === voice).map((note) => note.pitch);
  return pitches.length ? (Math.min(...pitches) + Math.max(...pitches)) / 2 : MIDDLE;
};

/** Build the widget in `el`; returns how to take it down. */
export const showEditor = ({ model, el, session }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const on = (element, type, action) => element.addEventListener(type, action, { signal });
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

  // --- what there is to see
  const roll = createRoll({ colours: model.get("track_colours"), leastRow: ROW,
    isShaded: (pitch) => (session.lock() ? !isInKey(pitch, session.lock()) : isBlack(pitch)),
    grid: (from, to) => (gridLength(session.grid()) * roll.pixelsPerStep() < LEAST_GRID ? []
      : gridLines(from, to, session.grid(), session.committed().head)) });
  const gestures = createGestures(session);
  const commands = createCommands(session);
  const parts = { model, session, commands, gestures, roll, signal };
  const tools = createTools(parts);
  const voices = createVoices(parts);
  const actions = createActions(parts);
  const pointer = createPointer(parts);
  const helpId = `dc-help-${Math.random().toString(36).slice(2)}`;
  const help = make("ul", { class: "dc-keys-help", id: helpId },
    ...keyHelp().map((text) => make("li", { text })));
  help.hidden = true;
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const count = make("span", { class: "dc-time" });
  const voiceRow = make("div", { class: "dc-voice-row" }, voices.element, ...actions.ofVoice);
  const root = make("div", { class: "dc-widget dc-editor", role: "group",
    "aria-label": "Note editor", ...NO_SHORTCUTS },
  tools.element, help, voiceRow, make("div", { class: "dc-stage" }, roll.element),
  actions.element, make("div", { class: "dc-foot" }, status, count));
  Object.entries({ tabindex: 0, role: "application", "aria-roledescription": "note editor",
    "aria-description": SHORT_HELP, ...NO_SHORTCUTS })
    .forEach(([name, value]) => roll.element.setAttribute(name, value));
  roll.surface.tabIndex = -1; // a scrolling box is a stop of its own otherwise
  tools.help.setAttribute("aria-expanded", "false");
  tools.help.setAttribute("aria-controls", help.id);
  roll.addLayer(createLayer({ session, gestures,
    hasFocus: () => document.activeElement === roll.element }));

  // --- what changes
  let frame = 0;
  let shownDoc = null;
  let shownOptions = null;
  let length = 0; // steps that can be seen
  let isPlaced = false;

  const drawRoll = () => {
    const doc = session.doc();
    const { lowest, highest, maxSteps } = doc.rules;
    const end = endOfMusic(doc);
    roll.setMuted(doc.rules.locked);
    roll.setFaded(doc.voices.map((_, voice) => voice).filter((voice) => voice !== session.voice()));
    roll.setSelected(placesOf(doc));
    if (shownDoc?.notes === doc.notes && shownDoc?.rules === doc.rules) return roll.requestDraw();
    shownDoc = doc;
    // The length does not change while a note is dragged, or the view would move with it.
    if (!pointer.isDragging()) length = Number.isFinite(maxSteps) ? maxSteps : end + ROOM_BEHIND;
    const options = { pitches: [lowest, highest], drums: drumRows(doc),
      extraSteps: Math.max(0, length - end) };
    if (JSON.stringify(options) !== JSON.stringify(shownOptions)) roll.setOptions(options);
    shownOptions = options;
    return roll.setMusic(toMusic(doc));
  };

  const drawSaid = () => {
    status.textContent = session.said();
    status.classList.toggle("dc-lost", session.isKernelLost());
  };

  const draw = () => {
    const doc = session.committed();
    drawRoll();
    drawSaid();
    tools.draw();
    actions.draw();
    voiceRow.hidden = doc.voices.length < 2;
    voices.draw(roll.palette());
    const chosen = doc.selected.size ? `, ${doc.selected.size} selected` : "";
    count.textContent = `${countOf(doc.notes.length)}${chosen}`;
    roll.element.setAttribute("aria-label", `Notes, drawing in ${voiceName(doc, session.voice())}`);
  };

  /** Scroll so that the cursor is seen. */
  const showCursor = () => {
    if (pointer.isDragging()) return;
    const { step, pitch } = session.cursor();
    const { xOf, gutter, width } = roll.geometry();
    if (xOf(step) < gutter || xOf(step) > width - 24) roll.follow(step);
    if (xOf(step) < gutter) roll.surface.scrollLeft = Math.max(0, step * roll.pixelsPerStep() - 40);
    roll.showPitch(pitch, session.isDrum(session.voice()));
  };

  const move = () => {
    const { transport } = session;
    const step = transport.position();
    roll.setPlayhead(isCalm.matches ? Math.floor(step) : step);
    roll.setSounding(transport.soundingKeys(step));
    if (!pointer.isDragging()) roll.follow(step);
    frame = transport.isPlaying() ? requestAnimationFrame(move) : 0;
    if (!frame) endOfPlay();
  };
  const endOfPlay = () => {
    roll.setPlayhead(null);
    roll.setSounding(new Set());
  };
  const drawTransport = () => {
    tools.draw();
    if (session.transport.isPlaying() && !frame) frame = requestAnimationFrame(move);
    else if (!session.transport.isPlaying()) endOfPlay();
  };

  /** At first the notes stand in the middle, wide enough to be caught with a finger. */
  const placeView = () => {
    const { height, header, rows, width, gutter } = roll.geometry();
    if (isPlaced || !height || !width) return;
    isPlaced = true;
    const steps = Math.max(32, endOfMusic(session.doc()));
    roll.setZoom(Math.max(LEAST_ZOOM, Math.min(40, (width - gutter - 8) / steps)));
    roll.surface.scrollLeft = 0;
    const voice = session.voice();
    const isDrum = session.isDrum(voice);
    const pitch = isDrum ? rows.drums.at(-1) : Math.round(middlePitch(session.doc(), voice));
    roll.surface.scrollTop += roll.geometry().yOf(pitch, isDrum) - (height + header) / 2;
  };

  // --- what the learner does
  const toggleHelp = () => {
    help.hidden = !help.hidden;
    tools.help.setAttribute("aria-expanded", String(!help.hidden));
  };
  const doings = { ...commands, help: toggleHelp,
    zoom: (by) => roll.zoomBy(by > 0 ? ZOOM : 1 / ZOOM, session.cursor().step) };
  on(tools.help, "click", toggleHelp);
  on(root, "keydown", (event) => {
    const found = commandOf(event);
    const isPressing = event.target.tagName === "BUTTON" && ["Enter", " "].includes(event.key);
    if (!found || isTyping(event.target) || isPressing) return;
    event.preventDefault();
    if (gestures.isDragging()) {
      if (found.command === "letGo") pointer.cancel();
      return;
    }
    doings[found.command](...found.arguments, { isRepeat: event.repeat });
  });
  on(roll.element, "focus", roll.requestDraw);
  on(roll.element, "blur", roll.requestDraw);

  // --- what comes from elsewhere
  const actionsOf = { document: draw, said: drawSaid, transport: drawTransport,
    cursor: () => { roll.requestDraw(); showCursor(); } };
  signal.addEventListener("abort", session.onChange((what) => actionsOf[what]()));
  signal.addEventListener("abort", roll.onView(placeView));
  const watch = (names, action) => names.forEach((name) => {
    model.on(`change:${name}`, action);
    signal.addEventListener("abort", () => model.off(`change:${name}`, action));
  });
  watch(["grid", "key", "in_key", "tool", "n_undo", "n_redo"], () => tools.draw());
  watch(["volume"], () => actions.draw());
  watch(["grid", "key", "in_key"], () => { shownDoc = null; drawRoll(); });
  watch(["voice"], () => {
    draw();
    roll.showPitch(session.cursor().pitch, session.isDrum(session.voice()));
  });
  watch(["track_colours"], () => {
    roll.setOptions({ colours: model.get("track_colours") });
    draw();
  });
  const asked = (message) => {
    if (message.kind === "play") {
      if (message.step !== null) session.putCursor({ step: message.step }, { isQuiet: true });
      session.play({ from: session.cursor().step });
    }
    if (message.kind === "stop") commands.stop();
  };
  model.on("msg:custom", asked);
  signal.addEventListener("abort", () => model.off("msg:custom", asked));

  el.append(root);
  draw();
  placeView();

  return () => {
    cancelAnimationFrame(frame);
    teardown.abort();
    gestures.cancel();
    roll.close();
    root.remove();
  };
};
