// What the parts of a piano share: the model, the sound, the time, and who listens.

import { createSteadyClock } from "./steady.js";

const SAVE_EVERY = 100; // ms between two messages to Python about a wheel or a knob

/**
 * @param model the widget's model: get, set, save_changes
 * @param sound see shared/sound.js
 * @param clock milliseconds on the time line of event.timeStamp
 */
export const createCore = ({ model, sound, clock }) => {
  const listeners = new Set();
  let saveTimer = null;

  const changed = () => listeners.forEach((listener) => listener());

  const set = (values) =>
    Object.entries(values).forEach(([name, value]) => model.set(name, value));

  const save = (values) => {
    clearTimeout(saveTimer);
    saveTimer = null;
    set(values);
    model.save_changes();
  };

  return {
    model,
    sound,
    clock,
    changed,
    save,
    /** The sound's second at which something of the browser's time (ms) is heard. */
    seconds: createSteadyClock(sound, clock),
    get: (name) => model.get(name),

    /** For what changes many times a second: here at once, in Python a little later. */
    saveSoon: (values) => {
      set(values);
      saveTimer ??= setTimeout(() => { saveTimer = null; model.save_changes(); }, SAVE_EVERY);
    },

    /** Say something in the status line, with other changes in the same message. */
    say: (status, values = {}) => { save({ ...values, status }); changed(); },

    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    dispose: () => {
      if (saveTimer) save({});
      listeners.clear();
    },
  };
};

/** "mouse" of the holder "mouse:1|60": what kind of thing holds a note. */
export const sourceOf = (holder) => holder.split(":")[0];
