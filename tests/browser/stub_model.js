// Stands in for Jupyter on a plain page: a model with the traits that the Python class
// really has (traits.json is written by the test from the class itself), which answers
// the widget's question for the SoundFont.
import widgetOf from "/static/keyboard.js";

const values = await (await fetch("/traits.json")).json();
const listeners = {};
const tell = (name, ...arguments_) =>
  [...(listeners[name] ?? [])].forEach((listener) => listener(...arguments_));

const answerSoundFont = async () => {
  const bytes = await (await fetch("/soundfont.sf2")).arrayBuffer();
  tell("msg:custom", { kind: "soundfont" }, [new DataView(bytes)]);
};

const model = {
  sent: [],
  get: (name) => values[name],
  set: (name, value) => {
    if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
    values[name] = value;
    tell(`change:${name}`);
  },
  save_changes: () => {},
  on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
  off: (name, listener) => listeners[name]?.delete(listener),
  send: (message) => {
    model.sent.push(message);
    if (message.kind === "soundfont?" && window.hasSoundFont) answerSoundFont();
  },
};

const widget = widgetOf();
window.model = model;
window.receive = (message) => tell("msg:custom", message, []);
window.sound = () => globalThis[Symbol.for("deepcomposer-edu.sound")];
const endModel = await widget.initialize({ model });
const endView = await widget.render({ model, el: document.getElementById("widget") });
window.takeDown = () => { endView(); endModel(); };
window.isReady = true;
