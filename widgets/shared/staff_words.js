// What stands at a place of the notation, in words for a screen reader. Pure functions.

import { drumName, trackName } from "./score.js";

const NAMES = ["C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat",
  "B"];
const MOST = 8; // notes that are named

/** "F sharp 4" */
export const spokenPitch = (pitch) => `${NAMES[pitch % 12]} ${Math.floor(pitch / 12) - 1}`;

/**
 * "Melody B 4, Alto G 4 (changed)": the notes at a place, or "rest".
 * @param notes as flatNotes() gives them
 * @param changed [[track, index]…]
 */
export const spokenNotes = (music, notes, changed = []) => {
  if (!notes.length) return "rest";
  const inOrder = [...notes].sort((a, b) => a.track - b.track || b.pitch - a.pitch);
  const named = inOrder.slice(0, MOST).map(({ track, index, pitch }) => {
    const name = music.tracks[track]?.is_drum ? drumName(pitch) : spokenPitch(pitch);
    const isChanged = changed.some(([k, i]) => k === track && i === index);
    return `${trackName(music, track)} ${name}${isChanged ? " (changed)" : ""}`;
  });
  const more = notes.length - named.length;
  return named.join(", ") + (more ? ` and ${more} more` : "");
};
