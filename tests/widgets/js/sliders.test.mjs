import assert from "node:assert/strict";
import { test } from "node:test";
import { asText, digitsOf } from "../../../widgets/sliders/numbers.js";

test("a slider shows as many digits as its step has", () => {
  assert.deepEqual([1, 0.5, 0.05, 12].map(digitsOf), [0, 1, 2, 0]);
  assert.equal(asText(1, 2), "1.00");
  assert.equal(asText(0.30000000000000004, 2), "0.30");
});

test("below zero stands a true minus", () => assert.equal(asText(-3, 0), "−3"));
