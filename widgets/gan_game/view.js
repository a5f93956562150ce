// The looks of the game: menus and sliders, the plane or two rolls, sound, curves.

import { createChart } from "../shared/chart.js";
import { offerButton, offerSlider } from "../shared/controls.js";
import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { listenTo, onKernelLost, saveTraits, tellPython } from "../shared/link.js";
import { createListening } from "../shared/listening.js";
import { setText } from "../shared/parts.js";
import { ASLEEP } from "../shared/sound.js";
import { createBars } from "./bars.js";
import { createPlane } from "./plane.js";
import { createSettings } from "./sliders.js";
import { measuredRow, pictureWords } from "./settings.js";
import { probeWords } from "./landscape.js";

const LOST = "The kernel is gone: what is here can still be heard, but nothing trains any more. "
  + "Run the cell again.";
const FIRST = "Press Train. Triangles are generated, circles are real; the dashed line is where "
  + "the critic can't tell, and each triangle's line shows the way it is pulled.";
const FIRST_BARS = "Press Train, and listen: generated bars above, the data's below.";

/** Build the widget in `el`; returns how to take it down. */
export const showGame = ({ model, el, transport, sound }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const get = (name) => model.get(name);
  const save = (values) => saveTraits(model, values);
  let isLost = false;

  // --- what there is to see
  const train = makeButton("dc-play dc-train", "Train", "Train: the networks play on");
  const step = makeButton("dc-one", "One step", "One step: n_critic turns of the critic, one of the generator");
  const again = makeButton("dc-again", "Begin again", "Begin again with the same chance");
  const other = makeButton("dc-other", "New chance", "Begin again with another seed");
  const count = make("output", { class: "dc-step-count" });
  const settings = createSettings({ get, save, signal });
  const plane = createPlane({ onProbe: () => drawStatus(), signal });
  const bars = createBars({ transport, signal });
  const pull = makeButton("dc-pull", "Pull", "Show which way each point is pulled");
  const legend = make("p", { class: "dc-legend" },
    make("span", { class: "dc-real", text: "○ real" }),
    make("span", { class: "dc-made", text: "▲ generated" }),
    make("span", { text: "blue: taken for real" }), make("span", { text: "orange: seen through" }),
    make("span", { text: "┄ can't tell" }));
  const listening = createListening({ model, transport, sound, signal, sources: {
    fake: { text: "Generated", label: "Hear what is generated", music: () => get("music") },
    real: { text: "Data", label: "Hear the data", music: () => get("real").score },
  }, onTake: (source) => bars.setMusics({ fake: get("music"), real: get("real").score }, source) });
  const losses = createChart({ label: "Curves of the game", onPick: () => {}, signal });
  const metrics = createChart({ label: "What is generated, in numbers", onPick: () => {}, signal });
  const status = make("p", { class: "dc-status", role: "status" });
  const problem = make("p", { class: "dc-problem", role: "alert" });
  const root = make("div", { class: "dc-widget dc-gan_game", role: "group",
    "aria-label": "The GAN game", ...NO_SHORTCUTS },
  make("div", { class: "dc-tools" }, ...settings.menus),
  make("div", { class: "dc-tools" }, train, step, again, other, count),
  make("div", { class: "dc-stage" },
    make("div", { class: "dc-shown" }, plane.element, bars.element,
      make("div", { class: "dc-under" }, legend, pull), metrics.element),
    make("div", { class: "dc-side" }, ...settings.sliders, listening.element, losses.element)),
  problem, make("div", { class: "dc-foot" }, status));

  // --- drawing
  const isPlane = () => get("picture").points !== undefined;

  const drawStatus = () => {
    const { step: at } = get("picture");
    const row = measuredRow(get("rows"));
    const words = pictureWords({ config: get("config"), step: row.step ?? at, row,
      reference: get("reference") });
    plane.element.setAttribute("aria-label", `${words} Arrow keys ask the critic about a place.`);
    bars.say(words);
    const first = isPlane() ? FIRST : FIRST_BARS;
    let text = at === 0 && !get("is_training") ? first : words;
    if (isPlane() && plane.probe() && plane.landscape()) {
      text = probeWords(plane.landscape(), plane.reach(), plane.probe(), get("config").loss);
    }
    if (transport.isSilent()) text = ASLEEP;
    if (isLost) text = LOST;
    // While it trains the words change with every picture: nobody should hear them all.
    status.setAttribute("aria-live", get("is_training") && !isLost ? "off" : "polite");
    setText(status, text);
  };

  const drawPicture = () => {
    const picture = get("picture");
    count.textContent = `Step ${picture.step.toLocaleString("en-US")} · seed ${get("seed")}`;
    plane.element.hidden = !isPlane();
    legend.hidden = !isPlane();
    pull.hidden = !isPlane();
    bars.element.hidden = isPlane();
    if (isPlane()) plane.setPicture(picture);
    else bars.setScores(picture.scores);
    drawStatus();
  };

  const drawReal = () => {
    const real = get("real");
    if (real.points) plane.setReal(real.points, real.reach);
    listening.take();
  };

  const drawCurves = () => {
    losses.setPanels(get("loss_panels"));
    metrics.setPanels(get("metric_panels"));
    losses.setRows(get("rows"), {});
    metrics.setRows(get("rows"), get("reference"));
    const last = get("rows").at(-1)?.step ?? 0;
    [losses, metrics].forEach((chart) => chart.setStep(last));
    drawStatus();
  };

  const drawButtons = () => {
    const isTraining = get("is_training");
    showPlaying(train, isTraining, { play: ["Train", "Train: the networks play on"],
      stop: ["Pause", "Pause the training"] });
    const isBroken = get("problem") !== "";
    [train, step].forEach((button) => { button.disabled = isLost || (isBroken && !isTraining); });
    [again, other].forEach((button) => { button.disabled = isLost; });
    step.disabled = step.disabled || isTraining;
    problem.textContent = get("problem");
    problem.hidden = !get("problem");
    drawStatus();
  };

  const drawSettings = () => {
    settings.draw();
    drawStatus();
  };

  // --- what a hand may do
  const ask = (kind) => {
    if (tellPython(model, { kind })) return;
    isLost = true;
    drawButtons();
  };
  train.addEventListener("click", () => ask(get("is_training") ? "pause" : "train"), { signal });
  step.addEventListener("click", () => ask("step"), { signal });
  again.addEventListener("click", () => ask("reset"), { signal });
  other.addEventListener("click", () => ask("reseed"), { signal });
  let pulls = true;
  pull.setAttribute("aria-pressed", "true");
  pull.addEventListener("click", () => {
    pulls = !pulls;
    plane.setPulls(pulls);
    pull.setAttribute("aria-pressed", String(pulls));
  }, { signal });

  // --- what Python says
  const news = { "change:music": listening.take, "change:picture": drawPicture, "change:real": drawReal,
    "change:rows": drawCurves, "change:reference": drawCurves,
    "change:loss_panels": drawCurves, "change:metric_panels": drawCurves,
    "change:is_training": drawButtons, "change:problem": drawButtons,
    "change:config": drawSettings, "change:steps_per_picture": drawSettings };
  const forgetNews = listenTo(model, news);
  const forget = transport.onChange(drawStatus);
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    drawButtons();
  });
  const withdraw = [offerButton(train, { name: "gan-train", label: "GAN game: train" }),
    offerButton(step, { name: "gan-step", label: "GAN game: one step" }),
    ...settings.inputs.map(({ name, label, input }) =>
      offerSlider(input, { name: `gan-${name}`, label: `GAN game: ${label}` }))];

  el.append(root);
  drawReal();
  drawPicture();
  drawCurves();
  drawButtons();
  drawSettings();
  return () => {
    teardown.abort();
    forget();
    forgetKernel();
    withdraw.forEach((end) => end());
    forgetNews();
    [plane, bars, listening, losses, metrics].forEach((part) => part.close());
    root.remove();
  };
};
