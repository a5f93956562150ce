// A line that says what is heard while music plays: for those who cannot hear it, and to
// learn the names of chords. Where music stands still the line is empty. It is not read out
// by itself, since that would drown the music; a screen reader finds it below the widget.

import { make } from "./dom.js";
import { noteName } from "./notes.js";
import { notesAt, spokenPlace } from "./score.js";

const EVERY = 200; // ms between two looks
const MOST_NAMES = 6;
/** Semitones above the root. */
const CHORDS = { "0,4,7": "major chord", "0,3,7": "minor chord", "0,3,6": "diminished chord",
  "0,4,8": "augmented chord", "0,4,7,10": "seventh chord", "0,4,7,11": "major seventh chord",
  "0,3,7,10": "minor seventh chord", "0,3,6,10": "half-diminished chord",
  "0,3,6,9": "diminished seventh chord", "0,7": "open fifth" };

const letters = (pitch) => noteName(pitch).replace(/-?\d+$/, "");

/** "C major chord" for pitches that are one, whatever lies lowest; else "". */
export const chordName = (pitches) => {
  const classes = [...new Set(pitches.map((pitch) => pitch % 12))];
  const lowest = Math.min(...pitches) % 12; // of alike ones, the root is what lies lowest
  const roots = [lowest, ...classes.filter((root) => root !== lowest)];
  for (const root of roots) {
    const above = classes.map((one) => (one - root + 12) % 12).sort((a, b) => a - b);
    const kind = CHORDS[above.join(",")];
    if (kind) return `${letters(root + 60)} ${kind}`;
  }
  return "";
};

/** "G4, E4 and C3: C major chord, with drums", or "a rest": what sounds at a step. */
export const captionOf = (music, notes, step) => {
  const sounding = notesAt(notes, step);
  const isDrum = ({ track }) => music.tracks[track]?.is_drum;
  const pitches = [...new Set(sounding.filter((note) => !isDrum(note)).map(({ pitch }) => pitch))]
    .sort((a, b) => b - a);
  const drums = sounding.some(isDrum) ? "drums" : "";
  if (!pitches.length) return drums || "a rest";
  const names = pitches.slice(0, MOST_NAMES).map(noteName);
  if (pitches.length > MOST_NAMES) names.push(`${pitches.length - MOST_NAMES} more`);
  const last = names.pop();
  const listed = names.length ? `${names.join(", ")} and ${last}` : last;
  const chord = pitches.length > 1 ? chordName(pitches) : "";
  return listed + (chord ? `: ${chord}` : "") + (drums ? `, with ${drums}` : "");
};

/** Put the line at the foot of a widget that has been drawn in `el`; returns how to end it. */
export const addCaption = (el, transport) => {
  const line = make("p", { class: "dc-caption" });
  (el.querySelector(".dc-widget") ?? el).append(line);
  let timer = null;
  const draw = () => {
    const isPlaying = transport.isPlaying();
    if (!isPlaying) clearInterval(timer);
    timer = isPlaying ? timer ?? setInterval(draw, EVERY) : null;
    let text = "";
    if (isPlaying) {
      const music = transport.music();
      const step = Math.max(0, transport.position());
      text = `Heard in ${spokenPlace(music, step)}: ${captionOf(music, transport.notes(), step)}`;
    }
    if (line.textContent !== text) line.textContent = text;
    line.hidden = !transport.notes().length; // of widgets that sound without notes
  };
  const forget = transport.onChange(draw);
  draw();
  return () => {
    forget();
    clearInterval(timer);
    line.remove();
  };
};
