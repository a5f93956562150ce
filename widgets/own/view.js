// The looks of the form: three parts, what it costs, and the buttons that start and stop.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { lose, makeProgress, textButton } from "../shared/form.js";
import { onKernelLost, tellPython } from "../shared/link.js";
import { setText } from "../shared/parts.js";
import { createMusic } from "./music.js";
import { createLength, createNetworks } from "./networks.js";

const LOST = "The Python kernel has stopped or was started anew, and with it a training that ran "
  + "in it. Its folder has its checkpoints; run the cell again to plan another one.";

export const showForm = ({ model, el }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  let isLost = false;
  const act = (action, values = {}) => tellPython(model, { kind: "do", action, values });
  const parts = [createMusic, createNetworks, createLength]
    .map((create) => create({ act, signal }));
  const cost = make("p", { class: "dc-cost" });
  const estimate = textButton("Estimate the time", "", "Estimate how long it takes here");
  const start = textButton("Start the training", "dc-primary");
  const stop = textButton("Stop the training");
  estimate.addEventListener("click", () => act("estimate"), { signal });
  start.addEventListener("click", () => act("start"), { signal });
  stop.addEventListener("click", () => act("stop"), { signal });
  const progress = makeProgress("At work");
  const done = make("p", { class: "dc-trained" });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const body = make("div", { class: "dc-own-body" }, ...parts.map(({ element }) => element),
    cost, make("div", { class: "dc-row" }, start, estimate, stop, progress.element), done, status);
  const isFolded = model.get("is_folded");
  const inside = isFolded ? make("details", { class: "dc-own-fold" },
    make("summary", { ...NO_SHORTCUTS, tabindex: "0" },
      make("span", { text: "Train a network of your own, on Bach or on your own MIDI files" })),
    body) : body;
  const root = make("section", { class: "dc-widget dc-own", role: "group",
    "aria-label": "Train your own", ...NO_SHORTCUTS }, inside);

  const update = () => {
    const view = model.get("view");
    setText(status, isLost ? LOST : view.status);
    if (view.is_shut) return;
    parts.forEach((part) => part.update(view));
    setText(cost, view.cost);
    progress.update(view.busy);
    stop.hidden = !view.is_training;
    start.hidden = view.is_training;
    [start, estimate].forEach((one) => { one.disabled = isLost || Boolean(view.busy); });
    done.hidden = !view.trained;
    setText(done, view.trained ? `The network ${view.trained} can compose: it is a genre of the `
      + `studio now, and of compose(melody, genre="${view.trained}").` : "");
    root.classList.toggle("dc-has-problem", Boolean(view.has_problem));
  };
  model.on("change:view", update);
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    update();
    lose(root);
    if (isFolded) inside.open = true;
  });
  if (isFolded) {
    inside.addEventListener("toggle", () => {
      if (inside.open && model.get("view").is_shut) act("open");
    }, { signal });
  }
  update();
  el.append(root);
  return () => {
    teardown.abort();
    forgetKernel();
    model.off("change:view", update);
    root.remove();
  };
};
