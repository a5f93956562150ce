// Stands in for Jupyter on a plain page: for each widget of window.shown a model with the
// traits that the Python object really has (the test writes them from the object itself),
// which answers the question for the SoundFont and the synthesizer.

const bytes = async (address) => new DataView(await (await fetch(address)).arrayBuffer());

const createModel = (values) => {
  const listeners = {};
  const tell = (name, ...arguments_) =>
    [...(listeners[name] ?? [])].forEach((listener) => listener(...arguments_));
  const answerSound = async () => tell("msg:custom", { kind: "sound" },
    [await bytes("/soundfont.sf2"), await bytes("/static/synth.js")]);
  const model = {
    sent: [],
    get: (name) => values[name],
    set: (name, value) => {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      tell(`change:${name}`, model, value);
      tell("change", model);
    },
    save_changes: () => {},
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name]?.delete(listener),
    send: (message) => {
      if (window.isKernelLost) throw new Error("Cannot send");
      model.sent.push(message);
      if (message.kind === "sound?" && window.hasSoundFont) answerSound();
    },
    tell,
  };
  return model;
};

// What stands in a box together (ipywidgets' VBox with a class) gets one here, too.
const placeFor = (classes) => {
  if (!classes) return document.body;
  const last = document.body.lastElementChild;
  if (last?.className === classes) return last;
  const box = Object.assign(document.createElement("div"), { className: classes });
  document.body.append(box);
  return box;
};

const show = async ([bundle, number, box]) => {
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: `/static/${bundle}.css` });
  document.head.append(style);
  await new Promise((resolve) => { style.onload = resolve; });
  const { default: create } = await import(`/static/${bundle}.js`);
  const model = createModel(await (await fetch(`/traits.json?${number}`)).json());
  const widget = typeof create === "function" ? await create() : create;
  const el = document.createElement("div");
  el.className = "widget";
  placeFor(box).append(el);
  const endModel = await widget.initialize?.({ model });
  const endView = await widget.render({ model, el });
  return { model, el, takeDown: () => { endView?.(); endModel?.(); el.remove(); } };
};

window.widgets = [];
for (const one of window.shown) window.widgets.push(await show(one));
window.model = window.widgets[0].model;
window.receive = (message, buffers = []) => window.model.tell("msg:custom", message, buffers);
window.loseKernel = () => { // as JupyterLab does
  window.isKernelLost = true;
  window.widgets.forEach(({ model }) => model.tell("comm_live_update"));
};
window.takeDown = () => window.widgets.forEach((widget) => widget.takeDown());
window.sound = () => globalThis[Symbol.for("deepcomposer-edu.sound")];
window.isReady = true;
