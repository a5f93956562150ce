// What the network is asked for: a menu, sliders, Go.

import { offerButton, offerSlider } from "../shared/controls.js";
import { make, makeButton, NO_SHORTCUTS } from "../shared/dom.js";
import { setOptions } from "../shared/parts.js";
import { focusedNear, keepFocus } from "./focus.js";

const range = (from, to, step) =>
  Array.from({ length: (to - from) / step }, (_, i) => from + i * step);
// A few notes more or less matter where there are few.
const NOTES = [...range(0, 20, 1), ...range(20, 100, 5), ...range(100, 1001, 50)];
const SLIDERS = [
  { name: "max_added", label: "Notes it may add", values: NOTES, step: 1, unit: "" },
  { name: "max_removed", label: "It may take away", min: 0, max: 100, step: 1, unit: " %" },
  { name: "iterations", label: "Iterations", min: 1, max: 256, step: 1, unit: "" },
  { name: "temperature", label: "Creative risk", min: 0.1, max: 3, step: 0.05, unit: "" },
];

/** Where a value lies in a list of values, or next below. */
const placeIn = (values, value) => Math.max(0, values.findLastIndex((one) => one <= value));

/** @param values what the slider goes through; without them it goes from min to max */
const makeSlider = ({ name, label, values, min = 0, max = values?.length - 1, step, unit },
  { get, save, signal }) => {
  const input = make("input", { type: "range", min, max, step, "aria-label": label, title: label,
    "data-wish": name, ...NO_SHORTCUTS });
  const text = make("span", { class: "dc-value" });
  const words = (number) => `${step < 1 ? number.toFixed(2) : number}${unit}`;
  const value = () => (values ? values[Number(input.value)] : Number(input.value));
  const draw = () => {
    input.value = values ? placeIn(values, get(name)) : get(name);
    text.textContent = words(get(name));
    input.setAttribute("aria-valuetext", words(get(name)));
  };
  input.addEventListener("input", () => {
    text.textContent = words(value());
    save({ [name]: value() });
  }, { signal });
  const element = make("label", { class: "dc-slider" },
    make("span", { class: "dc-label", text: label }), input, text);
  return { element, input, draw };
};

/** @returns {element, draw} */
export const createWish = ({ session, signal }) => {
  const { get, save, ask } = session;
  const parts = { get, save, signal };
  const mode = make("select", { class: "dc-select dc-mode", "aria-label": "What it does",
    title: "What it does", ...NO_SHORTCUTS });
  const go = makeButton("dc-go dc-primary", "Go", "Go: let the network edit what is not locked");
  const cancel = makeButton("dc-cancel", "Cancel");
  const undo = makeButton("dc-undo", "Undo");
  const redo = makeButton("dc-redo", "Redo");
  const sliders = SLIDERS.map((one) => makeSlider(one, parts));
  const nBars = make("input", { type: "number", class: "dc-number", min: 1, max: 16, step: 1,
    "aria-label": "New bars", ...NO_SHORTCUTS });
  const nBarsLabel = make("label", { class: "dc-group dc-n-bars" },
    make("span", { class: "dc-label", text: "New bars" }), nBars);
  const seed = make("input", { type: "number", class: "dc-number", min: 0, step: 1,
    "aria-label": "Seed", ...NO_SHORTCUTS });
  const other = makeButton("dc-other", "New chance", "New chance: another seed");
  const parallels = make("input", { type: "checkbox", ...NO_SHORTCUTS });
  const progress = make("progress", { class: "dc-progress", max: 1, "aria-label": "Progress" });
  const element = make("div", { class: "dc-wish" },
    make("div", { class: "dc-tools", role: "toolbar", "aria-label": "The network's work" },
      mode, nBarsLabel, make("div", { class: "dc-group" }, go, cancel), progress,
      make("div", { class: "dc-group" }, undo, redo)),
    make("div", { class: "dc-sliders" }, ...sliders.map((slider) => slider.element)),
    make("div", { class: "dc-tools dc-more" },
      make("label", { class: "dc-group" }, parallels,
        make("span", { class: "dc-label", text: "No parallel fifths and octaves" })),
      make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Seed" }), seed),
      other));

  const draw = () => {
    const active = focusedNear(go);
    setOptions(mode, get("modes"), get("mode"));
    sliders.forEach((slider) => slider.draw());
    parallels.checked = get("avoid_parallels");
    nBars.value = get("n_bars");
    seed.value = get("seed");
    nBarsLabel.hidden = get("mode") !== "continue";
    const isLost = session.lost() !== "";
    const isBusy = get("is_working") && !isLost;
    const isLooping = get("is_looping");
    go.disabled = isBusy || isLost || isLooping;
    cancel.hidden = !isBusy || isLooping;
    progress.hidden = !isBusy || isLooping;
    progress.value = get("progress");
    undo.disabled = isBusy || isLost || isLooping || !get("can_undo");
    redo.disabled = isBusy || isLost || isLooping || !get("can_redo");
    keepFocus(active, [[go, cancel], [cancel, go], [undo, redo], [redo, undo], [undo, mode], [go, mode]]);
  };
  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  on(mode, "change", () => save({ mode: mode.value }));
  on(nBars, "change", () => save({ n_bars: Math.min(16, Math.max(1, Math.round(nBars.value) || 1)) }));
  on(seed, "change", () => save({ seed: Math.min(2 ** 31 - 1, Math.max(0, Math.round(seed.value) || 0)) }));
  on(other, "click", () => save({ seed: get("seed") + 1 }));
  on(parallels, "change", () => save({ avoid_parallels: parallels.checked }));
  on(go, "click", () => {
    session.halt();
    session.transport.pause();
    ask({ kind: "go" });
  });
  on(cancel, "click", () => ask({ kind: "cancel" }));
  on(undo, "click", () => ask({ kind: "undo" }));
  on(redo, "click", () => ask({ kind: "redo" }));
  [offerButton(go, { name: "edit_desk.go", label: "Edit desk: Go" }),
    ...sliders.map(({ input }, i) => offerSlider(input, { name: `edit_desk.${SLIDERS[i].name}`,
      label: `Edit desk: ${SLIDERS[i].label.toLowerCase()}` }))]
    .forEach((withdraw) => signal.addEventListener("abort", withdraw));
  return { element, draw };
};
