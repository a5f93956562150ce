// From a recording or a song to what the player does, moment by moment. Pure functions.

import { CC_SUSTAIN } from "./midi.js";

// Channels for the tracks of a song: 9 belongs to the drums, 15 to the live keys.
const TRACK_CHANNELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14];
const DRUM_CHANNEL = 9;
export const LIVE_CHANNEL = 15;

/** The MIDI channel of each track; a 15th melodic track shares with the first. */
export const trackChannels = (tracks) => {
  let nMelodic = 0;
  return tracks.map((track) => {
    if (track.is_drum) return DRUM_CHANNEL;
    nMelodic += 1;
    return TRACK_CHANNELS[(nMelodic - 1) % TRACK_CHANNELS.length];
  });
};

// At one moment releases come before strikes, so that a repeated note sounds twice.
const byTime = (a, b) => a.time - b.time || Boolean(a.velocity) - Boolean(b.velocity);

/** A song ({tracks, events: [[ms, track, pitch, velocity]]}) as a plan to play. */
export const songPlan = (song) => {
  const channels = trackChannels(song.tracks);
  const moments = song.events.map(([time, track, pitch, velocity]) =>
    ({ time, track, channel: channels[track], pitch, velocity }));
  const programs = song.tracks.map((track, i) => [channels[i], track.program]);
  return { moments: moments.sort(byTime), programs };
};

/** A recording ([{time, pitch, velocity}, {time, pedal}]) as a plan on the live channel. */
export const recordingPlan = (recorded, program) => {
  const first = Math.min(...recorded.filter((event) => event.velocity > 0)
    .map((event) => event.time));
  const moments = recorded.map((event) => {
    const time = Math.max(0, event.time - (Number.isFinite(first) ? first : 0));
    const common = { time, track: null, channel: LIVE_CHANNEL };
    if (event.pedal === undefined) {
      return { ...common, pitch: event.pitch, velocity: event.velocity };
    }
    return { ...common, controller: CC_SUSTAIN, value: event.pedal ? 127 : 0 };
  });
  return { moments: moments.sort(byTime), programs: [[LIVE_CHANNEL, program]] };
};

/** When the last thing of a plan happens, in ms. */
export const planLength = (plan) => plan.moments.at(-1)?.time ?? 0;

/** 65,400 ms as "1:05". */
export const clockText = (ms) => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** "1 note", "12 notes": how many strikes are in a recording. */
export const countNotes = (recorded) => {
  const n = recorded.filter((event) => event.velocity > 0).length;
  return `${n} ${n === 1 ? "note" : "notes"}`;
};
