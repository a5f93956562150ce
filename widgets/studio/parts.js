// Pieces that several panels of the studio are made of.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { newId, setText } from "../shared/parts.js";

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

/** Hand bytes to the browser as a file that it saves. */
export const saveInBrowser = (name, bytes) => {
  const url = URL.createObjectURL(new Blob([bytes]));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // when it has surely been read
};
