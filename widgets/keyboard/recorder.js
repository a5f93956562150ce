// Recording, with or without a count-in, and what can be done with a take afterwards.

import { clockText, countNotes } from "../shared/playback.js";
import { countBars, guessTempo, tidy, trim } from "./take_math.js";
import { addTake, canRedo, canUndo, currentTake, redo, undo } from "./takes.js";
import { beatLength } from "./metronome.js";

const LONGEST_RECORDING = 10 * 60 * 1000; // ms
const SEND_EVERY = 300; // ms between two updates of a running recording to Python
const HELD_UP = 4; // of a beat, at most, that a note may come before the first beat: 1/4

const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** @param beat the metronome (beat.js) */
export const createRecorder = ({ core, beat }) => {
  const { clock, save, say, changed, get } = core;
  let recording = null; // {start, events, isSent, isCounted, end, open}
  let sendTimer = null;
  let endTimer = null;

  const history = () => ({ takes: get("takes"), take: get("take") });
  const barLength = () => get("beats_per_bar") * beatLength(get("tempo"));

  const send = () => {
    if (!recording || recording.isSent) return;
    recording.isSent = true;
    save({ recorded: [...recording.events] });
  };

  /** Let the recording end by itself, as long as `max_bars` after `from`. */
  const limit = (from) => {
    if (!get("max_bars")) return;
    recording.end = from + get("max_bars") * barLength();
    clearTimeout(endTimer);
    endTimer = setTimeout(() => stop(recording.end), recording.end - clock());
  };

  /** Write down what happened at `time` (ms); nothing before the first beat. */
  const note = (time, fields) => {
    if (!recording) return;
    const { start, isCounted, open } = recording;
    const { pitch, velocity } = fields;
    if (velocity > 0) {
      if (isCounted && time < start - beatLength(get("tempo")) / HELD_UP) return;
      if (!isCounted && !recording.end) limit(time);
      open.set(pitch, fields.source);
    } else if (pitch !== undefined && !open.delete(pitch)) return; // began before
    const sinceStart = Math.max(0, time - start);
    recording.events.push({ time: Math.round(sinceStart * 10) / 10, ...fields });
    recording.isSent = false;
  };

  const start = (time) => {
    const isCounted = get("metronome");
    recording = { start: time, events: [], isSent: true, isCounted, end: null,
      open: new Map() };
    if (isCounted) {
      recording.start = beat.countIn(time);
      limit(recording.start);
    }
    sendTimer = setInterval(() => {
      send();
      changed();
      if (clock() - recording.start > LONGEST_RECORDING) stop();
    }, SEND_EVERY);
    const bars = isCounted ? get("count_in") : 0;
    say(bars ? `Count-in: ${plural(bars, "bar")}, then play.`
      : "Recording. Play, then press Stop.",
    { recorded: [], song: {}, is_recording: true });
  };

  /** The traits after a new take. */
  const withTake = (before, added) =>
    ({ ...addTake(before, added), recorded: added.events, tempo: added.tempo });

  /** The speed a take is counted in: what was set, or what fits how it was played. */
  const tempoOf = (take) => {
    if (take.is_counted || get("tempo") !== take.tempo) {
      return take.is_counted ? take.tempo : get("tempo");
    }
    return guessTempo(take.events) ?? get("tempo");
  };

  const tidied = (take) => {
    const tempo = tempoOf(take);
    const options = { tempo, grid: get("rhythm_grid"), strength: get("rhythm_strength"),
      isCounted: take.is_counted };
    return { ...take, events: tidy(take.events, options), label: "rhythm assist", tempo };
  };

  const stop = (time = clock()) => {
    if (!recording) return;
    clearInterval(sendTimer);
    clearTimeout(endTimer);
    const until = recording.end ? Math.min(time, recording.end) : time;
    // What is still held ends here, so that no note of the recording lasts for ever.
    recording.open.forEach((source, pitch) => note(until, { pitch, velocity: 0, source }));
    const { start: begun, isCounted } = recording;
    const last = Math.max(0, Math.round((until - begun) * 10) / 10);
    const events = recording.events.filter((event) =>
      event.time <= last || event.velocity === 0)
      .map((event) => ({ ...event, time: Math.min(event.time, last) }))
      .sort((a, b) => a.time - b.time);
    recording = null;
    if (isCounted) beat.stop();
    const before = currentTake(history());
    if (!events.some((event) => event.velocity > 0)) {
      const isFirst = !before.events.length;
      say(isFirst ? "Nothing was played, so the recording is empty."
        : "Nothing was played; the take before is back.",
      { recorded: before.events, is_recording: false,
        n_takes: get("n_takes") + (isFirst ? 1 : 0) });
      return;
    }
    const take = { events, label: "recording", tempo: get("tempo"), is_counted: isCounted };
    const words = `Recorded ${countNotes(events)} in ${clockText(until - begun)}.`;
    const ended = { is_recording: false, n_takes: get("n_takes") + 1 };
    const recorded = withTake(history(), take);
    // One message for all of it: Python sees the events when it sees the new number.
    if (get("rhythm_assist")) {
      say(`${words} Rhythm assist moved them to the beat; Undo brings back how you played.`,
        { ...withTake(recorded, tidied(take)), ...ended });
    } else say(words, { ...recorded, ...ended });
  };

  /** Do something with the take in force, if there is one; say what was done. */
  const edit = (action) => {
    if (recording) return;
    const take = currentTake(history());
    if (take.events.length) action(take);
    else say("There is no take yet: press Record and play some notes.");
  };

  const moveTo = (moved, word) => {
    if (recording) return;
    const { events, label, tempo } = currentTake(moved);
    say(events.length
      ? `${word}: take ${moved.take + 1} of ${moved.takes.length} (${label}), `
        + `${countNotes(events)}.`
      : `${word}: no take any more.`,
    { ...moved, recorded: events, ...(tempo ? { tempo } : {}) });
  };

  return {
    start,
    stop,
    note,
    isRecording: () => recording !== null,
    /** When the recording counts from, in ms; in a count-in that is still to come. */
    startTime: () => recording?.start ?? null,
    current: () => currentTake(history()),
    canUndo: () => canUndo(history()),
    canRedo: () => canRedo(history()),

    tidy: () => edit((take) => {
      const better = tidied(take);
      const isGuess = better.tempo !== get("tempo");
      say(`Moved to ${get("rhythm_grid")} notes at ${Math.round(better.tempo)} beats a `
        + `minute${isGuess ? " (guessed from how you played)" : ""}. Undo takes it back.`,
      withTake(history(), better));
    }),

    trim: (nBars, firstBar = 1) => edit((take) => {
      const options = { tempo: take.is_counted ? take.tempo : get("tempo"),
        beatsPerBar: get("beats_per_bar"), isCounted: take.is_counted };
      const length = countBars(take.events, options);
      const events = trim(take.events, { ...options, nBars, firstBar });
      if (!events.some((event) => event.velocity > 0)) {
        say(`Bar ${firstBar} is beyond the take: it has ${plural(length, "bar")}.`);
        return;
      }
      const kept = Math.min(nBars, length - firstBar + 1);
      say(`Kept ${plural(kept, "bar")} of ${length}. Undo takes it back.`,
        withTake(history(), { ...take, events, label: `trim to ${plural(nBars, "bar")}`,
          tempo: options.tempo, is_counted: true }));
    }),

    undo: () => (canUndo(history()) ? moveTo(undo(history()), "Undone")
      : say("There is nothing to undo.")),
    redo: () => (canRedo(history()) ? moveTo(redo(history()), "Done again")
      : say("There is nothing to do again.")),
  };
};
