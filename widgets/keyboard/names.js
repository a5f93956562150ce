// What stands on the keys: letters, numbers of the scale, do re mi, or colours with shapes.
// Pure functions but for `drawShape`; deepcomposer_edu/music/key_names.py has the tables, too.

import { isBlack, noteName } from "../shared/notes.js";
import { isInScale } from "./scale.js";

/** [what the trait says, what the menu says]. */
export const KINDS = [["letters", "C D E"], ["numbers", "1 2 3"], ["solfege", "do re mi"],
  ["colours", "Colours"]];
export const SOLFEGE = { C: "do", D: "re", E: "mi", F: "fa", G: "sol", A: "la", B: "si" };
/** Letter: colour, its name, shape. */
export const COLOURS = {
  C: ["#e69f00", "orange", "circle"],
  D: ["#56b4e9", "sky blue", "square"],
  E: ["#009e73", "green", "triangle"],
  F: ["#f0e442", "yellow", "diamond"],
  G: ["#0072b2", "blue", "star"],
  A: ["#d55e00", "vermilion", "hexagon"],
  B: ["#cc79a7", "pink", "cross"],
};
/** Outlines in a square of 16. */
const OUTLINES = {
  circle: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z",
  square: "M2.2 2.2h11.6v11.6h-11.6z",
  triangle: "M8 1.5L15 14H1z",
  diamond: "M8 .8L15.2 8L8 15.2L.8 8z",
  star: "M8 .8l2.1 4.9 5.3.5-4 3.5 1.2 5.2L8 12.1l-4.6 2.8 1.2-5.2-4-3.5 5.3-.5z",
  hexagon: "M4.4 1.8h7.2L15.2 8l-3.6 6.2H4.4L.8 8z",
  cross: "M5.4 1.2h5.2v4.2h4.2v5.2h-4.2v4.2H5.4v-4.2H1.2V5.4h4.2z",
};
const SVG = "http://www.w3.org/2000/svg";
const modulo = (a, n) => ((a % n) + n) % n;

const letterOf = (pitch) => noteName(pitch)[0];

/** "4", or "4#" for what lies a semitone above the 4th of the scale. */
const numberOf = (pitch, { tonic, degrees }) => {
  const above = modulo(pitch - tonic, 12);
  const place = degrees.filter((degree) => degree <= above).length - 1;
  return `${place + 1}${"#".repeat(above - degrees[place])}`;
};

/** What a key is called by some names, in words, as on a line of music. */
export const keyName = (pitch, kind, scale) => {
  const sharp = isBlack(pitch) ? "#" : "";
  if (kind === "numbers") return numberOf(pitch, scale);
  if (kind === "solfege") return SOLFEGE[letterOf(pitch)] + sharp;
  if (kind !== "colours") return letterOf(pitch) + sharp;
  const [, colour, shape] = COLOURS[letterOf(pitch)];
  return `${sharp ? "hollow " : ""}${colour} ${shape}`;
};

/** What a screen reader says of a key after its note: ", 4 sharp"; "" for letters. */
export const spokenKeyName = (pitch, kind, scale) => (kind === "letters" ? ""
  : `, ${keyName(pitch, kind, scale).replaceAll("#", " sharp")}`);

/** Whether the name stands on the key: black ones have one where it teaches something. */
export const isNamed = (pitch, kind, scale) => !isBlack(pitch) || kind === "colours"
  || (kind === "numbers" && isInScale(scale, pitch));

/** The shape of a pitch: filled on a white key, hollow on a black one. */
export const drawShape = (pitch) => {
  const [colour, , shape] = COLOURS[letterOf(pitch)];
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-1 -1 18 18");
  svg.setAttribute("class", `dc-shape ${isBlack(pitch) ? "dc-hollow" : ""}`);
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.shape = shape;
  svg.style.setProperty("--dc-shape", colour);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", OUTLINES[shape]);
  svg.append(path);
  return svg;
};
