// What a MIDI knob or button may move: the piano's own controls, what other widgets of the
// page offer (shared/controls.js), and what the notebook offered in Python.

const TO_PYTHON_EVERY = 40; // ms between two values of a moving knob that Python is told

/** Call `send(name, value)` at most every 40 ms for each name, and with the last value. */
const throttled = (send) => {
  const waiting = new Map(); // name -> the value to send, or null
  const tick = (name) => {
    const value = waiting.get(name);
    waiting.delete(name);
    if (value !== null) pass(name, value);
  };
  const pass = (name, value) => {
    if (waiting.has(name)) { waiting.set(name, value); return; }
    waiting.set(name, null);
    send(name, value);
    setTimeout(tick, TO_PYTHON_EVERY, name);
  };
  return pass;
};

/**
 * Targets are {name, label, kind: "slider" | "button", group, value, set(share 0..1),
 * press(isDown, time)}; `value`, 0..1, says where a slider stands, if that is known.
 */
export const createTargets = ({ model, piano, controls }) => {
  const tellPython = throttled((name, value) => model.send({ kind: "midi_control", name, value }));
  const ofPiano = (target) => ({ ...target, group: "This piano",
    set: (share) => piano.control(target.name, share),
    press: (isDown, time) => piano.button(target.name, time, isDown) });
  const ofPage = (target) => ({ ...target, group: "This page", value: target.get?.(),
    press: (isDown) => { if (isDown) target.press(); } });
  const ofNotebook = (target) => ({ ...target, group: "This notebook",
    set: (share) => tellPython(target.name, share),
    press: (isDown) => { if (isDown) tellPython(target.name, 1); } });
  const list = () => [...piano.targets().map(ofPiano), ...controls.list().map(ofPage),
    ...model.get("midi_targets").map(ofNotebook)];
  return { list, find: (name) => list().find((target) => target.name === name) };
};
