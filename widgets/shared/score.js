// Music as Python and the browser exchange it (deepcomposer_edu/music/score_dict.py), and
// what can be asked about it. Pure functions; nothing here changes what it is given.
//
//   music = { title, tempo, tempo_changes: [[step, bpm]], metres: [[step, num, den]],
//             pickup, tracks: [{ name, program, is_drum, notes: [[start, pitch, duration,
//             velocity]] }] }
//
// Time is counted in steps of a sixteenth (4 to a quarter) and may be fractional. A note is
// named by its track and its place in that track's list: [track, index].

export const STEPS_PER_QUARTER = 4;
const WHOLE = 16; // steps
const DEFAULT_TEMPO = 120;

/** Music without a note. */
export const EMPTY_MUSIC = Object.freeze({ title: "", tempo: DEFAULT_TEMPO,
  tempo_changes: [], metres: [[0, 4, 4]], pickup: 0, tracks: [] });

/** `music` with everything that may be left out filled in. */
export const completeMusic = (music) => {
  const given = music ?? {};
  return { ...EMPTY_MUSIC, ...given,
    metres: given.metres?.length ? given.metres : EMPTY_MUSIC.metres };
};

/**
 * All notes in order of time: [{track, index, start, end, pitch, velocity}].
 * Of notes that start together the lower track, then the lower pitch comes first.
 */
export const flatNotes = (music) => music.tracks
  .flatMap(({ notes }, track) => notes.map(([start, pitch, duration, velocity], index) =>
    ({ track, index, start, end: start + duration, pitch, velocity })))
  .sort((a, b) => a.start - b.start || a.track - b.track || a.pitch - b.pitch);

/** The step at which the last note stops; 0 without notes. */
export const musicEnd = (music) => music.tracks.reduce((latest, { notes }) =>
  notes.reduce((end, [start, , duration]) => Math.max(end, start + duration), latest), 0);

/**
 * From steps to seconds and back: {secondsAt(step), stepAt(seconds), tempoAt(step)}.
 * Works before step 0 and behind the end, too.
 */
export const tempoMap = (music) => {
  const stretches = [{ step: 0, seconds: 0, bpm: music.tempo ?? DEFAULT_TEMPO }];
  const perStep = ({ bpm }) => 60 / (bpm * STEPS_PER_QUARTER);
  [...(music.tempo_changes ?? [])].sort(([a], [b]) => a - b).forEach(([step, bpm]) => {
    const last = stretches.at(-1);
    stretches.push({ step, bpm,
      seconds: last.seconds + (step - last.step) * perStep(last) });
  });
  const holding = (field, value) =>
    stretches.findLast((stretch) => stretch[field] <= value) ?? stretches[0];
  return {
    secondsAt: (step) => {
      const from = holding("step", step);
      return from.seconds + (step - from.step) * perStep(from);
    },
    stepAt: (seconds) => {
      const from = holding("seconds", seconds);
      return from.step + (seconds - from.seconds) / perStep(from);
    },
    tempoAt: (step) => holding("step", step).bpm,
  };
};

/** How long the music lasts, in seconds. */
export const musicSeconds = (music) => tempoMap(music).secondsAt(musicEnd(music));

const metreAt = (metres, step) => metres.findLast(([start]) => start <= step) ?? metres[0];

const byStep = (metres) => [...metres].sort(([a], [b]) => a - b);

/**
 * Where each bar starts: [{step, number}], the same as viz/rolls.py `bar_lines`. The first
 * whole bar is 1, a pickup before it 0; a new metre begins a new bar. The last line stands
 * at or behind `end`.
 */
export const barLines = (music, end = musicEnd(music)) => {
  const metres = byStep(music.metres);
  const lines = [];
  let position = 0;
  if (music.pickup > 0) {
    lines.push({ step: 0, number: 0 });
    position = music.pickup;
  }
  for (let number = 1; ; number += 1) {
    lines.push({ step: position, number });
    if (position >= end && lines.length > 1) return lines;
    const [, numerator, denominator] = metreAt(metres, position);
    const next = position + Math.max((WHOLE * numerator) / denominator, 1);
    position = Math.min(next, ...metres.map(([step]) => step)
      .filter((step) => step > position && step < next));
  }
};

/** Where each beat lies that does not begin a bar: [step], for lines between `bars`. */
export const beatLines = (music, bars = barLines(music)) => {
  const metres = byStep(music.metres);
  return bars.slice(0, -1).flatMap(({ step }, i) => {
    const beat = WHOLE / metreAt(metres, step)[2];
    const end = bars[i + 1].step;
    // The beats of a pickup are counted back from the bar that follows it.
    const first = music.pickup > 0 && i === 0 ? ((end - step) % beat || beat) : beat;
    const beats = [];
    for (let at = step + first; at < end - 1e-9; at += beat) beats.push(at);
    return beats;
  });
};

/** Where `step` lies, as musicians count: {bar, beat}, the beat from 1, maybe fractional. */
export const barAndBeat = (music, step, bars = barLines(music, Math.max(step, musicEnd(music)))) => {
  const line = bars.findLast((bar) => bar.step <= step) ?? bars[0];
  const beat = WHOLE / metreAt(byStep(music.metres), line.step)[2];
  return { bar: line.number, beat: 1 + (step - line.step) / beat };
};

/** "bar 3, beat 2": the place as a screen reader should say it. */
export const spokenPlace = (music, step, bars) => {
  const { bar, beat } = barAndBeat(music, step, bars);
  return `${bar === 0 ? "pickup" : `bar ${bar}`}, beat ${Math.floor(beat + 1e-6)}`;
};

/** The notes that sound at `step`, of notes as flatNotes() gives them. */
export const notesAt = (notes, step) =>
  notes.filter(({ start, end }) => start <= step && step < end);

/** The place of the first of these notes that starts at `step` or later. */
export const firstFrom = (notes, step) => {
  const found = notes.findIndex(({ start }) => start >= step);
  return found < 0 ? notes.length : found;
};

/** The name of [track, index], for sets and maps. */
export const noteKey = (track, index) => `${track}:${index}`;

/** What to call a track: its name, or "Track 2". */
export const trackName = (music, track) =>
  music.tracks[track]?.name || `Track ${track + 1}`;

// The drums of General MIDI's standard kit that music for a band needs.
const DRUMS = { 35: "Low kick", 36: "Kick", 37: "Side stick", 38: "Snare", 39: "Clap",
  40: "Snare 2", 41: "Low floor tom", 42: "Closed hat", 43: "Floor tom", 44: "Pedal hat",
  45: "Low tom", 46: "Open hat", 47: "Mid tom", 48: "High-mid tom", 49: "Crash", 50: "High tom",
  51: "Ride", 52: "China", 53: "Ride bell", 54: "Tambourine", 55: "Splash", 56: "Cowbell",
  57: "Crash 2", 59: "Ride 2", 60: "High bongo", 61: "Low bongo", 62: "Mute conga",
  63: "Open conga", 64: "Low conga", 69: "Cabasa", 70: "Maracas", 75: "Claves",
  76: "Wood block", 80: "Mute triangle", 81: "Triangle" };

/** What a drum's number means: "Snare", or "Drum 88" for one without a name here. */
export const drumName = (pitch) => DRUMS[pitch] ?? `Drum ${pitch}`;
