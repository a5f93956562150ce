// Numbers as the sliders write them.

/** How many digits after the point a slider's step needs: 0 for 1, 2 for 0.05. */
export const digitsOf = (step) => (String(step).split(".")[1] ?? "").length;

/** A number as a text, with that many digits and a true minus. */
export const asText = (number, digits) => number.toFixed(digits).replace("-", "−");
