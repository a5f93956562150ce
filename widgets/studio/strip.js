// A melody at a glance: its notes as bars in one strip, with a line that moves as it plays.

import { barLines, flatNotes, musicEnd, musicSeconds } from "../shared/score.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 56;
const MARGIN = 4;

const svg = (tag, attributes) => {
  const element = document.createElementNS(NAMESPACE, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
};

/** Where each note lies in a strip of `height`, in steps across: [{x, y, width, height}]. */
export const placesOf = (notes, height) => {
  if (!notes.length) return [];
  const pitches = notes.map(({ pitch }) => pitch);
  const low = Math.min(...pitches);
  const n = Math.max(Math.max(...pitches) - low + 1, 8);
  const row = (height - 2 * MARGIN) / n;
  return notes.map(({ start, end, pitch }) => ({ x: start, width: end - start,
    y: height - MARGIN - (pitch - low + 1) * row, height: Math.max(row - 0.6, 1.5) }));
};

/** What tells a note of one strip from those of another. */
export const noteWords = ({ track, start, end, pitch }) => [track, start, end, pitch].join();

/** A strip so many pixels high. */
export const createStrip = ({ height = HEIGHT } = {}) => {
  const element = svg("svg", { class: "dc-strip", role: "img", preserveAspectRatio: "none",
    height });
  const head = svg("line", { class: "dc-strip-head", y1: 0, y2: height,
    "vector-effect": "non-scaling-stroke" });
  /** Draw music, described by `words`; notes that `known` lacks are lit up. */
  const draw = (music, words, known = null) => {
    const end = Math.max(musicEnd(music), 1);
    const notes = flatNotes(music);
    const isLit = (note) => known !== null && !known.has(noteWords(note));
    element.setAttribute("viewBox", `0 0 ${end} ${height}`);
    element.setAttribute("aria-label", words);
    element.replaceChildren(
      ...barLines(music).map(({ step }) => svg("line", { class: "dc-strip-bar", x1: step,
        x2: step, y1: 0, y2: height, "vector-effect": "non-scaling-stroke" })),
      ...placesOf(notes, height).map((place, i) => svg("rect", { ...place,
        class: isLit(notes[i]) ? "dc-strip-note dc-lit" : "dc-strip-note" })),
      head);
    at(null);
  };
  /** Put the line at a step; null hides it. */
  const at = (step) => {
    head.style.display = step === null ? "none" : "";
    if (step === null) return;
    head.setAttribute("x1", step);
    head.setAttribute("x2", step);
  };
  return { element, draw, at, seconds: musicSeconds };
};
