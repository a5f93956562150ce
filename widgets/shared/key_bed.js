// Keys of a piano: buttons that mouse, fingers, computer keys and screen readers play.

import { isTyping, make, NO_SHORTCUTS } from "./dom.js";
import { codeLabel, codeMap, keyLayout, layoutWidth, spokenName } from "./notes.js";

const SCREEN_READER_NOTE = 400; // ms: a click without a press has no length of its own
const HOLDERS = ["mouse:", "touch:", "pen:", "computer:", "click:"]; // how their names begin

const makeKey = ({ pitch, black, left, width }, total) => {
  const key = make("button", { type: "button", "data-note": pitch, "aria-pressed": "false",
    class: `dc-key ${black ? "dc-black" : "dc-white"}`, tabindex: -1, ...NO_SHORTCUTS });
  key.style.left = `${(100 * left) / total}%`;
  key.style.width = `${(100 * width) / total}%`;
  return key;
};

/**
 * Who holds a key has a name: "mouse:1", "computer:KeyZ". Times are those of the events,
 * in ms, or undefined where nothing tells when it was.
 *
 * @param root the widget's element: computer keys play while the focus is in it
 * @param hands {press(pitch, velocity, holder, time), release(pitch, holder, time),
 *   releaseAll(prefix), shift(octaves)}
 * @param velocity () => 1..127, of computer keys
 * @param touch (key, y) => 1..127, of a pointer that is at the height y of a key
 * @param begin (event) => what else a computer key does, as the function that ends it, or null
 * @param relabel called instead of `label` when it is known what this computer's keys print
 * @returns {element, keys (pitch -> button), draw, label, letGo, leave, focus}
 */
