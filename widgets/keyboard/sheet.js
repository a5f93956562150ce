// The tune to play, as a line of what stands on the keys: for people who read no notes.

import { make } from "../shared/dom.js";
import { drawShape, keyName } from "./names.js";
import { parseScale } from "./scale.js";

export const MOST_NOTES = 64;

/** The notes of a song's first track: [{pitch, time}], the highest of those that begin together. */
export const melodyOf = ({ events = [], tracks = [] } = {}) => {
  const track = tracks.findIndex(({ is_drum: isDrum }) => !isDrum);
  const highest = new Map();
  events.forEach(([time, number, pitch, velocity]) => {
    if (number !== track || velocity === 0) return;
    highest.set(time, Math.max(pitch, highest.get(time) ?? 0));
  });
  return [...highest].sort(([a], [b]) => a - b).map(([time, pitch]) => ({ time, pitch }));
};

/** The place of the last note that has begun at `now` (ms), or -1. */
export const noteAt = (notes, now) => {
  let place = -1;
  while (place + 1 < notes.length && notes[place + 1].time <= now) place += 1;
  return place;
};

/** @returns {element, draw (after a change of names or song), follow (while it plays)} */
export const showSheet = ({ model, piano }) => {
  const line = make("div", { class: "dc-sheet-line" });
  const element = make("div", { class: "dc-sheet", role: "group",
    "aria-label": "The tune to play" },
  make("span", { class: "dc-sheet-title", text: "To play:" }), line);
  let notes = [];
  let marked = -1;

  const follow = () => {
    const isSong = piano.isPlaying() && notes.length > 0;
    const place = isSong ? noteAt(notes, piano.position().now) : -1;
    if (place === marked) return;
    line.children[marked]?.removeAttribute("aria-current");
    line.children[place]?.setAttribute("aria-current", "true");
    marked = place;
  };

  const draw = () => {
    const kind = model.get("key_names");
    const melody = kind === "letters" || !model.get("show_labels") ? []
      : melodyOf(model.get("song"));
    notes = melody.slice(0, MOST_NOTES);
    marked = -1;
    element.hidden = !notes.length;
    const scale = parseScale(model.get("scale"));
    line.replaceChildren(...notes.map(({ pitch }) => {
      const name = keyName(pitch, kind, scale);
      return kind !== "colours" ? make("span", { class: "dc-sheet-note", text: name })
        : make("span", { class: "dc-sheet-note", role: "img", "aria-label": name },
          drawShape(pitch));
    }));
    if (melody.length > notes.length) line.append(make("span", { text: "…" }));
    follow();
  };

  return { element, draw, follow };
};
