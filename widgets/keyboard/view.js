// The looks of the piano keyboard: DOM in, events out. All music is in piano.js.

import { codeLabel, codeMap, inkOn, isBlack, keyLayout, layoutWidth, noteName, spokenName }
  from "./notes.js";
import { clockText } from "./playback.js";
import { connectMidi, midiProblem, midiStatus } from "./web_midi.js";

const COMPUTER_KEY_VELOCITY = 90;
const SOFTEST_TOUCH = 50; // at the top of a key
const LOUDEST_TOUCH = 110; // at its lower edge
const SCREEN_READER_NOTE = 400; // ms: a click without a press has no length of its own

// JupyterLab must not take typed letters for its own shortcuts (A, B, D D, ...). It looks
// for this on what has the focus, so the root alone would not do.
const NO_SHORTCUTS = { "data-lm-suppress-shortcuts": "true" };

/** An element with attributes, children last; "text" sets its text. */
const make = (tag, { text, ...attributes } = {}, ...children) => {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
};

const makeButton = (className, text, label = text) => make("button", {
  type: "button", class: `dc-button ${className}`, "aria-label": label, title: label,
  ...NO_SHORTCUTS,
}, make("span", { class: "dc-icon", "aria-hidden": "true" }), make("span", { text }));

const makeInstruments = (families, labelText) => {
  const select = make("select", { class: "dc-instrument", "aria-label": labelText,
    title: labelText, ...NO_SHORTCUTS });
  let program = 0;
  families.forEach(([family, names]) => {
    const group = make("optgroup", { label: family });
    names.forEach((name) => {
      group.append(make("option", { value: program, text: name }));
      program += 1;
    });
    select.append(group);
  });
  return select;
};

const makeKey = ({ pitch, black, left, width }, total) => {
  const key = make("button", {
    type: "button",
    class: `dc-key ${black ? "dc-black" : "dc-white"}`,
    "data-note": pitch,
    "aria-pressed": "false",
    tabindex: -1,
    ...NO_SHORTCUTS,
  });
  key.style.left = `${(100 * left) / total}%`;
  key.style.width = `${(100 * width) / total}%`;
  return key;
};

const velocityAt = (key, y) => {
  const { top, height } = key.getBoundingClientRect();
  const depth = Math.min(1, Math.max(0, (y - top) / height));
  return Math.round(SOFTEST_TOUCH + (LOUDEST_TOUCH - SOFTEST_TOUCH) * depth);
};

const isTyping = (target) => ["SELECT", "INPUT", "TEXTAREA"].includes(target.tagName);

