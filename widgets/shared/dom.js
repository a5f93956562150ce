// Small helpers to build a widget's elements.

// JupyterLab must not take typed letters for its own shortcuts (A, B, D D, ...). It looks
// for this on what has the focus, so the root alone would not do.
export const NO_SHORTCUTS = { "data-lm-suppress-shortcuts": "true" };

/** An element with attributes, children last; "text" sets its text. */
export const make = (tag, { text, ...attributes } = {}, ...children) => {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
};

/**
 * A square canvas that is painted on and shown elsewhere. No OffscreenCanvas: where Chromium
 * is busy it says of one that its height is 0, and what is painted with it stays empty.
 */
export const makeCanvas = (side) => Object.assign(document.createElement("canvas"),
  { width: side, height: side });

/** A button of the common look; its icon is drawn by the class, see theme.css. */
export const makeButton = (className, text, label = text) => make("button", {
  type: "button", class: `dc-button ${className}`, "aria-label": label, title: label,
  ...NO_SHORTCUTS,
}, make("span", { class: "dc-icon", "aria-hidden": "true" }), make("span", { text }));

/** Let a button say something else, to eyes and to screen readers. */
export const relabel = (button, text, label = text) => {
  if (button.lastChild.textContent !== text) button.lastChild.textContent = text;
  button.setAttribute("aria-label", label);
  button.title = label;
};

/**
 * Let a button play while nothing sounds, and end the sound while something does.
 *
 * @param play, stop [text, label] for each; `icon` is what ends: "dc-pause" or "dc-stop"
 */
export const showPlaying = (button, isPlaying,
  { play = ["Play"], stop = ["Pause"], icon = "dc-pause" } = {}) => {
  button.classList.toggle("dc-play", !isPlaying);
  button.classList.toggle(icon, isPlaying);
  relabel(button, ...(isPlaying ? stop : play));
};

/** A slider for the loudness, 0 to 100. */
export const makeVolume = (label = "Volume") => make("input", { type: "range",
  class: "dc-volume", min: 0, max: 100, "aria-label": label, title: label, ...NO_SHORTCUTS });

/** Whether keys typed here are meant for the element itself. */
export const isTyping = (target) => ["SELECT", "INPUT", "TEXTAREA"].includes(target.tagName);

/** What Control or Command with Z or Y asks for: "undo", "redo", or null for other keys. */
export const undoOf = ({ code, shiftKey, ctrlKey, metaKey, altKey }) => {
  if (altKey || !(ctrlKey || metaKey)) return null;
  if (code === "KeyY" || (code === "KeyZ" && shiftKey)) return "redo";
  return code === "KeyZ" ? "undo" : null;
};

/** A menu of the 128 General MIDI instruments, from [[family, names], ...]. */
export const makeInstruments = (families, label) => {
  const select = make("select", { class: "dc-instrument", "aria-label": label,
    title: label, ...NO_SHORTCUTS });
  let program = 0;
  families.forEach(([family, names]) => {
    const group = make("optgroup", { label: family });
    names.forEach((name) => {
      group.append(make("option", { value: program, text: name }));
      program += 1;
    });
    select.append(group);
  });
  return select;
};
