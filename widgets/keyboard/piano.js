// The instrument without its looks. It knows no DOM: the view (view.js), MIDI and the
// tests (in node) drive it alike. A touch of a key (touches.js) goes to the arpeggiator or
// straight to the voices; what sounds is recorded.

import { CC_MODULATION, CC_SUSTAIN } from "../shared/midi.js";
import { bestOctaveShift } from "../shared/notes.js";
import { LIVE_CHANNEL } from "../shared/playback.js";
import { createArp } from "./arp.js";
import { addTap, tapTempo } from "./arpeggiator.js";
import { createBeat } from "./beat.js";
import { createCore } from "./core.js";
import { createPlayer } from "./player.js";
import { createRecorder } from "./recorder.js";
import { guessScale } from "./scale.js";
import { notesHeard } from "./heard.js";
import { createTargets } from "./targets.js";
import { createTouches } from "./touches.js";
import { createVoices } from "./voices.js";

const ALL_SOUND_OFF = 120; // MIDI controllers
const RPN_HIGH = 101;
const RPN_LOW = 100;
const DATA = 6;
const BEND_CENTRE = 8192;
const WIDEST_SHIFT = 5; // octaves

/**
 * @param model the widget's model: get, set, save_changes
 * @param sound see shared/sound.js
 * @param clock milliseconds on the time line of event.timeStamp
 * @param playClick makes one click of the metronome, see beat.js
 */
