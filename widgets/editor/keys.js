// What each computer key does in the editor: a table, for the keys and for the help that
// lists them. Pure.

// [what is pressed, command, arguments, what the help says]; the first that fits counts.
// Ctrl means Command on a Mac.
export const KEYS = [
  ["ArrowLeft", "nudge", [-1, 0], null],
  ["ArrowRight", "nudge", [1, 0], null],
  ["ArrowUp", "nudge", [0, 1], null],
  ["ArrowDown", "nudge", [0, -1], "Arrows: move the selected notes, or the cursor"],
  ["Shift+ArrowLeft", "stretch", [-1], null],
  ["Shift+ArrowRight", "stretch", [1], "Shift and left or right: shorter, longer"],
  ["Shift+ArrowUp", "octave", [1], null],
  ["Shift+ArrowDown", "octave", [-1], "Shift and up or down: an octave"],
  ["Enter", "enter", [], "Enter: draw at the cursor or pick up the note there; again: let go"],
  ["Escape", "letGo", [], "Escape: select nothing"],
  ["N", "goTo", [1], null],
  ["P", "goTo", [-1], "N, P: next and previous note of the voice"],
  ["Home", "jump", ["start"], null],
  ["End", "jump", ["end"], null],
  ["PageUp", "jump", [-1], null],
  ["PageDown", "jump", [1], "Home, End, page up, page down: beginning, end, bar by bar"],
  ["Delete", "erase", [], null],
  ["Backspace", "erase", [], "Delete: erase the selected notes, or the one at the cursor"],
  ["Ctrl+Z", "undo", [], null],
  ["Ctrl+Shift+Z", "redo", [], null],
  ["Ctrl+Y", "redo", [], "Ctrl+Z, Ctrl+Y: undo, redo"],
  ["Ctrl+A", "selectAll", [], null],
  ["A", "selectVoice", [], "Ctrl+A: select all; A: all of the voice"],
  ["Ctrl+C", "copy", [], null],
  ["Ctrl+X", "cut", [], null],
  ["Ctrl+V", "paste", [], null],
  ["Ctrl+D", "duplicate", [], "Ctrl+C, X, V, D: copy, cut, paste at the cursor, duplicate"],
  [".", "loudness", [8], null],
  [",", "loudness", [-8], "Full stop, comma: louder, softer"],
  ["Q", "quantise", [], "Q: bring to the grid"],
  ["K", "bringIntoKey", [], "K: bring into the key"],
  ["V", "nextVoice", [1], null],
  ["Shift+V", "nextVoice", [-1], "V, or 1 to 9: choose the voice"],
  ["L", "toggleLock", [], "L: lock the voice, or unlock it"],
  ["D", "tool", ["draw"], null],
  ["S", "tool", ["select"], null],
  ["E", "tool", ["erase"], "D, S, E: draw, select, erase by mouse or finger"],
  ["Shift+Space", "playSelection", [], null],
  ["Space", "playOrPause", [], "Space: play from the cursor, pause; with Shift: the selection"],
  ["+", "zoom", [1], null],
  ["-", "zoom", [-1], "Plus, minus: zoom"],
  ["?", "help", [], null],
];

const nameOf = ({ key }) => {
  if (key === " ") return "Space";
  return key.length === 1 ? key.toUpperCase() : key;
};

/** The command of a key press: {command, arguments}, or null for a key that does nothing. */
export const commandOf = (event) => {
  const name = nameOf(event);
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isPlain && !event.shiftKey && /^[1-9]$/.test(name)) {
    return { command: "chooseVoice", arguments: [Number(name) - 1] };
  }
  if (event.altKey) return null;
  const isSign = /^[^A-Z0-9]$/.test(name); // "?" needs Shift on one keyboard, not on another
  const shift = event.shiftKey && !isSign ? "Shift+" : "";
  const chord = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${shift}${name}`;
  const found = KEYS.find(([keys]) => keys === chord)
    ?? (name === "=" && isPlain ? KEYS.find(([keys]) => keys === "+") : undefined);
  return found ? { command: found[1], arguments: found[2] } : null;
};

/** The sentences of the help, one for each group of keys. */
export const keyHelp = () => KEYS.map(([, , , words]) => words).filter(Boolean);
