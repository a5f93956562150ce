// The MIDI panel: which keyboard is heard, what it sends, what its knobs do. Looks only;
// the rest is in midi_control.js.

import { make, makeButton, NO_SHORTCUTS } from "../shared/dom.js";
import { MODES, describeControl } from "../shared/learn.js";
import { saveTraits } from "../shared/link.js";
import { AUTOMATIC } from "../shared/profiles.js";

const STATES = { ready: "Connected", kernel: "Connected through Python" };

/** [[group, [[value, text], ...]], ...] of things with `group`. Pure. */
export const grouped = (targets) => {
  const groups = new Map();
  targets.forEach(({ group, name, label }) =>
    groups.set(group, [...(groups.get(group) ?? []), [name, label]]));
  return [...groups];
};

/** A menu whose options are drawn anew only when they differ: an open one stays open. */
const makeMenu = (label, className = "") => {
  const select = make("select", { class: `dc-select ${className}`, "aria-label": label, title: label,
    ...NO_SHORTCUTS });
  let drawn = "";
  const option = ([value, text]) => make("option", { value, text });
  const draw = (groups, value) => {
    const wanted = JSON.stringify(groups);
    if (wanted !== drawn) {
      drawn = wanted;
      select.replaceChildren(...groups.flatMap(([group, rows]) => (group === ""
        ? rows.map(option) : [make("optgroup", { label: group }, ...rows.map(option))])));
    }
    if (value !== undefined && select.value !== value) select.value = value;
  };
  return { select, draw };
};

/** Set an attribute if it differs, so that nobody is told of what did not change. */
const mark = (element, name, value) => {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
};

const field = (text, control) =>
  make("label", { class: "dc-field" }, make("span", { text }), control);

/**
 * @param midi see midi_control.js
 * @param root the widget's element: touching it makes it the one that MIDI plays
 * @param signal ends all that listens
 * @returns {button, element, close}: the toolbar's button and the panel it opens
 */
