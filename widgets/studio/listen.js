// Step 3: every version that was composed, as a tree; hear one, compare two.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { bareButton, makeHeading, setSentences, textButton } from "../shared/form.js";
import { setText } from "../shared/parts.js";
import { treeOf } from "./logic.js";
import { setChosen } from "./parts.js";

const DEEPEST = 4; // branches that go further in stay there, so that a phone shows them

const makeRow = (version, { current, compared }) => {
  const isCurrent = version.id === current;
  const isCompared = version.id === compared;
  const hear = bareButton("dc-version-main", { "aria-pressed": String(isCurrent),
    "data-hear": version.id },
  make("span", { class: "dc-version-mark", "aria-hidden": "true",
    text: isCurrent ? (compared ? "A" : "▸") : (isCompared ? "B" : "") }),
  make("span", { class: "dc-version-title", text: version.title }),
  make("span", { class: "dc-soft", text: version.detail }));
  const small = (text, attributes) => bareButton("dc-link", { text, ...attributes });
  const row = make("li", { class: "dc-version" }, hear,
    ...(isCurrent ? [] : [small(isCompared ? "stop comparing" : "compare", {
      "data-compare": version.id, "aria-pressed": String(isCompared),
      "aria-label": `Compare with ${version.title}` })]),
    small("rename", { "data-rename": version.id, "aria-label": `Rename ${version.title}` }));
  row.classList.toggle("dc-now", isCurrent);
  row.style.setProperty("--dc-depth", Math.min(version.depth, DEEPEST));
  return row;
};

export const createListen = ({ act, signal }) => {
  const { element: heading, aside } = makeHeading(3, "Listen and compare");
  const empty = make("p", { class: "dc-empty" });
  const problems = make("ul", { class: "dc-sentences" });
  const undo = textButton("Undo", "", "Go back to the version before");
  const redo = textButton("Redo", "", "Go forward again");
  const list = make("ul", { class: "dc-versions", "aria-label": "Versions" });
  const first = textButton("A", "dc-ab");
  const second = textButton("B", "dc-ab");
  [first, second].forEach((button, place) => { button.value = place ? "b" : "a"; });
  const end = textButton("Stop comparing");
  const words = make("p", { class: "dc-soft dc-difference" });
  const compare = make("div", { class: "dc-compare", role: "group",
    "aria-label": "Compare two versions" },
  make("div", { class: "dc-row" }, first, second, end), words);
  const tools = make("div", { class: "dc-row" }, undo, redo);
  const element = make("div", { class: "dc-panel" }, heading, empty, problems, tools, list,
    compare);

  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  on(undo, "click", () => act("undo"));
  on(redo, "click", () => act("redo"));
  on(first, "click", () => act("hear", { which: "a" }));
  on(second, "click", () => act("hear", { which: "b" }));
  on(end, "click", () => act("compare", { id: null }));

  /** Write a new name in place of the row; Enter takes it, Escape does not. */
  const rename = (id) => {
    const row = list.querySelector(`[data-rename="${id}"]`).closest("li");
    const title = row.querySelector(".dc-version-title").textContent;
    const input = make("input", { type: "text", class: "dc-text", maxlength: "60",
      "aria-label": "New name", ...NO_SHORTCUTS });
    input.value = title;
    let isOver = false;
    const close = (isTaken) => {
      if (isOver) return;
      isOver = true;
      const text = input.value.trim();
      row.replaceChildren();
      list.dataset.rows = "";
      if (isTaken && text && text !== title) act("rename", { id, text });
      drawRows();
      list.querySelector(`[data-rename="${id}"]`)?.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
      event.stopPropagation();
    }, { signal });
    input.addEventListener("blur", () => close(true), { signal });
    row.replaceChildren(input);
    input.focus();
    input.select();
  };

  on(list, "click", (event) => {
    const { hear, compare: other, rename: renamed } = event.target.closest("button")?.dataset
      ?? {};
    if (hear) act("go", { id: hear });
    if (other) act("compare", { id: other === shown.compared ? null : other });
    if (renamed) rename(renamed);
  });

  let shown = { versions: [], current: null, compared: null };
  const drawRows = () => {
    const text = JSON.stringify(shown);
    if (list.dataset.rows === text || list.querySelector("input")) return;
    list.dataset.rows = text;
    const focused = document.activeElement?.dataset ?? {};
    list.replaceChildren(...treeOf(shown.versions).map((one) => makeRow(one, shown)));
    const [kind] = ["hear", "compare", "rename"].filter((name) => focused[name]);
    if (kind) list.querySelector(`[data-${kind}="${focused[kind]}"]`)?.focus();
    const now = list.querySelector(".dc-now");
    if (now) list.scrollTop = now.offsetTop - list.offsetTop - list.clientHeight / 2;
  };

  const update = (view) => {
    setText(aside, view.aside ?? "");
    setText(empty, view.empty ?? "");
    empty.hidden = !view.empty;
    tools.hidden = view.versions.length < 2;
    list.hidden = Boolean(view.empty);
    undo.disabled = !view.can_undo;
    redo.disabled = !view.can_redo;
    setSentences(problems, view.problems ?? []);
    shown = { versions: view.versions, current: view.current, compared: view.compared };
    drawRows();
    compare.hidden = !view.compared;
    if (view.compared) {
      setText(first.lastChild, `A: ${view.a}`);
      setText(second.lastChild, `B: ${view.b}`);
      [first, second].forEach((button) => button.setAttribute("aria-label",
        `Hear ${button.lastChild.textContent}`));
      setChosen([first, second], view.heard);
      setText(words, view.difference ?? "");
    }
  };
  return { label: "Step 3: listen and compare", element, update };
};
