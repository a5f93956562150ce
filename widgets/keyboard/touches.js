// What is held down: keys of the screen, of the computer and of MIDI devices, each by its
// holder. A touch goes through scale lock and auto-chord to the arpeggiator or straight to
// the voices. Used by piano.js.

import { noteName } from "../shared/notes.js";
import { chordOn } from "./chords.js";
import { isInScale, parseScale } from "./scale.js";

/**
 * @param isSustained whether the pedal is down; in the arpeggiator it holds keys
 * @param onTouch called before a touch sounds
 */
export const createTouches = ({ core, voices, arp, isSustained, onTouch }) => {
  const { get, say, clock } = core;
  const touches = new Map(); // "holder|pitch" -> the pitches it made sound
  const latched = new Set(); // touches that only the pedal holds, in the arpeggiator

  const scale = () => (get("scale_lock") ? parseScale(get("scale")) : null);

  const isAllowed = (pitch) => !scale() || isInScale(scale(), pitch);

  /** The pitches that a touch of `pitch` makes sound; none outside of a locked scale. */
  const pitchesOf = (pitch) => {
    if (!isAllowed(pitch)) return [];
    return get("auto_chord") ? chordOn(pitch, get("chord_kind"), scale()) : [pitch];
  };

  const press = (pitch, velocity, holder, time = clock()) => {
    const touch = `${holder}|${pitch}`;
    if (pitch < 0 || pitch > 127 || (touches.has(touch) && !latched.has(touch))) return;
    const pitches = pitchesOf(pitch);
    if (!pitches.length) {
      const sentence = `${noteName(pitch)} is not in ${get("scale")}, so it is silent.`;
      if (get("status") !== sentence) say(sentence);
      return;
    }
    onTouch();
    latched.delete(touch);
    touches.set(touch, pitches);
    const target = get("arpeggiator") ? arp.add : voices.strike;
    pitches.forEach((one) => target(one, velocity, touch, time));
  };

  const letGo = (touch, time) => {
    const pitches = touches.get(touch) ?? [];
    touches.delete(touch);
    latched.delete(touch);
    pitches.forEach((pitch) => {
      arp.remove(pitch, touch);
      voices.lift(pitch, touch, time);
    });
  };

  return {
    isAllowed, press,

    release: (pitch, holder, time = clock()) => {
      const touch = `${holder}|${pitch}`;
      if (!touches.has(touch)) return;
      if (isSustained() && arp.isHeldBy(touch)) latched.add(touch); // the pedal holds it
      else letGo(touch, time);
    },

    /** Let go of everything whose holder starts with `prefix` ("midi:", "computer:"). */
    releaseAll: (prefix = "", time = clock()) =>
      [...touches.keys()].filter((touch) => touch.startsWith(prefix))
        .forEach((touch) => letGo(touch, time)),

    /** The pedal is up: let go of what it alone held. */
    letGoLatched: (time) => [...latched].forEach((touch) => letGo(touch, time)),
  };
};
