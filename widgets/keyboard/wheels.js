// A wheel beside the keys: drag it, or use the arrow keys. A pitch wheel springs back.

import { NO_SHORTCUTS, make } from "../shared/dom.js";

const KEY_STEP = 0.1; // of the way that one press of an arrow key moves

/**
 * @param springs whether it goes back to 0 when it is let go (from -1 to 1), else it
 *   stays (from 0 to 1)
 * @param onMove is told of each new value
 * @param say the value in words, for screen readers
 * @returns {element, show(value)}
 */
export const makeWheel = ({ name, label, springs, onMove, say, signal }) => {
  const lowest = springs ? -1 : 0;
  const ridge = make("div", { class: "dc-ridge", "aria-hidden": "true" });
  const groove = make("div", { class: "dc-groove", role: "slider", tabindex: 0,
    "aria-label": label, "aria-orientation": "vertical", "aria-valuemin": lowest,
    "aria-valuemax": 1, title: label, ...NO_SHORTCUTS }, ridge);
  const element = make("div", { class: `dc-wheel dc-${name}` }, groove,
    make("span", { class: "dc-wheel-name", "aria-hidden": "true", text: name }));
  let value = 0;
  let pointer = null;

  const show = (next) => {
    value = next;
    groove.setAttribute("aria-valuenow", Math.round(100 * value) / 100);
    groove.setAttribute("aria-valuetext", say(value));
    ridge.style.bottom = `${(100 * (value - lowest)) / (1 - lowest)}%`;
  };

  const move = (next) => {
    const wanted = Math.min(1, Math.max(lowest, next));
    if (wanted === value) return;
    show(wanted);
    onMove(wanted);
  };

  const on = (type, action) => groove.addEventListener(type, action, { signal });
  const toPointer = (event) => {
    const { bottom, height } = groove.getBoundingClientRect();
    const share = (bottom - event.clientY) / height;
    move(lowest + (1 - lowest) * share);
  };
  const letGo = () => {
    pointer = null;
    if (springs) move(0);
  };
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    groove.focus({ preventScroll: true });
    pointer = event.pointerId;
    groove.setPointerCapture(pointer);
    toPointer(event);
  });
  on("pointermove", (event) => { if (event.pointerId === pointer) toPointer(event); });
  on("pointerup", letGo);
  on("pointercancel", letGo);

  const steps = { ArrowUp: KEY_STEP, ArrowRight: KEY_STEP, ArrowDown: -KEY_STEP,
    ArrowLeft: -KEY_STEP };
  const ends = { Home: lowest, End: 1 };
  const isMine = (event) => event.code in steps || event.code in ends;
  on("keydown", (event) => {
    if (!isMine(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(event.code in ends ? ends[event.code] : value + steps[event.code]);
  });
  on("keyup", (event) => { if (springs && isMine(event)) move(0); });
  on("blur", () => { if (springs) move(0); });

  show(0);
  return { element, show };
};
