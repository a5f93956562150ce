// The studio's panels: each shows what Python says in `view` and sends back what was
// done by hand. No music is made here: all of that is in Python, where it can be tested.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { lose } from "../shared/form.js";
import { listenTo, onKernelLost, tellPython } from "../shared/link.js";
import { setText } from "../shared/parts.js";
import { createArrange } from "./arrange.js";
import { createAsk } from "./ask.js";
import { createCompose } from "./compose.js";
import { createDesk } from "./desk.js";
import { createHead } from "./head.js";
import { createKeep } from "./keep.js";
import { createListen } from "./listen.js";
import { createMarks } from "./marks.js";
import { createMelody } from "./melody.js";
import { createPublish } from "./publish.js";
import { createRaw } from "./raw.js";

const PANELS = { head: createHead, melody: createMelody, desk: createDesk, compose: createCompose,
  listen: createListen, arrange: createArrange, marks: createMarks, raw: createRaw, ask: createAsk,
  keep: createKeep, publish: createPublish };
const LOST = "The Python kernel has stopped or was started anew, so the studio only shows what "
  + "was there, and plays it. Run its cell again: your compositions are on the disk and come back.";

const render = ({ model, el }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const name = model.get("panel");
  const act = (action, values = {}, buffers = []) =>
    tellPython(model, { kind: "do", action, values }, buffers);
  const panel = PANELS[name]({ model, act, signal });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const root = make("section", { class: `dc-widget dc-studio dc-studio-${name}`,
    "aria-label": panel.label, ...NO_SHORTCUTS }, panel.element, status);

  const update = () => {
    const view = model.get("view");
    panel.update(view);
    root.hidden = Boolean(view.is_empty);
    setText(status, view.status ?? "");
    root.classList.toggle("dc-has-problem", Boolean(view.has_problem));
  };
  // JupyterLab keeps Enter for itself, so that what was typed would wait for a Tab.
  root.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || !target.matches("input[type=text], input[type=number]")) return;
    target.blur();
    target.focus();
  }, { signal });
  signal.addEventListener("abort", listenTo(model, { "change:view": update }));
  signal.addEventListener("abort", onKernelLost(model, () => {
    root.classList.add("dc-lost");
    lose(root);
    panel.lose?.();
    setText(status, name === "head" ? LOST : "");
  }));
  update();
  el.append(root);
  return () => teardown.abort();
};

export default { render };
