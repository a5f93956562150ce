// Between the Python object's traits, the sound and the views: the piece as it is shown,
// the edits one after another. No DOM.

import { countViews, listenTo, tellPython } from "../shared/link.js";
import { flatNotes } from "../shared/score.js";
import { afterEdits, lockOf, musicOf, standing, toggled, toggledNote, usualPace } from "./cells.js";

const TICK = 33; // ms between two looks at which edit is due
const SOUND_EVERY = 80; // ms: edits that come faster are not all heard
const SOUND_MS = 320;
const [SOFTEST, LOUDEST, REMOVED] = [50, 105, 34]; // velocities
export const [SLOWEST_PACE, FASTEST_PACE] = [1, 240]; // edits a second

/**
 * @param model traits of widgets/edit_traits.py
 * @param transport plays the piece as it is shown
 */
export const createSession = ({ model, sound, transport, clock = () => performance.now(),
  every = (action, ms) => setInterval(action, ms), never = (timer) => clearInterval(timer) }) => {
  const listeners = new Set();
  let shown = 0; // how many edits are seen
  let pace = 3; // edits a second
  let timer = null; // while the edits come one after another
  let begun = { at: 0, shown: 0 };
  let soundedAt = -Infinity;
  let live = null; // edits of a network that is still at work: like the trait `thought`
  let marked = { key: "", marks: [] };
  let cursor = null; // {track, start}: the note that the keys are at
  let lost = ""; // what is said when the kernel is gone

  const get = (name) => model.get(name);
  const tell = (what) => listeners.forEach((listener) => listener(what));
  const save = (values) => {
    Object.entries(values).forEach(([name, value]) => model.set(name, value));
    if (!lost) model.save_changes();
  };
  const say = (status) => save({ status });
  const thought = () => live ?? get("thought");
  const edits = () => thought().edits ?? [];
  const nEdits = () => edits().length;
  const ask = (message) => tellPython(model, message);

  // --- the piece as it is shown
  const musicShown = () => (shown >= nEdits() && !live ? get("music")
    : musicOf(afterEdits(thought(), edits(), shown), get("music")));
  const takeMusic = () => {
    transport.setMusic(musicShown(), { keepsMix: true });
    tell("music");
  };

  const marks = () => {
    const key = `${thought().number}:${nEdits()}:${shown}`;
    if (marked.key !== key) marked = { key, marks: standing(edits(), shown) };
    return marked.marks;
  };

  const setShown = (n) => {
    const next = Math.min(Math.max(0, Math.round(n)), nEdits());
    if (next === shown) return;
    shown = next;
    takeMusic();
    tell("shown");
  };
  const tellShown = () => { if (!live && get("shown") !== shown) save({ shown }); };

  const soundEdit = (number) => {
    const edit = edits()[number];
    if (!edit || transport.isPlaying()) return;
    const [voice, , , before, after, probability] = edit;
    if (after >= 0) {
      transport.audition(voice, after, Math.round(SOFTEST + (LOUDEST - SOFTEST) * probability),
        SOUND_MS);
    } else transport.audition(voice, before, REMOVED, SOUND_MS / 2);
  };

  // --- the edits one after another
  const isWatching = () => timer !== null;
  const halt = () => {
    if (timer === null) return;
    never(timer);
    timer = null;
    tellShown();
    tell("watch");
  };
  const tick = () => {
    const due = begun.shown + Math.floor(((clock() - begun.at) * pace) / 1000);
    if (live && shown >= nEdits()) begun = { at: clock(), shown }; // the network thinks
    if (due <= shown) return;
    const before = shown;
    setShown(due);
    if (shown > before && clock() - soundedAt >= SOUND_EVERY) {
      soundedAt = clock();
      soundEdit(shown - 1);
    }
    if (shown >= nEdits() && !live) halt();
  };
  const watch = (from = shown >= nEdits() ? 0 : shown) => {
    if (!nEdits() || get("is_looping")) return;
    sound.wake();
    sound.setVolume(get("volume"));
    transport.pause();
    halt();
    setShown(from);
    begun = { at: clock(), shown };
    timer = every(tick, TICK);
    tell("watch");
  };
  const go = (n, isHeard = true) => { // by hand: to one edit
    halt();
    setShown(n);
    tellShown();
    if (isHeard && shown > 0) soundEdit(shown - 1);
  };

  // --- hearing the piece
  const play = (from = null) => {
    halt();
    sound.setVolume(get("volume"));
    transport.play(from === null ? {} : { from });
  };
  const toggle = () => (transport.isPlaying() ? transport.pause() : play());
  const hear = (n) => {
    transport.pause();
    go(n, false);
    play(0);
  };

  // --- locks, and the note that the keys are at
  const locks = () => ({ voices: get("locked_voices"), bars: get("locked_bars"),
    notes: get("locked_notes") });
  const notes = () => transport.notes();
  const noteHere = () => (cursor && notes().find(({ track, start, end }) =>
    track === cursor.track && start <= cursor.start && cursor.start < end)) ?? null;
  const point = (note) => {
    cursor = note && { track: note.track, start: note.start };
    tell("cursor");
  };
  const lockNote = (note) => {
    save({ locked_notes: toggledNote(get("locked_notes"), note) });
    const isLocked = lockOf(note, locks(), get("bars")) !== "";
    say(isLocked ? "The note is locked." : "The note is free.");
  };
  const lockBar = (place) => save({ locked_bars: toggled(get("locked_bars"), place) });
  const lockOthers = (place) => save({ locked_bars:
    get("bars").map((_, i) => i).filter((i) => i !== place) });
  const lockVoice = (voice) => save({ locked_voices: toggled(get("locked_voices"), voice) });
  const unlock = () => save({ locked_voices: [], locked_bars: [], locked_notes: [] });

  const hearNote = (note) => {
    if (!transport.isPlaying()) transport.audition(note.track, note.pitch);
  };
  const moveNote = (note, semitones) => {
    if (shown < nEdits()) go(nEdits(), false);
    transport.audition(note.track, Math.min(127, Math.max(0, note.pitch + semitones)));
    ask({ kind: "move", note: [note.track, note.start, semitones] });
  };

  // --- what Python tells
  const takeLive = ({ start, rows }) => {
    if (start) {
      halt();
      live = { ...start, edits: [], number: "live" };
      [shown, pace] = [0, 0];
    }
    if (!live) return;
    const edited = [...live.edits, ...rows];
    live = { ...live, edits: edited };
    if (pace < usualPace(edited.length)) session.setPace(usualPace(edited.length));
    tell("thought");
    if (start) watch(0);
  };
  const takeThought = () => {
    const goesOn = live !== null && Boolean(get("thought").is_new);
    const wasWatching = isWatching();
    live = null;
    if (goesOn && shown < nEdits()) { // it was watched from the first edit on
      takeMusic();
      tell("thought");
      if (!wasWatching) tellShown();
      return;
    }
    halt();
    const isNew = Boolean(get("thought").is_new) && !get("is_looping") && !goesOn;
    shown = nEdits();
    takeMusic();
    tell("thought");
    if (!isNew || !nEdits()) return;
    pace = usualPace(nEdits());
    watch(0);
  };
  /** The network has ended; if nothing came of it, its edits are forgotten. */
  const takeWorking = () => {
    if (!get("is_working") && live) {
      halt();
      live = null;
      shown = nEdits();
      takeMusic();
      tell("thought");
    }
    tell("wish");
  };
  const takeNewMusic = () => {
    if (shown > nEdits()) shown = nEdits();
    if (!isWatching()) takeMusic();
  };
  const obey = (message) => {
    const { kind } = message;
    if (kind === "play" && !transport.isPlaying()) play();
    if (kind === "stop") transport.stop();
    if (kind === "edits") takeLive(message);
  };
  const draws = (what) => () => tell(what);
  const news = { "change:thought": takeThought, "change:is_working": takeWorking, "change:music": takeNewMusic,
    "msg:custom": obey, "change:shown": () => { if (!isWatching()) setShown(get("shown")); },
    "change:volume": () => { sound.setVolume(get("volume")); tell("volume"); },
    ...Object.fromEntries(["bars", "locked_voices", "locked_bars", "locked_notes"]
      .map((name) => [`change:${name}`, draws("locks")])),
    ...Object.fromEntries(["mode", "max_added", "max_removed", "iterations", "temperature",
      "avoid_parallels", "n_bars", "seed", "progress", "can_undo", "can_redo"]
      .map((name) => [`change:${name}`, draws("wish")])),
    ...Object.fromEntries(["status", "problem"].map((name) => [`change:${name}`, draws("status")])),
    ...Object.fromEntries(["is_looping", "model_bar", "played_voice", "low"]
      .map((name) => [`change:${name}`, draws("loop")])) };
  const forgetNews = listenTo(model, news);
  const forget = transport.onChange((what) => {
    if (["play", "pause", "end"].includes(what)) save({ is_playing: transport.isPlaying() });
    tell("sound");
  });
  save({ is_playing: false, is_looping: false }); // whatever was before the page was loaded
  shown = nEdits();
  takeMusic();

  const session = {
    transport, get, save, say, ask, edits, nEdits, marks, tell,
    shown: () => shown,
    /** Which edits these are: their number, or "live". */
    number: () => thought().number,
    pace: () => pace,
    setPace: (value) => {
      pace = Math.min(FASTEST_PACE, Math.max(SLOWEST_PACE, value));
      begun = { at: clock(), shown };
      tell("watch");
    },
    isWatching, watch, halt, go, play, toggle, hear,
    toggleWatch: () => (isWatching() ? halt() : watch()),
    locks, noteHere, point, lockNote, lockBar, lockOthers, lockVoice, unlock, hearNote, moveNote,
    notes: () => flatNotes(transport.music()),
    lose: (words) => {
      lost = words;
      halt();
      tell("status");
      tell("wish");
    },
    lost: () => lost,
    /** A view has opened; returns how it leaves. With the last one the sound ends. */
    enter: countViews(() => {
      halt();
      transport.pause();
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      halt();
      listeners.clear();
      forget();
      forgetNews();
      transport.close();
    },
  };
  return session;
};
