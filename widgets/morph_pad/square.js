// The square: a dot for each mixture, filled when it is decoded, and where you are.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { placeAfter, placeAt } from "./mixing.js";

/**
 * @param onPlace called with a place; onHear when the place itself is asked for again
 * @param signal ends all listeners
 */
export const createSquare = ({ n, names, onPlace, onHear, signal }) => {
  const dots = new Map(); // "column row" -> element
  const marker = make("span", { class: "dc-marker" });
  const element = make("div", { class: "dc-square", role: "application", tabindex: 0,
    "aria-label": "The pad", ...NO_SHORTCUTS });
  const inside = make("div", { class: "dc-inside", "aria-hidden": "true" });
  const at = (part, [column, row]) => {
    part.style.left = `${(100 * column) / (n - 1)}%`;
    part.style.top = `${(100 * row) / (n - 1)}%`;
  };
  for (let row = 0; row < n; row += 1) {
    for (let column = 0; column < n; column += 1) {
      const dot = make("i", { class: "dc-dot" });
      at(dot, [column, row]);
      dots.set(`${column} ${row}`, dot);
      inside.append(dot);
    }
  }
  inside.append(marker);
  const corners = names.map((name, i) => make("span", { class: `dc-corner dc-corner-${i}`,
    "aria-hidden": "true", text: name }));
  element.append(...corners, inside);

  let place = [0, 0];
  const point = (event) => {
    const { left, top, width, height } = inside.getBoundingClientRect();
    const next = placeAt((event.clientX - left) / width, (event.clientY - top) / height, n);
    if (next.join() !== place.join()) onPlace(next);
    else if (event.type === "pointerdown") onHear();
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    point(event);
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) point(event);
  }, { signal });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = placeAfter(event.key, place, n);
    if (!next && ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (next) onPlace(next);
    else onHear();
  }, { signal });

  return {
    element,
    setPlace: (next) => {
      place = next;
      at(marker, next);
    },
    setReady: (places) => {
      const ready = new Set(places.map((one) => one.join(" ")));
      dots.forEach((dot, name) => dot.classList.toggle("dc-ready", ready.has(name)));
    },
    say: (text) => element.setAttribute("aria-label", text),
  };
};
