// A small piano that chooses the pitch.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { keyLayout, layoutWidth, noteName, spokenName } from "../shared/notes.js";

/** @param onPitch called with a pitch; signal ends all listeners */
export const createKeys = ({ low, high, onPitch, signal }) => {
  const layout = keyLayout(low, high - low + 1);
  const width = layoutWidth(layout);
  const buttons = new Map();
  const element = make("div", { class: "dc-keys", role: "group",
    "aria-label": "Pitch: arrow keys move" });
  layout.forEach(({ pitch, black, left, width: wide }) => {
    const key = make("button", { type: "button", tabindex: -1, "data-pitch": pitch,
      class: `dc-key${black ? " dc-black" : ""}`, "aria-label": spokenName(pitch),
      title: noteName(pitch), ...NO_SHORTCUTS },
    make("span", { text: pitch % 12 === 0 ? noteName(pitch) : "", "aria-hidden": "true" }));
    key.style.left = `${(100 * left) / width}%`;
    key.style.width = `${(100 * wide) / width}%`;
    buttons.set(pitch, key);
    element.append(key);
  });
  element.addEventListener("click", (event) => {
    const key = event.target.closest(".dc-key");
    if (key) onPitch(Number(key.dataset.pitch));
  }, { signal });
  let chosen = low;
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, ArrowDown: chosen - 12,
      ArrowUp: chosen + 12, Home: low, End: high }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (!buttons.has(next) || next === chosen) return;
    onPitch(next);
    buttons.get(next).focus();
  }, { signal });
  return {
    element,
    setPitch: (pitch) => {
      chosen = pitch;
      buttons.forEach((key, one) => {
        key.setAttribute("aria-pressed", String(one === pitch));
        key.tabIndex = one === pitch ? 0 : -1;
      });
    },
  };
};
