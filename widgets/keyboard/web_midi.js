// MIDI keyboards in the browser, asked for on a click, with a sentence for what can fail.

/** Why Web MIDI can't be had, and what to do instead. Pure. */
export const midiProblem = (errorName) => ({
  missing: "This browser has no Web MIDI (Safari never does, others only on https or "
    + "localhost). Use Chrome, Edge or Firefox, or run keyboard.connect_midi() in a cell.",
  NotAllowedError: "The browser refused access to MIDI devices. Allow MIDI for this page "
    + "beside its address, then press the button again.",
  SecurityError: "The browser refused access to MIDI devices. Allow MIDI for this page "
    + "beside its address, then press the button again.",
  InvalidStateError: "This computer offers the browser no MIDI system. Close programs that "
    + "hold the MIDI device and try again, or run keyboard.connect_midi() in a cell.",
}[errorName] ?? "MIDI can't be opened in this browser. Run keyboard.connect_midi() in a "
    + "cell to use the port through Python.");

/** What to say about the devices that are there. Pure. */
export const midiStatus = (names) => (names.length
  ? `MIDI keyboard connected: ${names.join(", ")}.`
  : "MIDI is ready, but no keyboard is plugged in. Plug one in: it is found by itself.");

/**
 * Ask for MIDI and listen to every input, now and when one is plugged in later.
 *
 * @returns {Promise<{state, names, close}>}; `state` is "ready" or the name of the error.
 */
export const connectMidi = async ({ onMessage, onDevices, onUnplug }) => {
  if (!navigator.requestMIDIAccess) return { state: "missing", close: () => {} };
  let access;
  try {
    access = await navigator.requestMIDIAccess();
  } catch (error) {
    return { state: error.name, close: () => {} };
  }
  const heard = new Map(); // id -> input

  const listen = () => {
    const inputs = [...access.inputs.values()].filter((port) => port.state === "connected");
    const ids = new Set(inputs.map((port) => port.id));
    [...heard.values()].filter((port) => !ids.has(port.id)).forEach((port) => {
      port.onmidimessage = null;
      heard.delete(port.id);
      onUnplug(port.id);
    });
    inputs.filter((port) => heard.get(port.id) !== port).forEach((port) => {
      heard.set(port.id, port);
      port.onmidimessage = (event) => onMessage(event.data, port.id, event.timeStamp);
    });
    onDevices(inputs.map((port) => port.name));
  };

  const changed = (event) => { if (event.port?.type !== "output") listen(); };
  access.addEventListener("statechange", changed);
  listen();
  return {
    state: "ready",
    close: () => {
      access.removeEventListener("statechange", changed);
      heard.forEach((port) => { port.onmidimessage = null; onUnplug(port.id); });
    },
  };
};
