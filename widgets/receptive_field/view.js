// The looks of ReceptiveField: sliders, three lengths, the stack, what it means in words.

import { offerSlider } from "../shared/controls.js";
import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { listenTo, onKernelLost, saveTraits } from "../shared/link.js";
import { setText } from "../shared/parts.js";
import { countPaths, countText, dilationsOf, extraOf, fieldOf, formulaText, inputText, kindsOf, lengthsOf,
  MOST_COUNTED, musicText, plainText, rowsOnPath, rowsReached, ruleText, shortText }
  from "./field.js";
import { createHearing } from "./hear.js";
import { createTree } from "./tree.js";

const LOST = "The kernel is gone: everything here goes on, but Python no longer hears of it.";
const HEAR = "Hear four beats, and a tone as long as the field";
const TOO_LONG = "More than 100,000 inputs: the field is told in numbers, not drawn.";
const SLIDERS = [["n_layers", "Layers of a block", 1, 10], ["kernel", "Kernel (taps)", 2, 4],
  ["factor", "Dilation factor", 1, 4], ["n_blocks", "Blocks", 1, 16],
  ["tempo", "Tempo (beats a minute)", 20, 300]];
const RATES = [8000, 16000, 22050, 44100];
const CLOSE_FROM = 48; // columns; fewer need no close view

const makeSlider = (name, label, min, max) => {
  const input = make("input", { type: "range", min, max, step: 1, "aria-label": label,
    ...NO_SHORTCUTS });
  const text = make("output", { class: "dc-amount" });
  const element = make("label", { class: "dc-slider" },
    make("span", { class: "dc-label", text: label }), input, text);
  return { name, label, input, text, element };
};

const makeLength = (unit) => {
  const number = make("span", { class: "dc-number" });
  const words = make("span", { class: "dc-unit", text: unit });
  return { number, words, element: make("p", { class: "dc-length" }, number, words) };
};

