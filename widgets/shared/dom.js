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

/** A button of the common look; its icon is drawn by the class, see theme.css. */
export const makeButton = (className, text, label = text) => make("button", {
  type: "button", class: `dc-button ${className}`, "aria-label": label, title: label,
  ...NO_SHORTCUTS,
}, make("span", { class: "dc-icon", "aria-hidden": "true" }), make("span", { text }));

/** Whether keys typed here are meant for the element itself. */
export const isTyping = (target) => ["SELECT", "INPUT", "TEXTAREA"].includes(target.tagName);

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
