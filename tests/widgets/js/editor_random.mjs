// Random pieces and random edits for the property tests of the editor; from a seed.

import { fromMusic } from "../../../widgets/editor/document.js";
import * as edits from "../../../widgets/editor/edits.js";
import { allIds } from "../../../widgets/editor/selection.js";
import { GRIDS } from "../../../widgets/editor/snap.js";

/** mulberry32: numbers from 0 to 1, the same ones for the same seed. */
export const randomFrom = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

export const tools = (seed) => {
  const random = randomFrom(seed);
  const whole = (low, high) => low + Math.floor(random() * (high - low + 1));
  const one = (list) => list[whole(0, list.length - 1)];
  return { random, whole, one };
};

export const randomKey = ({ whole, one }) => ({ tonic: whole(0, 11), mode: one(["major", "minor"]) });

const HEADS = [
  { metres: [[0, 4, 4]], pickup: 0 },
  { metres: [[0, 3, 4]], pickup: 4 },
  { metres: [[0, 4, 4]], pickup: 2 },
  { metres: [[0, 6, 8], [18, 4, 4], [50, 5, 8]], pickup: 6 },
];

/** A piece of two voices and drums; the second voice is locked now and then. */
export const randomDoc = (seed) => {
  const tool = tools(seed);
  const { whole, one, random } = tool;
  const line = (is_drum) => {
    const notes = [];
    let start = 0;
    for (let i = 0; i < whole(0, 8); i += 1) {
      start += one([0, 1, 4 / 3, 2, 5.125]);
      const duration = one([0.5, 1, 4 / 3, 2, 4]);
      notes.push([start, whole(0, 127), duration, whole(1, 127)]);
      start += duration;
    }
    return { name: "", program: 0, is_drum, notes };
  };
  const music = { title: "", tempo: 100, tempo_changes: [], ...one(HEADS),
    tracks: [line(false), line(false), line(true)] };
  return fromMusic(music, {
    locked: random() < 0.2 ? [1] : [],
    maxSteps: random() < 0.3 ? 128 : Infinity,
    isMonophonic: random() < 0.3,
  });
};

const someOf = (doc, { random }) =>
  new Set([...allIds(doc)].filter(() => random() < 0.5));

/** One random edit of a document: {doc, say}. */
export const randomEdit = (doc, tool) => {
  const { whole, one, random } = tool;
  const ids = someOf(doc, tool);
  const steps = one([-200, -4, -1, -4 / 3, 0, 0.5, 1, 4, 200]);
  const degrees = whole(-15, 15);
  const grid = one(Object.keys(GRIDS));
  const actions = [
    () => edits.draw(doc, { voice: whole(0, 3), start: 140 * random() - 10,
      pitch: whole(-20, 150), duration: 20 * random(), velocity: whole(-5, 140) }),
    () => edits.erase(doc, ids),
    () => edits.move(doc, ids, { steps, degrees, key: one([null, randomKey(tool)]) }),
    () => edits.transpose(doc, ids, degrees),
    () => edits.stretch(doc, ids, { steps, side: one(["start", "end"]) }),
    () => edits.setVelocity(doc, ids, one([{ velocity: whole(-9, 200) }, { by: degrees }])),
    () => edits.quantise(doc, ids, grid),
    () => edits.bringIntoKey(doc, ids, randomKey(tool), "the key"),
    () => edits.moveToVoice(doc, ids, whole(0, 2)),
    () => edits.paste(doc, edits.clipOf(doc, ids), { at: 150 * random(), voice: whole(0, 2) }),
    () => edits.duplicate(doc, ids, grid),
  ];
  return one(actions)();
};
