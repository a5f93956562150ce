// A labelled control for each value, and a sentence on what was made of them.

import { offerSlider } from "../shared/controls.js";
import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { listenTo, onKernelLost, saveTraits } from "../shared/link.js";
import { setOptions, setText } from "../shared/parts.js";
import { asText, digitsOf } from "./numbers.js";

const LOST = "The kernel is gone: the sliders move, but nothing new is made. Run the cell "
  + "again.";

const makeSlider = ({ name, label, least, most, step }, values) => {
  const digits = digitsOf(step);
  const input = make("input", { type: "range", min: least, max: most, step,
    "aria-label": label, ...NO_SHORTCUTS });
  const amount = make("span", { class: "dc-amount", "aria-hidden": "true" });
  const write = () => {
    amount.textContent = asText(Number(input.value), digits);
    input.setAttribute("aria-valuetext", amount.textContent);
  };
  const draw = () => {
    input.value = values()[name];
    write();
  };
  const element = make("label", { class: "dc-group dc-slider" },
    make("span", { class: "dc-label", text: label }), input, amount);
  return { name, label, input, element, draw, write, isSlider: true,
    read: () => Number(input.value) };
};

const CONTROLS = {
  choice: ({ choices }) => {
    const menu = make("select", { class: "dc-select" });
    setOptions(menu, choices.map((choice) => [choice, choice]), choices[0]);
    return menu;
  },
  flag: () => make("input", { type: "checkbox" }),
  text: () => make("input", { type: "text", class: "dc-text", maxlength: "200" }),
};

/** A menu, a box to tick or a field: what no slider can set. */
const makeControl = (row, values) => {
  const { name, label, kind } = row;
  const input = CONTROLS[kind](row);
  Object.entries({ "aria-label": label, ...NO_SHORTCUTS }).forEach(([key, value]) =>
    input.setAttribute(key, value));
  const isFlag = kind === "flag";
  const draw = () => {
    if (isFlag) input.checked = values()[name];
    else if (input.value !== values()[name]) input.value = values()[name];
  };
  const element = make("label", { class: "dc-group dc-slider" },
    make("span", { class: "dc-label", text: label }), input);
  return { name, label, input, element, draw, write: () => {},
    read: () => (isFlag ? input.checked : input.value) };
};

const makeRow = (row, values) =>
  (row.kind === "number" ? makeSlider(row, values) : makeControl(row, values));

/** Build the widget in `el`; returns how to take it down. */
export const showSliders = ({ model, el }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  let isLost = false;
  const values = () => model.get("values");
  const sliders = model.get("sliders").map((row) => makeRow(row, values));
  const status = make("p", { class: "dc-status", role: "status" });
  const root = make("div", { class: "dc-widget dc-sliders", role: "group",
    "aria-label": model.get("label") },
  make("div", { class: "dc-rows" }, ...sliders.map(({ element }) => element)),
  make("div", { class: "dc-foot" }, status));

  const drawStatus = () => {
    const text = isLost ? LOST : model.get("status");
    setText(status, text);
    root.classList.toggle("dc-busy", model.get("is_making") && !isLost);
  };
  const draw = () => {
    sliders.forEach((slider) => slider.draw());
    drawStatus();
  };

  // While it moves only the number follows; the music is made when the hand lets go.
  sliders.forEach(({ name, input, write, read }) => {
    input.addEventListener("input", write, { signal });
    input.addEventListener("change", () => {
      write();
      saveTraits(model, { values: { ...values(), [name]: read() } });
    }, { signal });
  });

  const news = { "change:values": draw, "change:status": drawStatus,
    "change:is_making": drawStatus };
  const forgetNews = listenTo(model, news);
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    drawStatus();
  });
  const withdraw = sliders.filter(({ isSlider }) => isSlider).map(({ name, label, input }) =>
    offerSlider(input, { name: `sliders-${name}`, label: `Sliders: ${label}` }));

  el.append(root);
  draw();
  return () => {
    teardown.abort();
    forgetKernel();
    withdraw.forEach((end) => end());
    forgetNews();
    root.remove();
  };
};
