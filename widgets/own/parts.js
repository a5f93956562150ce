// Pieces that the form is made of: fields with their labels, menus, folds, tables.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { newId } from "../shared/parts.js";

/** A label above a control, and a sentence below it that says what it does. */
export const field = (label, control, words = "") => {
  control.id ||= newId();
  const parts = [make("label", { for: control.id, text: label }), control];
  if (words) {
    const about = make("p", { class: "dc-soft", id: newId(), text: words });
    control.setAttribute("aria-describedby", about.id);
    parts.push(about);
  }
  return make("div", { class: "dc-field" }, ...parts);
};

export const input = (type, attributes = {}) =>
  make("input", { type, class: `dc-${type}`, "data-needs-python": "", ...NO_SHORTCUTS,
    ...attributes });

export const menu = () =>
  make("select", { class: "dc-select", "data-needs-python": "", ...NO_SHORTCUTS });

export const button = (text, className = "", label = text) => make("button", {
  type: "button", class: `dc-button ${className}`.trim(), "aria-label": label,
  "data-needs-python": "", ...NO_SHORTCUTS,
}, make("span", { text }));

/** Put a value into a field, unless somebody is typing there. */
export const setValue = (control, value) => {
  if (document.activeElement !== control || control.type === "range") control.value = value;
};

/** A number as a person writes it, without a tail of zeros. */
export const numberText = (value) => String(Number(Number(value).toPrecision(6)));

/** A table of texts with a heading for each column; drawn anew only if it changed. */
export const makeTable = (caption, headings) => {
  const body = make("tbody", {});
  const element = make("table", { class: "dc-table" }, make("caption", { text: caption }),
    make("thead", {}, make("tr", {}, ...headings.map((text) =>
      make("th", { scope: "col", text })))), body);
  let drawn = "";
  const update = (rows) => {
    element.hidden = rows.length === 0;
    const text = JSON.stringify(rows);
    if (text === drawn) return;
    drawn = text;
    body.replaceChildren(...rows.map((row) =>
      make("tr", {}, ...row.map((cell) => make("td", { text: cell })))));
  };
  return { element, update };
};

/** A list of sentences; nothing at all if there are none. */
export const makeSentences = () => {
  const element = make("ul", { class: "dc-sentences" });
  const update = (sentences) => {
    const text = JSON.stringify(sentences);
    element.hidden = sentences.length === 0;
    if (element.dataset.sentences === text) return;
    element.dataset.sentences = text;
    element.replaceChildren(...sentences.map((one) => make("li", { text: one })));
  };
  return { element, update };
};

/** Cards of which one is chosen: radio buttons, so that arrow keys move. */
export const makeCards = (label, choose) => {
  const name = newId();
  const element = make("div", { class: "dc-cards", role: "radiogroup", "aria-label": label });
  element.addEventListener("change", (event) => choose(event.target.value));
  const update = (cards, chosen) => {
    const text = JSON.stringify(cards);
    if (element.dataset.cards !== text) {
      element.dataset.cards = text;
      element.replaceChildren(...cards.map(([value, title, words]) =>
        make("label", { class: "dc-card" },
          make("input", { type: "radio", name, value, "data-needs-python": "",
            ...NO_SHORTCUTS }),
          make("span", { class: "dc-card-title", text: title }),
          make("span", { class: "dc-soft", text: words }))));
    }
    element.querySelectorAll("input").forEach((radio) => {
      radio.checked = radio.value === chosen;
    });
  };
  return { element, update };
};

/** A heading with its letter: the studio around it counts its steps. */
export const heading = (letter, title) => make("div", { class: "dc-heading" },
  make("span", { class: "dc-number", "aria-hidden": "true", text: letter }),
  make("h3", { class: "dc-title", text: title }));