export const mountMidiPanel = ({ model, midi, root, signal }) => {
  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  const set = (name, value) => saveTraits(model, { [name]: value });

  // --- what there is to see
  const button = makeButton("dc-midi", "MIDI", "Connect MIDI keyboard");
  button.setAttribute("aria-expanded", "false");
  const dot = make("span", { class: "dc-dot", "aria-hidden": "true" });
  const state = make("span", { class: "dc-midi-state" });
  const connect = makeButton("dc-connect", "Connect", "Connect through the browser");
  const python = makeButton("dc-python", "Through Python", "Connect through Python");
  const disconnect = makeButton("dc-disconnect", "Disconnect", "Disconnect MIDI");
  const device = makeMenu("MIDI keyboard that is heard");
  const profile = makeMenu("Kind of MIDI keyboard", "dc-wide");
  const meter = make("div", { class: "dc-meter", "aria-hidden": "true" }, make("div"));
  const heard = make("span", { class: "dc-heard" });
  const learn = makeButton("dc-learn", "Learn a knob", "Learn what a knob or button does");
  const cancel = makeButton("dc-cancel", "Cancel", "Cancel learning");
  const keep = makeButton("dc-keep dc-primary", "Keep", "Keep what this control does");
  const target = makeMenu("What it moves");
  const mode = makeMenu("How it speaks");
  const prompt = make("span", { class: "dc-prompt", role: "status", "aria-live": "polite" });
  const choice = make("span", { class: "dc-choice" }, field("moves", target.select),
    field("and is a", mode.select), keep);
  const forgetAll = makeButton("dc-forget-all", "Forget all", "Forget all that was learnt");
  const learnt = make("ul", { class: "dc-learnt", "aria-label": "What knobs were learnt for" });
  const element = make("div", { class: "dc-midi-panel", role: "group",
    "aria-label": "MIDI keyboard", hidden: "", ...NO_SHORTCUTS },
  make("div", { class: "dc-midi-row" }, make("span", { class: "dc-midi-sign" }, dot, state),
    field("Keyboard", device.select), field("Kind", profile.select), connect, python, disconnect),
  make("div", { class: "dc-midi-row" }, meter, heard),
  make("div", { class: "dc-midi-row" }, learn, prompt, choice, cancel,
    forgetAll),
  learnt);

  // --- drawing
  /** Of the browser any or all can be heard, of Python's ports one. */
  const drawDevices = (state, names) => {
    if (state === "kernel") {
      const ports = [...new Set([...model.get("midi_ports"), ...names])];
      const none = names.length ? [] : [["", "None yet"]];
      device.draw([["", [...none, ...ports.map((name) => [name, name])]]], names[0] ?? "");
      return;
    }
    const chosen = model.get("midi_device");
    const there = midi.devices().map(({ name }) => name);
    const gone = chosen && !there.includes(chosen) ? [[chosen, `${chosen} (not plugged in)`]] : [];
    const rows = [["", "All keyboards"], ...there.map((name) => [name, name]), ...gone];
    device.draw([["", rows]], chosen);
  };

  const drawHead = () => {
    const now = model.get("midi_state");
    const isOn = now in STATES;
    const names = model.get("midi_inputs");
    const waits = midi.isAsking() ? "The browser asks you: allow MIDI" : "Not connected";
    state.textContent = isOn && !names.length ? "No keyboard plugged in" : STATES[now] ?? waits;
    dot.textContent = isOn && names.length ? "●" : "○";
    element.classList.toggle("dc-is-on", isOn && names.length > 0);
    mark(button, "aria-pressed", isOn && names.length > 0);
    const label = isOn ? "MIDI keyboard and knobs" : "Connect MIDI keyboard";
    mark(button, "aria-label", label);
    button.title = label;
    connect.hidden = isOn;
    python.hidden = isOn;
    disconnect.hidden = !isOn;
    drawDevices(now, names);
    const profiles = model.get("midi_profiles");
    const found = [...new Set(names.map((name) => midi.profile(name).title))];
    const isFound = found.length > 0 && model.get("midi_profile") === AUTOMATIC;
    const kinds = found.length > 1 ? "each by its name" : found[0];
    const automatic = isFound ? `Auto: ${kinds}` : "Automatic";
    profile.draw([["", [[AUTOMATIC, automatic], ...profiles.map(({ name, title }) =>
      [name, title])]]], model.get("midi_profile"));
  };

  const drawHeard = () => {
    const last = midi.last();
    heard.textContent = last?.words ?? "Nothing heard yet: press a key or turn a knob.";
    meter.firstChild.style.width = `${100 * (last?.share ?? 0)}%`;
  };

  let shownControl = ""; // of the learning that is drawn
  let isModeMine = false; // the learner chose how the control speaks
  const drawLearning = () => {
    const session = midi.session();
    const isIdle = session.phase === "idle";
    mark(learn, "aria-pressed", !isIdle);
    learn.hidden = !isIdle;
    cancel.hidden = isIdle;
    forgetAll.hidden = !isIdle || midi.map().length < 2;
    choice.hidden = session.phase !== "choosing";
    const words = { idle: "", listening: "Move a knob, or press a button or pad, on the MIDI "
      + "keyboard." }[session.phase] ?? describeControl(session.control,
      midi.labelOf(session.control));
    if (prompt.textContent !== words) prompt.textContent = words;
    if (session.phase !== "choosing") { shownControl = ""; return; }
    target.draw(grouped(midi.targets()));
    const isNew = shownControl !== words;
    if (isNew) {
      isModeMine = false;
      const now = midi.targetNow(session.control);
      if (now) target.draw(grouped(midi.targets()), now);
    }
    shownControl = words;
    mode.draw([["", Object.entries(MODES)]], isModeMine ? undefined : session.mode);
  };

  let drawnMap = "";
  const drawMap = () => {
    const map = midi.map();
    const labels = new Map(midi.targets().map(({ name, label }) => [name, label]));
    const rows = map.map((entry) => ({ entry, text: describeControl(entry, midi.labelOf(entry)),
      from: entry.device, to: labels.get(entry.target) ?? `${entry.target} (not here now)` }));
    const wanted = JSON.stringify(rows);
    if (wanted === drawnMap) return;
    drawnMap = wanted;
    const buttons = rows.map(({ entry, text, from, to }) => {
      const forget = makeButton("dc-forget", "Forget", `Forget ${text}`);
      on(forget, "click", () => midi.learning.forget(entry));
      return make("li", {}, make("span", { class: "dc-from", text: from ? `${text} · ${from}`
        : text }), make("span", { class: "dc-arrow", "aria-label": "moves", role: "img",
        text: "→" }), make("span", { class: "dc-to", text: to }), forget);
    });
    const hadFocus = learnt.contains(learnt.getRootNode().activeElement);
    learnt.replaceChildren(...buttons);
    if (hadFocus) (learnt.querySelector("button") ?? learn).focus();
  };

  const draw = () => {
    drawHead();
    if (element.hidden) return;
    drawHeard();
    drawLearning();
    drawMap();
  };
  let frame = null; // a knob sends hundreds of values a second: draw once a frame
  const drawSoon = () => {
    frame ??= requestAnimationFrame(() => { frame = null; draw(); });
  };

  // --- what can be done
  const show = (isShown) => {
    element.hidden = !isShown;
    mark(button, "aria-expanded", isShown);
    if (!isShown) midi.learning.cancel();
    draw();
  };
  const isOn = () => model.get("midi_state") in STATES;
  on(button, "click", () => {
    if (isOn()) { show(element.hidden); return; }
    show(true);
    midi.connect();
  });
  on(connect, "click", () => { midi.connect(); });
  on(python, "click", () => midi.connectKernel());
  on(disconnect, "click", () => { midi.disconnect(); button.focus(); });
  on(device.select, "change", () => {
    if (model.get("midi_state") === "kernel") midi.connectKernel(device.select.value);
    else set("midi_device", device.select.value);
  });
  on(profile.select, "change", () => set("midi_profile", profile.select.value));
  on(mode.select, "change", () => { isModeMine = true; });
  on(learn, "click", () => { midi.learning.start(); draw(); cancel.focus(); });
  on(cancel, "click", () => { midi.learning.cancel(); draw(); learn.focus(); });
  on(forgetAll, "click", () => { midi.learning.forgetAll(); draw(); learn.focus(); });
  on(keep, "click", () => {
    midi.learning.choose(target.select.value, mode.select.value);
    draw();
    learn.focus();
  });
  on(element, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (midi.session().phase !== "idle") {
      midi.learning.cancel();
      draw();
      learn.focus();
    } else {
      show(false);
      button.focus();
    }
  });
  const take = () => midi.take();
  on(root, "pointerdown", take);
  on(root, "focusin", take);

  const stop = midi.onChange(drawSoon);
  const watched = ["midi_state", "midi_inputs", "midi_ports", "midi_device", "midi_profile"];
  watched.forEach((name) => model.on(`change:${name}`, drawSoon));
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    stop();
    midi.views.closed();
    watched.forEach((name) => model.off(`change:${name}`, drawSoon));
    cancelAnimationFrame(frame);
  };
  signal.addEventListener("abort", close);
  midi.views.opened();
  draw();
  return { button, element, close };
};
