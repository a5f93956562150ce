// Sound at once, in the browser: a General MIDI synthesizer with real samples in an
// AudioWorklet, and a plain oscillator until it is loaded or where it can't run.

import { WorkletSynthesizer } from "spessasynth_lib";
import processorSource from "spessasynth_lib/dist/spessasynth_processor.min.js";
import { frequency } from "./notes.js";

const PAGE_SOUND = Symbol.for("deepcomposer-edu.sound");
const ATTACK = 0.004; // s
const RELEASE = 0.06; // s, time constant
const SIMPLE_GAIN = 0.28; // as loud as the sampled piano
const ALL_NOTES_OFF = 123;
const N_CHANNELS = 16;

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

const createSound = () => {
  let context = null;
  let output = null; // volume, then analyser, then the loudspeaker
  let synth = null; // set when it is ready to sound
  let soundFont = null; // promise of its bytes
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
    const url = URL.createObjectURL(new Blob([processorSource], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    const loaded = new WorkletSynthesizer(context);
    // A copy, since the bytes are moved into the worklet.
    await loaded.soundBankManager.addSoundBank((await soundFont).slice(0), "main");
    await loaded.isReady;
    loaded.connect(output);
    programs.forEach((program, channel) => loaded.programChange(channel, program));
    synth = loaded;
    sound.kind = "sampled";
  };

  /** Load the sampled sound; whatever fails, the simple voice stays. */
  const load = () => {
    open();
    if (!context?.audioWorklet || !soundFont) return;
    loading ??= loadSynth().catch((error) => {
      console.warn("DeepComposer EDU: the sampled sound can't be loaded, so a plain one "
        + `is used (${error.message ?? error}).`);
    });
  };

  const options = (when) => (when ? { time: when } : undefined);

  const sound = {
    owner: null, // the piano that MIDI devices play
    kind: "simple", // or "sampled"
    context: null,
    analyser: null,

    /** Start loading; `fetchSoundFont` is called once a page and promises an ArrayBuffer. */
    prepare: (fetchSoundFont) => {
      if (soundFont) return;
      soundFont = fetchSoundFont();
      soundFont.catch(() => { soundFont = null; });
      load();
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

    bend: (channel, value) => synth?.pitchWheel(channel, value),

    /** From 0 to 1. */
    setVolume: (volume) => {
      output?.gain.setTargetAtTime(volume ** 2, context.currentTime, 0.01);
    },
  };
  return sound;
};

/** The one sound of this page, shared by all widgets on it. */
export const pageSound = () => (globalThis[PAGE_SOUND] ??= createSound());
