import assert from "node:assert/strict";
import { test } from "node:test";
import { findingRows, hint, openChoices, patientWords } from "../../../widgets/clinic/words.js";

const base = { number: 1, working: "", progress: 0, patient: { findings: [] }, said: [],
  mended: {}, nPatients: 2 };
const wrong = { name: "b", is_right: false, words: "Then B would be high; it is 0." };
const right = { name: "a", is_right: true, words: "Since A." };

test("each stage of a visit has its hint", () => {
  assert.match(hint({ ...base, number: 0, patient: {} }), /2 trainings.*Open the first/);
  assert.match(hint({ ...base, working: "patient", progress: 0.25 }), /25 %/);
  assert.match(hint(base), /Listen to the patient/);
  assert.match(hint({ ...base, said: [wrong] }), /Not this one. Then B/);
  assert.match(hint({ ...base, said: [wrong, right] }), /apply the fix/);
  assert.match(hint({ ...base, said: [right], working: "mended", progress: 1 }), /100 %/);
  assert.match(hint({ ...base, said: [right], mended: { findings: [] } }), /next patient/);
  assert.doesNotMatch(hint({ ...base, number: 2, said: [right], mended: { findings: [] } }), /next/);
});

test("a cause that was tried is closed; after the right one all are", () => {
  const choices = ["a", "b", "c"].map((name) => ({ name, words: name }));
  assert.deepEqual(openChoices(choices, [wrong]).map(({ isOpen }) => isOpen), [true, false, true]);
  assert.deepEqual(openChoices(choices, [wrong, right]).map(({ isOpen }) => isOpen),
    [false, false, false]);
  assert.equal(openChoices(choices, [wrong])[1].verdict, wrong);
});

test("what was measured of both stands in one row", () => {
  const patient = { findings: [{ name: "gap", words: "646" }] };
  const mended = { findings: [{ name: "gap", words: "0.27" }] };
  assert.equal(findingRows(patient, {})[0].mended, "");
  assert.equal(findingRows(patient, mended)[0].mended, "0.27");
  assert.deepEqual(findingRows({}, {}), []);
});

test("a patient's state is told without colour", () => {
  assert.deepEqual(patientWords(3, { state: "mended" }), { text: "3 ✓♪", label: "Patient 3, mended" });
  assert.equal(patientWords(1, { state: "new" }).text, "1");
});
