// The arpeggiator while it runs: held notes one after another, on the sound's clock.

import { LIVE_CHANNEL } from "../shared/playback.js";
import { ARP_RATES, arpRound } from "./arpeggiator.js";
import { sourceOf } from "./core.js";
import { beatLength } from "./metronome.js";
import { createPulse } from "./steady.js";

const TICK = 20; // ms between two looks
const LOOK_AHEAD = 60; // ms of notes handed to the sound in advance
const GATE = 0.8; // of a step that a note sounds
const LATE = 200; // ms: further behind (the page slept), the steps begin anew

/** @param onEvent is told of each note as it is handed over: (time, {pitch, ...}) */
export const createArp = ({ core, beat, onEvent }) => {
  const { sound, clock, get, save, changed, seconds } = core;
  let pool = []; // {pitch, velocity, holder} in the order of pressing
  let secondOf = null; // see createPulse
  let timer = null;
  let nextAt = 0;
  let step = 0;
  let coming = []; // {at, pitch, isOn} not yet passed
  const lit = new Map(); // pitch -> how many of its notes sound

  const stepLength = () => beatLength(get("tempo")) / ARP_RATES[get("arp_rate")];

  const playStep = () => {
    const round = arpRound(pool.map(({ pitch }) => pitch), get("arp_order"),
      get("arp_octaves"));
    const pitch = round[step % round.length];
    // A note an octave up has the touch of the key that it comes from.
    const from = pool.find((one) => (pitch - one.pitch) % 12 === 0) ?? pool[0];
    const source = sourceOf(from.holder);
    const end = nextAt + GATE * stepLength();
    const second = secondOf(nextAt);
    sound.noteOn(LIVE_CHANNEL, pitch, from.velocity, second);
    sound.noteOff(LIVE_CHANNEL, pitch, second + (end - nextAt) / 1000);
    onEvent(nextAt, { pitch, velocity: from.velocity, source });
    onEvent(end, { pitch, velocity: 0, source });
    coming.push({ at: nextAt, pitch, isOn: true }, { at: end, pitch, isOn: false });
    step += 1;
    nextAt += stepLength();
  };

  const show = (time) => {
    const passed = coming.filter(({ at }) => at <= time);
    coming = coming.filter(({ at }) => at > time);
    passed.forEach(({ pitch, isOn }) => {
      const n = (lit.get(pitch) ?? 0) + (isOn ? 1 : -1);
      if (n > 0) lit.set(pitch, n); else lit.delete(pitch);
    });
    if (passed.length) changed();
  };

  const tick = () => {
    const time = clock();
    if (time - nextAt > LATE) nextAt = time;
    while (pool.length && nextAt <= time + LOOK_AHEAD) playStep();
    show(time);
    if (pool.length || coming.length) return;
    clearInterval(timer);
    timer = null;
  };

  const tell = () => {
    save({ pressed: [...new Set(pool.map(({ pitch }) => pitch))].sort((a, b) => a - b) });
    changed();
  };

  return {
    add: (pitch, velocity, holder, time) => {
      if (pool.some((one) => one.pitch === pitch && one.holder === holder)) return;
      const isFirst = pool.length === 0;
      pool.push({ pitch, velocity, holder });
      if (isFirst) {
        step = 0;
        secondOf = createPulse(seconds);
        // On the metronome's grid where it runs, else at once.
        const earliest = Math.max(clock(), timer ? nextAt : 0);
        nextAt = beat.isRunning() ? beat.gridAfter(earliest, ARP_RATES[get("arp_rate")])
          : Math.max(time, earliest);
        timer ??= setInterval(tick, TICK);
        tick();
      }
      tell();
    },

    remove: (pitch, holder) => {
      if (!pool.some((one) => one.pitch === pitch && one.holder === holder)) return;
      pool = pool.filter((one) => one.pitch !== pitch || one.holder !== holder);
      tell();
    },

    isEmpty: () => pool.length === 0,
    isHeldBy: (holder) => pool.some((one) => one.holder === holder),
    isHeld: (pitch) => pool.some((one) => one.pitch === pitch),
    held: () => [...new Set(pool.map(({ pitch }) => pitch))],
    lit: () => [...lit.keys()],

    stop: () => {
      clearInterval(timer);
      timer = null;
      pool = [];
      coming = [];
      lit.clear();
    },
  };
};
