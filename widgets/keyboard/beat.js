// The metronome while it runs: clicks on the sound's clock, and which beat it is now.

import { beatLength, beatsUntil, click } from "./metronome.js";
import { createPulse } from "./steady.js";

const TICK = 20; // ms between two looks
const LOOK_AHEAD = 120; // ms of clicks handed to the sound in advance
const LEAD_IN = 60; // ms before the first click, so that it is not late
const LATE = 50; // ms: a click missed by more (the page slept) is left out
const ACCENT = 1.5; // the first beat of a bar, so many times as loud

/** @param play makes one click: (second, isFirst, loudness) -> how to take it back */
export const createBeat = ({ core, play }) => {
  const { sound, clock, get, changed, seconds } = core;
  let secondOf = null; // see createPulse
  let timer = null;
  let next = null; // {at, index}
  let last = null; // the beat before: {at, index}
  let coming = []; // beats handed over and not yet passed
  let now = null; // the beat that sounds: {bar, beat, index}

  const sounded = play ?? ((second, isFirst, loudness) => (sound.context
    ? click(sound.context, sound.analyser, second, isFirst, loudness) : () => {}));

  const settings = () => ({ tempo: get("tempo"), beatsPerBar: get("beats_per_bar") });

  const tick = () => {
    if (!next) return;
    const time = clock();
    const some = beatsUntil(next, time + LOOK_AHEAD, settings());
    some.beats.forEach((one) => {
      last = one;
      const second = secondOf(one.at);
      if (one.at <= time - LATE) return;
      const loudness = 0.3 * get("click_volume") * (one.isFirst ? ACCENT : 1);
      const takeBack = loudness > 0 ? sounded(second, one.isFirst, loudness)
        : () => {};
      coming.push({ ...one, takeBack });
    });
    next = some.next;
    const passed = coming.filter(({ at }) => at <= time);
    if (!passed.length) return;
    coming = coming.filter(({ at }) => at > time);
    now = passed.at(-1);
    changed();
  };

  const stop = () => {
    clearInterval(timer);
    coming.forEach(({ takeBack }) => takeBack());
    [timer, next, last, now, coming] = [null, null, null, null, []];
    changed();
  };

  /** Click from `at` (ms) on, with the beat number `index` first. */
  const start = (at, index = 0) => {
    stop();
    next = { at, index };
    last = next;
    secondOf = createPulse(seconds);
    timer = setInterval(tick, TICK);
    tick();
  };

  return {
    start,
    stop,
    isRunning: () => timer !== null,

    /** Begin now. */
    run: () => start(clock() + LEAD_IN),

    /** Count in; returns when (ms) the first beat after it is heard. */
    countIn: (time) => {
      const { tempo, beatsPerBar } = settings();
      const n = get("count_in") * beatsPerBar;
      const first = Math.max(time, clock()) + LEAD_IN;
      start(first, -n);
      return first + n * beatLength(tempo) + 1000 * (sound.context?.outputLatency ?? 0);
    },

    /** The first point of a grid of `perBeat` points that is not before `time` (ms). */
    gridAfter: (time, perBeat) => {
      const unit = beatLength(get("tempo")) / perBeat;
      return last.at + Math.ceil((time - last.at) / unit - 0.25) * unit;
    },

    /** {bar, beat (from 0), index (negative: count-in)} of the beat now; or null. */
    now: () => now,
  };
};
