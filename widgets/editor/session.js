// One editor without its looks: the document, the cursor, the sound and the way to Python.
// It knows no DOM: the view, the gestures and the tests (in node) drive it alike.

import { saveTraits } from "../shared/link.js";
import { completeMusic } from "../shared/score.js";
import { endOfMusic, fromMusic, idsAt, isLocked, isSameMusic, placesOf, redo, replaceMusic,
  selectedNotes, stepTo, toMusic, undo, withSelected } from "./document.js";
import { cellStart, clamp, gridLength, snapPitch } from "./snap.js";
import { noteAt } from "./selection.js";
import { countOf, pitchName, placeName, spoken, voiceName } from "./words.js";

const CLIPBOARD = Symbol.for("deepcomposer-edu.clipboard"); // one for all editors of a page
const MIDDLE_C = 60;
const FREE_LENGTH = 1; // steps of a note that is drawn with one click, without a grid
const KERNEL_LOST = "Python no longer hears this editor: its kernel has stopped or started "
  + "anew. You can go on editing and playing, but only this page knows of it. To keep your "
  + "notes, select all, copy, and run the cell again; in the new editor select all, delete, "
  + "and paste.";

const rulesOf = (model) => {
  const { max_steps, max_notes, lowest, highest, one_at_a_time } = model.get("limits");
  return { locked: model.get("locked"), maxSteps: max_steps ?? Infinity, maxNotes: max_notes,
    lowest, highest, isMonophonic: one_at_a_time };
};

/** Where the keys begin to draw: at the first note of the voice, or at middle C. */
const firstCursor = ({ notes }, voice) => {
  const first = notes.find((note) => note.voice === voice);
  return { step: 0, pitch: first?.pitch ?? MIDDLE_C };
};

/**
 * @param model the widget's model: get, set, save_changes, send
 * @param transport plays the music, see shared/transport.js
 * @param sound see shared/sound.js
 */
