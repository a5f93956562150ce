// Which notes a key can be guessed from. Pure.

import { notesOf } from "./take_math.js";

const PER_TRACK = 128; // pitches: tracks are kept apart by so much

/** A loaded song as notes, drums left out: two voices on one pitch stay two notes. */
const notesOfSong = ({ events = [], tracks = [] }) => {
  const sung = events.filter(([, track]) => !tracks[track].is_drum)
    .map(([time, track, pitch, velocity]) =>
      ({ time, pitch: pitch + PER_TRACK * track, velocity }));
  return notesOf(sung).map((note) => ({ ...note, pitch: note.pitch % PER_TRACK }));
};

/**
 * The loaded song, else the take, else what was played last: [{pitch, start, duration}].
 *
 * @param get reads a trait
 * @param recent what was played last
 */
export const notesHeard = (get, recent) => {
  const withLength = (notes) => notes.map(({ pitch, start, end }) =>
    ({ pitch, start, duration: end - start }));
  return [withLength(notesOfSong(get("song"))), withLength(notesOf(get("recorded"))), recent]
    .find((notes) => notes.length) ?? [];
};
