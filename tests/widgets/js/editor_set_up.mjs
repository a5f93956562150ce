// An editor without a page: a model that holds traits, and sound that is written down.

import { createCommands } from "../../../widgets/editor/commands.js";
import { createGestures } from "../../../widgets/editor/gestures.js";
import { createSession } from "../../../widgets/editor/session.js";
import { createTransport } from "../../../widgets/shared/transport.js";

export const TUNE = [[0, 60, 4, 80], [4, 62, 4, 80], [8, 64, 8, 80]];

export const musicOf = (...voices) => ({ title: "", tempo: 100, tempo_changes: [],
  metres: [[0, 4, 4]], pickup: 0, tracks: voices.map((notes, i) =>
    ({ name: ["Soprano", "Alto", "Tenor", "Bass"][i], program: 0, is_drum: false, notes })) });

const createModel = (values) => {
  const listeners = {};
  const tell = (name) => [...(listeners[name] ?? [])].forEach((listener) => listener());
  return {
    sent: [],
    saved: [], // names set since, in order
    get: (name) => values[name],
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      this.saved.push(name);
      tell(`change:${name}`);
    },
    save_changes: () => {},
    send(message) { this.sent.push(message); },
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name]?.delete(listener),
  };
};

/** An editor of `music` with these traits; `heard()` are the pitches struck so far. */
export const setUp = (music = musicOf(TUNE), traits = {}) => {
  const model = createModel({ music, change: { kind: "load", by: "python", number: 0 },
    n_undo: 0, n_redo: 0, voice: 0, locked: [], grid: "1/16", key: {}, in_key: false, volume: 0.8,
    tool: "draw", limits: { max_steps: null, max_notes: 1000, lowest: 0, highest: 127,
      one_at_a_time: false }, selected: [], is_playing: false, status: "", ...traits });
  const struck = [];
  const sound = { context: null, kind: "simple", wake: () => {}, isAsleep: () => false,
    at: (time) => time / 1000, noteOn: (channel, pitch) => struck.push(pitch), noteOff: () => {},
    control: () => {}, bend: () => {}, setProgram: () => {}, setVolume: () => {},
    takeStage: () => {} };
  const time = { now: 0 };
  const timers = new Set();
  const transport = createTransport({ sound, clock: () => time.now,
    every: (action) => { timers.add(action); return action; },
    never: (action) => timers.delete(action) });
  const session = createSession({ model, transport, sound });
  const run = (until) => {
    for (; time.now < until; time.now += 10) [...timers].forEach((action) => action());
  };
  return { model, session, transport, commands: createCommands(session), time, run,
    gestures: createGestures(session), heard: () => [...struck],
    notes: (track = 0) => model.get("music").tracks[track].notes,
    /** Let Python set the music. */
    fromPython: (next, kind, label = "") => {
      model.set("selected", []);
      model.set("music", next);
      model.set("change", { kind, by: "python", label, number: model.get("change").number + 1 });
    } };
};

/** As if the page were new: nothing is copied. */
export const emptyClipboard = () => {
  globalThis[Symbol.for("deepcomposer-edu.clipboard")] = undefined;
};
