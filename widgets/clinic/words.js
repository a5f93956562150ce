// What the clinic says. Pure functions.

const SIGNS = { new: "", open: "○", solved: "✓", mended: "✓♪" };
const STATES = { new: "not seen yet", open: "open", solved: "cause found", mended: "mended" };

/** What stands on a patient's button, and what a screen reader says. */
export const patientWords = (number, { state }) =>
  ({ text: `${number} ${SIGNS[state]}`.trim(), label: `Patient ${number}, ${STATES[state]}` });

/** What to do now, in a sentence. */
export const hint = ({ number, working, progress, patient, said, mended, nPatients }) => {
  const percent = `${Math.round(100 * progress)} %`;
  if (working === "patient") return `The patient is being trained: ${percent}.`;
  if (working === "mended") return `Trained again without its fault: ${percent}.`;
  if (!number) return `There are ${nPatients} trainings that went wrong. Open the first.`;
  if (!patient.findings) return "";
  const last = said.at(-1);
  if (!last) return "Listen to the patient and to the data, look at the numbers, then say what is wrong.";
  if (!last.is_right) return `Not this one. ${last.words}`;
  if (!mended.findings) return "Right. Now apply the fix.";
  return number < nPatients ? "Mended: hear it, compare the numbers, then go to the next patient."
    : "Mended: hear it, and compare the numbers.";
};

/** Rows of the table: what is measured of the patient, mended, and of the data. */
export const findingRows = (patient, mended) => (patient.findings ?? []).map((finding) => ({
  ...finding,
  mended: mended.findings?.find(({ name }) => name === finding.name)?.words ?? "",
}));

/** Which causes can still be chosen. */
export const openChoices = (choices, said) => {
  const isSolved = said.some((one) => one.is_right);
  return choices.map((choice) => {
    const verdict = said.find((one) => one.name === choice.name);
    return { ...choice, verdict, isOpen: !verdict && !isSolved };
  });
};
