// What a training has done so far, in numbers and words. Pure functions.
//
//   rows = [{step, seconds, critic_loss, …}], a value that is no number is null
//   stages = [{step, music}] or, of raw sound, [{step, wav, seconds, peaks}], in order of steps

const PACE_ROWS = 40; // the pace is that of the last rows; the first steps are slower

/** The place of the stage at `step`, or of the last before it; -1 without stages. */
export const stageIndex = (stages, step) => {
  const found = stages.findLastIndex((stage) => stage.step <= step);
  return found < 0 && stages.length ? 0 : found;
};

/** Seconds of training for one step, or null where nobody can know. */
export const secondsPerStep = (rows) => {
  const timed = rows.filter(({ seconds, step }) => Number.isFinite(seconds) && step > 0);
  const [first, last] = [timed.at(-PACE_ROWS) ?? timed[0], timed.at(-1)];
  if (!first || last.step === first.step) return null;
  return (last.seconds - first.seconds) / (last.step - first.step);
};

/** 42 as "42 s", 95 as "1 min 35 s", 7500 as "2 h 5 min". */
export const durationWords = (seconds) => {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
};

/** How long a training may still last, roughly: "40 s", "2 min", "1 h 10 min". */
export const roughly = (seconds) => {
  if (seconds < 90) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const tens = Math.round(minutes / 10);
  return tens % 6 ? `${Math.floor(tens / 6)} h ${(tens % 6) * 10} min` : `${tens / 6} h`;
};

const grouped = (number) => number.toLocaleString("en-US");

/** Share of the way that is behind a training, 0 to 1; null where the end is not known. */
export const shareDone = (rows, nSteps) =>
  (nSteps > 0 && rows.length ? Math.min(1, rows.at(-1).step / nSteps) : null);

const STATE_WORDS = { training: "Training", paused: "Paused", stopped: "Stopped",
  finished: "Finished", failed: "Failed" };

/** One word for where a run stands; "Over" for a run folder that does not say. */
export const stateWord = (state, rows) =>
  STATE_WORDS[state] ?? (rows.length ? "Recorded" : "Waiting");

/** The words beside it: "step 120 of 200 · 1 min 5 s · about 40 s left". */
export const progressWords = ({ rows, nSteps, state }) => {
  if (!rows.length) return "no step yet";
  const { step, seconds } = rows.at(-1);
  const words = [nSteps > step ? `step ${grouped(step)} of ${grouped(nSteps)}`
    : `step ${grouped(step)}`];
  if (seconds > 0) words.push(durationWords(seconds));
  const pace = secondsPerStep(rows);
  if (state === "training" && pace !== null && nSteps > step) {
    words.push(`about ${roughly(pace * (nSteps - step))} left`);
  }
  return words.join(" · ");
};

const WISH_WORDS = { pause: "It pauses after this step.",
  stop: "It stops after this step and keeps a checkpoint.",
  hear: "The network plays for you." };

/** The sentence below: what was asked for, or what can be done. */
export const hint = ({ state, wish, stages, canControl, isTouched }) => {
  if (wish) return WISH_WORDS[wish];
  if (state === "paused") return "Nothing is lost: continue when you like.";
  if (state === "stopped") {
    return canControl ? "Its checkpoint is kept: Continue goes on from there."
      : "Its checkpoint is kept.";
  }
  if (!stages.length) return "The first music comes with the first sample.";
  if (isTouched) return "Keys: Space plays and pauses, comma and full stop go a stage back and on.";
  return stages.length > 1 ? "Move the slider, also while it plays: picture, curves and sound follow."
    : "Press Play to hear the first stage.";
};

/** "step 400, stage 3 of 10": what a screen reader says of the slider. */
export const stageWords = (stages, index) => (stages[index]
  ? `step ${grouped(stages[index].step)}, stage ${index + 1} of ${stages.length}` : "no stage yet");

/** The lowest and highest pitch of all stages, so that the rows do not jump; or null. */
export const pitchesOf = (stages) => {
  const pitches = stages.flatMap(({ music }) => (music?.tracks ?? [])
    .filter((track) => !track.is_drum)
    .flatMap(({ notes }) => notes.map(([, pitch]) => pitch)));
  return pitches.length ? [Math.min(...pitches), Math.max(...pitches)] : null;
};
