// Between a widget and its Python object.

const bytesOf = ({ buffer, byteOffset, byteLength }) =>
  buffer.slice(byteOffset, byteOffset + byteLength);

/** Ask Python for the SoundFont and the synthesizer's code: {soundFont, synthCode}. */
const askForSound = (model) => new Promise((resolve, reject) => {
  const answered = (message, buffers) => {
    if (message.kind !== "sound") return;
    model.off("msg:custom", answered);
    if (!buffers?.length) reject(new Error(message.problem));
    else resolve({ soundFont: bytesOf(buffers[0]), synthCode: bytesOf(buffers[1]) });
  };
  model.on("msg:custom", answered);
  model.send({ kind: "sound?" });
});

/** Let the page's sound load, with what this widget's Python object gives. */
export const prepareSound = (model, sound) => sound.prepare(() => askForSound(model));

/** Set traits and tell Python of them. */
export const saveTraits = (model, values) => {
  Object.entries(values).forEach(([name, value]) => model.set(name, value));
  model.save_changes();
};

/** The same, but nothing at all where every trait has its value already. */
export const saveChanged = (model, values) => {
  const changed = Object.entries(values).filter(([name, value]) =>
    JSON.stringify(model.get(name)) !== JSON.stringify(value));
  if (changed.length) saveTraits(model, Object.fromEntries(changed));
};

/** Listen to the model: `news` is {event: action}. Returns how to end it. */
export const listenTo = (model, news) => {
  Object.entries(news).forEach(([name, action]) => model.on(name, action));
  return () => Object.entries(news).forEach(([name, action]) => model.off(name, action));
};

/**
 * Count the views of a widget: call the result when one opens; that gives how it leaves.
 * With the last one `end` is called.
 */
export const countViews = (end) => {
  let nViews = 0;
  return () => {
    nViews += 1;
    return () => {
      nViews -= 1;
      if (!nViews) end();
    };
  };
};

/** Send a message to Python; false if the kernel is gone, so that nobody can hear it. */
export const tellPython = (model, message, buffers = []) => {
  try {
    model.send(message, undefined, buffers);
    return true;
  } catch {
    return false; // "Cannot send": the kernel was restarted or shut down
  }
};

/**
 * Call `callback` when the kernel is gone (restarted, shut down): the widget stays on the
 * page, but Python no longer hears it. Returns how to end listening.
 */
export const onKernelLost = (model, callback) => {
  // The event says only that something changed, so a message is tried.
  const changed = () => { if (!tellPython(model, { kind: "ping" })) callback(); };
  model.on("comm_live_update", changed);
  return () => model.off("comm_live_update", changed);
};
