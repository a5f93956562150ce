// Sound at once, in the browser: a General MIDI synthesizer with real samples in an
// AudioWorklet, and a plain oscillator until it is loaded or where it can't run. The
// synthesizer itself (synth/synth.js) is one file for all widgets of a page; its code
// comes from Python together with the SoundFont.

import { frequency } from "./notes.js";

const PAGE_SOUND = Symbol.for("deepcomposer-edu.sound");
const ATTACK = 0.004; // s
const RELEASE = 0.06; // s, time constant
const SIMPLE_GAIN = 0.28; // as loud as the sampled piano
const ALL_NOTES_OFF = 123;
const N_CHANNELS = 16;
const DRUM_CHANNEL = 9;

/** What to say while the page's sound is asleep. */
export const ASLEEP = "Click once to hear it: a browser stays silent until the first click.";

/** One plain note; returns how to end it. */
const simpleVoice = (context, output, pitch, velocity, when) => {
  const start = Math.max(when, context.currentTime);
  const gain = new GainNode(context, { gain: 0 });
  const loudness = SIMPLE_GAIN * (velocity / 127) ** 1.5;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + ATTACK);
  gain.gain.setTargetAtTime(loudness * 0.25, start + ATTACK, 0.7); // a string dies away
  const voice = new OscillatorNode(context, { type: "triangle", frequency: frequency(pitch) });
  voice.connect(gain).connect(output);
  voice.start(start);
  return (end = context.currentTime) => {
    const from = Math.max(end, context.currentTime, start + ATTACK);
    gain.gain.cancelScheduledValues(from);
    gain.gain.setTargetAtTime(0, from, RELEASE);
    voice.stop(from + 8 * RELEASE);
  };
};

// What a plain drum is made of: noise through a filter, and how long it rings, in s.
const plainDrum = (pitch) => {
  if (pitch <= 36) return { type: "lowpass", frequency: 160, ring: 0.09, gain: 2.2 };
  if ([42, 44, 46, 49, 51, 53, 55, 57, 59].includes(pitch)) {
    return { type: "highpass", frequency: 6500, ring: pitch === 42 ? 0.03 : 0.12, gain: 0.4 };
  }
  return { type: "bandpass", frequency: pitch < 45 ? 1600 : 90 * (pitch - 40), ring: 0.07,
    gain: 0.9 };
};

/** One plain drum; it ends by itself. */
const simpleDrum = (context, output, pitch, velocity, when) => {
  const start = Math.max(when, context.currentTime);
  const { type, frequency: cutoff, ring, gain } = plainDrum(pitch);
  const buffer = new AudioBuffer({ length: context.sampleRate, sampleRate: context.sampleRate });
  buffer.getChannelData(0).forEach((_, i, samples) => { samples[i] = 2 * Math.random() - 1; });
  const noise = new AudioBufferSourceNode(context, { buffer });
  const filter = new BiquadFilterNode(context, { type, frequency: cutoff });
  const loudness = new GainNode(context, { gain: 0 });
  loudness.gain.setValueAtTime(gain * SIMPLE_GAIN * (velocity / 127) ** 1.5, start);
  loudness.gain.setTargetAtTime(0, start, ring);
  noise.connect(filter).connect(loudness).connect(output);
  noise.start(start);
  noise.stop(start + 8 * ring);
};

