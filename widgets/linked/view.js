// The looks of the linked view: DOM in, events out. What it means is in session.js.

import { offerButton, offerSlider } from "../shared/controls.js";
import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { createRoll } from "../shared/roll.js";
import { HEADER, rowsHeight } from "../shared/roll_geometry.js";
import { noteKey, spokenPlace } from "../shared/score.js";
import { createStaff } from "../shared/staff.js";
import { writtenNotes } from "../shared/staff_map.js";
import { nextNote, noteAt } from "./links.js";
import { createStrip } from "./strip.js";

const ROW_PX = 7;
const LEAST_HEIGHT = 130; // px of the roll
const MOST_HEIGHT = 260;
const STAFF_MARGIN = 30; // px around a note that is scrolled to
const ROLL_HELP = "Arrow left and right: the note before and after. Enter: hear it. Space: "
  + "play or pause.";

const panel = (name, ...children) => make("section", { class: `dc-panel dc-panel-${name
  .toLowerCase()}`, "aria-label": name }, make("h4", { class: "dc-panel-name", text: name }),
...children);

/** Build the widget in `el`; returns how to take it down. */
export const showLinked = ({ model, el, session }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const { transport } = session;
  const on = (element, type, action) => element.addEventListener(type, action, { signal });
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

  // --- what there is to see
  const play = makeButton("dc-play", "Play");
  const start = makeButton("dc-start", "Start", "Back to the start");
  const speed = make("input", { type: "range", class: "dc-speed", min: 25, max: 200, step: 5,
    "aria-label": "Tempo in percent", ...NO_SHORTCUTS });
  const speedText = make("span", { class: "dc-speed-text" });
  const menu = make("select", { class: "dc-select", "aria-label": "Tokenizer",
    ...NO_SHORTCUTS });
  const kinds = make("label", { class: "dc-group" },
    make("span", { class: "dc-label", text: "Tokenizer" }), menu);
  const about = make("span", { class: "dc-about" });
  const colours = () => model.get("track_colours");
  const strip = createStrip({ session, signal,
    colourOf: (track) => colours()[track % colours().length] });
  const roll = createRoll({ colours: colours() });
  const staff = createStaff({ model, transport, signal });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const root = make("div", { class: "dc-widget dc-linked", role: "group",
    "aria-label": "Tokens, roll, notation and sound", ...NO_SHORTCUTS },
  make("div", { class: "dc-tools", role: "toolbar", "aria-label": "Linked view controls" },
    make("div", { class: "dc-group" }, play, start),
    make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Tempo" }),
      speed, speedText), kinds, about),
  panel("Tokens", strip.element), panel("Roll", roll.element), panel("Staff", staff.element),
  make("div", { class: "dc-foot" }, status));
  Object.entries({ tabindex: 0, role: "slider", "aria-label": "Note of the roll",
    "aria-valuemin": 0, "aria-valuenow": 0, "aria-orientation": "horizontal",
    "aria-description": ROLL_HELP, ...NO_SHORTCUTS })
    .forEach(([name, value]) => roll.element.setAttribute(name, value));

  // --- the written notes, as the staff shows them
  let written = new Map(); // key -> [{id, …}]
  let keyOfId = new Map();
  const takePages = (answer) => {
    if (answer.kind !== "pages" || !answer.notes) return;
    written = writtenNotes(answer.notes);
    keyOfId = new Map(answer.notes.map(([id, , track, index]) => [id, noteKey(track, index)]));
    drawLit();
  };
  const lightStaff = (keys) => {
    const ids = new Set([...keys].flatMap((key) => (written.get(key) ?? []).map(({ id }) => id)));
    staff.element.querySelectorAll('g[id^="dcn"]').forEach((note) =>
      note.classList.toggle("dc-lit", ids.has(note.id)));
    showOnStaff(staff.element.querySelector(".note.dc-lit"));
  };
  /** Scroll the staff as little as needed, but not under the pointer. */
  const showOnStaff = (note) => {
    if (!note || transport.isPlaying() || staff.element.matches(":hover")) return;
    const [box, room] = [note, staff.element].map((one) => one.getBoundingClientRect());
    if (box.top < room.top) staff.element.scrollTop -= room.top - box.top + STAFF_MARGIN;
    if (box.bottom > room.bottom) {
      staff.element.scrollTop += box.bottom - room.bottom + STAFF_MARGIN;
    }
  };

  // --- what changes
  let frame = 0;
  roll.addLayer((context, view, palette) => { // the stretch of time that is lit
    const { span } = session.lit();
    if (!span || transport.isPlaying()) return;
    const [from, to] = span.map(view.xOf);
    context.strokeStyle = palette.accent;
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.16;
    context.fillRect(from, view.header, Math.max(to - from, 2), view.height);
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.strokeRect(from, view.header - 1, Math.max(to - from, 0.5), view.height + 2);
  });

  const drawLit = () => {
    const { keys, span } = session.lit();
    const pairs = [...keys].map((key) => key.split(":").map(Number));
    strip.draw();
    if (transport.isPlaying()) roll.setHighlight([]);
    else roll.setHighlight(pairs);
    roll.setSounding(transport.isPlaying() ? keys : new Set());
    roll.requestDraw();
    if (span && !transport.isPlaying()) roll.follow(span[0]);
    lightStaff(keys);
    roll.element.dataset.lit = [...keys].join(" ");
    const note = keys.size ? session.noteOf([...keys][0]) : null;
    roll.element.setAttribute("aria-valuenow", Math.round(note?.start ?? 0));
    roll.element.setAttribute("aria-valuetext", note
      ? model.get("status") : spokenPlace(transport.music(), transport.position()));
  };

  const move = () => {
    const step = transport.position();
    session.lightPlayed();
    roll.setPlayhead(isCalm.matches ? Math.floor(step) : step);
    roll.follow(step);
    staff.update(step, transport.soundingKeys(step));
    frame = transport.isPlaying() ? requestAnimationFrame(move) : 0;
  };

  const drawState = () => {
    const isPlaying = transport.isPlaying();
    root.classList.toggle("dc-is-playing", isPlaying);
    showPlaying(play, isPlaying);
    play.disabled = transport.end() <= 0;
    if (isPlaying && !frame) frame = requestAnimationFrame(move);
    if (!isPlaying) {
      roll.setPlayhead(transport.position());
      staff.update(transport.position(), new Set());
      drawLit();
    }
  };

  const drawSpeed = () => {
    speed.value = Math.round(100 * model.get("speed"));
    const bpm = Math.round(transport.map().tempoAt(0) * model.get("speed"));
    speedText.textContent = `${bpm} BPM`;
    speed.setAttribute("aria-valuetext", `${bpm} beats per minute`);
  };

  const drawTokens = () => {
    const names = model.get("tokenizers");
    kinds.hidden = !names.length;
    menu.replaceChildren(...names.map((name) => make("option", { value: name, text: name })));
    menu.value = model.get("tokenizer");
    const n = session.tokens().length;
    const more = model.get("n_left_out");
    const words = model.get("n_vocabulary");
    about.textContent = `${n + more} tokens${more ? `, the first ${n} are shown` : ""}`
      + (words ? `, out of ${words} different ones` : "");
    strip.rebuild();
  };

  const drawMusic = () => {
    const music = transport.music();
    roll.setMusic(music);
    const wanted = HEADER + rowsHeight(roll.rows(), ROW_PX);
    roll.element.style.setProperty("--dc-roll-height",
      `${Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, wanted))}px`);
    roll.element.setAttribute("aria-valuemax", Math.round(transport.end()));
  };

  const drawStatus = () => { status.textContent = model.get("status"); };

  // --- what the learner does
  const noteUnder = (event) => {
    const { step, pitch, isHeader, isGutter } = roll.placeOf(event);
    return isHeader || isGutter ? null : noteAt(transport.notes(), step, pitch);
  };
  const keyOf = ({ track, index }) => noteKey(track, index);
  on(roll.surface, "pointermove", (event) => {
    const note = noteUnder(event);
    if (note && !transport.isPlaying()) session.pointAtNote(keyOf(note));
  });
  on(roll.surface, "click", (event) => {
    const note = noteUnder(event);
    if (note) session.hearNote(keyOf(note));
    else transport.seek(Math.min(Math.max(0, roll.placeOf(event).step), transport.end()));
  });
  on(roll.element, "keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [here = ""] = session.lit().keys;
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) {
      const note = nextNote(transport.notes(), here, way);
      session.pointAtNote(keyOf(note));
      session.goTo(note.start);
    } else if (event.key === "Enter" && here) session.hearNote(here);
    else if (event.key === " ") transport.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const noteOnStaff = (event) => keyOfId.get(event.target.closest?.('g[id^="dcn"]')?.id);
  on(staff.element, "pointerover", (event) => {
    const key = noteOnStaff(event);
    if (key && !transport.isPlaying()) session.pointAtNote(key);
  });
  on(staff.element, "click", (event) => {
    const key = noteOnStaff(event);
    if (key) session.hearNote(key);
  });
  on(staff.element, "keydown", (event) => { // the staff has moved its place before this
    if (event.key === "Enter") session.hearLit();
    else if (event.key.startsWith("Arrow") || ["Home", "End"].includes(event.key)) {
      const note = session.noteAtStaff(transport.position());
      if (note) session.pointAtNote(keyOf(note));
    }
  });
  on(play, "click", () => transport.toggle());
  on(start, "click", () => transport.seek(0));
  on(speed, "input", () => session.setSpeed(Number(speed.value) / 100));
  on(menu, "change", () => session.setTokenizer(menu.value));

  // --- what comes from elsewhere
  signal.addEventListener("abort", session.onChange((what) => {
    if (what === "tokens") drawTokens();
    if (what === "speed") drawSpeed();
    if (what === "lit") drawLit();
    if (what === "state") drawState();
  }));
  signal.addEventListener("abort", transport.onChange((what) => {
    if (what === "music") drawMusic();
  }));
  const watch = (names, action) => names.forEach((name) => {
    model.on(`change:${name}`, action);
    signal.addEventListener("abort", () => model.off(`change:${name}`, action));
  });
  watch(["status"], drawStatus);
  watch(["n_vocabulary", "n_left_out", "tokenizer"], drawTokens);
  model.on("msg:custom", takePages);
  signal.addEventListener("abort", () => model.off("msg:custom", takePages));

  [offerSlider(speed, { name: "linked.tempo", label: "Linked view: tempo" }),
    offerButton(play, { name: "linked.play", label: "Linked view: play and pause" })]
    .forEach((withdraw) => signal.addEventListener("abort", withdraw));

  const leave = session.enter();
  el.append(root);
  drawMusic();
  drawTokens();
  drawSpeed();
  drawStatus();
  staff.show(true);
  drawState();

  return () => {
    leave();
    cancelAnimationFrame(frame);
    teardown.abort();
    roll.close();
    root.remove();
  };
};
