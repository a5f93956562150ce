// What can be done with a recording: rhythm assist, trimming, guessing its tempo. Pure
// functions on events as widgets/recording.py describes them; widgets/takes.py does the
// same in Python, and a test compares the two on many recordings.

/** Grid points in a beat, by name; T is a triplet. */
export const GRIDS = { "1/4": 1, "1/8": 2, "1/8T": 3, "1/16": 4, "1/16T": 6, "1/32": 8 };

const SHORTEST = 1; // ms
const TOGETHER = 1e-6; // ms: closer than this is the same moment

const tenth = (ms) => Math.floor(ms * 10 + 0.5) / 10;
const byTime = (a, b) => a.time - b.time;

/** Notes of a recording: {start, end, pitch, velocity, source}; others are left out. */
export const notesOf = (events) => {
  const notes = [];
  const held = new Map();
  const last = Math.max(0, ...events.map((event) => event.time));
  [...events].sort(byTime).forEach(({ time, pitch, velocity, source }) => {
    if (pitch === undefined) return;
    if (held.has(pitch)) {
      held.get(pitch).end = time;
      held.delete(pitch);
    }
    if (velocity > 0) {
      const note = { start: time, end: null, pitch, velocity, source };
      held.set(pitch, note);
      notes.push(note);
    }
  });
  held.forEach((note) => { note.end = last; });
  notes.forEach((note) => { note.end = Math.max(note.end, note.start + SHORTEST); });
  return notes;
};

/** Notes and what is not a note (pedal, wheels), back as events in order of time. */
const eventsOf = (notes, others) => {
  const events = notes.flatMap(({ start, end, pitch, velocity, source }) => [
    { time: tenth(start), pitch, velocity, source },
    { time: tenth(end), pitch, velocity: 0, source },
  ]);
  // At one moment ends come first, so that a repeated note sounds twice.
  const rank = (event) => (event.pitch === undefined ? 1 : event.velocity > 0 ? 2 : 0);
  return [...events, ...others.map((event) => ({ ...event, time: tenth(event.time) }))]
    .sort((a, b) => byTime(a, b) || rank(a) - rank(b) || (a.pitch ?? 0) - (b.pitch ?? 0));
};

/** Of notes that begin as one on one pitch the longest stays; others end where it begins. */
const parted = (notes) => {
  const kept = [];
  const following = new Map(); // pitch -> start of the next note on it
  [...notes].sort((a, b) => b.start - a.start || b.end - a.end || b.pitch - a.pitch)
    .forEach((note) => {
      const next = following.get(note.pitch) ?? Infinity;
      if (next - note.start < TOGETHER) return;
      kept.push({ ...note, end: Math.min(note.end, next) });
      following.set(note.pitch, note.start);
    });
  return kept.reverse();
};

/** Where bar 1 begins, in ms: at the count of the metronome, else with the first note. */
const origin = (notes, isCounted) =>
  (isCounted ? 0 : Math.min(...notes.map((note) => note.start)));

/**
 * Rhythm assist: notes moved towards the grid.
 *
 * @param strength 0 leaves all as played, 1 puts each note on its grid point, 0.5 goes
 *   half the way
 * @param isCounted whether time 0 is a bar line; else the first note is one
 */
export const tidy = (events, { tempo, grid = "1/16", strength = 1, isCounted = false }) => {
  const notes = notesOf(events);
  if (!notes.length) return events;
  const unit = 60000 / tempo / GRIDS[grid];
  const zero = origin(notes, isCounted);
  const nearest = (time) => zero + Math.floor((time - zero) / unit + 0.5) * unit;
  const moved = notes.map((note) => {
    const start = Math.max(0, nearest(note.start));
    const end = Math.max(start + unit, nearest(note.end));
    return { ...note, start: note.start + strength * (start - note.start),
      end: note.end + strength * (end - note.end) };
  });
  return eventsOf(parted(moved), events.filter((event) => event.pitch === undefined));
};

/** The pedal and the wheels as they stand at a moment: the last event of each kind. */
const stateAt = (others, time) => {
  const last = {};
  others.filter((event) => event.time < time).sort(byTime).forEach((event) => {
    last[["pedal", "bend", "modulation"].find((kind) => kind in event)] = event;
  });
  return Object.entries(last).filter(([kind, event]) => event[kind])
    .map(([, event]) => ({ ...event, time }));
};

/**
 * Some bars of a recording; its first moment is then a bar line. A note up to half a
 * sixteenth early belongs to the bar that it was meant for.
 */
export const trim = (events, { tempo, beatsPerBar, nBars, firstBar = 1, isCounted = false }) => {
  const notes = notesOf(events);
  if (!notes.length) return events;
  const beat = 60000 / tempo;
  const early = beat / 8;
  const from = origin(notes, isCounted) + (firstBar - 1) * beatsPerBar * beat;
  const to = from + nBars * beatsPerBar * beat;
  const kept = notes.filter(({ start }) => start >= from - early && start < to - early)
    .map((note) => {
      const start = Math.max(from, note.start);
      return { ...note, start, end: Math.max(start + SHORTEST, Math.min(note.end, to)) };
    });
  const others = events.filter((event) => event.pitch === undefined);
  const inside = [...stateAt(others, from),
    ...others.filter(({ time }) => time >= from && time < to)];
  const open = stateAt(inside, to).filter((event) => event.pedal)
    .map((event) => ({ ...event, pedal: false }));
  const shift = (note) => ({ ...note, start: note.start - from, end: note.end - from });
  return eventsOf(parted(kept.map(shift)),
    [...inside, ...open].map((event) => ({ ...event, time: event.time - from })));
};

/** How many bars a recording fills, at least 1; 0 without notes. */
export const countBars = (events, { tempo, beatsPerBar, isCounted = false }) => {
  const notes = notesOf(events);
  if (!notes.length) return 0;
  const beat = 60000 / tempo;
  const last = Math.max(...notes.map((note) => note.start)) - origin(notes, isCounted);
  return Math.floor((last + beat / 8) / (beat * beatsPerBar)) + 1;
};

const SLOWEST_GUESS = 50; // BPM
const FASTEST_GUESS = 200;
const N_CANDIDATES = 400;
const USUAL_TEMPO = 100;
const PREFERENCE = 0.35;
const FEWEST_NOTES = 4;

/** The tempo at which notes fall best on a grid, as widgets/tempo.py explains; or null. */
export const guessTempo = (events) => {
  const struck = [...new Set(events.filter((event) => event.velocity > 0)
    .map((event) => event.time))].sort((a, b) => a - b);
  if (struck.length < FEWEST_NOTES) return null;
  const times = struck.map((time) => time - struck[0]);
  let best = { score: -Infinity };
  for (let i = 0; i < N_CANDIDATES; i += 1) {
    const tempo = SLOWEST_GUESS * (FASTEST_GUESS / SLOWEST_GUESS) ** (i / (N_CANDIDATES - 1));
    const gathered = [1, 2, 4].reduce((sum, part) => {
      const angle = (2 * Math.PI * part * tempo) / 60000;
      const x = times.reduce((total, time) => total + Math.cos(time * angle), 0);
      const y = times.reduce((total, time) => total + Math.sin(time * angle), 0);
      return sum + Math.hypot(x, y) / times.length / 3;
    }, 0);
    const score = gathered - (PREFERENCE * Math.log2(tempo / USUAL_TEMPO) ** 2) / 2;
    if (score > best.score) best = { score, tempo };
  }
  return Math.round(best.tempo);
};
