// Pieces of forms: ids, texts, menus, parts that can be opened.

import { make, NO_SHORTCUTS } from "./dom.js";

// Each bundle is a module of its own on the page, so that a counter alone would not do.
const prefix = `dc-${Math.random().toString(36).slice(2)}`;
let nextId = 0;
export const newId = () => { nextId += 1; return `${prefix}-${nextId}`; };

export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** A bar that fills: `set` takes the share done, 0 to 1, or null where nobody can know. */
export const makeBar = (label) => {
  const fill = make("div");
  const element = make("div", { class: "dc-fill-bar", role: "progressbar", "aria-label": label,
    "aria-valuemin": "0", "aria-valuemax": "100" }, fill);
  const set = (share) => {
    const percent = Math.floor(100 * (share ?? 0));
    element.classList.toggle("dc-unknown", share === null);
    fill.style.width = `${percent}%`;
    element.setAttribute("aria-valuenow", String(percent));
  };
  return { element, set };
};

/** Hand content to the browser as a file that it saves. */
export const saveFile = (name, content, type = "") => {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // when it has surely been read
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
