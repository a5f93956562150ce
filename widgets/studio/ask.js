// Below the player: does the model listen to the melody? And how the version came to be.

import { make } from "../shared/dom.js";
import { field, makeInput, makeProgress, makeSelect, setSentences, textButton }
  from "../shared/form.js";
import { makeFold, setOptions, setText } from "../shared/parts.js";
import { shiftText } from "./logic.js";
import { setChosen } from "./parts.js";

/** Rows of name and value. */
const setRecipe = (list, rows) => {
  const text = JSON.stringify(rows);
  if (list.dataset.rows === text) return;
  list.dataset.rows = text;
  list.replaceChildren(...rows.flatMap(([name, value]) =>
    [make("dt", { text: name }), make("dd", { text: value })]));
};

export const createAsk = ({ act, signal }) => {
  const note = makeSelect();
  const shift = makeInput("range", { min: -12, max: 12, step: 1 });
  const shiftWords = make("output", { class: "dc-value" });
  const ask = textButton("Ask", "dc-primary", "Ask the model with this note moved");
  const progress = makeProgress("Composing with one note moved");
  const before = textButton("As it was", "dc-ab");
  const after = textButton("With the note moved", "dc-ab");
  const end = textButton("Done");
  [before, after].forEach((button, place) => { button.value = place ? "b" : "a"; });
  const answer = make("p", { class: "dc-answer" });
  const answers = make("div", {}, answer, make("div", { class: "dc-row" }, before, after, end));
  const shiftField = field("Move it", shift);
  shift.replaceWith(make("div", { class: "dc-beside" }));
  shiftField.lastChild.append(shift, shiftWords);
  const listens = makeFold("Does it listen?",
    make("p", { class: "dc-soft", text: "Move one note of the melody and let the model "
      + "compose again with the same chance. If it listens, its voices change near that "
      + "note, and the changed notes light up above." }),
    make("div", { class: "dc-fields" }, field("Note of the melody", note), shiftField),
    make("div", { class: "dc-row" }, ask, progress.element), answers);
  const said = make("ul", { class: "dc-sentences" });
  const recipe = make("dl", { class: "dc-recipe" });
  const again = textButton("Make it again", "", "Make this version again from its recipe");
  const working = makeProgress("Making it again");
  const made = makeFold("How this version came to be", said, recipe,
    make("div", { class: "dc-row" }, again, working.element));
  const element = make("div", { class: "dc-panel dc-after" }, listens, made);

  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  const sayShift = () => setText(shiftWords, shiftText(Number(shift.value)));
  on(shift, "input", sayShift);
  on(ask, "click", () => act("ask", { note: Number(note.value), semitones: Number(shift.value) }));
  on(before, "click", () => act("hear", { which: "a" }));
  on(after, "click", () => act("hear", { which: "b" }));
  on(end, "click", () => act("end_asking"));
  on(again, "click", () => act("replay"));

  let asked = null; // what the controls were last set to by Python
  const update = (view) => {
    setOptions(note, view.notes.map(({ index, words }) => [index, words]),
      note.dataset.options && note.value !== "" && note.options.length === view.notes.length
        ? note.value : view.note);
    const given = `${view.note}:${view.semitones}`;
    if (given !== asked) {
      asked = given;
      note.value = String(view.note);
      shift.value = String(view.semitones);
    }
    sayShift();
    progress.update(view.busy);
    working.update(view.busy);
    ask.disabled = Boolean(view.busy);
    again.disabled = Boolean(view.busy);
    answers.hidden = !view.answer;
    setText(answer, view.answer ?? "");
    setChosen([before, after], view.heard);
    setSentences(said, view.said);
    setRecipe(recipe, view.recipe);
  };
  return { label: "Does it listen, and how it came to be", element, update };
};
