// Pitches, their names, where their keys lie, and which computer key plays which.
// Pure functions; a pitch is a MIDI number and middle C (60) is C4.

const NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
const BLACK = new Set([1, 3, 6, 8, 10]);
const BLACK_KEY_WIDTH = 0.6; // of a white key

// Physical places of the computer keys (event.code), so that the layout of the piano
// is the same on every keyboard. Two rows of white keys, each with its black row above.
const LOWER_WHITE = ["KeyZ", "KeyX", "KeyC", "KeyV", "KeyB", "KeyN", "KeyM", "Comma",
  "Period", "Slash"];
const LOWER_BLACK = ["KeyS", "KeyD", "KeyF", "KeyG", "KeyH", "KeyJ", "KeyK", "KeyL",
  "Semicolon", "Quote"];
const UPPER_WHITE = ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY", "KeyU", "KeyI",
  "KeyO", "KeyP", "BracketLeft", "BracketRight"];
const UPPER_BLACK = ["Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7",
  "Digit8", "Digit9", "Digit0", "Minus", "Equal"];
const WHITE_CODES = [...LOWER_WHITE, ...UPPER_WHITE];
const BLACK_CODES = [...LOWER_BLACK, ...UPPER_BLACK]; // [i]: right of white key i
const BLACK_BEFORE_FIRST_WHITE = "KeyA";

const SIGNS = { Comma: ",", Period: ".", Slash: "/", Semicolon: ";", Quote: "'",
  BracketLeft: "[", BracketRight: "]", Minus: "-", Equal: "=" };

export const isBlack = (pitch) => BLACK.has(pitch % 12);

export const octaveOf = (pitch) => Math.floor(pitch / 12) - 1;

/** "C4", "F#3". */
export const noteName = (pitch) => NAMES[pitch % 12] + octaveOf(pitch);

/** "C4", "F sharp 3": the name as a screen reader should say it. */
export const spokenName = (pitch) => {
  const name = NAMES[pitch % 12];
  return name.length === 1 ? name + octaveOf(pitch) : `${name[0]} sharp ${octaveOf(pitch)}`;
};

/** Frequency in hertz; A4 (69) is 440. */
export const frequency = (pitch) => 440 * 2 ** ((pitch - 69) / 12);

/** All pitches of a keyboard, those above 127 left out. */
export const pitchRange = (low, nKeys) =>
  Array.from({ length: Math.min(nKeys, 128 - low) }, (_, i) => low + i);

/**
 * Where each key lies: [{pitch, black, left, width}], in white-key widths from the left.
 * A black key is centred on the line between its neighbours.
 */
export const keyLayout = (low, nKeys) => {
  let nWhite = 0;
  return pitchRange(low, nKeys).map((pitch) => {
    if (isBlack(pitch)) {
      const left = Math.max(0, nWhite - BLACK_KEY_WIDTH / 2);
      return { pitch, black: true, left, width: BLACK_KEY_WIDTH };
    }
    nWhite += 1;
    return { pitch, black: false, left: nWhite - 1, width: 1 };
  });
};

/** How many white-key widths a layout is wide (a black key at the end adds its half). */
export const layoutWidth = (layout) =>
  Math.max(0, ...layout.map((key) => key.left + key.width));

/** Which computer key plays which pitch: Map of event.code to pitch. */
export const codeMap = (low, nKeys) => {
  const codes = new Map();
  let nWhite = 0;
  for (const pitch of pitchRange(low, nKeys)) {
    const code = isBlack(pitch)
      ? (nWhite === 0 ? BLACK_BEFORE_FIRST_WHITE : BLACK_CODES[nWhite - 1])
      : WHITE_CODES[nWhite];
    if (!isBlack(pitch)) nWhite += 1;
    if (code !== undefined) codes.set(code, pitch);
  }
  return codes;
};

/** Black or white, whichever reads better on a colour such as "#4fb0d8". */
export const inkOn = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 110 ? "#14161a" : "#ffffff";
};

/** What is printed on a computer key: "Z", "2", ","; layoutMap is the browser's, if any. */
export const codeLabel = (code, layoutMap = null) => {
  const printed = layoutMap?.get(code);
  if (printed) return printed.toUpperCase();
  return SIGNS[code] ?? code.replace(/^(Key|Digit)/, "");
};

/** The octave shift in [-5, 5] that shows the most of the pitches; ties go to the smallest move. */
export const bestOctaveShift = (pitches, low, nKeys) => {
  const shown = (shift) => pitches.filter((pitch) => {
    const place = pitch - low - 12 * shift;
    return place >= 0 && place < nKeys;
  }).length;
  const shifts = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5]
    .filter((shift) => low + 12 * shift >= 0 && low + 12 * shift <= 127);
  return shifts.reduce((best, shift) => (shown(shift) > shown(best) ? shift : best), 0);
};
