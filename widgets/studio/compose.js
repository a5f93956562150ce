// Step 2: which style, and what else can be turned; each control shows the code it turns.

import { offerButton, offerSlider } from "../shared/controls.js";
import { make } from "../shared/dom.js";
import { field, makeCards, makeHeading, makeInput, makeProgress, makeSelect, numberText,
  setSentences, textButton } from "../shared/form.js";
import { makeFold, setOptions, setText } from "../shared/parts.js";
import { createCode } from "./code.js";
import { stepOf } from "./logic.js";

/** A parameter's control: a box to tick, a menu of words, a field, or a slider. */
const makeControl = (parameter) => {
  const { kind, choices, low, high } = parameter;
  if (kind === "bool") return makeInput("checkbox");
  if (kind !== "str") {
    return makeInput("range", { min: low, max: high, step: stepOf(parameter) });
  }
  if (!choices.length) {
    return makeInput("text", { class: "dc-text", maxlength: "200",
      placeholder: parameter.example });
  }
  const menu = makeSelect();
  setOptions(menu, choices.map((choice) => [choice, choice]), choices[0]);
  return menu;
};

/** One parameter: its control, its value, what it does, and the code that it turns. */
const createParameter = (parameter, { act, signal }) => {
  const { name, title, meaning, kind } = parameter;
  const isFlag = kind === "bool";
  const isNumber = !isFlag && kind !== "str";
  const control = makeControl(parameter);
  const value = make("output", { class: "dc-value" });
  const code = createCode(title);
  const row = field(title, control, { className: isNumber ? "dc-slider" : "dc-flag" });
  control.setAttribute("aria-describedby", code.describe);
  row.append(...(isNumber ? [value] : []), code.button);
  const element = make("div", { class: "dc-parameter" }, row,
    make("p", { class: "dc-soft dc-meaning", id: code.describe, text: meaning }), code.element);
  const say = () => setText(value, isNumber ? numberText(control.value) : "");
  const chosen = () => (isNumber ? Number(control.value) : control.value);
  control.addEventListener("input", say, { signal });
  control.addEventListener("change", () => act("turn", { name,
    value: isFlag ? control.checked : chosen() }), { signal });
  code.button.addEventListener("click", () => code.toggle(), { signal });
  const update = (now) => {
    if (isFlag) control.checked = Boolean(now.value);
    else if (control.type !== "text" || document.activeElement !== control) control.value = now.value;
    say();
    code.update(now.code);
  };
  // A knob of a MIDI keyboard can be taught to turn it.
  const withdraw = isNumber
    ? offerSlider(control, { name: `studio.${name}`, label: `${title} (studio)` }) : () => {};
  return { element, update, withdraw };
};

export const createCompose = ({ act, signal }) => {
  const { element: heading, aside } = makeHeading(2, "Compose");
  const genres = makeCards({ label: "Style", signal,
    choose: (name) => act("choose_genre", { name }) });
  const compose = textButton("Compose", "dc-primary");
  const again = textButton("Try again", "", "Try again with another seed");
  const cancel = textButton("Cancel");
  const progress = makeProgress("Composing");
  const technique = makeSelect();
  const origin = makeSelect();
  const seed = makeInput("number", { min: 0, max: 4294967295, step: 1 });
  const parameters = make("div", { class: "dc-parameters" });
  const about = make("p", { class: "dc-soft" });
  const limits = make("ul", { class: "dc-sentences" });
  const turned = new Map(); // name -> parameter
  let drawn = ""; // which parameters, with their ranges

  const element = make("div", { class: "dc-panel" }, heading,
    make("div", { class: "dc-fields" }, field("Technique", technique)), about,
    genres.element, limits,
    make("div", { class: "dc-row" }, compose, again, cancel, progress.element),
    makeFold("More: seed, sliders and the code behind them",
      make("div", { class: "dc-fields" }, field("Start from", origin), field("Seed", seed)),
      parameters));

  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  on(compose, "click", () => act("compose"));
  on(again, "click", () => act("try_again"));
  on(cancel, "click", () => act("cancel"));
  on(technique, "change", () => act("choose_technique", { name: technique.value }));
  on(origin, "change", () => act("start_from", { id: origin.value || null }));
  on(seed, "change", () => act("set_seed", { seed: Number(seed.value) }));

  const withdrawn = [[compose, "compose", "Compose"], [again, "again", "Try again"]]
    .map(([button, name, label]) =>
      offerButton(button, { name: `studio.${name}`, label: `${label} (studio)` }));
  signal.addEventListener("abort", () => {
    withdrawn.forEach((withdraw) => withdraw());
    turned.forEach(({ withdraw }) => withdraw());
  });

  const update = (view) => {
    setText(aside, view.aside ?? "");
    genres.update(view.genres.map(({ name, title, summary }) => [name, title, summary]),
      view.genre);
    setOptions(technique, view.techniques.map(({ name, title }) => [name, title]),
      view.technique);
    setOptions(origin, view.origins.map(({ id, title }) => [id ?? "", title]),
      view.origin ?? "");
    setText(about, view.about ?? "");
    if (document.activeElement !== seed) seed.value = view.seed;
    const shown = view.parameters.map(({ name, low, high, meaning }) =>
      [name, low, high, meaning].join());
    if (shown.join() !== drawn) {
      drawn = shown.join();
      turned.forEach(({ withdraw }) => withdraw());
      turned.clear();
      view.parameters.forEach((parameter) =>
        turned.set(parameter.name, createParameter(parameter, { act, signal })));
      parameters.replaceChildren(...[...turned.values()].map((one) => one.element));
    }
    view.parameters.forEach((parameter) => turned.get(parameter.name).update(parameter));
    progress.update(view.busy);
    const isBusy = Boolean(view.busy);
    compose.disabled = isBusy;
    again.disabled = isBusy;
    again.hidden = !view.can_try_again;
    cancel.hidden = !isBusy;
    setSentences(limits, view.limits ?? []);
  };
  return { label: "Step 2: compose", element, update };
};
