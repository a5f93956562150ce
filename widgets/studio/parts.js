// Pieces that several panels of the studio are made of.

import { make, NO_SHORTCUTS } from "../shared/dom.js";

// Each panel is a module of its own on the page, so that a counter alone would not do.
const prefix = `dc-studio-${Math.random().toString(36).slice(2)}`;
let nextId = 0;
export const newId = () => { nextId += 1; return `${prefix}-${nextId}`; };

/** A plain button with words and no icon. */
export const textButton = (text, className = "", label = text) => make("button", {
  type: "button", class: `dc-button ${className}`.trim(), "aria-label": label, ...NO_SHORTCUTS,
}, make("span", { text }));

/** A heading with its number, the panel's title and a place for a short word beside it. */
export const makeHeading = (number, title) => {
  const aside = make("span", { class: "dc-aside" });
  const element = make("div", { class: "dc-heading" },
    make("span", { class: "dc-number", "aria-hidden": "true", text: String(number) }),
    make("h3", { class: "dc-title", text: title }), aside);
  return { element, aside };
};

/** A label above or beside a control. */
export const field = (label, control, className = "") => {
  const id = control.id || newId();
  control.id = id;
  return make("div", { class: `dc-field ${className}`.trim() },
    make("label", { for: id, text: label }), control);
};

export const makeSelect = (attributes = {}) =>
  make("select", { class: "dc-select", ...NO_SHORTCUTS, ...attributes });

export const makeInput = (type, attributes = {}) =>
  make("input", { type, ...NO_SHORTCUTS, ...attributes });

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

export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** A list of sentences; nothing at all if there are none. */
export const setSentences = (list, sentences) => {
  const text = JSON.stringify(sentences);
  if (list.dataset.sentences === text) return;
  list.dataset.sentences = text;
  list.replaceChildren(...sentences.map((sentence) => make("li", { text: sentence })));
  list.hidden = sentences.length === 0;
};

/** A bar that fills, with words; hidden while nothing is at work. */
export const makeProgress = (label) => {
  const bar = make("div", { class: "dc-bar-fill" });
  const words = make("span", { class: "dc-soft" });
  const element = make("div", { class: "dc-working" },
    make("div", { class: "dc-bar", role: "progressbar", "aria-label": label,
      "aria-valuemin": "0", "aria-valuemax": "100" }, bar), words);
  element.hidden = true;
  const update = (busy) => {
    element.hidden = !busy;
    if (!busy) return;
    const percent = Math.floor(100 * (busy.share ?? 0));
    element.classList.toggle("dc-unknown", busy.share === null || busy.share === undefined);
    bar.style.width = `${percent}%`;
    element.firstChild.setAttribute("aria-valuenow", String(percent));
    setText(words, busy.words ?? "");
  };
  return { element, update };
};

/** The one sentence at the foot of a panel that says what happened. */
export const makeStatus = () => make("p", { class: "dc-status", role: "status",
  "aria-live": "polite" });

/** A button of several of which one is chosen; the chosen one is pressed and marked. */
export const setChosen = (buttons, value) => buttons.forEach((button) =>
  button.setAttribute("aria-pressed", String(button.value === String(value))));
