// Forms that Python fills: fields with their labels, menus, cards, sentences. Nearly all of
// it only tells Python what a hand did, so it is of no use without Python (see `lose`).

import { make, NO_SHORTCUTS } from "./dom.js";
import { makeBar, newId, setText } from "./parts.js";

const NEEDS_PYTHON = { "data-needs-python": "" };

/** Switch off what is of no use now that the kernel is gone. */
export const lose = (root) => root.querySelectorAll("[data-needs-python]")
  .forEach((control) => { control.disabled = true; });

/** A plain button with words and no icon. */
export const textButton = (text, className = "", label = text) => make("button", {
  type: "button", class: `dc-button ${className}`.trim(), "aria-label": label, ...NEEDS_PYTHON,
  ...NO_SHORTCUTS,
}, make("span", { text }));

/** A button that looks like a link, or like a row of a list. */
export const bareButton = (className, attributes, ...children) => make("button", {
  type: "button", class: className, ...attributes, ...NEEDS_PYTHON, ...NO_SHORTCUTS }, ...children);

export const makeSelect = (attributes = {}) =>
  make("select", { class: "dc-select", ...NEEDS_PYTHON, ...NO_SHORTCUTS, ...attributes });

export const makeInput = (type, attributes = {}) =>
  make("input", { type, ...NEEDS_PYTHON, ...NO_SHORTCUTS, ...attributes });

/** A label above or beside a control, and a sentence that says what it does, if given. */
export const field = (label, control, { className = "", words = "" } = {}) => {
  control.id ||= newId();
  const parts = [make("label", { for: control.id, text: label }), control];
  if (words) {
    const about = make("p", { class: "dc-soft", id: newId(), text: words });
    control.setAttribute("aria-describedby", about.id);
    parts.push(about);
  }
  return make("div", { class: `dc-field ${className}`.trim() }, ...parts);
};

/** A heading with its number or letter, a title and a place for a short word beside it. */
export const makeHeading = (number, title) => {
  const aside = make("span", { class: "dc-aside" });
  const element = make("div", { class: "dc-heading" },
    make("span", { class: "dc-number", "aria-hidden": "true", text: String(number) }),
    make("h3", { class: "dc-title", text: title }), aside);
  return { element, aside };
};

/** A number as a person writes it, without a tail of zeros. */
export const numberText = (value) => String(Number(Number(value).toPrecision(6)));

/** Put a value into a field, unless somebody is typing there. */
export const setValue = (control, value) => {
  if (document.activeElement !== control || control.type === "range") control.value = value;
};

/** Fill a list with sentences, but only if it holds others; no sentence, no list. */
export const setSentences = (list, sentences) => {
  const text = JSON.stringify(sentences);
  list.hidden = sentences.length === 0;
  if (list.dataset.sentences === text) return;
  list.dataset.sentences = text;
  list.replaceChildren(...sentences.map((sentence) => make("li", { text: sentence })));
};

/** A bar that fills, with words; hidden while nothing is at work. */
export const makeProgress = (label) => {
  const bar = makeBar(label);
  const words = make("span", { class: "dc-soft" });
  const element = make("div", { class: "dc-working" }, bar.element, words);
  element.hidden = true;
  const update = (busy) => {
    element.hidden = !busy;
    if (!busy) return;
    bar.set(busy.share ?? null);
    setText(words, busy.words ?? "");
  };
  return { element, update };
};

/** Cards of which one is chosen: radio buttons, so that arrow keys move. */
export const makeCards = ({ label, choose, signal }) => {
  const name = newId();
  const element = make("div", { class: "dc-cards", role: "radiogroup", "aria-label": label });
  element.addEventListener("change", (event) => choose(event.target.value), { signal });
  /** @param cards [[value, title, words]] */
  const update = (cards, chosen) => {
    const text = JSON.stringify(cards);
    if (element.dataset.cards !== text) {
      element.dataset.cards = text;
      element.replaceChildren(...cards.map(([value, title, words]) =>
        make("label", { class: "dc-card" }, makeInput("radio", { name, value }),
          make("span", { class: "dc-card-title", text: title }),
          make("span", { class: "dc-card-words", text: words }))));
    }
    element.querySelectorAll("input").forEach((radio) => {
      radio.checked = radio.value === chosen;
    });
  };
  return { element, update };
};
