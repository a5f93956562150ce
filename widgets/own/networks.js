// Parts 2 and 3 of the form: the two networks with all that can be turned on them, and how
// long they learn.

import { make } from "../shared/dom.js";
import { field, makeCards, makeHeading, makeInput, makeSelect, numberText, setValue }
  from "../shared/form.js";
import { makeFold, setOptions, setText } from "../shared/parts.js";

/** One setting: a slider, a typed number, or a menu, with a sentence about it. */
const createSetting = (setting, { act, signal }) => {
  const { name, title, meaning, low, high, step, choices } = setting;
  const isSlider = step > 0;
  let control = makeSelect();
  if (!choices.length) {
    control = makeInput(isSlider ? "range" : "number",
      { min: isSlider ? low : 0, max: high, step: isSlider ? step : "any" });
  }
  const value = make("output", { class: "dc-value" });
  const element = field(title, control, { className: "dc-setting", words: meaning });
  if (isSlider) control.after(value);
  const say = () => setText(value, numberText(control.value));
  control.addEventListener("input", say, { signal });
  control.addEventListener("change", () => act("turn", { name,
    value: choices.length ? control.value : Number(control.value) }), { signal });
  const update = (now) => {
    if (choices.length) setOptions(control, choices.map((one) => [one, one]), now.value);
    else {
      if (isSlider && now.value > Number(control.max)) control.max = now.value;
      setValue(control, numberText(now.value));
      say();
    }
    element.classList.toggle("dc-changed", now.is_changed);
  };
  return { element, update };
};

export const createNetworks = ({ act, signal }) => {
  const networks = makeCards({ label: "What is trained", signal,
    choose: (network) => act("choose_network", { network }) });
  const sizes = makeCards({ label: "Size of the networks", signal,
    choose: (size) => act("choose_size", { size }) });
  const settings = new Map();
  const grid = make("div", { class: "dc-settings" });
  const element = make("section", { class: "dc-part", "aria-label": "Networks" },
    makeHeading("B", "Networks").element, networks.element, make("p", { class: "dc-soft",
      text: "and how large, with settings to begin with:" }), sizes.element,
    makeFold("Everything that can be turned: widths, rates and more", grid));
  const update = (view) => {
    networks.update(view.networks.map(({ name, title, summary }) => [name, title, summary]),
      view.network);
    sizes.update(view.sizes.map(({ name, summary }) => [name, name, summary]), view.size);
    view.settings.forEach((setting) => {
      if (!settings.has(setting.name)) {
        settings.set(setting.name, createSetting(setting, { act, signal }));
        grid.append(settings.get(setting.name).element);
      }
      settings.get(setting.name).update(setting);
    });
    const names = view.settings.map(({ name }) => name);
    settings.forEach(({ element: one }, name) => { one.hidden = !names.includes(name); });
  };
  return { element, update };
};

export const createLength = ({ act, signal }) => {
  const on = (control, action) => control.addEventListener("change", action, { signal });
  const steps = makeInput("number", { min: 1, step: 1 });
  const epochs = makeInput("number", { min: 0, step: "any", placeholder: "after Look" });
  const melody = makeSelect();
  const seed = makeInput("number", { min: 0, max: 4294967295, step: 1 });
  const name = makeInput("text", { maxlength: 40, spellcheck: "false" });
  on(steps, () => act("set_length", { unit: "steps", value: steps.value }));
  on(epochs, () => act("set_length", { unit: "epochs", value: epochs.value }));
  on(melody, () => act("choose_melody", { melody: melody.value }));
  on(seed, () => act("set_seed", { seed: seed.value }));
  on(name, () => act("set_name", { name: name.value }));
  const element = make("section", { class: "dc-part", "aria-label": "Training" },
    makeHeading("C", "Training").element, make("div", { class: "dc-fields" },
      field("Generator steps", steps), field("or epochs", epochs),
      field("Melody to hear meanwhile", melody), field("Seed", seed),
      field("Name of the network", name)));
  const update = (view) => {
    setText(steps.parentElement.querySelector("label"), view.steps);
    melody.parentElement.hidden = view.melodies.length === 0;
    setValue(steps, view.n_steps);
    setValue(epochs, view.epochs);
    setOptions(melody, view.melodies, view.melody);
    setValue(seed, view.seed);
    setValue(name, view.name);
  };
  return { element, update };
};
