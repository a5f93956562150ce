// Pieces of forms: ids, texts, menus, parts that can be opened.

import { make, NO_SHORTCUTS } from "./dom.js";

// Each bundle is a module of its own on the page, so that a counter alone would not do.
const prefix = `dc-${Math.random().toString(36).slice(2)}`;
let nextId = 0;
export const newId = () => { nextId += 1; return `${prefix}-${nextId}`; };

export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** A part that can be opened; closed at first, so that a newcomer sees little. */
export const makeFold = (title, ...children) => {
  const summary = make("summary", { ...NO_SHORTCUTS, tabindex: "0" },
    make("span", { text: title }));
  return make("details", { class: "dc-fold" }, summary,
    make("div", { class: "dc-fold-body" }, ...children));
};

/** Fill a menu, but only if it holds anything else, so that an open one stays open. */
export const setOptions = (select, options, value) => {
  const text = JSON.stringify(options);
  if (select.dataset.options !== text) {
    select.dataset.options = text;
    select.replaceChildren(...options.map(([key, label]) =>
      make("option", { value: key, text: label })));
  }
  if (value !== undefined && value !== null) select.value = String(value);
  else select.selectedIndex = -1;
};
