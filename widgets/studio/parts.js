// Pieces that several panels of the studio are made of.

import { listenTo } from "../shared/link.js";
import { saveFile } from "../shared/parts.js";

/** A button of several of which one is chosen; the chosen one is pressed and marked. */
export const setChosen = (buttons, value) => buttons.forEach((button) =>
  button.setAttribute("aria-pressed", String(button.value === String(value))));

/** Let the browser save the files that Python sends to a panel. */
export const saveWhatComes = (model, signal) => {
  const received = ({ kind, name }, buffers) => {
    if (kind === "file" && buffers?.length) saveFile(name, buffers[0]);
  };
  signal.addEventListener("abort", listenTo(model, { "msg:custom": received }));
};