export const createPiano = ({ model, sound, clock = () => performance.now(), playClick }) => {
  const core = createCore({ model, sound, clock });
  const { get, save, saveSoon, say, changed } = core;
  const activated = new Set(); // whom to tell when this piano becomes the one that plays
  const wheels = { bend: get("bend"), modulation: get("modulation") }; // as they were sent
  let taps = [];
  let isSustained = false;

  const beat = createBeat({ core, play: playClick });
  const recorder = createRecorder({ core, beat });
  const onEvent = (time, fields) => recorder.note(time, fields);
  const voices = createVoices({ core, onEvent });
  const arp = createArp({ core, beat, onEvent });
  const touches = createTouches({ core, voices, arp, isSustained: () => isSustained,
    onTouch: () => activate() });
  const { press, release, releaseAll, isAllowed } = touches;

  // --- the live channel

  /** Make this the piano that MIDI devices play and whose settings the channel has. */
  const activate = () => {
    sound.wake();
    if (sound.owner !== piano) {
      sound.owner = piano;
      sendSettings();
      followMetronome();
      activated.forEach((tell) => tell());
    }
    sound.setVolume(get("volume"));
    sound.setProgram(LIVE_CHANNEL, get("instrument"));
  };

  /** Wheels and pedal; the synth keeps them until told otherwise. */
  const sendSettings = () => {
    Object.keys(wheels).forEach((name) => { wheels[name] = get(name); });
    sound.bend(LIVE_CHANNEL, Math.round(BEND_CENTRE + wheels.bend * (BEND_CENTRE - 1)));
    [[RPN_HIGH, 0], [RPN_LOW, 0], [DATA, get("bend_range")]]
      .forEach(([controller, value]) => sound.control(LIVE_CHANNEL, controller, value));
    sound.control(LIVE_CHANNEL, CC_MODULATION, Math.round(127 * wheels.modulation));
    sound.control(LIVE_CHANNEL, CC_SUSTAIN, rings() ? 127 : 0);
  };

  /** Whether the pedal lets notes ring: in the arpeggiator it holds the keys instead. */
  const rings = () => isSustained && !get("arpeggiator");

  const isOwner = () => sound.owner === piano;

  // --- pedal and wheels

  const sustain = (isDown, source = "button", time = clock()) => {
    isSustained = Boolean(isDown);
    if (isOwner() || isSustained) activate();
    if (!isSustained) touches.letGoLatched(time);
    if (isOwner()) sound.control(LIVE_CHANNEL, CC_SUSTAIN, rings() ? 127 : 0);
    recorder.note(time, { pedal: rings(), source });
    save({ sustain: isSustained });
    changed();
  };

  /** The pitch wheel: 0 to 16383, 8192 is the middle. */
  const bend = (value, source = "midi", time = clock()) => {
    const share = Math.max(-1, (value - BEND_CENTRE) / (BEND_CENTRE - 1));
    wheels.bend = Math.round(1000 * share) / 1000;
    saveSoon({ bend: wheels.bend });
    activate();
    sound.bend(LIVE_CHANNEL, value);
    recorder.note(time, { bend: get("bend"), source });
    changed();
  };

  const modulate = (share, source = "midi", time = clock()) => {
    wheels.modulation = Math.round(1000 * share) / 1000;
    saveSoon({ modulation: wheels.modulation });
    activate();
    sound.control(LIVE_CHANNEL, CC_MODULATION, Math.round(127 * share));
    recorder.note(time, { modulation: get("modulation"), source });
    changed();
  };

  /** Python has moved a wheel, stepped on the pedal, or set how far the wheel bends. */
  const followPython = () => {
    if (get("sustain") !== isSustained) sustain(get("sustain"), "python");
    if (isOwner()) sendSettings();
  };

  /** A wheel was moved by Python, not here. */
  const followWheels = () => {
    if (Object.keys(wheels).some((name) => get(name) !== wheels[name])) followPython();
  };

  /** Another MIDI controller, 0 to 127. */
  const controller = (number, value) => {
    activate();
    sound.control(LIVE_CHANNEL, number, value);
  };

  // --- record, play, stop

  const stage = { pause: () => { if (player.stop()) say("Paused: something else plays."); } };
  const player = createPlayer({ core, beat, recorder, stage, onStart: activate });

  const record = (time = clock()) => {
    if (recorder.isRecording()) { stop(time); return; }
    player.stop();
    activate();
    recorder.start(time);
  };

  const play = () => {
    if (recorder.isRecording()) stop();
    player.play();
  };

  const stop = (time = clock()) => {
    if (recorder.isRecording()) recorder.stop(time);
    else if (player.stop()) say("Stopped.");
    else if (beat.isRunning()) {
      beat.stop();
      say("The metronome is quiet until Record or Play.");
    }
  };

  /** Silence, whatever holds a note. */
  const panic = () => {
    player.stop();
    releaseAll();
    sustain(false);
    sound.control(LIVE_CHANNEL, ALL_SOUND_OFF, 0);
    say("All notes are off.");
  };

  // --- settings

  const shiftOctave = (by) => {
    const shift = get("octave_shift") + by;
    const low = get("low") + 12 * shift;
    if (low < 0 || low > 127 || Math.abs(shift) > WIDEST_SHIFT) return;
    save({ octave_shift: shift });
  };

  /** Move the keys to where most of the loaded song lies. */
  const showSong = () => {
    const { events = [] } = get("song");
    const pitches = events.filter((event) => event[3] > 0).map((event) => event[2]);
    if (!pitches.length) return;
    stop();
    save({ octave_shift: bestOctaveShift(pitches, get("low"), get("n_keys")) });
  };

  const tap = (time = clock()) => {
    taps = addTap(taps, time);
    const tempo = tapTempo(taps);
    if (tempo) save({ tempo });
    say(tempo ? `${tempo} beats a minute.` : "Tap on: the tempo follows.");
  };

  const setMetronome = (isOn) => {
    save({ metronome: isOn });
    if (isOn) activate();
    followMetronome();
    changed();
  };

  /** After the trait has changed, here or in Python: click, or be silent. */
  const followMetronome = () => {
    if (!get("metronome")) beat.stop();
    else if (!beat.isRunning() && !recorder.isRecording() && !player.isPlaying()) beat.run();
  };

  /** Find the key of the music so far and lock the keys to it. */
  const guessKey = () => {
    const found = guessScale(notesHeard(get, voices.recent()));
    if (!found) { say("Play or load some music first: its key is guessed from that."); return; }
    save({ scale: found, scale_lock: true });
    say(`It sounds like ${found}: only its notes sound now.`);
  };

  /** What sounds or is played otherwise after a setting has changed: let go first. */
  const toggle = (name) => {
    releaseAll();
    save({ [name]: !get(name) });
    changed();
  };

  /** A device is gone: nothing of it may sound on. */
  const unplug = (device) => {
    releaseAll(`midi:${device}`);
    if (isSustained) sustain(false, "midi");
    if (get("bend") !== 0) bend(BEND_CENTRE);
  };

  const dispose = () => {
    if (recorder.isRecording()) recorder.stop();
    player.stop();
    releaseAll();
    arp.stop();
    beat.stop();
    if (isSustained) sustain(false);
    sound.leaveStage?.(stage);
    if (isOwner()) sound.owner = null;
    activated.clear();
    core.dispose();
  };

  const piano = {
    activate, press, release, releaseAll, sustain, bend, modulate, controller, toggle,
    unplug, record, stop, play, say, shiftOctave, showSong, tap, guessKey,
    setMetronome, followMetronome, followPython, followWheels, isOwner, isAllowed, panic, dispose,
    tidy: recorder.tidy, trim: recorder.trim, undo: recorder.undo, redo: recorder.redo,
    canUndo: recorder.canUndo, canRedo: recorder.canRedo, take: recorder.current,
    onChange: core.onChange,
    program: (number) => save({ instrument: number }),
    onActivate: (tell) => {
      activated.add(tell);
      return () => activated.delete(tell);
    },
    lowest: () => Math.min(127, Math.max(0, get("low") + 12 * get("octave_shift"))),
    isHeld: (pitch) => voices.isHeld(pitch) || arp.isHeld(pitch),
    /** Pitches that sound, each with what plays it: a track number, or null for you. */
    sounding: () => new Map([...player.lit(),
      ...[...voices.pitches(), ...arp.lit()].map((pitch) => [pitch, null])]),
    /** Pitches that the arpeggiator goes round. */
    waiting: () => arp.held(),
    isRecording: recorder.isRecording,
    isPlaying: player.isPlaying,
    hasSomethingToPlay: player.hasSomething,
    isTicking: beat.isRunning,
    /** The beat of the metronome now, or null; see beat.js. */
    beat: beat.now,
    /** ms since Record or Play was pressed, and the length of what plays. */
    position: () => {
      if (recorder.isRecording()) return { now: clock() - recorder.startTime(), length: null };
      return player.isPlaying() ? player.position() : { now: 0, length: 0 };
    },
  };
  return Object.assign(piano, createTargets({ core, piano }));
};
