// Still step 1: the melody itself. Hear it, move it, change its tempo, edit its notes.

import { make, makeButton } from "../shared/dom.js";
import { prepareSound } from "../shared/link.js";
import { completeMusic } from "../shared/score.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { shiftText } from "./logic.js";
import { makeFold, setOptions, setText } from "../shared/parts.js";
import { field, makeInput, makeSelect, setSentences, textButton } from "./parts.js";
import { createStrip } from "./strip.js";

const PYTHON = { "data-needs-python": "" };

/** The melody as a strip that can be played. */
const createPreview = ({ model, signal }) => {
  const sound = pageSound();
  prepareSound(model, sound);
  const transport = createTransport({ sound });
  const play = makeButton("dc-play", "Hear it", "Hear the melody");
  const strip = createStrip();
  const element = make("div", { class: "dc-preview" }, play, strip.element);
  const draw = () => {
    const isPlaying = transport.isPlaying();
    setText(play.lastChild, isPlaying ? "Stop" : "Hear it");
    play.setAttribute("aria-label", isPlaying ? "Stop the melody" : "Hear the melody");
    play.classList.toggle("dc-play", !isPlaying);
    play.classList.toggle("dc-stop", isPlaying);
    if (!isPlaying) strip.at(null);
  };
  const follow = () => {
    if (signal.aborted || !transport.isPlaying()) return;
    strip.at(transport.position());
    requestAnimationFrame(follow);
  };
  play.addEventListener("click", () => {
    if (transport.isPlaying()) transport.stop();
    else if (transport.play({ from: 0 })) requestAnimationFrame(follow);
  }, { signal });
  transport.onChange(draw);
  signal.addEventListener("abort", () => transport.close());
  let last = "";
  const update = (music, words) => {
    const text = JSON.stringify(music);
    if (text === last) return;
    last = text;
    const whole = completeMusic(music);
    transport.setMusic(whole);
    strip.draw(whole, words);
  };
  return { element, update };
};

export const createDesk = ({ model, act, signal }) => {
  const summary = make("p", { class: "dc-summary" });
  const preview = createPreview({ model, signal });
  const said = make("ul", { class: "dc-sentences" });

  const lower = textButton("−", "dc-small", "Move the melody down a semitone");
  const higher = textButton("+", "dc-small", "Move the melody up a semitone");
  const shift = make("output", { class: "dc-value dc-shift" });
  const tempo = makeInput("number", { min: 10, max: 400, step: 1, ...PYTHON });
  const rhythm = makeSelect(PYTHON);
  const bars = makeSelect(PYTHON);
  const edit = textButton("Edit the notes");
  const undo = textButton("Undo", "", "Undo the last change of the melody");
  const redo = textButton("Redo", "", "Redo the change of the melody");
  [lower, higher, edit, undo, redo].forEach((button) =>
    button.setAttribute("data-needs-python", ""));
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