const createSound = () => {
  let context = null;
  let output = null; // volume, then analyser, then the loudspeaker
  let synth = null; // set when it is ready to sound
  let parts = null; // promise of {soundFont, synthCode}, both ArrayBuffer
  let loading = null;
  const programs = Array(N_CHANNELS).fill(0);
  const simpleVoices = new Map(); // "channel:pitch" -> how to end it

  const open = () => {
    if (context || typeof AudioContext === "undefined") return;
    context = new AudioContext({ latencyHint: "interactive" });
    output = new GainNode(context);
    sound.analyser = new AnalyserNode(context, { fftSize: 2048 });
    output.connect(sound.analyser).connect(context.destination);
    sound.context = context;
  };

  const loadSynth = async () => {
    const { soundFont, synthCode } = await parts;
    const url = URL.createObjectURL(new Blob([synthCode], { type: "text/javascript" }));
    const { createSynth } = await import(url);
    URL.revokeObjectURL(url);
    const loaded = await createSynth(context, soundFont);
    loaded.connect(output);
    programs.forEach((program, channel) => loaded.programChange(channel, program));
    synth = loaded;
    sound.kind = "sampled";
  };

  /** Load the sampled sound; whatever fails, the simple voice stays. */
  const load = () => {
    open();
    if (!context?.audioWorklet || !parts) return;
    loading ??= loadSynth().catch((error) => {
      console.warn("DeepComposer EDU: the sampled sound can't be loaded, so a plain one "
        + `is used (${error.message ?? error}).`);
    });
  };

  const options = (when) => (when ? { time: when } : undefined);

  const sound = {
    owner: null, // the piano that MIDI devices play
    onStage: null, // whose song sounds now, see takeStage
    kind: "simple", // or "sampled"
    context: null,
    analyser: null,

    /** Start loading; `fetchParts` is called once a page, promises {soundFont, synthCode}. */
    prepare: (fetchParts) => {
      if (parts) return;
      parts = fetchParts();
      parts.catch(() => { parts = null; });
      load();
    },

    /**
     * Call before a song starts: one song sounds on a page at a time, so the widget that
     * played before is paused. `player` has pause().
     */
    takeStage: (player) => {
      if (sound.onStage !== player) sound.onStage?.pause();
      sound.onStage = player;
    },

    /** Call when a widget is taken down, so that nothing of it is kept. */
    leaveStage: (player) => {
      if (sound.onStage === player) sound.onStage = null;
    },

    /** Call on every touch of the learner: browsers stay silent before the first. */
    wake: () => {
      open();
      if (context?.state === "suspended") context.resume();
      load();
    },

    isAsleep: () => context?.state === "suspended" && !navigator.userActivation?.hasBeenActive,

    /** The moment `time` (ms, on the clock that now shows `now`) in the synth's seconds. */
    at: (time, now) => (context ? context.currentTime + (time - now) / 1000 : 0),

    noteOn: (channel, pitch, velocity, when = 0) => {
      if (synth) {
        synth.noteOn(channel, pitch, velocity, options(when));
      } else if (context && channel === DRUM_CHANNEL) {
        simpleDrum(context, output, pitch, velocity, when);
      } else if (context) {
        const voice = `${channel}:${pitch}`;
        simpleVoices.get(voice)?.(when);
        simpleVoices.set(voice, simpleVoice(context, output, pitch, velocity, when));
      }
    },

    noteOff: (channel, pitch, when = 0) => {
      const voice = `${channel}:${pitch}`;
      simpleVoices.get(voice)?.(when || undefined);
      simpleVoices.delete(voice);
      synth?.noteOff(channel, pitch, options(when));
    },

    setProgram: (channel, program) => {
      if (programs[channel] === program) return;
      programs[channel] = program;
      synth?.programChange(channel, program);
    },

    control: (channel, controller, value, when = 0) => {
      synth?.controllerChange(channel, controller, value, options(when));
      if (controller !== ALL_NOTES_OFF) return;
      [...simpleVoices].filter(([voice]) => voice.startsWith(`${channel}:`))
        .forEach(([voice, end]) => { end(); simpleVoices.delete(voice); });
    },

    /** The pitch wheel: 0 to 16383, 8192 is the middle. */
    bend: (channel, value, when = 0) => synth?.pitchWheel(channel, value, options(when)),

    /** From 0 to 1. */
    setVolume: (volume) => {
      output?.gain.setTargetAtTime(volume ** 2, context.currentTime, 0.01);
    },
  };
  return sound;
};

/** The one sound of this page, shared by all widgets on it. */
export const pageSound = () => (globalThis[PAGE_SOUND] ??= createSound());
