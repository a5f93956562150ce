// A table of texts.

import { make } from "../shared/dom.js";

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
