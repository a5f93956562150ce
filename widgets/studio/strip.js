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

export const createStrip = () => {
  const element = svg("svg", { class: "dc-strip", role: "img", preserveAspectRatio: "none",
    height: HEIGHT });
  const head = svg("line", { class: "dc-strip-head", y1: 0, y2: HEIGHT,
    "vector-effect": "non-scaling-stroke" });
  const draw = (music, words) => {
    const end = Math.max(musicEnd(music), 1);
    element.setAttribute("viewBox", `0 0 ${end} ${HEIGHT}`);
    element.setAttribute("aria-label", words);
    element.replaceChildren(
      ...barLines(music).map(({ step }) => svg("line", { class: "dc-strip-bar", x1: step,
        x2: step, y1: 0, y2: HEIGHT, "vector-effect": "non-scaling-stroke" })),
      ...placesOf(flatNotes(music), HEIGHT).map((place) =>
        svg("rect", { class: "dc-strip-note", ...place })),
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
