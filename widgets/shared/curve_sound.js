// The curves of a training as sound: tones that Python chose, played by oscillators.
//
//   curve = {seconds, steps, curves: [{pitch, swing, rough, broken}], mark, timbres,
//     rough_hertz, swing_hertz, softer_db, zero, words}, see heard_curves.py; or {}

import { frequency } from "./notes.js";

const FRAMES = 8; // points of a glide for each tone
const LOUDNESS = 0.1; // a tone that never pauses is loud enough with less than music has
const MARKS = 10; // soft ticks: each is a tenth of the run
const [TURN, ENDING] = [0.01, 0.03]; // s: what begins or ends at once would click
const NEWS_SECONDS = 0.22;

/** Values as a line that is read at `place`, in tones; what is null is left out. */
const lineAt = (values, place) => {
  const known = values.flatMap((value, i) => (value === null ? [] : [i]));
  if (!known.length) return 0;
  const after = known.findIndex((i) => i >= place);
  if (after === 0) return values[known[0]];
  if (after < 0) return values[known.at(-1)];
  const [from, to] = [known[after - 1], known[after]];
  return values[from] + (values[to] - values[from]) * ((place - from) / (to - from));
};

/**
 * How one curve sounds, point after point in equal times: hertz, how loud (0 where it is
 * silent), how far it swings in cents, how deep it is rough, how loud its noise is.
 */
export const framesOf = (curve, number) => {
  const { pitch, swing, rough, broken } = curve.curves[number];
  const n = FRAMES * pitch.length;
  const frames = { hertz: [], level: [], cents: [], depth: [], noise: [] };
  let since = Infinity; // s since there is no number
  for (let i = 0; i < n; i += 1) {
    const place = ((i + 0.5) / n) * pitch.length - 0.5;
    const tone = Math.min(pitch.length - 1, Math.max(0, Math.round(place)));
    const height = lineAt(pitch, place);
    const depth = Math.min(1, Math.max(0, lineAt(rough, place)));
    const even = 1 / Math.sqrt(1 - depth + 0.375 * depth ** 2); // as loud as a smooth one
    const soft = 10 ** ((-curve.softer_db / 20) * ((height - curve.zero) / 12));
    frames.hertz.push(frequency(height));
    frames.level.push(pitch[tone] === null ? 0 : soft * even);
    frames.cents.push(100 * lineAt(swing, place));
    frames.depth.push(depth);
    since = !broken[tone] ? Infinity : since === Infinity ? 0 : since + curve.seconds / n;
    frames.noise.push(since < 0.5 ? Math.exp(-since / 0.2)
      : since < Infinity ? 0.6 * Math.exp(-(since % 0.5) / 0.03) : 0);
  }
  return frames;
};

/** The last of the tones alone, short: what is heard while it trains. */
export const newsOf = (curve) => ({ ...curve, seconds: NEWS_SECONDS, mark: null,
  steps: curve.steps.slice(-1),
  curves: curve.curves.map((one) => Object.fromEntries(
    Object.entries(one).map(([name, values]) => [name, values.slice(-1)]))) });

/** The step that is heard when `share` of the time is over. */
export const stepAt = ({ steps }, share) =>
  steps[Math.min(steps.length - 1, Math.max(0, Math.floor(share * steps.length)))];

