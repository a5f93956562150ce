// The looks of the piano keyboard, put together from its parts. All music is in piano.js.

import { NO_SHORTCUTS, make } from "../shared/dom.js";
import { clockText } from "../shared/playback.js";
import { showKeys } from "./keys_view.js";
import { mountMidiPanel } from "./midi_panel.js";
import { showPanel } from "./panel.js";
import { showSheet } from "./sheet.js";
import { showToolbar } from "./toolbar.js";
import { makeWheel } from "./wheels.js";

const BEND_CENTRE = 8192;
const PANEL_TRAITS = ["show_panel", "sustain", "touch", "velocity", "scale", "scale_lock",
  "auto_chord", "chord_kind", "arpeggiator", "arp_order", "arp_rate", "arp_octaves",
  "metronome", "tempo", "beats_per_bar", "count_in", "click_volume", "rhythm_grid",
  "rhythm_strength", "rhythm_assist", "max_bars", "take", "takes"];

const inSemitones = (range) => (value) => {
  const semitones = Math.round(10 * value * range()) / 10;
  return semitones === 0 ? "in the middle" : `${semitones} semitones`;
};

/** The beats of a bar as lamps, the one that sounds filled. */
const drawBeats = (element, beat, nBeats) => {
  element.hidden = beat === null;
  if (beat === null) return;
  if (element.childElementCount !== nBeats) {
    element.replaceChildren(...Array.from({ length: nBeats }, (_, i) =>
      make("span", { class: "dc-beat", text: i + 1 })));
  }
  element.classList.toggle("dc-counting", beat.index < 0);
  [...element.children].forEach((lamp, i) => lamp.classList.toggle("dc-now", i === beat.beat));
};

/** Build the widget in `el`; returns how to take it down. */
export const showPiano = ({ model, el, piano, midi }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const root = make("div", { class: "dc-widget dc-piano", role: "group",
    "aria-label": "Piano keyboard", ...NO_SHORTCUTS });

  const keys = showKeys({ model, piano, root, signal });
  const midiPanel = mountMidiPanel({ model, piano, midi, root, signal });
  const toolbar = showToolbar({ model, piano, range: keys.range,
    midiButton: midiPanel.button, signal });
  const panel = showPanel({ model, piano, signal });
  const sheet = showSheet({ model, piano });
  const pitchWheel = makeWheel({ name: "pitch", label: "Pitch wheel", springs: true, signal,
    onMove: (value) => piano.bend(Math.round(BEND_CENTRE + value * (BEND_CENTRE - 1)), "wheel"),
    say: inSemitones(() => model.get("bend_range")) });
  const modulationWheel = makeWheel({ name: "mod", label: "Modulation wheel", springs: false,
    signal, onMove: (value) => piano.modulate(value, "wheel"),
    say: (value) => `${Math.round(100 * value)} percent` });
  const wheels = make("div", { class: "dc-wheels" }, pitchWheel.element,
    modulationWheel.element);

  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const beats = make("span", { class: "dc-beats", "aria-hidden": "true" });
  const time = make("span", { class: "dc-time" });
  root.append(toolbar.element, midiPanel.element,
    make("div", { class: "dc-board" }, wheels, keys.element), sheet.element,
    make("div", { class: "dc-foot" }, status, beats, time), panel.element);

  const drawFoot = () => {
    const { now, length } = piano.position();
    const isBusy = piano.isRecording() || piano.isPlaying();
    const total = length ? ` / ${clockText(length)}` : "";
    time.textContent = isBusy ? (now < 0 ? "count-in" : clockText(now) + total) : "";
    if (status.textContent !== model.get("status")) status.textContent = model.get("status");
    drawBeats(beats, piano.beat(), model.get("beats_per_bar"));
  };
  const drawWheels = () => {
    wheels.hidden = !model.get("show_panel");
    pitchWheel.show(model.get("bend"));
    modulationWheel.show(model.get("modulation"));
  };
  /** A button that has just been switched off would take the computer keys with it. */
  const keepFocus = () => {
    const active = root.getRootNode().activeElement;
    if (active?.disabled && root.contains(active)) keys.focus();
  };
  const drawSound = () => {
    keys.drawSound();
    sheet.follow();
    toolbar.draw();
    drawFoot();
    keepFocus();
  };
  const drawNames = () => { keys.drawLabels(); sheet.draw(); toolbar.draw(); };
  const drawPanel = () => { panel.draw(); drawWheels(); toolbar.draw(); keepFocus(); };

  // --- changes from Python, from other views, from the piano
  const watch = (names, action) => names.forEach((name) => {
    model.on(`change:${name}`, action);
    signal.addEventListener("abort", () => model.off(`change:${name}`, action));
  });
  watch(["low", "n_keys", "octave_shift"], () => { keys.letGo(); keys.draw(); });
  watch(["show_labels", "key_names", "scale", "scale_lock"], drawNames);
  watch(["song"], sheet.draw);
  watch(["instrument", "volume"], toolbar.draw);
  watch(["bend", "modulation"], drawWheels);
  watch(PANEL_TRAITS, drawPanel);
  watch(["song", "recorded", "status"], drawSound);
  signal.addEventListener("abort", piano.onChange(() => { drawSound(); panel.draw(); keepFocus(); }));

  keys.draw();
  sheet.draw();
  drawPanel();
  drawFoot();
  el.append(root);

  return () => {
    keys.leave();
    teardown.abort();
    root.remove();
  };
};
