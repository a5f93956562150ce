// What the bytes of a MIDI message mean. Pure functions.

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL = 0xb0;
const PROGRAM = 0xc0;
const PITCH_BEND = 0xe0;

export const CC_MODULATION = 1;
export const CC_VOLUME = 7;
export const CC_SUSTAIN = 64;

// The buttons of the AWS DeepComposer keyboard (an owner's measurements): play sends
// 127, stop 0 or 127, record 127.
const PLAY_BUTTON = 105;
const STOP_BUTTON = 106;
const RECORD_BUTTON = 107;

const parseControl = (channel, controller, value) => {
  if (controller === CC_SUSTAIN) return { kind: "sustain", channel, isDown: value >= 64 };
  if (controller === CC_VOLUME) return { kind: "volume", channel, volume: value / 127 };
  if (controller === PLAY_BUTTON) return value ? { kind: "button", button: "play" } : null;
  if (controller === RECORD_BUTTON) return value ? { kind: "button", button: "record" } : null;
  if (controller === STOP_BUTTON) return { kind: "button", button: "stop" };
  return { kind: "control", channel, controller, value };
};

/**
 * One message as an object with `kind`: "on" and "off" (pitch, velocity), "sustain"
 * (isDown), "volume" (0 to 1), "button" (play, stop, record), "control", "program" or
 * "bend" (0 to 16383, 8192 is the middle). Null for what a keyboard player never sees:
 * clock, active sensing, system exclusive, messages cut short.
 */
export const parseMidi = (bytes) => {
  const [status, first = 0, second = 0] = bytes;
  if (status === undefined || status < NOTE_OFF || status >= 0xf0) return null;
  const channel = status & 0x0f;
  const command = status & 0xf0;
  const nBytes = command === PROGRAM || command === 0xd0 ? 2 : 3;
  if (bytes.length < nBytes) return null;
  // A note-on with velocity 0 is a note-off: keyboards send it to save bytes.
  if (command === NOTE_OFF || (command === NOTE_ON && second === 0)) {
    return { kind: "off", channel, pitch: first, velocity: 0 };
  }
  if (command === NOTE_ON) return { kind: "on", channel, pitch: first, velocity: second };
  if (command === CONTROL) return parseControl(channel, first, second);
  if (command === PROGRAM) return { kind: "program", channel, program: first };
  if (command === PITCH_BEND) return { kind: "bend", channel, value: first + 128 * second };
  return null;
};
