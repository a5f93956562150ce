// The field as a stretch of time: four ticks of the beat, and a tone as long as the field.

const TONE = 261.6256; // Hz, middle C
const TICK = 1760; // Hz
const RAMP = 0.003; // s, so that nothing clicks
const BEATS = 4;

/** When each sound starts and how long it lasts: [{kind, start, seconds}], in seconds. */
export const planOf = (fieldSeconds, tempo) => {
  const beat = 60 / tempo;
  const ticks = Array.from({ length: BEATS }, (_, i) => ({ kind: "tick", start: i * beat,
    seconds: 0.03 }));
  // A field longer than a beat sounds once, a shorter one at each beat.
  const starts = fieldSeconds < 0.9 * beat ? ticks.map(({ start }) => start) : [0];
  const seconds = Math.min(fieldSeconds, BEATS * beat);
  return [...ticks, ...starts.map((start) => ({ kind: "tone", start, seconds }))];
};

/** @param onChange called when it starts and when it ends, with whether it sounds */
export const createHearing = ({ sound, onChange }) => {
  let playing = null; // {gain, timer}

  const stop = () => {
    if (!playing) return;
    const { gain, voices, timer } = playing;
    playing = null;
    clearTimeout(timer);
    const now = sound.context.currentTime;
    gain.gain.setTargetAtTime(0, now, 0.01);
    voices.forEach((voice) => voice.stop(now + 0.08));
    onChange(false);
  };
  const player = { pause: stop };

  const play = (fieldSeconds, tempo) => {
    stop();
    sound.wake();
    if (!sound.context) return;
    sound.takeStage(player);
    const { context } = sound;
    const begin = context.currentTime + 0.06;
    const gain = new GainNode(context, { gain: 0.5 });
    gain.connect(sound.analyser);
    const plan = planOf(fieldSeconds, tempo);
    const voices = plan.map(({ kind, start, seconds }) => {
      const voice = new OscillatorNode(context, { frequency: kind === "tick" ? TICK : TONE,
        type: kind === "tick" ? "sine" : "triangle" });
      const shape = new GainNode(context, { gain: 0 });
      const loudness = kind === "tick" ? 0.25 : 0.6;
      const ramp = Math.min(RAMP, seconds / 4);
      shape.gain.setValueAtTime(0, begin + start);
      shape.gain.linearRampToValueAtTime(loudness, begin + start + ramp);
      shape.gain.setValueAtTime(loudness, begin + start + seconds - ramp);
      shape.gain.linearRampToValueAtTime(0, begin + start + seconds);
      voice.connect(shape).connect(gain);
      voice.start(begin + start);
      voice.stop(begin + start + seconds + 0.01);
      return voice;
    });
    const end = Math.max(...plan.map(({ start, seconds }) => start + seconds));
    playing = { gain, voices, timer: setTimeout(stop, 1000 * (end + 0.3)) };
    onChange(true);
  };

  return { play, stop, isPlaying: () => playing !== null,
    close: () => {
      stop();
      sound.leaveStage(player);
    } };
};
