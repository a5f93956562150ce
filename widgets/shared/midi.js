// What the bytes of a MIDI message mean. Pure functions.

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL = 0xb0;
const PROGRAM = 0xc0;
const CHANNEL_PRESSURE = 0xd0;
const PITCH_BEND = 0xe0;
const SYSTEM = 0xf0; // clock, active sensing, system exclusive

export const CC_MODULATION = 1;
export const CC_SUSTAIN = 64;

/**
 * One message as an object with `kind`: "on" and "off" (pitch, velocity), "control"
 * (number, value), "program" or "bend" (0 to 16383, 8192 is the middle), each with its
 * channel from 0. What a control does is for a profile to say (profiles.js). Null for
 * what a keyboard player never sees: clock, active sensing, system exclusive, key
 * pressure, messages cut short.
 */
export const readMidi = (bytes) => {
  const [status, first = 0, second = 0] = bytes;
  if (status === undefined || status < NOTE_OFF || status >= SYSTEM) return null;
  const channel = status & 0x0f;
  const command = status & 0xf0;
  const nBytes = command === PROGRAM || command === CHANNEL_PRESSURE ? 2 : 3;
  if (bytes.length < nBytes) return null;
  // A note-on with velocity 0 is a note-off: keyboards send it to save bytes.
  if (command === NOTE_OFF || (command === NOTE_ON && second === 0)) {
    return { kind: "off", channel, pitch: first, velocity: 0 };
  }
  if (command === NOTE_ON) return { kind: "on", channel, pitch: first, velocity: second };
  if (command === CONTROL) return { kind: "control", channel, number: first, value: second };
  if (command === PROGRAM) return { kind: "program", channel, program: first };
  if (command === PITCH_BEND) return { kind: "bend", channel, value: first + 128 * second };
  return null;
};
