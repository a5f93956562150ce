// Loop mode: which bar the network writes, which voice is yours, and keys to play.

import { isTyping, make, makeButton, NO_SHORTCUTS } from "../shared/dom.js";
import { codeLabel, codeMap, isBlack, keyLayout, layoutWidth, noteName, spokenName }
  from "../shared/notes.js";
import { setOptions, setText } from "../shared/parts.js";
import { barName } from "./cells.js";
import { N_KEYS, VELOCITY } from "./hands.js";

const SCREEN_READER_NOTE = 400; // ms: a click without a press has no length of its own

const LOOP = "Loop: the piece goes round, the network writes one bar anew each time";
const STOP = "Stop the loop";

/**
 * @param root the widget's element: computer keys play while the focus is in it
 * @returns {element, draw, drawKeys, letGo}
 */
export const createPlay = ({ session, loop, hands, root, signal }) => {
  const { get, save } = session;
  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  const round = makeButton("dc-loop", "Loop", LOOP);
  const bar = make("select", { class: "dc-select", "aria-label": "The network's bar",
    ...NO_SHORTCUTS });
  const voice = make("select", { class: "dc-select", "aria-label": "You play", ...NO_SHORTCUTS });
  const down = makeButton("dc-down", "−", "Keys an octave down");
  const up = makeButton("dc-up", "+", "Keys an octave up");
  const midi = makeButton("dc-midi", "Connect MIDI keyboard");
  const said = make("span", { class: "dc-round", "aria-live": "off" });
  const keys = make("div", { class: "dc-keys", role: "group", "aria-label": "Piano keys" });
  const element = make("div", { class: "dc-loop-part", role: "group", "aria-label": "Loop mode" },
    make("div", { class: "dc-tools" }, round,
      make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "The network's bar" }), bar),
      make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "You play" }), voice),
      said),
    make("div", { class: "dc-keys-row" }, make("div", { class: "dc-octaves" }, up, down),
      make("div", { class: "dc-scroll" }, keys)),
    make("div", { class: "dc-tools" }, midi,
      make("span", { class: "dc-label", text: "Z X C … and Q W E … play, too." })));

  const buttons = new Map(); // pitch -> key
  let codes = new Map(); // event.code -> pitch
  let focusPitch = 60;
  const drawKeys = () => {
    const low = get("low");
    codes = codeMap(low, N_KEYS);
    const codeOf = new Map([...codes].map(([code, pitch]) => [pitch, code]));
    const layout = keyLayout(low, N_KEYS);
    const total = layoutWidth(layout);
    buttons.clear();
    if (focusPitch < low || focusPitch >= low + N_KEYS) focusPitch = low;
    layout.forEach(({ pitch, black, left, width }) => {
      const code = codeOf.get(pitch);
      const key = make("button", { type: "button", class: `dc-key ${black ? "dc-black" : "dc-white"}`,
        "data-note": pitch, "aria-pressed": "false", tabindex: pitch === focusPitch ? 0 : -1,
        "aria-label": spokenName(pitch) + (code ? `, key ${codeLabel(code)}` : ""), ...NO_SHORTCUTS },
      make("span", { "aria-hidden": "true", text: isBlack(pitch) || pitch % 12 ? "" : noteName(pitch) }));
      key.style.left = `${(100 * left) / total}%`;
      key.style.width = `${(100 * width) / total}%`;
      buttons.set(pitch, key);
    });
    keys.replaceChildren(...buttons.values());
  };
  const drawHeld = () => buttons.forEach((key, pitch) => {
    key.setAttribute("aria-pressed", String(hands.isHeld(pitch)));
    key.classList.toggle("dc-on", hands.isHeld(pitch));
  });
  const draw = () => {
    const isOn = loop.isOn();
    round.classList.toggle("dc-on", isOn);
    setText(round.lastChild, isOn ? STOP : "Loop");
    round.setAttribute("aria-label", isOn ? STOP : LOOP);
    round.title = isOn ? STOP : LOOP;
    round.disabled = session.lost() !== "" || (get("is_working") && !isOn);
    const bars = get("bars");
    setOptions(bar, bars.map((_, place) => [place, barName(bars, place)]),
      Math.min(get("model_bar"), bars.length - 1));
    setOptions(voice, get("voices").map((name, i) => [i, name]), get("played_voice"));
    setText(said, isOn ? `Round ${loop.nRounds() + 1}` : "");
    const { state, isAsking } = hands.midi();
    midi.disabled = isAsking;
    setText(midi.lastChild, state === "ready" ? "MIDI off" : "Connect MIDI keyboard");
    midi.setAttribute("aria-label", midi.lastChild.textContent);
    midi.title = midi.lastChild.textContent;
    down.disabled = get("low") - 12 < 24;
    up.disabled = get("low") + 12 > 84;
  };

  on(round, "click", () => loop.toggle());
  on(bar, "change", () => save({ model_bar: Number(bar.value) }));
  on(voice, "change", () => save({ played_voice: Number(voice.value) }));
  on(down, "click", () => hands.shift(-1));
  on(up, "click", () => hands.shift(1));
  on(midi, "click", () => hands.toggleMidi());
  on(root, "pointerdown", () => hands.take());

  // --- mouse and fingers: one note for each pointer, gliding from key to key
  const pointers = new Map(); // pointerId -> pitch or null
  const holder = (event) => `pointer:${event.pointerId}`;
  const keyAt = (event) => keys.getRootNode().elementFromPoint(event.clientX, event.clientY)
    ?.closest("[data-note]");
  const glide = (event) => {
    const key = keyAt(event);
    const pitch = key && keys.contains(key) ? Number(key.dataset.note) : null;
    const before = pointers.get(event.pointerId) ?? null;
    if (pitch === before) return;
    pointers.set(event.pointerId, pitch);
    if (before !== null) hands.release(before, holder(event));
    if (pitch !== null) hands.press(pitch, VELOCITY, holder(event));
  };
  const focusKey = (pitch) => {
    if (!buttons.has(pitch) || (pitch === focusPitch && buttons.get(pitch).matches(":focus"))) return;
    buttons.get(focusPitch)?.setAttribute("tabindex", -1);
    focusPitch = pitch;
    buttons.get(pitch).setAttribute("tabindex", 0);
    buttons.get(pitch).focus({ preventScroll: true });
  };
  on(keys, "focusin", (event) => {
    if (event.target.dataset.note) focusKey(Number(event.target.dataset.note));
  });
  on(keys, "pointerdown", (event) => {
    const key = event.button === 0 ? keyAt(event) : null;
    if (!key) return;
    event.preventDefault();
    keys.setPointerCapture(event.pointerId);
    focusKey(Number(key.dataset.note));
    glide(event);
  });
  on(keys, "pointermove", (event) => { if (pointers.has(event.pointerId)) glide(event); });
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((type) => on(keys, type, (event) => {
    const pitch = pointers.get(event.pointerId) ?? null;
    pointers.delete(event.pointerId);
    if (pitch !== null) hands.release(pitch, holder(event));
  }));
  on(keys, "contextmenu", (event) => event.preventDefault());
  on(keys, "click", (event) => { // of a screen reader: it comes without pointer or key
    const key = event.target.closest("[data-note]");
    if (event.detail !== 0 || !key) return;
    hands.press(Number(key.dataset.note), VELOCITY, "click:");
    setTimeout(() => hands.release(Number(key.dataset.note), "click:"), SCREEN_READER_NOTE);
  });

  // --- computer keys, wherever the focus is in the widget
  const typed = new Map(); // event.code -> pitch
  const pitchOf = (event) => {
    const isOnKey = event.target.dataset?.note !== undefined;
    if (isOnKey && ["Space", "Enter"].includes(event.code)) return Number(event.target.dataset.note);
    return codes.get(event.code);
  };
  on(root, "keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const pitch = pitchOf(event);
    if (pitch !== undefined) {
      event.preventDefault();
      if (typed.has(event.code) || event.repeat) return;
      typed.set(event.code, pitch);
      hands.press(pitch, VELOCITY, `computer:${event.code}`);
    } else if (keys.contains(event.target)) {
      const moves = { ArrowLeft: focusPitch - 1, ArrowRight: focusPitch + 1, Home: get("low"),
        End: get("low") + N_KEYS - 1 };
      if (event.key in moves) focusKey(moves[event.key]);
      else if (event.key === "ArrowUp") hands.shift(1);
      else if (event.key === "ArrowDown") hands.shift(-1);
      else return;
      event.preventDefault();
    }
  });
  on(root, "keyup", (event) => {
    if (!typed.has(event.code)) return;
    event.preventDefault();
    hands.release(typed.get(event.code), `computer:${event.code}`);
    typed.delete(event.code);
  });
  // The end of a held key is never told once the focus has left: let go of it now.
  const letGo = () => {
    typed.clear();
    pointers.clear();
    ["computer:", "pointer:", "click:"].forEach((prefix) => hands.releaseAll(prefix));
  };
  on(root, "focusout", (event) => { if (!root.contains(event.relatedTarget)) letGo(); });
  on(window, "blur", letGo);

  return { element, draw, drawKeys, drawHeld, letGo };
};