/** Build the widget in `el`; returns how to take it down. */
export const showField = ({ model, el, sound }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const get = (name) => model.get(name);
  const save = (values) => saveTraits(model, values);
  const stackNow = () => Object.fromEntries(["n_layers", "kernel", "factor", "n_blocks"]
    .map((name) => [name, get(name)]));
  let isLost = false;
  let known = { name: "" }; // what was computed of the stack that is shown

  // --- what there is to see
  const sliders = SLIDERS.map((row) => makeSlider(...row));
  const rate = make("select", { class: "dc-select", "aria-label": "Sample rate", ...NO_SHORTCUTS },
    ...RATES.map((value) => make("option", { value, text: `${value / 1000} kHz` })));
  const lag = makeSlider("lag", "Input (samples back)", 0, 0);
  const output = makeSlider("output", "Output (before the newest)", 0, 0);
  const samples = makeLength("samples");
  const milliseconds = makeLength("ms");
  const beats = makeLength("beats");
  const hear = makeButton("dc-play dc-hear", "Hear it", HEAR);
  const close = makeButton("dc-close", "Close up", "Show the newest 40 columns only");
  const tree = createTree({ signal, onInput: (next) => save({ lag: next }),
    onOutput: (next) => save({ output: next }) });
  const legend = make("p", { class: "dc-legend" },
    make("span", { text: "● reaches the output" }), make("span", { text: "■ on a path to the input" }),
    make("span", { text: "○ does not reach it" }),
    make("span", { class: "dc-one", text: "▮ one path" }),
    make("span", { class: "dc-many", text: "▮ several paths" }),
    make("span", { class: "dc-gap", text: "✕ none: a gap" }));
  const formula = make("p", { class: "dc-formula" });
  const rule = make("p", { class: "dc-rule" });
  const music = make("p", { class: "dc-music" });
  const status = make("p", { class: "dc-status", role: "status" });
  const root = make("div", { class: "dc-widget dc-receptive_field", role: "group",
    "aria-label": "Receptive field", ...NO_SHORTCUTS },
  make("div", { class: "dc-sliders" }, ...sliders.map(({ element }) => element),
    make("label", { class: "dc-slider" }, make("span", { class: "dc-label", text: "Sample rate" }),
      rate)),
  make("div", { class: "dc-tools dc-lengths" }, samples.element, milliseconds.element,
    beats.element, hear, close),
  formula, tree.element, legend,
  make("div", { class: "dc-sliders" }, lag.element, output.element),
  rule, music, make("div", { class: "dc-foot" }, status));

  // --- drawing
  const compute = () => {
    const stack = stackNow();
    const name = JSON.stringify(stack);
    if (name === known.name) return;
    if (fieldOf(stack) > MOST_COUNTED) {
      known = { name, stack };
      return;
    }
    const counts = countPaths(stack);
    known = { name, stack, counts, kinds: kindsOf(counts), reached: rowsReached(stack) };
  };

  const drawWords = () => {
    const { stack, kinds, counts } = known;
    formula.textContent = `Field: ${formulaText(stack)}. ${plainText(stack)}`;
    rule.textContent = ruleText(stack, kinds);
    music.textContent = musicText(stack, { sample_rate: get("sample_rate"), tempo: get("tempo") });
    const about = inputText(stack, get("lag"), counts);
    const text = isLost ? LOST : counts ? about : `${TOO_LONG} ${about}`;
    setText(status, text);
    tree.say(`Stack of ${dilationsOf(stack).length} layers over ${countText(fieldOf(stack))} `
      + `inputs. ${about} Arrow keys choose another input, Page Up and Page Down the output.`);
  };

  const drawLengths = () => {
    const found = lengthsOf(known.stack, { sample_rate: get("sample_rate"), tempo: get("tempo") });
    samples.number.textContent = countText(found.field);
    milliseconds.number.textContent = shortText(found.milliseconds);
    milliseconds.words.textContent = `ms at ${get("sample_rate") / 1000} kHz`;
    beats.number.textContent = shortText(found.beats);
    beats.words.textContent = `beats at ${get("tempo")} a minute`;
  };

  const drawSliders = () => {
    sliders.forEach(({ name, input, text }) => {
      input.value = get(name);
      text.textContent = get(name);
    });
    rate.value = String(get("sample_rate"));
    const { stack, reached } = known;
    [lag, output].forEach(({ element }) => { element.hidden = !reached; });
    close.hidden = !reached || fieldOf(stack) < CLOSE_FROM;
    close.setAttribute("aria-pressed", String(get("is_close")));
    legend.hidden = !reached;
    if (!reached) return;
    const { low, high } = tree.limits();
    Object.assign(lag.input, { min: low, max: high });
    lag.input.value = get("lag");
    lag.text.textContent = countText(get("lag"));
    Object.assign(output.input, { min: 0, max: tree.extra() });
    output.input.value = get("output");
    output.text.textContent = countText(get("output"));
  };

  const draw = () => {
    compute();
    const { stack, counts, reached } = known;
    if (reached) {
      const path = `${get("lag")}`;
      if (known.path !== path) {
        Object.assign(known, { path, onPath: rowsOnPath(stack, get("lag"), reached) });
      }
    }
    tree.show({ stack, counts, reached, onPath: known.onPath, lag: get("lag"),
      output: Math.min(get("output"), extraOf(fieldOf(stack))), isClose: get("is_close") && fieldOf(stack) >= CLOSE_FROM });
    drawSliders();
    drawLengths();
    drawWords();
  };

  const hearing = createHearing({ sound, onChange: (isPlaying) => {
    showPlaying(hear, isPlaying, { play: ["Hear it", HEAR], stop: ["Stop", "Stop the sound"],
      icon: "dc-stop" });
  } });

  // --- what a hand may do
  /** Set part of the stack; the input and the output stay within what is drawn. */
  const change = (values) => {
    const field = fieldOf({ ...stackNow(), ...values });
    save({ ...values, output: 0, lag: Math.min(Math.max(0, get("lag")), field - 1) });
  };
  sliders.forEach(({ name, input }) => input.addEventListener("input", () => {
    const value = { [name]: Number(input.value) };
    if (name === "tempo") save(value);
    else change(value);
  }, { signal }));
  rate.addEventListener("change", () => save({ sample_rate: Number(rate.value) }), { signal });
  lag.input.addEventListener("input", () => save({ lag: Number(lag.input.value) }), { signal });
  output.input.addEventListener("input", () => save({ output: Number(output.input.value) }),
    { signal });
  close.addEventListener("click", () => save({ is_close: !get("is_close") }), { signal });
  hear.addEventListener("click", () => {
    if (hearing.isPlaying()) hearing.stop();
    else hearing.play(fieldOf(stackNow()) / get("sample_rate"), get("tempo"));
  }, { signal });

  // --- what Python says
  let frame = 0;
  const drawSoon = () => { // several traits of one stroke are drawn once
    if (!frame) frame = requestAnimationFrame(() => { frame = 0; draw(); });
  };
  const names = ["n_layers", "kernel", "factor", "n_blocks", "sample_rate", "tempo", "lag",
    "output", "is_close"];
  const forgetNews = listenTo(model,
    Object.fromEntries(names.map((name) => [`change:${name}`, drawSoon])));
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    drawWords();
  });
  const withdraw = sliders.map(({ name, label, input }) =>
    offerSlider(input, { name: `field-${name}`, label: `Receptive field: ${label}` }));

  el.append(root);
  draw();
  return () => {
    teardown.abort();
    cancelAnimationFrame(frame);
    forgetKernel();
    hearing.close();
    tree.close();
    withdraw.forEach((end) => end());
    forgetNews();
    root.remove();
  };
};
