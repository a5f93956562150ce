// What was learnt, kept in this browser: one map for all pianos of the page, and the last
// choice of device and profile.

import { checkedMap } from "./learn.js";
import { AUTOMATIC } from "./profiles.js";

const PAGE_STORE = Symbol.for("deepcomposer-edu.midi-store");
const PLACE = "deepcomposer-edu.midi";

/** What a store holds, from its text; whatever is damaged is left out. Pure. */
export const readStored = (text) => {
  let stored;
  try {
    stored = JSON.parse(text);
  } catch {
    stored = null;
  }
  const word = (value, other) => (typeof value === "string" ? value : other);
  return { map: checkedMap(stored?.map), device: word(stored?.device, ""),
    profile: word(stored?.profile, AUTOMATIC) };
};

/** @param storage getItem and setItem, which may throw: some browsers forbid storing */
export const createMidiStore = (storage) => {
  const listeners = new Set();
  const read = () => {
    try {
      return storage().getItem(PLACE);
    } catch {
      return null;
    }
  };
  let { map, ...choice } = readStored(read());

  const write = () => {
    try {
      storage().setItem(PLACE, JSON.stringify({ map, ...choice }));
    } catch {
      // Not kept beyond this page: it still holds while the page is open.
    }
  };

  return {
    map: () => map,
    setMap: (next) => {
      if (JSON.stringify(next) === JSON.stringify(map)) return;
      map = next;
      write();
      listeners.forEach((listener) => listener());
    },
    setChoice: (next) => {
      choice = next;
      write();
    },
    /** The kept choice as traits, where Python has not chosen. */
    choiceFor: (model) => {
      const isKnown = model.get("midi_profiles").some(({ name }) => name === choice.profile);
      const kept = isKnown ? choice.profile : AUTOMATIC;
      const chosen = model.get("midi_profile");
      return { midi_device: model.get("midi_device") || choice.device,
        midi_profile: chosen === AUTOMATIC ? kept : chosen };
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/** The one store of this page. */
export const pageStore = () =>
  (globalThis[PAGE_STORE] ??= createMidiStore(() => globalThis.localStorage));