export const createSession = ({ model, transport, sound }) => {
  const editor = Symbol("editor"); // marks what was copied here
  const listeners = new Set();
  let doc = fromMusic(completeMusic(model.get("music")), rulesOf(model));
  let shown = null; // the document of a drag that is not finished
  let cursor = firstCursor(doc, model.get("voice"));
  let said = model.get("status");
  let isKernelLost = false;
  let draws = { length: 0, velocity: 90 }; // of the next note; 0: one cell of the grid

  const tell = (what) => listeners.forEach((listener) => listener(what));
  const say = (words) => { said = words; tell("said"); };
  const save = (values) => saveTraits(model, values);

  const voice = () => clamp(model.get("voice"), 0, doc.voices.length - 1);
  const grid = () => model.get("grid");
  const key = () => {
    const { tonic, mode } = model.get("key");
    return tonic === undefined ? null : { tonic, mode };
  };
  /** The key that notes keep to, or null. */
  const lock = () => (model.get("in_key") ? key() : null);
  const isDrum = (track) => Boolean(doc.voices[track]?.is_drum);

  // --- the document, and what Python gets of it

  const loadSound = () => transport.setMusic(toMusic(doc), { keepsMix: true });

  const sameIds = (a, b) => a.size === b.size && [...a].every((id) => b.has(id));

  /** Take a document as it is now; `step` says what led to it, for Python. */
  const become = (next, step = null) => {
    const isNewMusic = next.notes !== doc.notes || next.head !== doc.head;
    doc = next;
    shown = null;
    if (isNewMusic) loadSound();
    const changes = { selected: placesOf(doc) };
    if (isNewMusic && step) {
      const number = model.get("change").number + 1;
      Object.assign(changes, { music: toMusic(doc),
        change: { by: "browser", label: "", ...step, number }, status: said });
    }
    save(changes);
    tell("document");
  };

  /** Make the edit that gave `result`, or say why it can't be. Whether it was made. */
  const apply = (result, { isContinued = false } = {}) => {
    shown = null;
    said = result.say;
    if (result.isRefused) {
      tell("document");
      return false;
    }
    become(result.doc, { kind: "edit", label: result.doc.past.at(-1)?.label ?? "",
      ...(isContinued && { is_continued: true }) });
    return true;
  };

  const select = (ids) => {
    if (!sameIds(new Set(ids), doc.selected)) become(withSelected(doc, ids));
  };

  const stepBack = (kind) => {
    const [move, list] = kind === "undo" ? [undo, doc.past] : [redo, doc.future];
    const next = move(doc);
    if (next !== doc) {
      const label = (kind === "undo" ? list.at(-1) : list[0]).label;
      said = kind === "undo" ? `Took back: ${label}.` : `Made again: ${label}.`;
      become(next, { kind, label });
    } else if (canStep(kind)) model.send({ kind }); // Python remembers more than this page
    else say(kind === "undo" ? "There is nothing to take back." : "There is nothing to redo.");
  };

  const canStep = (kind) => {
    const list = kind === "undo" ? doc.past : doc.future;
    return list.length > 0 || (!isKernelLost && model.get(`n_${kind}`) > 0);
  };

  /** Python, or another page, has changed the music. */
  const followPython = () => {
    const music = completeMusic(model.get("music"));
    const { kind, label } = model.get("change");
    if (isSameMusic(toMusic(doc), music)) return;
    const step = { undo, redo }[kind];
    const remembered = step && stepTo(doc, step, music);
    if (remembered) doc = remembered;
    else if (kind === "edit") doc = replaceMusic(doc, music, label);
    else doc = fromMusic(music, doc.rules);
    doc = withSelected(doc, idsAt(doc, model.get("selected")));
    if (kind === "load") cursor = firstCursor(doc, voice());
    shown = null;
    loadSound();
    said = { undo: `Took back: ${label}.`, redo: `Made again: ${label}.` }[kind]
      ?? `The music has ${countOf(doc.notes.length)} now.`;
    tell("document");
  };

  const followRules = () => {
    doc = { ...doc, rules: { ...doc.rules, ...rulesOf(model) } };
    tell("document");
  };

  const followSelection = () => {
    const ids = idsAt(doc, model.get("selected"));
    if (sameIds(ids, doc.selected)) return;
    doc = withSelected(doc, ids);
    tell("document");
  };

  // --- the cursor

  const inSight = ({ step, pitch }) => {
    const { lowest, highest, maxSteps } = doc.rules;
    const wanted = clamp(pitch, lowest, highest);
    return {
      step: clamp(cellStart(step, grid(), doc.head), 0, Math.max(0, Math.min(maxSteps,
        endOfMusic(doc) + 64 * 16) - 1 / 24)),
      pitch: isDrum(voice()) ? wanted : snapPitch(wanted, lock(), lowest, highest),
    };
  };

  const noteAtCursor = () => noteAt(doc, { ...cursor, voice: voice() });

  const tellNote = (note) => say(`${spoken(doc, note)}, ${voiceName(doc, note.voice)}.`);

  const tellCursor = () => {
    const note = noteAtCursor();
    if (note) return tellNote(note);
    const { step, pitch } = cursor;
    return say(`${pitchName(doc, voice(), pitch)}, ${placeName(doc.head, step)}: no note.`);
  };

  const putCursor = (place, { isQuiet = false } = {}) => {
    cursor = inSight({ ...cursor, ...place });
    if (!isQuiet) tellCursor();
    tell("cursor");
  };

  // --- sound

  const hear = (track, pitch, velocity = 90) => {
    if (transport.isPlaying()) return;
    sound.setVolume(model.get("volume"));
    transport.audition(track, pitch, velocity);
  };

  const play = (range) => {
    sound.setVolume(model.get("volume"));
    if (!doc.notes.length) return say("There is nothing to play yet: draw some notes.");
    transport.play(range);
    if (transport.isSilent?.()) say("Click here to hear it: a browser is silent until then.");
  };

  transport.onChange((what) => {
    if (what === "play" || what === "pause" || what === "end") {
      save({ is_playing: transport.isPlaying() });
    }
    tell("transport");
  });

  const events = { "change:change": followPython, "change:limits": followRules,
    "change:locked": followRules, "change:selected": followSelection,
    "change:status": () => say(model.get("status")),
    "change:volume": () => sound.setVolume(model.get("volume")) };
  Object.entries(events).forEach(([name, action]) => model.on(name, action));
  loadSound();

  return {
    doc: () => shown ?? doc,
    committed: () => doc,
    music: () => toMusic(shown ?? doc),
    apply, select, say, save, hear, play, putCursor, stepBack, canStep,
    undo: () => stepBack("undo"),
    redo: () => stepBack("redo"),
    /** Show a document without making it the music yet; null: show the music again. */
    show: (next) => { shown = next; tell("document"); },
    said: () => said,
    cursor: () => cursor,
    noteAtCursor,
    tellNote,
    /** How long and how loud the next note is drawn. */
    drawLength: () => (grid() === "off" ? draws.length || FREE_LENGTH
      : Math.max(draws.length, gridLength(grid()))),
    drawVelocity: () => draws.velocity,
    setDraws: (values) => { draws = { ...draws, ...values }; tell("document"); },
    voice, grid, key, lock, isDrum,
    isLocked: (track) => isLocked(doc, track),
    selected: () => selectedNotes(doc),
    clip: () => globalThis[CLIPBOARD] ?? null,
    keepClip: (clip) => { globalThis[CLIPBOARD] = { ...clip, editor }; },
    isFromHere: (clip) => clip.editor === editor,
    transport,
    get: (name) => model.get(name),
    kernelLost: () => { isKernelLost = true; say(KERNEL_LOST); },
    isKernelLost: () => isKernelLost,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => {
      Object.entries(events).forEach(([name, action]) => model.off(name, action));
      listeners.clear();
      transport.close();
    },
  };
};
