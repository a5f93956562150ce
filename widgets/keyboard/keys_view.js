// The keys of the piano: their labels and colours, and what else computer keys do.

import { isTyping, make, undoOf } from "../shared/dom.js";
import { createKeyBed } from "../shared/key_bed.js";
import { inkOn, isBlack, noteName, pitchRange } from "../shared/notes.js";
import { drawShape, isNamed, keyName, spokenKeyName } from "./names.js";
import { parseScale } from "./scale.js";

const SOFTEST_TOUCH = 50; // at the top of a key
const LOUDEST_TOUCH = 110; // at its lower edge
const PEDAL_KEYS = ["Backquote", "IntlBackslash"]; // beside 1, and beside Z where it is
const TAP_KEY = "Digit1";
const BENDS = { PageUp: 16383, PageDown: 0 };
const BEND_CENTRE = 8192;

/** Light a key in the colour of a track, or for null in yours. */
const paintKey = (key, track, colours) => {
  if (String(track ?? "") === (key.dataset.track ?? "")) return;
  if (track === null) {
    delete key.dataset.track;
    key.style.removeProperty("--dc-lit");
    key.style.removeProperty("--dc-lit-ink");
  } else {
    const colour = colours[track % colours.length];
    key.dataset.track = track;
    key.style.setProperty("--dc-lit", colour);
    key.style.setProperty("--dc-lit-ink", inkOn(colour));
  }
};

const drawLamp = (lamp, pitches) => {
  lamp.classList.toggle("dc-on", pitches.length > 0);
  lamp.textContent = pitches.map(noteName).join(" ");
};

/**
 * @param root the widget's element: computer keys play while the focus is in it
 * @returns {element, range, draw, drawLabels, drawSound, letGo, leave, focus}
 */
export const showKeys = ({ model, piano, root, signal }) => {
  const range = make("span", { class: "dc-range", role: "note",
    "aria-label": "Range of the keys" });
  const progress = make("div", { class: "dc-progress", "aria-hidden": "true" });
  const lampBelow = make("div", { class: "dc-lamp dc-below", "aria-hidden": "true" });
  const lampAbove = make("div", { class: "dc-lamp dc-above", "aria-hidden": "true" });

  /** How hard a pointer strikes: the harder the lower it touches a key. */
  const touch = (key, y) => {
    if (model.get("touch") === "fixed") return model.get("velocity");
    const { top, height } = key.getBoundingClientRect();
    const depth = Math.min(1, Math.max(0, (y - top) / height));
    return Math.round(SOFTEST_TOUCH + (LOUDEST_TOUCH - SOFTEST_TOUCH) * depth);
  };
  /** What computer keys do that play no note: pedal, pitch wheel, tapping the tempo. */
  const begin = ({ code, timeStamp }) => {
    if (PEDAL_KEYS.includes(code)) {
      piano.sustain(true, "computer", timeStamp);
      return (end) => piano.sustain(false, "computer", end?.timeStamp);
    }
    if (code in BENDS) {
      piano.bend(BENDS[code], "computer", timeStamp);
      return (end) => piano.bend(BEND_CENTRE, "computer", end?.timeStamp);
    }
    if (code !== TAP_KEY) return null;
    piano.tap(timeStamp);
    return () => {};
  };
  const { press, release, releaseAll, shiftOctave: shift } = piano;
  const bed = createKeyBed({ root, signal, hands: { press, release, releaseAll, shift },
    velocity: () => model.get("velocity"), touch, begin, relabel: () => drawLabels() });
  const element = make("div", { class: "dc-bed" }, lampBelow,
    make("div", { class: "dc-scroll" }, progress, bed.element), lampAbove);

  // --- what there is to see

  /** What names a key: a shape, or a word that is bold on every C, or on the home note. */
  const nameOn = (pitch, kind, scale) => {
    if (!isNamed(pitch, kind, scale)) return [];
    if (kind === "colours") return [drawShape(pitch)];
    const text = kind === "letters" ? noteName(pitch) : keyName(pitch, kind, scale);
    const isBold = pitch % 12 === (kind === "numbers" ? scale.tonic : 0);
    return [make("span", { class: `dc-name${isBold ? " dc-c" : ""}`, "aria-hidden": "true",
      text })];
  };

  const drawLabels = () => {
    const kind = model.get("key_names");
    const scale = parseScale(model.get("scale"));
    const letters = bed.label((pitch) => spokenKeyName(pitch, kind, scale)
      + (piano.isAllowed(pitch) ? "" : `, not in ${model.get("scale")}`));
    const isShown = model.get("show_labels");
    const tonic = model.get("scale_lock") ? model.get("scale").split(" ")[0] : null;
    bed.keys.forEach((key, pitch) => {
      const isOut = !piano.isAllowed(pitch);
      key.classList.toggle("dc-out", isOut);
      key.classList.toggle("dc-tonic", noteName(pitch).replace(/-?\d+$/, "") === tonic);
      key.setAttribute("aria-disabled", String(isOut));
      key.replaceChildren(...(isShown && !isOut ? [
        make("span", { class: "dc-letter", "aria-hidden": "true", text: letters.get(pitch) ?? "" }),
        ...nameOn(pitch, kind, scale),
      ] : []));
    });
  };

  const drawSound = () => {
    const sounding = piano.sounding();
    const waiting = new Set(piano.waiting());
    const colours = model.get("track_colours");
    bed.keys.forEach((key, pitch) => {
      const isOn = sounding.has(pitch);
      key.setAttribute("aria-pressed", String(isOn));
      key.classList.toggle("dc-on", isOn);
      key.classList.toggle("dc-wait", waiting.has(pitch));
      paintKey(key, sounding.get(pitch) ?? null, colours);
    });
    const pitches = [...sounding.keys()].sort((a, b) => a - b);
    const low = piano.lowest();
    drawLamp(lampBelow, pitches.filter((pitch) => pitch < low));
    drawLamp(lampAbove, pitches.filter((pitch) => pitch >= low + model.get("n_keys")));
    const { now, length } = piano.position();
    progress.style.width = length ? `${Math.min(100, (100 * now) / length)}%` : "0";
  };

  const draw = () => {
    const pitches = pitchRange(piano.lowest(), model.get("n_keys"));
    bed.draw(pitches[0], pitches.length);
    range.textContent = `${noteName(pitches[0])} – ${noteName(pitches.at(-1))}`;
    drawLabels();
    drawSound();
  };

  root.addEventListener("keydown", (event) => {
    const asked = isTyping(event.target) ? null : undoOf(event);
    if (!asked) return;
    event.preventDefault();
    piano[asked]();
  }, { signal });

  return { element, range, draw, drawLabels, drawSound, letGo: bed.letGo, leave: bed.leave,
    focus: bed.focus };
};
