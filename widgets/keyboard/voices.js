// The notes that sound now because somebody holds them: each pitch once, however many
// fingers, keys and chords hold it.

import { LIVE_CHANNEL } from "../shared/playback.js";
import { sourceOf } from "./core.js";

const MOST_RECENT = 64; // notes remembered for guessing the key

/** @param onEvent is told of each note that begins or ends: (time, {pitch, ...}) */
export const createVoices = ({ core, onEvent }) => {
  const { sound, save, changed } = core;
  const holders = new Map(); // pitch -> Set of holders
  const recent = []; // {pitch, start, duration}: what was played last, each note alike

  const tell = () => {
    save({ pressed: [...holders.keys()].sort((a, b) => a - b) });
    changed();
  };

  return {
    strike: (pitch, velocity, holder, time) => {
      const held = holders.get(pitch) ?? new Set();
      if (held.has(holder)) return;
      const isNew = held.size === 0;
      holders.set(pitch, held.add(holder));
      if (!isNew) return; // it sounds already: a second finger on the key changes nothing
      sound.noteOn(LIVE_CHANNEL, pitch, velocity);
      onEvent(time, { pitch, velocity, source: sourceOf(holder) });
      recent.push({ pitch, start: time, duration: 1 });
      if (recent.length > MOST_RECENT) recent.shift();
      tell();
    },

    lift: (pitch, holder, time) => {
      const held = holders.get(pitch);
      if (!held?.delete(holder) || held.size) return;
      holders.delete(pitch);
      sound.noteOff(LIVE_CHANNEL, pitch);
      onEvent(time, { pitch, velocity: 0, source: sourceOf(holder) });
      tell();
    },

    isHeld: (pitch) => holders.has(pitch),
    pitches: () => [...holders.keys()],
    recent: () => [...recent],
  };
};
