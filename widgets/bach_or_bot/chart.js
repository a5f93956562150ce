// Your score beside the machines' and the published ones, as bars from 0 to 100 %.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { percent } from "./answers.js";

const HEADS = { right: "Right answers, of all", recognised: "PERSON called PERSON",
  spotted: "MACHINE called MACHINE" };

const place = (element, name, share) => {
  element.style.setProperty(name, `${100 * share}%`);
  return element;
};

const bar = ({ value, interval }) => {
  const line = make("span", { class: "dc-axis", "aria-hidden": "true" },
    make("span", { class: "dc-half" }));
  if (value === null) return line;
  if (interval) {
    const range = make("span", { class: "dc-range" });
    place(range, "left", interval[0]);
    line.append(place(range, "width", interval[1] - interval[0]));
  }
  line.append(place(make("span", { class: "dc-dot" }), "left", value));
  return line;
};

const words = ({ value, interval, text }) => {
  if (value === null) return text;
  const range = interval ? `, ${percent(interval[0])} to ${percent(interval[1])}` : "";
  return `${percent(value)} (${text}${range})`;
};

const makeSources = (published) => make("details", { class: "dc-sources" },
  make("summary", { text: "Where the published figures come from", ...NO_SHORTCUTS }),
  make("ul", {}, ...published.map(({ who, source }) =>
    make("li", { text: `${who}: ${source}` }))));

/** The chart as a list of tables, and below it where the published figures come from. */
export const makeChart = (groups, names, published) => make("div", { class: "dc-chart" },
  ...groups.map(({ counts, rows }) => {
    const head = HEADS[counts].replaceAll("PERSON", names[0]).replaceAll("MACHINE", names[1]);
    return make("table", { class: "dc-rows" },
      make("caption", { text: head }),
      make("tbody", {}, ...rows.map((row) => make("tr", { class: `dc-of-${row.kind}` },
        make("th", { scope: "row", text: row.label }),
        make("td", { class: "dc-bar" }, bar(row)),
        make("td", { class: "dc-figure", text: words(row) })))));
  }),
  make("p", { class: "dc-note", text: "The line is chance. Of 100 such bars about 95 hold the true "
    + "share; published shares without a number of answers have none." }), ...(published.length ? [makeSources(published)] : []));
