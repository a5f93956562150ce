// The notes that a playback has struck and that sound on: one for each pitch of a channel,
// as on a string. Used by transport.js.

/**
 * @param mixer see mixer.js
 * @param secondsAt seconds in the music of a step, by the tempo map of the moment
 * @param isSilent whether nothing may be struck now
 */
export const createStruck = ({ mixer, secondsAt, isSilent }) => {
  const active = new Map(); // "channel:pitch" -> the note that was struck last there
  const keyOf = ({ track, pitch }) => `${mixer.channelOf(track)}:${pitch}`;

  const release = (key, time) => {
    const { channel, pitch } = active.get(key);
    active.delete(key);
    mixer.noteOff(channel, pitch, time);
  };

  const strike = (note, time) => {
    if (!mixer.isAudible(note.track) || isSilent()) return;
    const key = keyOf(note);
    if (active.has(key)) release(key, time); // one string sounds once
    active.set(key, { ...note, channel: mixer.channelOf(note.track),
      endSeconds: secondsAt(note.end) });
    mixer.noteOn(note.track, note.pitch, note.velocity, time);
  };

  /** Strike those of `held` that do not sound yet; a drum does not sound on. */
  const strikeHeld = (held, time) => held
    .filter((note) => !mixer.isDrum(note.track) && !active.has(keyOf(note)))
    .forEach((note) => strike(note, time));

  return {
    strike, strikeHeld, release,

    releaseAll: (time) => [...active.keys()].forEach((key) => release(key, time)),

    /** Forget them all: the mixer has silenced them. */
    forget: () => active.clear(),

    /** The note that ends first, {key, at} in seconds, or null. */
    earliestEnd: () => {
      let first = null;
      active.forEach((note, key) => {
        if (!first || note.endSeconds < first.at) first = { key, at: note.endSeconds };
      });
      return first;
    },

    /**
     * Let exactly `held` sound: what should not any more ends, what should begins, the rest
     * sounds on, but for the tracks that `restrikes` names.
     */
    become: (held, time, restrikes) => {
      const wanted = new Map(held.map((note) => [keyOf(note), note]));
      [...active].forEach(([key, struck]) => {
        const note = wanted.get(key);
        if (note?.track === struck.track && mixer.isAudible(note.track)
          && !restrikes(note.track)) {
          active.set(key, { ...struck, ...note, endSeconds: secondsAt(note.end) });
        } else release(key, time);
      });
      strikeHeld(held, time);
    },
  };
};
