// Learning what a knob shall do: which control was moved, how it speaks, what it was told
// to do. A map is a list of entries
//   {device, channel, kind: "control" | "note", number, mode, target}
// where `device` is a name, or "" for any. Pure functions; what is learnt is kept by
// midi_control.js.

import { noteName } from "./notes.js";

export const MODES = {
  knob: "knob (0 to 127)",
  endless: "endless knob",
  button: "button",
  switch: "switch (each press)",
};
const CENTRE = 64;
const MAX_ENTRIES = 256; // a damaged or hostile store shall not slow each message down

const isMidi = (number, largest) => Number.isInteger(number) && number >= 0 && number <= largest;

const isEntry = (entry) => entry !== null && typeof entry === "object"
  && typeof entry.device === "string" && typeof entry.target === "string"
  && ["control", "note"].includes(entry.kind) && Object.hasOwn(MODES, entry.mode)
  && isMidi(entry.channel, 15) && isMidi(entry.number, 127);

/** The entries of what was stored that make sense; anything else is passed over. */
export const checkedMap = (stored) =>
  (Array.isArray(stored) ? stored.filter(isEntry).slice(0, MAX_ENTRIES) : []);

/** The control behind a message, or null for what can't be learnt (wheels, note ends). */
export const controlIn = (message, device) => {
  const { kind, channel } = message ?? {};
  if (kind === "control") return { device, channel, kind, number: message.number };
  if (kind === "on") return { device, channel, kind: "note", number: message.pitch };
  return null;
};

export const isSameControl = (a, b) => a.device === b.device && a.channel === b.channel
  && a.kind === b.kind && a.number === b.number;

/** What a control was learnt for: an entry of this device before one for any device. */
export const entryFor = (map, control) => map.find((entry) => isSameControl(entry, control))
  ?? map.find((entry) => isSameControl(entry, { ...control, device: "" }));

/** What a message was learnt for; the end of a note belongs to its beginning. */
export const findEntry = (map, message, device) => {
  const control = controlIn(message.kind === "off" ? { ...message, kind: "on" } : message, device);
  return control ? entryFor(map, control) : undefined;
};

/** The map with one entry more; what the same control did before is replaced. */
export const withEntry = (map, entry) =>
  [...map.filter((other) => !isSameControl(other, entry)), entry];

export const withoutEntry = (map, entry) =>
  map.filter((other) => !isSameControl(other, entry));

/** "Knob 1 (controller 21)", "controller 21, channel 3", "key C2". */
export const describeControl = ({ kind, number, channel }, label) => {
  const where = channel ? `, channel ${channel + 1}` : "";
  if (kind === "note") return `key ${noteName(number)}${where}`;
  return label ? `${label} (controller ${number}${where})` : `controller ${number}${where}`;
};

// --- how a control speaks

const TURNS = new Set([1, 2, 3, 125, 126, 127]); // endless, counted from 0
const TURNS_FROM_CENTRE = new Set([61, 62, 63, 65, 66, 67]); // endless, counted from 64

/**
 * How a control speaks, from the values it sent while it was moved. A knob never says the
 * same value twice in a row; an endless one says small steps again and again.
 */
export const guessMode = (kind, values) => {
  if (kind === "note") return "button";
  const distinct = new Set(values);
  const hasRepeat = values.some((value, i) => i > 0 && value === values[i - 1]);
  const isEndless = [TURNS, TURNS_FROM_CENTRE].some((turns) => values.every((v) => turns.has(v)));
  if (isEndless && hasRepeat && values.length > 2) return "endless";
  if (values.every((value) => value === 127)) return "button";
  if (distinct.size === 2 && distinct.has(0) && Math.abs(values.at(-1) - values.at(-2)) > 32) {
    return "button";
  }
  return "knob";
};

/** How far an endless knob was turned: 65 and 1 are a step up, 63 and 127 one down. */
export const turned = (value) => {
  if (Math.abs(value - CENTRE) < 32) return value - CENTRE;
  return value < CENTRE ? value : value - 128;
};

/**
 * What an entry's control asks for with a value.
 *
 * @param target "slider" or "button": what kind of thing is moved
 * @param before {value: the control's last value or null, share: where the slider is, 0..1}
 * @returns {share} for a slider, {isDown} for a button, or null for nothing
 */
export const wish = (mode, target, value, before) => {
  if (target === "slider") {
    if (mode === "endless") {
      return { share: Math.min(1, Math.max(0, before.share + turned(value) / 127)) };
    }
    return { share: value / 127 };
  }
  if (mode === "switch") return { isDown: true };
  if (mode === "button") return { isDown: value > 0 };
  const isDown = mode === "endless" ? turned(value) > 0 : value >= CENTRE;
  const wasDown = mode === "knob" && before.value !== null && before.value >= CENTRE;
  return isDown === wasDown ? null : { isDown };
};

// --- the conversation: idle -> listening -> choosing -> idle

export const IDLE = Object.freeze({ phase: "idle" });

export const listening = () => ({ phase: "listening" });

/** The conversation after a message: the last control that was moved is the one meant. */
export const heardWhileLearning = (session, message, device) => {
  const control = controlIn(message, device);
  if (session.phase === "idle" || !control) return session;
  const value = message.kind === "control" ? message.value : message.velocity;
  const isSame = session.phase === "choosing" && isSameControl(session.control, control);
  const values = [...(isSame ? session.values : []), value].slice(-32);
  return { phase: "choosing", control, values, mode: guessMode(control.kind, values) };
};

/** The entry that a finished conversation gives; `mode` is the guess or the learner's. */
export const learntEntry = (session, target, mode = session.mode) =>
  ({ ...session.control, mode, target });
