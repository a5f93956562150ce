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

/** Send a message to Python; false if the kernel is gone, so that nobody can hear it. */
export const tellPython = (model, message) => {
  try {
    model.send(message);
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
