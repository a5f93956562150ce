// The lines of the model's code that a parameter changes, with the line marked.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { newId } from "../shared/parts.js";

/** A button and the excerpt that it opens; without a code link both stay away. */
export const createCode = (title) => {
  const id = newId();
  const button = make("button", { type: "button", class: "dc-link", "aria-expanded": "false",
    "aria-controls": id, "aria-label": `Show the code that ${title} changes`,
    text: "show me the code", ...NO_SHORTCUTS });
  const place = make("p", { class: "dc-soft dc-code-place" });
  const lines = make("pre", { class: "dc-code", tabindex: "0", ...NO_SHORTCUTS });
  const element = make("div", { id, class: "dc-code-box" }, place, lines);
  element.hidden = true;

  const toggle = () => {
    element.hidden = !element.hidden;
    button.setAttribute("aria-expanded", String(!element.hidden));
    button.textContent = element.hidden ? "show me the code" : "hide the code";
  };
  const update = (code) => {
    button.hidden = !code;
    if (!code) { element.hidden = true; return; }
    const text = JSON.stringify(code);
    if (lines.dataset.code === text) return;
    lines.dataset.code = text;
    place.textContent = `${code.path}, line ${code.line}`;
    lines.setAttribute("aria-label", `Code of ${code.path} around line ${code.line}`);
    lines.replaceChildren(...code.lines.map(({ number, text: source }) => {
      const isMarked = number === code.line;
      return make(isMarked ? "mark" : "span", { class: "dc-code-line" },
        make("span", { class: "dc-code-number", text: `${isMarked ? "→" : " "}${
          String(number).padStart(4)} ` }), `${source}\n`);
    }));
  };
  return { button, element, toggle, update, describe: newId() };
};
