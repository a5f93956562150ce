// The keys: drawn, lit, and played by mouse, fingers, computer keys and screen readers.

import { NO_SHORTCUTS, isTyping, make } from "../shared/dom.js";
import { codeLabel, codeMap, inkOn, isBlack, keyLayout, layoutWidth, noteName, spokenName }
  from "../shared/notes.js";

const SOFTEST_TOUCH = 50; // at the top of a key
const LOUDEST_TOUCH = 110; // at its lower edge
const SCREEN_READER_NOTE = 400; // ms: a click without a press has no length of its own
const PEDAL_KEYS = ["Backquote", "IntlBackslash"]; // beside 1, and beside Z where it is
const TAP_KEY = "Digit1";
const BENDS = { PageUp: 16383, PageDown: 0 };
const BEND_CENTRE = 8192;

const makeKey = ({ pitch, black, left, width }, total) => {
  const key = make("button", { type: "button", "data-note": pitch, "aria-pressed": "false",
    class: `dc-key ${black ? "dc-black" : "dc-white"}`, tabindex: -1, ...NO_SHORTCUTS });
  key.style.left = `${(100 * left) / total}%`;
  key.style.width = `${(100 * width) / total}%`;
  return key;
};

/** Light a key in the colour of a track, or for null in yours. */
const paintKey = (key, track, colours) => {
  if (String(track ?? "") === (key.dataset.track ?? "")) return;
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

/**
 * @param root the widget's element: computer keys play while the focus is in it
 * @returns {element, range, draw, drawLabels, drawSound, letGo, leave, focus}
 */
export const showKeys = ({ model, piano, root, signal }) => {
  const range = make("span", { class: "dc-range", role: "note",
    "aria-label": "Range of the keys" });
  const progress = make("div", { class: "dc-progress", "aria-hidden": "true" });
  const lampBelow = make("div", { class: "dc-lamp dc-below", "aria-hidden": "true" });
  const lampAbove = make("div", { class: "dc-lamp dc-above", "aria-hidden": "true" });
  const keys = make("div", { class: "dc-keys", role: "group", "aria-label": "Piano keys" });
  const element = make("div", { class: "dc-bed" }, lampBelow,
    make("div", { class: "dc-scroll" }, progress, keys), lampAbove);

  const buttons = new Map(); // pitch -> key
  let codes = new Map(); // event.code -> pitch
  let layoutMap = null; // what is printed on this computer's keys, where known
  let focusPitch = null; // the one key that Tab reaches

  // --- what there is to see

  const drawLabels = () => {
    const codeOf = new Map([...codes].map(([code, pitch]) => [pitch, code]));
    const isShown = model.get("show_labels");
    const tonic = model.get("scale_lock") ? model.get("scale").split(" ")[0] : null;
    buttons.forEach((key, pitch) => {
      const code = codeOf.get(pitch);
      const letter = code ? codeLabel(code, layoutMap) : "";
      const isOut = !piano.isAllowed(pitch);
      key.classList.toggle("dc-out", isOut);
      key.classList.toggle("dc-tonic", noteName(pitch).replace(/-?\d+$/, "") === tonic);
      key.setAttribute("aria-disabled", String(isOut));
      key.setAttribute("aria-label", spokenName(pitch) + (code ? `, key ${letter}` : "")
        + (isOut ? `, not in ${model.get("scale")}` : ""));
      key.replaceChildren(...(isShown && !isOut ? [
        make("span", { class: "dc-letter", "aria-hidden": "true", text: letter }),
        ...(isBlack(pitch) ? [] : [make("span", {
          class: `dc-name${pitch % 12 === 0 ? " dc-c" : ""}`, "aria-hidden": "true",
          text: noteName(pitch),
        })]),
      ] : []));
    });
  };

  const drawSound = () => {
    const sounding = piano.sounding();
    const waiting = new Set(piano.waiting());
    const colours = model.get("track_colours");
    buttons.forEach((key, pitch) => {
      const isOn = sounding.has(pitch);
      key.setAttribute("aria-pressed", String(isOn));
      key.classList.toggle("dc-on", isOn);
      key.classList.toggle("dc-wait", waiting.has(pitch));
      paintKey(key, sounding.get(pitch) ?? null, colours);
    });
    const pitches = [...sounding.keys()].sort((a, b) => a - b);
    const low = piano.lowest();
    drawLamp(lampBelow, pitches.filter((pitch) => pitch < low));
    drawLamp(lampAbove, pitches.filter((pitch) => pitch >= low + model.get("n_keys")));
    const { now, length } = piano.position();
    progress.style.width = length ? `${Math.min(100, (100 * now) / length)}%` : "0";
  };

  const draw = () => {
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

  const on = (target, type, action) => target.addEventListener(type, action, { signal });

  // --- mouse, pen and fingers: one note for each pointer, gliding from key to key
  const pointers = new Map(); // pointerId -> pitch or null
  const holderOf = (event) => `${event.pointerType || "mouse"}:${event.pointerId}`;
  const keyAt = (event) => {
    const key = keys.getRootNode().elementFromPoint(event.clientX, event.clientY)
      ?.closest("[data-note]");
    return keys.contains(key) ? key : null;
  };
  const velocityAt = (key, y) => {
    if (model.get("touch") === "fixed") return model.get("velocity");
    const { top, height } = key.getBoundingClientRect();
    const depth = Math.min(1, Math.max(0, (y - top) / height));
    return Math.round(SOFTEST_TOUCH + (LOUDEST_TOUCH - SOFTEST_TOUCH) * depth);
  };
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
  const focusKey = (pitch) => {
    if (!buttons.has(pitch)) return;
    if (buttons.has(focusPitch)) buttons.get(focusPitch).tabIndex = -1;
    focusPitch = pitch;
    buttons.get(pitch).tabIndex = 0;
    buttons.get(pitch).focus({ preventScroll: true });
  };
  on(keys, "pointerdown", (event) => {
    const key = event.button === 0 ? keyAt(event) : null;
    if (!key) return;
    event.preventDefault();
    keys.setPointerCapture(event.pointerId);
    focusKey(Number(key.dataset.note));
    glide(event);
  });
  on(keys, "pointermove", (event) => { if (pointers.has(event.pointerId)) glide(event); });
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((type) => on(keys, type, lift));
  on(keys, "contextmenu", (event) => event.preventDefault());
  // A screen reader's click comes without pointer or key: give it a short note.
  on(keys, "click", (event) => {
    const key = event.target.closest("[data-note]");
    if (event.detail !== 0 || !key) return;
    const pitch = Number(key.dataset.note);
    piano.press(pitch, model.get("velocity"), "click:", event.timeStamp);
    setTimeout(() => piano.release(pitch, "click:"), SCREEN_READER_NOTE);
  });

  // --- computer keys
  const typed = new Map(); // event.code -> how to let go of what it started
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
  /** What a key held down does: how to end it, or null for what does nothing. */
  const begin = (event) => {
    const { code, timeStamp } = event;
    if (PEDAL_KEYS.includes(code)) {
      piano.sustain(true, "computer", timeStamp);
      return (end) => piano.sustain(false, "computer", end?.timeStamp);
    }
    if (code in BENDS) {
      piano.bend(BENDS[code], "computer", timeStamp);
      return (end) => piano.bend(BEND_CENTRE, "computer", end?.timeStamp);
    }
    if (code === TAP_KEY) {
      piano.tap(timeStamp);
      return () => {};
    }
    const pitch = pitchOf(event);
    if (pitch === undefined) return null;
    const holder = `computer:${code}`;
    piano.press(pitch, model.get("velocity"), holder, timeStamp);
    return (end) => piano.release(pitch, holder, end?.timeStamp);
  };
  const undo = (event) => {
    if (event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const isRedo = event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey);
    if (isRedo) piano.redo();
    else if (event.code === "KeyZ") piano.undo();
    else return;
    event.preventDefault();
  };
  on(root, "keydown", (event) => {
    if (isTyping(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) { undo(event); return; }
    if (typed.has(event.code)) { event.preventDefault(); return; }
    if (event.repeat && pitchOf(event) !== undefined) { event.preventDefault(); return; }
    const end = begin(event);
    if (end) typed.set(event.code, end);
    if (end || (keys.contains(event.target) && moveOnKeys(event))) event.preventDefault();
  });
  on(root, "keyup", (event) => {
    if (!typed.has(event.code)) return;
    event.preventDefault();
    const end = typed.get(event.code);
    typed.delete(event.code);
    end(event);
  });
  // The end of a held key is never told once the focus has left: let go of it now.
  const letGo = () => {
    const ends = [...typed.values()];
    typed.clear();
    ends.forEach((end) => end());
  };
  on(root, "focusout", (event) => { if (!root.contains(event.relatedTarget)) letGo(); });
  const leave = () => {
    letGo();
    pointers.clear();
    ["mouse:", "touch:", "pen:", "computer:"].forEach((prefix) => piano.releaseAll(prefix));
  };
  on(window, "blur", leave);
  on(document, "visibilitychange", () => { if (document.hidden) leave(); });

  navigator.keyboard?.getLayoutMap?.().then((map) => { layoutMap = map; drawLabels(); },
    () => {}); // refused in some frames: the letters of the US layout stay

  return { element, range, draw, drawLabels, drawSound, letGo, leave,
    focus: () => focusKey(focusPitch) };
};
