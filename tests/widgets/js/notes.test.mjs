import assert from "node:assert/strict";
import { test } from "node:test";
import { bestOctaveShift, codeLabel, codeMap, frequency, inkOn, isBlack, keyLayout,
  layoutWidth, noteName, spokenName } from "../../../widgets/shared/notes.js";

test("middle C is C4 and A4 sounds at 440 Hz", () => {
  assert.deepEqual([60, 69, 36, 0, 127].map(noteName), ["C4", "A4", "C2", "C-1", "G9"]);
  assert.equal(frequency(69), 440);
  assert.equal(frequency(57), 220);
});

test("black keys are said in words", () => {
  assert.equal(spokenName(66), "F sharp 4");
  assert.equal(spokenName(60), "C4");
});

test("an octave has seven white and five black keys", () => {
  const layout = keyLayout(60, 12);
  assert.equal(layout.filter((key) => !key.black).length, 7);
  assert.equal(layoutWidth(layout), 7);
});

test("32 keys from F3 are 19 white ones wide", () => {
  assert.equal(layoutWidth(keyLayout(53, 32)), 19);
});

test("a black key lies on the line between its white neighbours", () => {
  const [c, cSharp, d] = keyLayout(60, 3);
  assert.equal(cSharp.left + cSharp.width / 2, c.left + c.width);
  assert.equal(c.left + c.width, d.left);
});

test("no key leaves the keyboard on the left, whatever its lowest key", () => {
  for (let low = 0; low < 12; low += 1) {
    assert.ok(keyLayout(low, 32).every((key) => key.left >= 0));
  }
});

test("the keyboard ends at pitch 127", () => {
  assert.equal(keyLayout(120, 32).at(-1).pitch, 127);
});

test("white keys are on letter rows and black ones in the row above", () => {
  const codes = codeMap(53, 32);
  assert.equal(codes.get("KeyZ"), 53);
  assert.equal(codes.get("KeyS"), 54);
  assert.equal(codes.get("KeyB"), 60);
  assert.equal(codes.get("KeyG"), undefined); // between B3 and C4 lies no black key
  assert.equal(codes.get("KeyO"), 84);
});

test("every one of 32 keys has its own computer key, wherever the keyboard starts", () => {
  for (let low = 0; low <= 96; low += 1) {
    const codes = codeMap(low, 32);
    assert.equal(codes.size, 32, `low ${low}`);
    assert.equal(new Set(codes.values()).size, 32, `low ${low}`);
  }
});

test("black computer keys play black piano keys only", () => {
  const black = new Set(["KeyA", "KeyS", "KeyD", "KeyF", "KeyG", "KeyH", "KeyJ", "KeyK",
    "KeyL", "Semicolon", "Quote", "Digit2", "Digit9", "Minus", "Equal"]);
  for (const [code, pitch] of codeMap(41, 32)) {
    if (black.has(code)) assert.ok(isBlack(pitch), code);
  }
});

test("a computer key is labelled as it is printed", () => {
  assert.deepEqual(["KeyZ", "Digit2", "Comma"].map((code) => codeLabel(code)), ["Z", "2", ","]);
  const azerty = new Map([["KeyZ", "w"]]);
  assert.equal(codeLabel("KeyZ", azerty), "W");
});

test("the octave shift shows the most of a tune and moves no more than needed", () => {
  assert.equal(bestOctaveShift([60, 72], 53, 32), 0);
  assert.equal(bestOctaveShift([36, 40], 53, 32), -2);
  assert.equal(bestOctaveShift([48, 72], 53, 32), -1);
  assert.equal(bestOctaveShift([100], 53, 32), 2);
});

test("letters on a dark colour are white", () => {
  assert.equal(inkOn("#0b4f94"), "#ffffff");
  assert.equal(inkOn("#f2b134"), "#14161a");
});
