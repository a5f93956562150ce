// When the metronome clicks, on which beat, and how a click sounds.

const HIGH = 1760; // Hz: the first beat of a bar
const LOW = 1175; // Hz: the others
const LENGTH = 0.05; // s

/** ms from beat to beat. */
export const beatLength = (tempo) => 60000 / tempo;

/**
 * The beats up to a moment: pure.
 *
 * @param next {at, index}: when (ms) the next beat is due, and its number from 0;
 *   negative numbers are the count-in
 * @returns {beats: [{at, index, bar, beat, isFirst}], next}
 */
export const beatsUntil = (next, until, { tempo, beatsPerBar }) => {
  const beats = [];
  let { at, index } = next;
  while (at <= until) {
    const beat = ((index % beatsPerBar) + beatsPerBar) % beatsPerBar;
    beats.push({ at, index, bar: Math.floor(index / beatsPerBar), beat, isFirst: beat === 0 });
    at += beatLength(tempo);
    index += 1;
  }
  return { beats, next: { at, index } };
};

/** One click at `when` (s, on the audio clock); returns how to take it back. */
export const click = (context, output, when, isFirst, loudness) => {
  const gain = new GainNode(context, { gain: 0 });
  const start = Math.max(when, context.currentTime);
  gain.gain.setValueAtTime(loudness, start);
  gain.gain.exponentialRampToValueAtTime(1e-4, start + LENGTH);
  const tone = new OscillatorNode(context, { type: "sine", frequency: isFirst ? HIGH : LOW });
  tone.connect(gain).connect(output);
  tone.onended = () => gain.disconnect();
  tone.start(start);
  tone.stop(start + LENGTH);
  return () => { try { tone.stop(); } catch { /* it is over */ } gain.disconnect(); };
};
