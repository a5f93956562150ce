// Playing back a recording or a loaded song, with the keys lit as they sound.

import { CC_SUSTAIN } from "../shared/midi.js";
import { LIVE_CHANNEL, countNotes, planLength, recordingPlan, songPlan }
  from "../shared/playback.js";
import { createPulse } from "./steady.js";

const TICK = 20; // ms between two looks at the plan
const LOOK_AHEAD = 100; // ms of playback handed to the synth in advance
const LEAD_IN = 80; // ms before the first note, so that it is not late
const ALL_NOTES_OFF = 123; // MIDI controller
const BEND_CENTRE = 8192;

/**
 * @param recorder tells the take in force
 * @param stage what sound.takeStage is given: an object with pause()
 */
export const createPlayer = ({ core, beat, recorder, stage, onStart }) => {
  const { sound, clock, get, save, say, changed, seconds } = core;
  const playing = new Map(); // pitch -> list of tracks that sound it
  let playback = null; // {plan, start, secondOf, nSounded, nShown}
  let timer = null;

  const hasSong = () => get("song").events?.length > 0;

  const plan = () => {
    if (hasSong()) return songPlan(get("song"));
    const isFromRecord = recorder.current().is_counted;
    return recordingPlan(get("recorded"), get("instrument"), isFromRecord);
  };

  const soundMoment = (moment) => {
    const when = playback.secondOf(playback.start + moment.time);
    const { channel, pitch, velocity } = moment;
    if (moment.bend !== undefined) sound.bend(channel, moment.bend, when);
    else if (moment.controller !== undefined) {
      sound.control(channel, moment.controller, moment.value, when);
    } else if (velocity > 0) sound.noteOn(channel, pitch, velocity, when);
    else sound.noteOff(channel, pitch, when);
  };

  const showMoment = ({ pitch, velocity, track }) => {
    if (pitch === undefined) return;
    const tracks = playing.get(pitch) ?? [];
    if (velocity > 0) playing.set(pitch, [...tracks, track]);
    else playing.set(pitch, tracks.filter((_, i) => i !== tracks.indexOf(track)));
    if (!playing.get(pitch).length) playing.delete(pitch);
  };

  const tick = () => {
    if (!playback) return;
    const { moments } = playback.plan;
    const position = clock() - playback.start;
    while (playback.nSounded < moments.length
        && moments[playback.nSounded].time <= position + LOOK_AHEAD) {
      soundMoment(moments[playback.nSounded]);
      playback.nSounded += 1;
    }
    while (playback.nShown < moments.length && moments[playback.nShown].time <= position) {
      showMoment(moments[playback.nShown]);
      playback.nShown += 1;
    }
    if (playback.nShown === moments.length) {
      stop();
      say("Played to the end.");
    }
    changed();
  };

  const play = () => {
    stop();
    const next = plan();
    if (!next.moments.length) {
      say("There is nothing to play yet: press Record and play some notes.");
      return;
    }
    sound.takeStage?.(stage);
    onStart();
    next.programs.forEach(([channel, program]) => sound.setProgram(channel, program));
    playback = { plan: next, start: clock() + LEAD_IN, secondOf: createPulse(seconds),
      nSounded: 0, nShown: 0 };
    beat.stop();
    if (get("metronome") && !hasSong() && recorder.current().is_counted) {
      beat.start(playback.start, 0);
    }
    timer = setInterval(tick, TICK);
    save({ is_playing: true });
    const title = get("song").title;
    say(sound.isAsleep()
      ? "Click the piano to hear it: a browser stays silent until the first click."
      : `Playing ${title || countNotes(get("recorded"))}.`);
  };

  const stop = () => {
    if (!playback) return false;
    clearInterval(timer);
    const channels = new Set(playback.plan.moments.map((moment) => moment.channel));
    // Once now, and once after what the synth was given in advance.
    const later = seconds(clock() + LOOK_AHEAD + TICK);
    channels.forEach((channel) => [undefined, later].forEach((when) => {
      sound.control(channel, CC_SUSTAIN, 0, when);
      sound.control(channel, ALL_NOTES_OFF, 0, when);
      if (channel === LIVE_CHANNEL) sound.bend(channel, BEND_CENTRE, when);
    }));
    playback = null;
    playing.clear();
    beat.stop();
    save({ is_playing: false });
    return true;
  };

  return {
    play,
    stop,
    isPlaying: () => playback !== null,
    hasSomething: () => plan().moments.length > 0,
    /** Pitches that sound, each with the track that plays it last (null: the recording). */
    lit: () => new Map([...playing].map(([pitch, tracks]) => [pitch, tracks.at(-1)])),
    /** ms since the start, and the length. */
    position: () => ({ now: Math.max(0, clock() - playback.start),
      length: planLength(playback.plan) }),
  };
};
