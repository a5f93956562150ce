// From a recording or a song to what the player does, moment by moment. Pure functions.

import { CC_MODULATION, CC_SUSTAIN } from "./midi.js";

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

/** What an event of a recording that is no note does to the live channel. */
const gesture = (event) => {
  if (event.bend !== undefined) return { bend: Math.round(8192 + event.bend * 8191) };
  if (event.modulation !== undefined) {
    return { controller: CC_MODULATION, value: Math.round(127 * event.modulation) };
  }
  return { controller: CC_SUSTAIN, value: event.pedal ? 127 : 0 };
};

/**
 * A recording ([{time, pitch, velocity}, {time, pedal}, {time, bend}, {time, modulation}])
 * as a plan on the live channel; from its first note on, or from the press of Record.
 */
export const recordingPlan = (recorded, program, isFromRecord = false) => {
  const first = Math.min(...recorded.filter((event) => event.velocity > 0)
    .map((event) => event.time));
  const zero = isFromRecord || !Number.isFinite(first) ? 0 : first;
  const moments = recorded.map((event) => {
    const time = Math.max(0, event.time - zero);
    const common = { time, track: null, channel: LIVE_CHANNEL };
    if (event.pitch === undefined) return { ...common, ...gesture(event) };
    return { ...common, pitch: event.pitch, velocity: event.velocity };
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
