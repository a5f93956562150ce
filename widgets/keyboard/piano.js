// The instrument without its looks: which notes are held and by what, recording, playing
// back. It knows no DOM: the view (view.js) and the tests (in node) drive it alike.

import { parseMidi, CC_SUSTAIN } from "./midi.js";
import { bestOctaveShift } from "./notes.js";
import { LIVE_CHANNEL, clockText, countNotes, planLength, recordingPlan, songPlan }
  from "./playback.js";

const LONGEST_RECORDING = 10 * 60 * 1000; // ms
const SEND_EVERY = 300; // ms between two updates of a running recording to Python
const TICK = 20; // ms between two looks at the playback plan
const LOOK_AHEAD = 100; // ms of playback handed to the synth in advance
const LEAD_IN = 80; // ms before the first note, so that it is not late
const ALL_NOTES_OFF = 123; // MIDI controller
const BEND_CENTRE = 8192;

/** "mouse" of the holder "mouse:1": what kind of thing holds a note. */
const sourceOf = (holder) => holder.split(":")[0];

/**
 * @param model the widget's model: get, set, save_changes
 * @param sound see sound.js
 * @param clock milliseconds on the time line of event.timeStamp
 */
export const createPiano = ({ model, sound, clock = () => performance.now() }) => {
  const holders = new Map(); // pitch -> Set of holders ("mouse:1", "computer:KeyZ")
  const playing = new Map(); // pitch -> list of tracks that sound it in the playback
  const listeners = new Set();
  let recording = null; // {start, events, isSent}
  let playback = null; // {plan, start, nSounded, nShown}
  let sendTimer = null;
  let tickTimer = null;
  let kernelOffset = Infinity; // browser clock minus kernel clock, ms

  const changed = () => listeners.forEach((listener) => listener());

  const save = (values) => {
    Object.entries(values).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };

  const say = (status) => { save({ status }); changed(); };

  /** Make this the piano that MIDI devices play and whose instrument sounds. */
  const activate = () => {
    sound.wake();
    if (sound.owner !== piano) {
      sound.owner = piano;
      sound.bend(LIVE_CHANNEL, BEND_CENTRE);
    }
    sound.setVolume(model.get("volume"));
    sound.setProgram(LIVE_CHANNEL, model.get("instrument"));
  };

  // --- recording

  const sendRecording = () => {
    if (!recording || recording.isSent) return;
    recording.isSent = true;
    save({ recorded: [...recording.events] });
  };

  const note = (time, fields) => {
    if (!recording) return;
    const sinceStart = Math.max(0, time - recording.start);
    recording.events.push({ time: Math.round(sinceStart * 10) / 10, ...fields });
    recording.isSent = false;
  };

  const record = (time = clock()) => {
    if (recording) return stop(time);
    stopPlayback();
    activate();
    recording = { start: time, events: [], isSent: true };
    sendTimer = setInterval(() => {
      sendRecording();
      changed();
      if (clock() - recording.start > LONGEST_RECORDING) stop();
    }, SEND_EVERY);
    save({ recorded: [], song: {}, is_recording: true });
    say("Recording. Play, then press Stop.");
  };

  const stopRecording = (time) => {
    clearInterval(sendTimer);
    // What is still held ends here, so that no note of the recording lasts for ever.
    holders.forEach((set, pitch) => {
      note(time, { pitch, velocity: 0, source: sourceOf([...set][0]) });
    });
    const { events, start } = recording;
    recording = null;
    // One message for all of it: Python sees the events when it sees the new number.
    save({ recorded: events, is_recording: false, n_takes: model.get("n_takes") + 1 });
    say(events.length
      ? `Recorded ${countNotes(events)} in ${clockText(time - start)}.`
      : "Nothing was played, so the recording is empty.");
  };

  // --- playing back

  const plan = () => {
    const song = model.get("song");
    if (song.events?.length) return songPlan(song);
    return recordingPlan(model.get("recorded"), model.get("instrument"));
  };

  const soundMoment = (moment) => {
    const when = sound.at(playback.start + moment.time, clock());
    if (moment.controller !== undefined) {
      sound.control(moment.channel, moment.controller, moment.value, when);
    } else if (moment.velocity > 0) {
      sound.noteOn(moment.channel, moment.pitch, moment.velocity, when);
    } else {
      sound.noteOff(moment.channel, moment.pitch, when);
    }
  };

  const showMoment = ({ pitch, velocity, track }) => {
    if (pitch === undefined) return;
    const tracks = playing.get(pitch) ?? [];
    if (velocity > 0) playing.set(pitch, [...tracks, track]);
    else playing.set(pitch, tracks.filter((_, i) => i !== tracks.indexOf(track)));
    if (!playing.get(pitch).length) playing.delete(pitch);
  };

  const tick = () => {
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
      stopPlayback();
      say("Played to the end.");
    }
    changed();
  };

  const play = () => {
    if (recording) stop();
    stopPlayback();
    const next = plan();
    if (!next.moments.length) {
      say("There is nothing to play yet: press Record and play some notes.");
      return;
    }
    activate();
    next.programs.forEach(([channel, program]) => sound.setProgram(channel, program));
    playback = { plan: next, start: clock() + LEAD_IN, nSounded: 0, nShown: 0 };
    tickTimer = setInterval(tick, TICK);
    save({ is_playing: true });
    const title = model.get("song").title;
    say(sound.isAsleep()
      ? "Click the piano to hear it: a browser stays silent until the first click."
      : `Playing ${title || countNotes(model.get("recorded"))}.`);
  };

  const stopPlayback = () => {
    if (!playback) return;
    clearInterval(tickTimer);
    const channels = new Set(playback.plan.moments.map((moment) => moment.channel));
    // Once now, and once after what the synth was given in advance.
    const later = sound.at(clock() + LOOK_AHEAD + TICK, clock());
    channels.forEach((channel) => [undefined, later].forEach((when) => {
      sound.control(channel, CC_SUSTAIN, 0, when);
      sound.control(channel, ALL_NOTES_OFF, 0, when);
    }));
    playback = null;
    playing.clear();
    save({ is_playing: false });
  };

  const stop = (time = clock()) => {
    if (recording) return stopRecording(time);
    if (playback) {
      stopPlayback();
      say("Stopped.");
    }
  };

  // --- notes played live

  const saveHeld = () => save({ pressed: [...holders.keys()].sort((a, b) => a - b) });

  const press = (pitch, velocity, holder, time = clock()) => {
    if (pitch < 0 || pitch > 127) return;
    const held = holders.get(pitch) ?? new Set();
    if (held.has(holder)) return;
    const isNew = held.size === 0;
    holders.set(pitch, held.add(holder));
    if (!isNew) return; // it sounds already: a second finger on the key changes nothing
    activate();
    sound.noteOn(LIVE_CHANNEL, pitch, velocity);
    note(time, { pitch, velocity, source: sourceOf(holder) });
    saveHeld();
    changed();
  };

  const release = (pitch, holder, time = clock()) => {
    const held = holders.get(pitch);
    if (!held?.delete(holder) || held.size) return;
    holders.delete(pitch);
    sound.noteOff(LIVE_CHANNEL, pitch);
    note(time, { pitch, velocity: 0, source: sourceOf(holder) });
    saveHeld();
    changed();
  };

  /** Let go of everything whose holder starts with `prefix` ("midi:", "computer:"). */
  const releaseAll = (prefix = "", time = clock()) => {
    [...holders].forEach(([pitch, held]) => [...held]
      .filter((holder) => holder.startsWith(prefix))
      .forEach((holder) => release(pitch, holder, time)));
  };

  // --- MIDI

  const buttons = { play: () => play(), stop, record };

  /** One MIDI message from the device called `device`. */
  const midi = (bytes, device, time = clock()) => {
    const message = parseMidi(bytes);
    if (!message || (sound.owner && sound.owner !== piano)) return;
    const holder = `midi:${device}`;
    if (message.kind === "on") press(message.pitch, message.velocity, holder, time);
    if (message.kind === "off") release(message.pitch, holder, time);
    if (message.kind === "bend") sound.bend(LIVE_CHANNEL, message.value);
    if (message.kind === "control") {
      sound.control(LIVE_CHANNEL, message.controller, message.value);
    }
    if (message.kind === "sustain") {
      sound.control(LIVE_CHANNEL, CC_SUSTAIN, message.isDown ? 127 : 0);
      note(time, { pedal: message.isDown, source: "midi" });
    }
    if (message.kind === "volume") save({ volume: message.volume });
    if (message.kind === "program") save({ instrument: message.program });
    if (message.kind === "button") buttons[message.button](time);
  };

  /** A device is gone: nothing of it may sound on. */
  const unplug = (device) => {
    sound.control(LIVE_CHANNEL, CC_SUSTAIN, 0);
    sound.bend(LIVE_CHANNEL, BEND_CENTRE);
    releaseAll(`midi:${device}`);
  };

  /**
   * A MIDI message that came through Python, with the kernel's clock in ms. The fastest
   * message so far tells how far the two clocks lie apart, so a late one keeps its time.
   */
  const kernelMidi = (bytes, device, kernelTime) => {
    kernelOffset = Math.min(kernelOffset, clock() - kernelTime);
    midi(bytes, device, kernelTime + kernelOffset);
  };

  // --- the rest

  const shiftOctave = (by) => {
    const shift = model.get("octave_shift") + by;
    const low = model.get("low") + 12 * shift;
    if (low < 0 || low > 127 || Math.abs(shift) > 5) return;
    save({ octave_shift: shift });
  };

  /** Move the keys to where most of the loaded song lies. */
  const showSong = () => {
    const { events = [] } = model.get("song");
    const pitches = events.filter((event) => event[3] > 0).map((event) => event[2]);
    if (!pitches.length) return;
    stop();
    const shift = bestOctaveShift(pitches, model.get("low"), model.get("n_keys"));
    save({ octave_shift: shift });
  };

  const dispose = () => {
    if (recording) stop();
    stopPlayback();
    releaseAll();
    if (sound.owner === piano) sound.owner = null;
    listeners.clear();
  };

  const piano = {
    activate, press, release, releaseAll, midi, kernelMidi, unplug, record, stop, play,
    say, shiftOctave, showSong, dispose,
    lowest: () =>
      Math.min(127, Math.max(0, model.get("low") + 12 * model.get("octave_shift"))),
    isHeld: (pitch) => holders.has(pitch),
    /** Pitches that sound, each with what plays it: a track number, or null for you. */
    sounding: () => new Map([
      ...[...playing].map(([pitch, tracks]) => [pitch, tracks.at(-1)]),
      ...[...holders.keys()].map((pitch) => [pitch, null]),
    ]),
    isRecording: () => recording !== null,
    isPlaying: () => playback !== null,
    hasSomethingToPlay: () => plan().moments.length > 0,
    /** ms since Record or Play was pressed, and the length of what plays. */
    position: () => {
      if (recording) return { now: clock() - recording.start, length: null };
      if (!playback) return { now: 0, length: 0 };
      return { now: Math.max(0, clock() - playback.start), length: planLength(playback.plan) };
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return piano;
};
