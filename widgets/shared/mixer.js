// The tracks of a song on the channels of the page's synthesizer: instrument, volume, mute,
// solo, and silence at once. Used by transport.js.

import { trackChannels } from "./playback.js";

const DRUMS = 9; // channel
const STANDARD_KIT = 0; // program
const CC_VOLUME = 7;
const CC_EXPRESSION = 11;
const ALL_SOUND_OFF = 120;
const ALL_NOTES_OFF = 123;
const USUAL_VOLUME = 0.8; // is General MIDI's 100
const USUAL_CC_VOLUME = 100;
const SAFETY = 6; // ms behind the last thing that the synth was told
const DRIFT = 0.05; // share of the measured difference of the clocks taken over each time
const JUMP = 60; // ms: a larger difference is no jitter, the sound's clock stood still

const toController = (volume) => Math.round(volume * (USUAL_CC_VOLUME / USUAL_VOLUME));

/**
 * @param sound see sound.js
 * @param clock ms on the time line of event.timeStamp
 */
export const createMixer = (sound, clock) => {
  let tracks = []; // {program, is_drum, volume, mute, solo}
  let channels = [];
  let isShared = []; // whether another track has the same channel
  let offset = null; // ms from our clock to the sound's
  let kind = null; // of the sound, when it was told the volumes
  let isUp = false; // whether the channels are set for these tracks
  const auditions = new Map(); // "channel:pitch" -> timer

  const isAwake = () => !sound.context || sound.context.state === "running";

  /**
   * Read the sound's clock. It moves by whole buffers, so it is followed slowly; while it
   * stands still, before the first touch of the page, time goes on without it.
   */
  const follow = () => {
    const here = clock();
    const measured = sound.context === null ? 0 : 1000 * sound.at(here, here) - here;
    const isFar = offset === null || Math.abs(measured - offset) > JUMP;
    if (isFar && (isAwake() || offset === null)) offset = measured;
    else if (isAwake()) offset += DRIFT * (measured - offset);
    if (isUp && sound.kind !== kind) sendAll(); // the sampled sound has come meanwhile
  };

  /** What the sound's clock shows, in ms, without the jitter of reading it. */
  const now = () => {
    if (offset === null) follow();
    return clock() + offset;
  };
  const when = (time) => time / 1000;

  const used = () => [...new Set(channels)];

  const loudest = (channel) => Math.max(...tracks
    .filter((_, track) => channels[track] === channel).map(({ volume }) => volume));

  const sendTrack = (track) => {
    const channel = channels[track];
    sound.setProgram(channel, tracks[track].program);
    // Not before the silence of whoever played last is over: it ends by opening the channel.
    const time = Math.max(now(), (sound.busyUntil ?? 0) + 1);
    sound.control(channel, CC_VOLUME, toController(loudest(channel)), when(time));
  };

  const sendAll = () => {
    kind = sound.kind;
    tracks.forEach((_, track) => sendTrack(track));
  };

  const arrange = () => {
    const before = used();
    channels = trackChannels(tracks);
    isShared = channels.map((channel) => channels.filter((c) => c === channel).length > 1);
    if (!isUp) return;
    before.filter((channel) => !channels.includes(channel))
      .forEach((channel) => sound.control(channel, CC_VOLUME, USUAL_CC_VOLUME));
    sendAll();
  };

  /** How hard to strike: plain voices and shared channels know no volume of a track. */
  const velocityOf = (track, velocity) => {
    const { volume } = tracks[track];
    const isPlain = sound.kind === "simple";
    if (!isShared[track] && !isPlain) return velocity;
    const most = isPlain ? USUAL_VOLUME : loudest(channels[track]);
    const share = most > 0 ? volume / most : 0;
    return Math.min(127, Math.max(share > 0 ? 1 : 0, Math.round(velocity * share)));
  };

  const isAudible = (track) => {
    const { mute, solo } = tracks[track] ?? {};
    return !mute && (solo || !tracks.some((other) => other.solo));
  };

  return {
    tracks: () => tracks,
    channelOf: (track) => channels[track],
    isDrum: (track) => Boolean(tracks[track]?.is_drum),
    isAudible,
    follow,
    now,
    isAwake,

    /** Other tracks; with `keepsMix` those that were there keep instrument and volume. */
    setTracks: (next, keepsMix = false) => {
      tracks = next.map(({ program = 0, is_drum = false }, i) => ({ volume: USUAL_VOLUME,
        mute: false, solo: false, program, is_drum, ...(keepsMix ? tracks[i] : {}) }));
      arrange();
    },

    setTrack: (track, values) => {
      const isMoved = (values.is_drum ?? tracks[track].is_drum) !== tracks[track].is_drum;
      tracks = tracks.map((old, i) => (i === track ? { ...old, ...values } : old));
      if (isMoved) arrange();
      else if (isUp) sendTrack(track);
    },

    /** Set the channels for these tracks; call before anything sounds. */
    takeUp: () => {
      offset = null;
      follow();
      isUp = true;
      sendAll();
    },

    /** Leave the channels as General MIDI has them, for whoever plays next. */
    putDown: () => {
      if (!isUp) return;
      isUp = false;
      sound.setProgram(DRUMS, STANDARD_KIT);
      used().forEach((channel) => sound.control(channel, CC_VOLUME, USUAL_CC_VOLUME));
    },

    noteOn: (track, pitch, velocity, time) => {
      const loudness = velocityOf(track, velocity);
      if (loudness > 0) sound.noteOn(channels[track], pitch, loudness, when(time));
    },
    noteOff: (channel, pitch, time) => sound.noteOff(channel, pitch, when(time)),

    /**
     * Silence now, though the synth holds notes up to the moment `told`: the channels are
     * closed until then and emptied before they open again.
     */
    silence: (told) => {
      follow();
      const after = Math.max(told, now()) + SAFETY;
      used().forEach((channel) => {
        sound.control(channel, ALL_NOTES_OFF, 0);
        sound.control(channel, CC_EXPRESSION, 0);
        sound.control(channel, ALL_SOUND_OFF, 0, when(after));
        sound.control(channel, CC_EXPRESSION, 127, when(after));
        sound.control(channel, CC_VOLUME, USUAL_CC_VOLUME, when(after));
      });
      sound.setProgram(DRUMS, STANDARD_KIT);
      isUp = false;
      sound.busyUntil = after; // for the next transport on this page
    },

    /** The first moment at which notes may sound, not before `time`. */
    earliest: (time) => Math.max(time, (sound.busyUntil ?? 0) + 1),

    audition: (track, pitch, velocity, ms) => {
      const channel = channels[track] ?? 0;
      const key = `${channel}:${pitch}`;
      clearTimeout(auditions.get(key));
      sound.noteOn(channel, pitch, velocity);
      auditions.set(key, setTimeout(() => {
        auditions.delete(key);
        sound.noteOff(channel, pitch);
      }, ms));
    },
  };
};