/** Let it sound from `start` on, into `output`; returns the nodes that must be stopped. */
const sounding = (context, output, curve, start) => {
  const { seconds } = curve;
  const follow = (param, values) =>
    param.setValueCurveAtTime(Float32Array.from(values), start, seconds);
  const begun = (node) => {
    node.start(start);
    node.stop(start + seconds);
    return node;
  };
  const noiseBuffer = () => {
    const length = context.sampleRate;
    const buffer = new AudioBuffer({ length, sampleRate: length });
    buffer.getChannelData(0).forEach((_, i, all) => { all[i] = 2 * Math.random() - 1; });
    return buffer;
  };
  return curve.curves.flatMap((_, number) => {
    const frames = framesOf(curve, number);
    const timbre = [0, ...curve.timbres[number % curve.timbres.length]];
    const voice = new OscillatorNode(context, { type: "custom",
      periodicWave: new PeriodicWave(context, { imag: timbre }) });
    const level = new GainNode(context, { gain: 0 });
    const tremble = new GainNode(context);
    const beat = new OscillatorNode(context, { frequency: curve.rough_hertz });
    const beatDepth = new GainNode(context, { gain: 0 });
    const sway = new OscillatorNode(context, { frequency: curve.swing_hertz });
    const swayDepth = new GainNode(context, { gain: 0 });
    const noise = new AudioBufferSourceNode(context, { buffer: noiseBuffer(), loop: true });
    const noiseLevel = new GainNode(context, { gain: 0 });
    const side = new StereoPannerNode(context,
      { pan: curve.curves.length > 1 ? 1.2 * number - 0.6 : 0 });
    follow(voice.frequency, frames.hertz);
    follow(level.gain, frames.level);
    follow(tremble.gain, frames.depth.map((depth) => 1 - depth / 2));
    follow(beatDepth.gain, frames.depth.map((depth) => depth / 2));
    follow(swayDepth.gain, frames.cents);
    follow(noiseLevel.gain, frames.noise);
    beat.connect(beatDepth).connect(tremble.gain);
    sway.connect(swayDepth).connect(voice.detune);
    voice.connect(tremble).connect(level).connect(side);
    noise.connect(noiseLevel).connect(side);
    side.connect(output);
    return [voice, beat, sway, noise].map(begun);
  });
};

/** Soft ticks at each tenth; returns their nodes. */
const ticks = (context, output, curve, start) =>
  Array.from({ length: curve.mark === null ? 0 : MARKS }, (_, i) => {
    const when = start + (i * curve.seconds) / MARKS;
    const tick = new OscillatorNode(context, { frequency: frequency(curve.mark) });
    const level = new GainNode(context, { gain: 0 });
    level.gain.setValueAtTime(0.5, when);
    level.gain.setTargetAtTime(0, when, 0.02);
    tick.connect(level).connect(output);
    tick.start(when);
    tick.stop(when + 0.15);
    return tick;
  });

/**
 * What plays the curves; one for each Python object.
 *
 * @param sound see shared/sound.js
 * @param volume () => 0 to 1
 */
export const createCurve = ({ sound, volume }) => {
  const listeners = new Set();
  let now = null; // what plays: {curve, name, start, output, nodes}

  const tell = () => listeners.forEach((listener) => listener());

  const begin = (curve) => {
    const { context } = sound;
    const start = context.currentTime + ENDING;
    const output = new GainNode(context, { gain: 0 });
    output.gain.setTargetAtTime(LOUDNESS * volume() ** 2, start, TURN);
    output.gain.setTargetAtTime(0, start + curve.seconds - 2 * ENDING, TURN);
    output.connect(sound.analyser);
    const nodes = [...sounding(context, output, curve, start),
      ...ticks(context, output, curve, start)];
    return { curve, start, output, nodes };
  };

  const stop = () => {
    if (!now) return;
    const { output, nodes } = now;
    const end = sound.context.currentTime;
    now = null;
    output.gain.cancelScheduledValues(end);
    output.gain.setTargetAtTime(0, end, TURN);
    nodes.forEach((node) => node.stop(end + 8 * TURN));
    tell();
  };
  const player = { pause: stop, isPlaying: () => now !== null };

  return {
    isPlaying: () => now !== null,
    /** The name of what plays, or null. */
    playing: () => now?.name ?? null,
    /** How much of it is over, 0 to 1. */
    share: () => (now ? Math.min(1, Math.max(0,
      (sound.context.currentTime - now.start) / now.curve.seconds)) : 0),
    /** The step that is heard now, or null. */
    step() { return now ? stepAt(now.curve, this.share()) : null; },
    play: (curve, name = "curves") => {
      stop();
      if (!curve.curves?.length) return;
      sound.wake();
      if (!sound.context) return;
      sound.takeStage(player);
      const mine = { ...begin(curve), name };
      now = mine;
      mine.nodes[0].onended = () => { if (now === mine) stop(); };
      tell();
    },
    /** One short tone: where the training stands. It is left out while anything plays. */
    news: (curve) => {
      if (now || !curve.curves?.length || !sound.context || sound.onStage?.isPlaying?.()) return;
      const { nodes, output } = begin(newsOf(curve));
      nodes[0].onended = () => output.disconnect();
    },
    stop,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      stop();
      sound.leaveStage(player);
    },
  };
};
