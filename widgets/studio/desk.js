// Still step 1: the melody itself. Hear it, move it, change its tempo, edit its notes.

import { make } from "../shared/dom.js";
import { field, makeInput, makeSelect, setSentences, textButton } from "../shared/form.js";
import { makeFold, setOptions, setText } from "../shared/parts.js";
import { shiftText } from "./logic.js";
import { createPreview } from "./preview.js";

export const createDesk = ({ model, act, signal }) => {
  const summary = make("p", { class: "dc-summary" });
  const preview = createPreview({ model, signal });
  const said = make("ul", { class: "dc-sentences" });

  const lower = textButton("−", "dc-small", "Move the melody down a semitone");
  const higher = textButton("+", "dc-small", "Move the melody up a semitone");
  const shift = make("output", { class: "dc-value dc-shift" });
  const tempo = makeInput("number", { min: 10, max: 400, step: 1 });
  const rhythm = makeSelect();
  const bars = makeSelect();
  const edit = textButton("Edit the notes");
  const undo = textButton("Undo", "", "Undo the last change of the melody");
  const redo = textButton("Redo", "", "Redo the change of the melody");
  const pitch = make("div", { class: "dc-field", role: "group", "aria-label": "Pitch" },
    make("span", { text: "Pitch" }),
    make("div", { class: "dc-group" }, lower, shift, higher));
  const settings = makeFold("Change it: pitch, tempo, rhythm, length, notes",
    make("div", { class: "dc-fields" }, pitch, field("Tempo", tempo), field("Rhythm", rhythm),
      field("Length", bars)),
    make("div", { class: "dc-row" }, edit, undo, redo));
  const element = make("div", { class: "dc-panel" }, summary, preview.element, said, settings);

  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  const shown = () => model.get("view");
  on(lower, "click", () => act("move", { semitones: shown().shift - 1 }));
  on(higher, "click", () => act("move", { semitones: shown().shift + 1 }));
  on(tempo, "change", () => act("set_tempo", { tempo: Number(tempo.value) || null }));
  on(rhythm, "change", () => act("put_rhythm_right", { rhythm: rhythm.value }));
  on(bars, "change", () => act("trim", { n_bars: Number(bars.value) || null }));
  on(edit, "click", () => act("toggle_editor"));
  on(undo, "click", () => act("undo_melody"));
  on(redo, "click", () => act("redo_melody"));

  const update = (view) => {
    setText(summary, view.summary);
    setSentences(said, view.said);
    preview.update(view.music, `The notes of ${view.summary}`);
    setText(shift, shiftText(view.shift));
    lower.disabled = view.shift <= -view.max_shift;
    higher.disabled = view.shift >= view.max_shift;
    if (document.activeElement !== tempo) tempo.value = Math.round(view.tempo);
    setOptions(rhythm, view.rhythms.map((name) => [name, name]), view.rhythm);
    setOptions(bars, [["0", "all of it"], ...view.bar_choices.map((n) => [n, `${n} bars`])],
      view.n_bars ?? 0);
    setText(edit.lastChild, view.is_editing ? "Close the editor" : "Edit the notes");
    edit.setAttribute("aria-label", edit.textContent);
    edit.setAttribute("aria-pressed", String(Boolean(view.is_editing)));
    undo.disabled = !view.can_undo;
    redo.disabled = !view.can_redo;
  };
  return { label: "Step 1: your melody", element, update };
};