export const createKeyBed = ({ root, signal, hands, velocity, touch = velocity,
  begin = () => null, relabel = null }) => {
  const element = make("div", { class: "dc-keys", role: "group", "aria-label": "Piano keys" });
  const keys = new Map(); // pitch -> key
  let codes = new Map(); // event.code -> pitch
  let layoutMap = null; // what is printed on this computer's keys, where known
  let focusPitch = 60; // of the one key that Tab reaches

  const draw = (low, nKeys) => {
    const hadFocus = element.contains(element.getRootNode().activeElement);
    const layout = keyLayout(low, nKeys);
    const total = layoutWidth(layout);
    codes = codeMap(low, nKeys);
    keys.clear();
    layout.forEach((place) => keys.set(place.pitch, makeKey(place, total)));
    element.replaceChildren(...keys.values());
    element.style.setProperty("--dc-n-white", total);
    if (!keys.has(focusPitch)) focusPitch = keys.has(60) ? 60 : layout[0].pitch;
    keys.get(focusPitch).tabIndex = 0;
    if (hadFocus) focusKey(focusPitch);
  };

  /**
   * Say which note each key is and which computer key plays it; `more` of a pitch is said
   * after that. Returns pitch -> letter.
   */
  const label = (more = () => "") => {
    const letters = new Map([...codes].map(([code, pitch]) => [pitch, codeLabel(code, layoutMap)]));
    keys.forEach((key, pitch) => key.setAttribute("aria-label", spokenName(pitch)
      + (letters.has(pitch) ? `, key ${letters.get(pitch)}` : "") + more(pitch)));
    return letters;
  };
  navigator.keyboard?.getLayoutMap?.().then((map) => { layoutMap = map; (relabel ?? label)(); },
    () => {}); // refused in some frames: the letters of the US layout stay

  const focusKey = (pitch) => {
    const key = keys.get(pitch);
    if (!key) return;
    if (keys.has(focusPitch)) keys.get(focusPitch).tabIndex = -1;
    focusPitch = pitch;
    key.tabIndex = 0;
    if (!key.matches(":focus")) key.focus({ preventScroll: true });
  };

  const on = (target, type, action) => target.addEventListener(type, action, { signal });

  // --- mouse, pen and fingers: one note for each pointer, gliding from key to key
  const pointers = new Map(); // pointerId -> pitch or null
  const holderOf = (event) => `${event.pointerType || "mouse"}:${event.pointerId}`;
  const keyAt = (event) => {
    const key = element.getRootNode().elementFromPoint(event.clientX, event.clientY)
      ?.closest("[data-note]");
    return key && element.contains(key) ? key : null;
  };
  const glide = (event) => {
    const key = keyAt(event);
    const pitch = key ? Number(key.dataset.note) : null;
    const before = pointers.get(event.pointerId) ?? null;
    if (pitch === before) return;
    pointers.set(event.pointerId, pitch);
    if (before !== null) hands.release(before, holderOf(event), event.timeStamp);
    if (pitch === null) return;
    hands.press(pitch, touch(key, event.clientY), holderOf(event), event.timeStamp);
  };
  const lift = (event) => {
    const pitch = pointers.get(event.pointerId) ?? null;
    pointers.delete(event.pointerId);
    if (pitch !== null) hands.release(pitch, holderOf(event), event.timeStamp);
  };
  on(element, "pointerdown", (event) => {
    const key = event.button === 0 ? keyAt(event) : null;
    if (!key) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    focusKey(Number(key.dataset.note));
    glide(event);
  });
  on(element, "pointermove", (event) => { if (pointers.has(event.pointerId)) glide(event); });
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((type) => on(element, type, lift));
  on(element, "contextmenu", (event) => event.preventDefault());
  // A screen reader's click comes without pointer or key: give it a short note.
  on(element, "click", (event) => {
    const key = event.target.closest("[data-note]");
    if (event.detail !== 0 || !key) return;
    const pitch = Number(key.dataset.note);
    hands.press(pitch, velocity(), "click:", event.timeStamp);
    setTimeout(() => hands.release(pitch, "click:"), SCREEN_READER_NOTE);
  });
  on(element, "focusin", (event) => {
    if (event.target.dataset.note) focusKey(Number(event.target.dataset.note));
  });

  // --- computer keys, wherever the focus is in the widget
  const typed = new Map(); // event.code -> how to let go of what it started
  const moveOnKeys = (event) => {
    const pitches = [...keys.keys()];
    const place = pitches.indexOf(focusPitch);
    const moves = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: pitches.length - 1 };
    if (event.key in moves) focusKey(pitches[moves[event.key]]);
    else if (event.key === "ArrowUp") hands.shift(1);
    else if (event.key === "ArrowDown") hands.shift(-1);
    else return false;
    return true;
  };
  const pitchOf = (event) => {
    const isOnKey = event.target.dataset?.note !== undefined;
    if (isOnKey && (event.code === "Space" || event.code === "Enter")) return focusPitch;
    return codes.get(event.code);
  };
  const beginNote = (event) => {
    const pitch = pitchOf(event);
    if (pitch === undefined) return null;
    const holder = `computer:${event.code}`;
    hands.press(pitch, velocity(), holder, event.timeStamp);
    return (end) => hands.release(pitch, holder, end?.timeStamp);
  };
  on(root, "keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const isHeld = typed.has(event.code) || (event.repeat && pitchOf(event) !== undefined);
    const end = isHeld ? null : begin(event) ?? beginNote(event);
    if (end) typed.set(event.code, end);
    const isOurs = isHeld || end || (element.contains(event.target) && moveOnKeys(event));
    if (isOurs) event.preventDefault();
  });
  on(root, "keyup", (event) => {
    const end = typed.get(event.code);
    if (!end) return;
    event.preventDefault();
    typed.delete(event.code);
    end(event);
  });

  // The end of a held key is never told once the focus has left: let go of it now.
  const letGo = () => {
    const ends = [...typed.values()];
    typed.clear();
    ends.forEach((end) => end());
  };
  const leave = () => {
    letGo();
    pointers.clear();
    HOLDERS.forEach((prefix) => hands.releaseAll(prefix));
  };
  on(root, "focusout", (event) => { if (!root.contains(event.relatedTarget)) letGo(); });
  on(window, "blur", leave);
  on(document, "visibilitychange", () => { if (document.hidden) leave(); });

  return { element, keys, draw, label, letGo, leave, focus: () => focusKey(focusPitch) };
};
