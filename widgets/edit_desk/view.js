// The looks of the EditDesk, put together from its parts; the roll and its keys.

import { isTyping, make, NO_SHORTCUTS, undoOf } from "../shared/dom.js";
import { createRoll } from "../shared/roll.js";
import { HEADER, rowsHeight } from "../shared/roll_geometry.js";
import { makeFold, setText } from "../shared/parts.js";
import { spokenPlace } from "../shared/score.js";
import { ASLEEP } from "../shared/sound.js";
import { barAt, lockOf, nextNote, noteWords } from "./cells.js";
import { createLocks } from "./locks_view.js";
import { paintStory } from "./paint.js";
import { createPlay } from "./play_view.js";
import { createWatch } from "./watch_view.js";
import { createWish } from "./wish_view.js";

const ROW_PX = 8;
const [LEAST_HEIGHT, MOST_HEIGHT] = [180, 386]; // px
// Pitches that are always seen: what four voices sing, so that the roll keeps its height.
const [LOWEST, HIGHEST] = [36, 81];
const HELP = "Arrow keys: from note to note and from voice to voice. Enter: lock the note, with "
  + "Shift its bar. Shift and up or down: move the note by a semitone. Space: play or pause.";

/** Build the widget in `el`; returns how to take it down. */
export const showDesk = ({ el, session, loop, hands }) => {
  const { get, transport } = session;
  const teardown = new AbortController();
  const { signal } = teardown;
  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

  const root = make("div", { class: "dc-widget dc-edit_desk", role: "group",
    "aria-label": "Edit desk", ...NO_SHORTCUTS });
  const title = make("h3", { class: "dc-title" });
  const roll = createRoll({ colours: get("track_colours"), leastRow: 4, pitches: [LOWEST, HIGHEST] });
  Object.entries({ tabindex: 0, role: "slider", "aria-label": "Notes of the piece",
    "aria-valuemin": 0, "aria-orientation": "horizontal", "aria-description": HELP, ...NO_SHORTCUTS })
    .forEach(([name, value]) => roll.element.setAttribute(name, value));
  const wish = createWish({ session, signal });
  const locks = createLocks({ session, palette: roll.palette, signal });
  const watch = createWatch({ session, signal });
  const play = createPlay({ session, loop, hands, root, signal });
  const fold = makeFold("Loop: the network edits one bar while you play", play.element);
  const problem = make("p", { class: "dc-problem", role: "alert" });
  const status = make("p", { class: "dc-status", role: "status" });
  root.append(title, wish.element, locks.element, roll.element, watch.element, fold, problem,
    make("div", { class: "dc-foot" }, status));

  // --- drawing
  const story = () => ({ bars: get("bars"), locks: session.locks(), notes: transport.notes(),
    marks: session.marks(), last: session.edits()[session.shown() - 1], cursor: isFocused() ? session.noteHere() : null,
    modelBar: loop.isOn() ? get("bars")[Math.min(get("model_bar"), get("bars").length - 1)] : null });
  const isFocused = () => roll.element.contains(root.getRootNode().activeElement);
  roll.addLayer((context, geometry, palette) => paintStory(context, geometry, palette, story()));

  const drawCursor = () => {
    const note = session.noteHere();
    const step = note?.start ?? transport.position();
    const lock = note ? lockOf(note, session.locks(), get("bars")) : "";
    const place = spokenPlace(transport.music(), step);
    roll.element.setAttribute("aria-valuenow", Math.round(step));
    roll.element.setAttribute("aria-valuetext", note ? noteWords(note, get("voices"), place, lock)
      : place);
    if (note) roll.follow(note.start);
    roll.requestDraw();
  };
  const drawLocks = () => {
    locks.draw();
    drawCursor();
  };
  const drawMusic = () => {
    const music = transport.music();
    roll.setMusic(music);
    roll.element.setAttribute("aria-valuemax", Math.round(transport.end()));
    setText(title, music.title || "A piece in four voices");
    const wanted = HEADER + rowsHeight(roll.rows(), ROW_PX);
    root.style.setProperty("--dc-roll-height",
      `${Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, wanted))}px`);
    roll.requestDraw();
  };
  const drawEdits = () => {
    watch.draw();
    const edit = session.edits()[session.shown() - 1];
    if (edit && (session.isWatching() || !transport.isPlaying())) roll.follow(edit[1]);
    roll.element.dataset.shown = session.shown();
    roll.requestDraw();
  };
  const drawStatus = () => {
    const text = session.lost() || (transport.isSilent() ? ASLEEP : get("status"));
    const isBusy = session.isWatching() || loop.isOn();
    status.setAttribute("aria-live", isBusy && !session.lost() ? "off" : "polite");
    setText(status, text);
    setText(problem, get("problem"));
    problem.hidden = !get("problem");
  };

  let frame = 0;
  const move = () => {
    frame = 0;
    const isPlaying = transport.isPlaying();
    const step = transport.position();
    roll.setPlayhead(isPlaying ? (isCalm.matches ? Math.floor(step) : step) : null);
    roll.setSounding(transport.soundingKeys(step));
    roll.element.dataset.step = step;
    if (isPlaying) {
      roll.follow(step);
      frame = requestAnimationFrame(move);
    }
  };
  const drawSound = () => {
    roll.setMuted(transport.mix().map(({ mute }, i) => (mute ? i : -1)).filter((i) => i >= 0));
    watch.draw();
    locks.draw();
    play.draw();
    drawStatus();
    if (!frame) move();
  };

  // --- what the learner does in the roll
  const under = (event) => {
    const { step, pitch, isHeader, isGutter } = roll.placeOf(event);
    const isInside = !isGutter && step >= 0 && step < get("bars").at(-1)[1];
    const note = isInside && !isHeader ? session.notes().findLast((one) =>
      one.pitch === pitch && one.start <= step && step < one.end) : undefined;
    return { step, isHeader, isInside, note };
  };
  on(roll.surface, "click", (event) => {
    const { step, isHeader, isInside, note } = under(event);
    if (!isInside) return;
    const place = barAt(get("bars"), step);
    if (isHeader && event.shiftKey) session.lockOthers(place);
    else if (isHeader) session.lockBar(place);
    else if (note) {
      session.point(note);
      session.hearNote(note);
      session.lockNote(note);
    } else transport.seek(step);
    roll.element.focus({ preventScroll: true });
  });
  const moveCursor = (key) => {
    const note = nextNote(session.notes(), session.noteHere(), key);
    if (!note) return;
    session.point(note);
    session.hearNote(note);
  };
  const withNote = (action) => {
    const note = session.noteHere();
    if (note) action(note);
    else moveCursor("Home");
  };
  on(roll.element, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const { key, shiftKey } = event;
    if (key === "Enter" && shiftKey) withNote(({ start }) => session.lockBar(barAt(get("bars"), start)));
    else if (key === "Enter") withNote(session.lockNote);
    else if (key === " ") session.toggle();
    else if (shiftKey && key === "ArrowUp") withNote((note) => session.moveNote(note, 1));
    else if (shiftKey && key === "ArrowDown") withNote((note) => session.moveNote(note, -1));
    else if (key.startsWith("Arrow") || key === "Home" || key === "End") moveCursor(key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  on(roll.element, "focusin", drawCursor);
  on(roll.element, "focusout", () => roll.requestDraw());
  on(root, "keydown", (event) => {
    const kind = isTyping(event.target) ? null : undoOf(event);
    if (!kind) return;
    event.preventDefault();
    if (!loop.isOn()) session.ask({ kind });
  });

  // --- what comes from elsewhere
  const drawAll = () => {
    wish.draw();
    drawMusic();
    drawLocks();
    drawEdits();
    play.drawKeys();
    drawSound();
  };
  const drawings = { music: () => { drawMusic(); drawCursor(); }, locks: () => { drawLocks(); play.draw(); },
    wish: () => { wish.draw(); play.draw(); }, status: drawStatus, cursor: drawCursor,
    thought: drawEdits, shown: drawEdits, volume: watch.draw, sound: drawSound, hands: play.drawHeld,
    midi: play.draw, rounds: play.draw,
    watch: () => { watch.draw(); drawStatus(); },
    loop: () => { play.drawKeys(); play.drawHeld(); wish.draw(); drawSound(); drawEdits(); } };
  signal.addEventListener("abort", session.onChange((what) => drawings[what]?.()));
  roll.onTheme(() => locks.drawSwatches());

  const leave = session.enter();
  el.append(root);
  drawAll();
  locks.drawSwatches();

  return () => {
    play.leave();
    leave();
    cancelAnimationFrame(frame);
    teardown.abort();
    roll.close();
    root.remove();
  };
};
