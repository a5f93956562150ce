// The panel behind More: pedal and touch, scale, chords, arpeggiator, time, takes.

import { NO_SHORTCUTS, make, makeButton } from "../shared/dom.js";
import { saveTraits } from "../shared/link.js";
import { ARP_ORDERS, ARP_RATES } from "./arpeggiator.js";
import { CHORD_KINDS } from "./chords.js";
import { SCALES, tonicNames } from "./scale.js";
import { GRIDS } from "./take_math.js";

const SLOWEST = 20; // BPM
const FASTEST = 300;
const BAR_CHOICES = [1, 2, 4, 8, 16];

const bars = (n) => `${n} ${n === 1 ? "bar" : "bars"}`;

const makeSelect = (label, rows) => make("select", { class: "dc-select dc-small",
  "aria-label": label, title: label, ...NO_SHORTCUTS },
...rows.map(([value, text]) => make("option", { value, text })));

const makeRange = (label, min, max) => make("input", { type: "range", min, max,
  class: "dc-range-small", "aria-label": label, title: label, ...NO_SHORTCUTS });

const makeNumber = (label, min, max) => make("input", { type: "number", min, max, step: 1,
  class: "dc-number", "aria-label": label, title: label, ...NO_SHORTCUTS });

/** @returns {element, draw}; `draw` shows what the model holds */
export const showPanel = ({ model, piano, signal }) => {
  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  const set = (name, value) => saveTraits(model, { [name]: value });
  const drawn = []; // how to show each control's trait

  /** A button that is pressed while a trait is true. */
  const toggle = (name, text, label, action = () => set(name, !model.get(name))) => {
    const button = makeButton("dc-toggle", text, label);
    on(button, "click", action);
    drawn.push(() => button.setAttribute("aria-pressed", String(model.get(name))));
    return button;
  };
  const press = (text, label, action) => {
    const button = makeButton("dc-press", text, label);
    on(button, "click", action);
    return button;
  };
  /** A control for a trait; `to` and `from` turn the trait into its text and back. */
  const bound = (control, name, { to = String, from = (text) => text, type = "change" } = {}) => {
    on(control, type, () => set(name, from(control.value)));
    drawn.push(() => { control.value = to(model.get(name)); });
    return control;
  };
  const choice = (label, name, rows, options) =>
    bound(makeSelect(label, rows), name, options);
  const number = { from: Number };
  const percent = { to: (share) => Math.round(100 * share),
    from: (text) => Number(text) / 100, type: "input" };
  const named = (text, control) =>
    make("label", { class: "dc-named" }, make("span", { text }), control);
  const row = (label, ...children) =>
    make("div", { class: "dc-row", role: "group", "aria-label": label }, ...children);

  // --- scale lock: one trait, "C# minor", by two menus
  const tonic = makeSelect("Key note of the scale", tonicNames().map((name) => [name, name]));
  const kind = makeSelect("Kind of scale", Object.keys(SCALES).map((name) => [name, name]));
  [tonic, kind].forEach((menu) =>
    on(menu, "change", () => set("scale", `${tonic.value} ${kind.value}`)));
  drawn.push(() => {
    const [first, ...rest] = model.get("scale").split(" ");
    [tonic.value, kind.value] = [first, rest.join(" ")];
  });

  // --- tempo: what is typed may be no tempo
  const tempo = makeNumber("Tempo in beats a minute", SLOWEST, FASTEST);
  on(tempo, "change", () => {
    const typed = Number(tempo.value);
    if (typed > 0) set("tempo", Math.min(FASTEST, Math.max(SLOWEST, typed)));
    draw();
  });
  drawn.push(() => {
    if (document.activeElement !== tempo) tempo.value = Math.round(model.get("tempo"));
  });

  // --- takes
  const nBars = makeSelect("Bars to keep", BAR_CHOICES.map((n) => [n, bars(n)]));
  nBars.value = 4;
  const firstBar = makeNumber("First bar to keep", 1, 999);
  firstBar.value = 1;
  const undo = press("Undo", "Undo", () => piano.undo());
  const redo = press("Redo", "Redo what was undone", () => piano.redo());
  const tidy = press("Tidy rhythm", "Move the take to the beat", () => piano.tidy());
  const trim = press("Trim", "Keep only these bars of the take", () =>
    piano.trim(Number(nBars.value), Math.max(1, Math.round(Number(firstBar.value)) || 1)));
  drawn.push(() => {
    const isIdle = !piano.isRecording();
    const hasTake = isIdle && piano.take().events.length > 0;
    undo.disabled = !isIdle || !piano.canUndo();
    redo.disabled = !isIdle || !piano.canRedo();
    tidy.disabled = trim.disabled = !hasTake;
  });

  const grids = Object.keys(GRIDS).map((name) => [name, name.replace("T", " triplet")]);
  const element = make("div", { class: "dc-panel", role: "group", "aria-label": "More controls" },
    row("Pedal and touch",
      toggle("sustain", "Sustain", "Sustain pedal (or hold the key beside 1)",
        () => piano.sustain(!model.get("sustain"))),
      choice("Touch of mouse and fingers", "touch",
        [["place", "soft to loud"], ["fixed", "all alike"]]),
      named("Typed", bound(makeRange("Touch of the computer keys", 1, 127), "velocity",
        { ...number, type: "input" }))),
    row("Scale lock",
      toggle("scale_lock", "Scale lock", "Only notes of the scale sound",
        () => piano.button("scale_lock")),
      tonic, kind,
      press("Guess", "Guess the key from what was played or loaded", () => piano.guessKey())),
    row("Auto-chord",
      toggle("auto_chord", "Auto-chord", "A chord on each key", () => piano.button("chord")),
      choice("Kind of chord", "chord_kind", CHORD_KINDS.map((name) => [name, name]))),
    row("Arpeggiator",
      toggle("arpeggiator", "Arpeggiator", "Held notes one after another",
        () => piano.button("arpeggiator")),
      choice("Order of the arpeggio", "arp_order",
        ARP_ORDERS.map((name) => [name, name === "played" ? "as played" : name])),
      choice("Speed of the arpeggio", "arp_rate", Object.keys(ARP_RATES)
        .map((name) => [name, name.replace("T", " tripl.")])),
      choice("Octaves of the arpeggio", "arp_octaves",
        [[1, "1 oct."], [2, "2 oct."], [3, "3 oct."]], number)),
    row("Metronome and tempo",
      toggle("metronome", "Metronome", "Metronome",
        () => piano.setMetronome(!model.get("metronome"))),
      named("Tempo", tempo),
      press("Tap", "Tap the tempo (or the key 1)", (event) => piano.tap(event.timeStamp)),
      choice("Beats in a bar", "beats_per_bar",
        [2, 3, 4, 5, 6, 7].map((n) => [n, `${n} beats`]), number),
      choice("Count-in before a recording with the metronome", "count_in",
        [0, 1, 2, 3, 4].map((n) => [n, n ? `count in ${bars(n)}` : "no count-in"]), number),
      named("Click", bound(makeRange("Loudness of the metronome", 0, 100), "click_volume",
        percent))),
    row("Rhythm assist", tidy,
      choice("Grid of the rhythm assist", "rhythm_grid", grids),
      named("Strength", bound(makeRange("Strength of the rhythm assist", 0, 100),
        "rhythm_strength", percent)),
      toggle("rhythm_assist", "Always", "Rhythm assist after each recording")),
    row("Trim", trim, nBars, named("from bar", firstBar)),
    row("Takes", undo, redo, choice("Let a recording stop by itself", "max_bars", [[0, "no limit"],
        ...BAR_CHOICES.map((n) => [n, `stop after ${bars(n)}`])], number)));

  const draw = () => {
    element.hidden = !model.get("show_panel");
    drawn.forEach((show) => show());
  };

  return { element, draw };
};
