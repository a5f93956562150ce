// The menus and sliders of the game's settings.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { amountWords, fromPosition, isOfUse, LABELS, MENUS, SLIDERS, toPosition, WORDS }
  from "./settings.js";

/** @param get, save the widget's traits; `config` holds all settings */
export const createSettings = ({ get, save, signal }) => {
  const set = (name, value) => save({ config: { ...get("config"), [name]: value } });

  const menus = MENUS.map((name) => {
    const menu = make("select", { class: "dc-select", "aria-label": LABELS[name],
      ...NO_SHORTCUTS }, ...get("choices")[name].map((value) =>
      make("option", { value, text: WORDS[value] ?? value })));
    menu.addEventListener("change", () => set(name, menu.value), { signal });
    return { name, menu, element: make("label", { class: "dc-group dc-grow" },
      make("span", { class: "dc-label", text: LABELS[name] }), menu) };
  });

  const sliders = SLIDERS.map((slider) => {
    const { name, least, most, step } = slider;
    const input = make("input", { type: "range", min: least, max: most, step,
      "aria-label": LABELS[name], ...NO_SHORTCUTS });
    const amount = make("span", { class: "dc-amount", "aria-hidden": "true" });
    const write = () => {
      amount.textContent = amountWords(fromPosition(slider, Number(input.value)));
      input.setAttribute("aria-valuetext", amount.textContent);
    };
    input.addEventListener("input", write, { signal });
    input.addEventListener("change", () =>
      set(name, fromPosition(slider, Number(input.value))), { signal });
    const draw = () => {
      const position = toPosition(slider, get("config")[name]);
      input.value = Math.min(most, Math.max(least, position));
      write();
      amount.textContent = amountWords(get("config")[name]);
      element.hidden = !isOfUse(name, get("config"));
    };
    const element = make("label", { class: "dc-slider" },
      make("span", { class: "dc-label", text: LABELS[name] }), input, amount);
    return { name, label: LABELS[name], input, element, draw };
  });

  const pace = make("input", { type: "range", min: 1, max: 100, step: 1,
    "aria-label": "Steps for each picture", ...NO_SHORTCUTS });
  const paceAmount = make("span", { class: "dc-amount", "aria-hidden": "true" });
  pace.addEventListener("input", () => { paceAmount.textContent = pace.value; }, { signal });
  pace.addEventListener("change", () => save({ steps_per_picture: Number(pace.value) }),
    { signal });
  const drawPace = () => {
    pace.value = get("steps_per_picture");
    paceAmount.textContent = pace.value;
  };
  const paceRow = { name: "pace", label: "steps for each picture", input: pace,
    element: make("label", { class: "dc-slider" },
      make("span", { class: "dc-label", text: "Steps a picture" }), pace, paceAmount),
    draw: drawPace };

  const all = [...sliders, paceRow];
  return {
    menus: menus.map(({ element }) => element),
    sliders: all.map(({ element }) => element),
    inputs: all.map(({ name, label, input }) => ({ name, label, input })),
    draw: () => {
      menus.forEach(({ name, menu }) => { menu.value = get("config")[name]; });
      all.forEach(({ draw }) => draw());
    },
  };
};
