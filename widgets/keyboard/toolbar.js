// The row of controls that everybody sees.

import { make, makeButton, makeInstruments, makeVolume, NO_SHORTCUTS } from "../shared/dom.js";
import { saveTraits } from "../shared/link.js";
import { KINDS } from "./names.js";

const LABELS = "Labels on the keys";

/**
 * @param range the element that names the range of the keys
 * @param midiButton the MIDI panel's
 * @returns {element, draw}
 */
export const showToolbar = ({ model, piano, range, midiButton, signal }) => {
  const record = makeButton("dc-record", "Record");
  const stop = makeButton("dc-stop", "Stop");
  const play = makeButton("dc-play", "Play", "Play back");
  const undo = makeButton("dc-undo", "Undo", "Undo the last take or change");
  const down = makeButton("dc-down", "−", "Octave down");
  const up = makeButton("dc-up", "+", "Octave up");
  const instrument = makeInstruments(model.get("instruments"), "Instrument");
  const volume = makeVolume();
  const labels = make("select", { class: "dc-select dc-labels", "aria-label": LABELS,
    title: LABELS, ...NO_SHORTCUTS }, make("optgroup", { label: LABELS },
    ...[["none", "No labels"], ...KINDS].map(([value, text]) => make("option", { value, text }))));
  const more = makeButton("dc-more", "More", "More controls");
  const group = (...children) => make("div", { class: "dc-group" }, ...children);
  const element = make("div", { class: "dc-tools", role: "toolbar",
    "aria-label": "Piano controls" },
  group(record, stop, play, undo), group(down, range, up),
  make("div", { class: "dc-group dc-grow" }, instrument, volume),
  group(labels, midiButton, more));

  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  const set = (name, value) => saveTraits(model, { [name]: value });
  on(record, "click", (event) => piano.record(event.timeStamp));
  on(stop, "click", (event) => piano.stop(event.timeStamp));
  on(play, "click", () => piano.play());
  on(undo, "click", () => piano.undo());
  on(down, "click", () => piano.shiftOctave(-1));
  on(up, "click", () => piano.shiftOctave(1));
  on(instrument, "change", () => set("instrument", Number(instrument.value)));
  on(volume, "input", () => set("volume", Number(volume.value) / 100));
  on(labels, "change", () => saveTraits(model, labels.value === "none"
    ? { show_labels: false } : { show_labels: true, key_names: labels.value }));
  on(more, "click", () => set("show_panel", !model.get("show_panel")));

  const draw = () => {
    const isBusy = piano.isRecording() || piano.isPlaying();
    record.setAttribute("aria-pressed", String(piano.isRecording()));
    play.setAttribute("aria-pressed", String(piano.isPlaying()));
    stop.disabled = !isBusy && !piano.isTicking();
    play.disabled = !piano.isRecording() && !piano.hasSomethingToPlay();
    undo.hidden = !piano.canUndo() && !piano.canRedo();
    undo.disabled = !piano.canUndo() || piano.isRecording();
    instrument.value = model.get("instrument");
    volume.value = Math.round(100 * model.get("volume"));
    labels.value = model.get("show_labels") ? model.get("key_names") : "none";
    more.setAttribute("aria-expanded", String(model.get("show_panel")));
  };

  return { element, draw };
};