/** Build the widget in `el`; returns how to take it down. */
export const showPiano = ({ model, el, piano }) => {
  const teardown = new AbortController();
  const { signal } = teardown;

  // --- what there is to see
  const record = makeButton("dc-record", "Record");
  const stop = makeButton("dc-stop", "Stop");
  const play = makeButton("dc-play", "Play", "Play back");
  const down = makeButton("dc-down", "−", "Octave down");
  const up = makeButton("dc-up", "+", "Octave up");
  const range = make("span", { class: "dc-range", role: "note", "aria-label": "Range of the keys" });
  const instrument = makeInstruments(model.get("instruments"), "Instrument");
  const volume = make("input", { type: "range", class: "dc-volume", min: 0, max: 100,
    "aria-label": "Volume", title: "Volume", ...NO_SHORTCUTS });
  const labels = makeButton("dc-labels", "Labels", "Show note names and computer keys");
  const connect = makeButton("dc-midi", "MIDI", "Connect MIDI keyboard");
  const time = make("span", { class: "dc-time" });
  const progress = make("div", { class: "dc-progress", "aria-hidden": "true" });
  const lampBelow = make("div", { class: "dc-lamp dc-below", "aria-hidden": "true" });
  const lampAbove = make("div", { class: "dc-lamp dc-above", "aria-hidden": "true" });
  const keys = make("div", { class: "dc-keys", role: "group", "aria-label": "Piano keys" });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const root = make("div", {
    class: "dc-piano", role: "group", "aria-label": "Piano keyboard",
    ...NO_SHORTCUTS,
  },
    make("div", { class: "dc-tools", role: "toolbar", "aria-label": "Piano controls" },
      make("div", { class: "dc-group" }, record, stop, play),
      make("div", { class: "dc-group" }, down, range, up),
      make("div", { class: "dc-group dc-grow" }, instrument, volume),
      make("div", { class: "dc-group" }, labels, connect)),
    make("div", { class: "dc-bed" }, lampBelow,
      make("div", { class: "dc-scroll" }, progress, keys), lampAbove),
    make("div", { class: "dc-foot" }, status, time));

  const buttons = new Map(); // pitch -> key
  let codes = new Map(); // event.code -> pitch
  let layoutMap = null; // what is printed on this computer's keys, where known
  let focusPitch = null; // the one key that Tab reaches

  const drawLabels = () => {
    const codeOf = new Map([...codes].map(([code, pitch]) => [pitch, code]));
    const isShown = model.get("show_labels");
    buttons.forEach((key, pitch) => {
      const code = codeOf.get(pitch);
      const letter = code ? codeLabel(code, layoutMap) : "";
      key.setAttribute("aria-label", spokenName(pitch) + (code ? `, key ${letter}` : ""));
      key.replaceChildren(...(isShown ? [
        make("span", { class: "dc-letter", "aria-hidden": "true", text: letter }),
        ...(isBlack(pitch) ? [] : [make("span", {
          class: `dc-name${pitch % 12 === 0 ? " dc-c" : ""}`, "aria-hidden": "true",
          text: noteName(pitch),
        })]),
      ] : []));
    });
    labels.setAttribute("aria-pressed", String(isShown));
  };

  const drawKeys = () => {
    const low = piano.lowest();
    const layout = keyLayout(low, model.get("n_keys"));
    const total = layoutWidth(layout);
    codes = codeMap(low, model.get("n_keys"));
    buttons.clear();
    layout.forEach((place) => buttons.set(place.pitch, makeKey(place, total)));
    keys.replaceChildren(...buttons.values());
    keys.style.setProperty("--dc-n-white", total);
    if (!buttons.has(focusPitch)) focusPitch = buttons.has(60) ? 60 : layout[0].pitch;
    buttons.get(focusPitch).tabIndex = 0;
    range.textContent = `${noteName(layout[0].pitch)} – ${noteName(layout.at(-1).pitch)}`;
    drawLabels();
    drawSound();
  };

  /** Light a key in the colour of a track, or for null in yours. */
  const paintKey = (key, track) => {
    if (String(track ?? "") === (key.dataset.track ?? "")) return;
    const colours = model.get("track_colours");
    if (track === null) {
      delete key.dataset.track;
      key.style.removeProperty("--dc-lit");
      key.style.removeProperty("--dc-lit-ink");
    } else {
      const colour = colours[track % colours.length];
      key.dataset.track = track;
      key.style.setProperty("--dc-lit", colour);
      key.style.setProperty("--dc-lit-ink", inkOn(colour));
    }
  };

  const drawLamp = (lamp, pitches) => {
    lamp.classList.toggle("dc-on", pitches.length > 0);
    lamp.textContent = pitches.map(noteName).join(" ");
  };

  const drawSound = () => {
    const sounding = piano.sounding();
    buttons.forEach((key, pitch) => {
      const isOn = sounding.has(pitch);
      key.setAttribute("aria-pressed", String(isOn));
      key.classList.toggle("dc-on", isOn);
      paintKey(key, sounding.get(pitch) ?? null);
    });
    const pitches = [...sounding.keys()].sort((a, b) => a - b);
    const low = piano.lowest();
    drawLamp(lampBelow, pitches.filter((pitch) => pitch < low));
    drawLamp(lampAbove, pitches.filter((pitch) => pitch >= low + model.get("n_keys")));
    record.setAttribute("aria-pressed", String(piano.isRecording()));
    play.setAttribute("aria-pressed", String(piano.isPlaying()));
    stop.disabled = !piano.isRecording() && !piano.isPlaying();
    play.disabled = !piano.isRecording() && !piano.hasSomethingToPlay();
    const { now, length } = piano.position();
    progress.style.width = length ? `${Math.min(100, (100 * now) / length)}%` : "0";
    const total = length ? ` / ${clockText(length)}` : "";
    time.textContent = piano.isRecording() || piano.isPlaying() ? clockText(now) + total : "";
    status.textContent = model.get("status");
  };

  const drawSettings = () => {
    instrument.value = model.get("instrument");
    volume.value = Math.round(100 * model.get("volume"));
    const names = model.get("midi_inputs");
    connect.setAttribute("aria-pressed", String(names.length > 0));
  };

  // --- mouse, pen and fingers: one note for each pointer, gliding from key to key
  const pointers = new Map(); // pointerId -> pitch or null
  const keyAt = (event) => {
    const key = keys.getRootNode().elementFromPoint(event.clientX, event.clientY)
      ?.closest("[data-note]");
    return keys.contains(key) ? key : null;
  };
  const holderOf = (event) => `${event.pointerType || "mouse"}:${event.pointerId}`;
  const glide = (event) => {
    const key = keyAt(event);
    const pitch = key ? Number(key.dataset.note) : null;
    const before = pointers.get(event.pointerId) ?? null;
    if (pitch === before) return;
    pointers.set(event.pointerId, pitch);
    if (before !== null) piano.release(before, holderOf(event), event.timeStamp);
    if (pitch === null) return;
    piano.press(pitch, velocityAt(key, event.clientY), holderOf(event), event.timeStamp);
  };
  const lift = (event) => {
    const pitch = pointers.get(event.pointerId) ?? null;
    pointers.delete(event.pointerId);
    if (pitch !== null) piano.release(pitch, holderOf(event), event.timeStamp);
  };
  keys.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const key = keyAt(event);
    if (!key) return;
    event.preventDefault();
    keys.setPointerCapture(event.pointerId);
    focusKey(Number(key.dataset.note));
    glide(event);
  }, { signal });
  keys.addEventListener("pointermove", (event) => {
    if (pointers.has(event.pointerId)) glide(event);
  }, { signal });
  keys.addEventListener("pointerup", lift, { signal });
  keys.addEventListener("pointercancel", lift, { signal });
  keys.addEventListener("lostpointercapture", lift, { signal });
  keys.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  // A screen reader's click comes without pointer or key: give it a short note.
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("[data-note]");
    if (event.detail !== 0 || !key) return;
    const pitch = Number(key.dataset.note);
    piano.press(pitch, COMPUTER_KEY_VELOCITY, "click:", event.timeStamp);
    setTimeout(() => piano.release(pitch, "click:"), SCREEN_READER_NOTE);
  }, { signal });

  // --- computer keys
  const typed = new Map(); // event.code -> the pitch it started
  const focusKey = (pitch) => {
    if (!buttons.has(pitch)) return;
    if (buttons.has(focusPitch)) buttons.get(focusPitch).tabIndex = -1;
    focusPitch = pitch;
    buttons.get(pitch).tabIndex = 0;
    buttons.get(pitch).focus({ preventScroll: true });
  };
  const moveOnKeys = (event) => {
    const pitches = [...buttons.keys()];
    const place = pitches.indexOf(focusPitch);
    const moves = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0,
      End: pitches.length - 1 };
    if (event.code in moves) focusKey(pitches[moves[event.code]]);
    else if (event.code === "ArrowUp") piano.shiftOctave(1);
    else if (event.code === "ArrowDown") piano.shiftOctave(-1);
    else return false;
    return true;
  };
  const pitchOf = (event) => {
    const isOnKey = event.target.dataset?.note !== undefined;
    if (isOnKey && (event.code === "Space" || event.code === "Enter")) return focusPitch;
    return codes.get(event.code);
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const pitch = pitchOf(event);
    if (pitch === undefined) {
      if (keys.contains(event.target) && moveOnKeys(event)) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (event.repeat || typed.has(event.code)) return;
    typed.set(event.code, pitch);
    piano.press(pitch, COMPUTER_KEY_VELOCITY, `computer:${event.code}`, event.timeStamp);
  }, { signal });
  root.addEventListener("keyup", (event) => {
    if (!typed.has(event.code)) return;
    event.preventDefault();
    piano.release(typed.get(event.code), `computer:${event.code}`, event.timeStamp);
    typed.delete(event.code);
  }, { signal });
  // The end of a held key is never told once the focus has left: let go of it now.
  const letGo = () => {
    typed.clear();
    piano.releaseAll("computer:");
  };
  root.addEventListener("focusout", (event) => {
    if (!root.contains(event.relatedTarget)) letGo();
  }, { signal });
  const leave = () => {
    letGo();
    pointers.clear();
    ["mouse:", "touch:", "pen:"].forEach((prefix) => piano.releaseAll(prefix));
  };
  window.addEventListener("blur", leave, { signal });
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); },
    { signal });

  // --- buttons
  const on = (element, type, action) => element.addEventListener(type, action, { signal });
  on(record, "click", (event) => piano.record(event.timeStamp));
  on(stop, "click", (event) => piano.stop(event.timeStamp));
  on(play, "click", () => piano.play());
  on(down, "click", () => piano.shiftOctave(-1));
  on(up, "click", () => piano.shiftOctave(1));
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  on(instrument, "change", () => set("instrument", Number(instrument.value)));
  on(volume, "input", () => set("volume", Number(volume.value) / 100));
  on(labels, "click", () => set("show_labels", !model.get("show_labels")));
  let midi = null;
  on(connect, "click", async () => {
    midi?.close();
    midi = await connectMidi({
      onMessage: (bytes, device, moment) => piano.midi(bytes, device, moment),
      onUnplug: (device) => piano.unplug(device),
      onDevices: (names) => { set("midi_inputs", names); piano.say(midiStatus(names)); },
    });
    set("midi_state", midi.state);
    if (midi.state === "ready") piano.activate();
    else piano.say(midiProblem(midi.state));
  });

  // --- changes from Python, from other views, from the piano
  const watch = (names, action) => names.forEach((name) => {
    model.on(`change:${name}`, action);
    signal.addEventListener("abort", () => model.off(`change:${name}`, action));
  });
  watch(["low", "n_keys", "octave_shift"], () => { letGo(); drawKeys(); });
  watch(["show_labels"], drawLabels);
  watch(["instrument", "volume", "midi_inputs"], drawSettings);
  watch(["song", "recorded", "status"], drawSound);
  signal.addEventListener("abort", piano.onChange(drawSound));

  drawKeys();
  drawSettings();
  navigator.keyboard?.getLayoutMap?.().then((map) => { layoutMap = map; drawLabels(); },
    () => {}); // refused in some frames: the letters of the US layout stay
  el.append(root);

  return () => {
    leave();
    midi?.close();
    teardown.abort();
    root.remove();
  };
};
