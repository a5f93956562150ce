import assert from "node:assert/strict";
import { test } from "node:test";
import { createCommands } from "../../../widgets/editor/commands.js";
import { KEYS, commandOf, keyHelp } from "../../../widgets/editor/keys.js";

const pressed = (key, modifiers = {}) => commandOf({ key, ctrlKey: false, metaKey: false,
  altKey: false, shiftKey: false, ...modifiers });

test("letters mean the same with and without Shift's capital", () => {
  assert.deepEqual(pressed("z", { ctrlKey: true }), { command: "undo", arguments: [] });
  assert.equal(pressed("Z", { ctrlKey: true, shiftKey: true }).command, "redo");
});

test("Command on a Mac is Ctrl", () => {
  assert.equal(pressed("c", { metaKey: true }).command, "copy");
});

test("a question mark is one, with or without Shift", () => {
  assert.equal(pressed("?", { shiftKey: true }).command, "help");
  assert.equal(pressed("?").command, "help");
});

test("figures choose a voice", () => {
  assert.deepEqual(pressed("3"), { command: "chooseVoice", arguments: [2] });
  assert.equal(pressed("3", { ctrlKey: true }), null);
});

test("other keys are left to the browser", () => {
  assert.equal(pressed("r", { ctrlKey: true }), null);
  assert.equal(pressed("F5"), null);
  assert.equal(pressed("Tab"), null);
  assert.equal(pressed("ArrowLeft", { altKey: true }), null);
});

test("every key has its command, and the view brings zoom and help", () => {
  const names = new Set([...Object.keys(createCommands({})), "zoom", "help"]);
  assert.deepEqual(KEYS.map(([, command]) => command).filter((name) => !names.has(name)), []);
});

test("no key stands for two things", () => {
  assert.equal(new Set(KEYS.map(([keys]) => keys)).size, KEYS.length);
});

test("the help names every letter, sign and word key", () => {
  const text = keyHelp().join(" ").toLowerCase();
  const words = { "+": "plus", "-": "minus", ".": "full stop", ",": "comma", pageup: "page up",
    pagedown: "page down", backspace: "delete" };
  const missing = KEYS.filter(([, command]) => command !== "help")
    .map(([keys]) => keys.replace(/^(Ctrl\+|Shift\+)+/, "").toLowerCase())
    .filter((key) => !key.startsWith("arrow") && !text.includes(words[key] ?? key));
  assert.deepEqual(missing, []);
});
