// Loop mode: which bar the network writes, which voice is yours, and keys to play.

import { make, makeButton, NO_SHORTCUTS, relabel } from "../shared/dom.js";
import { createKeyBed } from "../shared/key_bed.js";
import { noteName } from "../shared/notes.js";
import { setOptions, setText } from "../shared/parts.js";
import { barName } from "./cells.js";
import { N_KEYS, VELOCITY } from "./hands.js";

const LOOP = "Loop: the piece goes round, the network writes one bar anew each time";
const STOP = "Stop the loop";

/**
 * @param root the widget's element: computer keys play while the focus is in it
 * @returns {element, draw, drawKeys, drawHeld, leave}
 */
export const createPlay = ({ session, loop, hands, root, signal }) => {
  const { get, save } = session;
  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  const round = makeButton("dc-loop", "Loop", LOOP);
  const bar = make("select", { class: "dc-select", "aria-label": "The network's bar",
    ...NO_SHORTCUTS });
  const voice = make("select", { class: "dc-select", "aria-label": "You play", ...NO_SHORTCUTS });
  const down = makeButton("dc-down", "−", "Keys an octave down");
  const up = makeButton("dc-up", "+", "Keys an octave up");
  const midi = makeButton("dc-midi", "Connect MIDI keyboard");
  const said = make("span", { class: "dc-round", "aria-live": "off" });
  const keys = createKeyBed({ root, signal, hands, velocity: () => VELOCITY });
  const element = make("div", { class: "dc-loop-part", role: "group", "aria-label": "Loop mode" },
    make("div", { class: "dc-tools" }, round,
      make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "The network's bar" }), bar),
      make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "You play" }), voice),
      said),
    make("div", { class: "dc-keys-row" }, make("div", { class: "dc-octaves" }, up, down),
      make("div", { class: "dc-scroll" }, keys.element)),
    make("div", { class: "dc-tools" }, midi,
      make("span", { class: "dc-label", text: "Z X C … and Q W E … play, too." })));

  const drawKeys = () => {
    keys.draw(get("low"), N_KEYS);
    keys.label();
    keys.keys.forEach((key, pitch) => {
      if (pitch % 12 === 0) key.append(make("span", { "aria-hidden": "true", text: noteName(pitch) }));
    });
  };
  const drawHeld = () => keys.keys.forEach((key, pitch) => {
    key.setAttribute("aria-pressed", String(hands.isHeld(pitch)));
    key.classList.toggle("dc-on", hands.isHeld(pitch));
  });
  const draw = () => {
    const isOn = loop.isOn();
    round.classList.toggle("dc-on", isOn);
    relabel(round, isOn ? STOP : "Loop", isOn ? STOP : LOOP);
    round.disabled = session.lost() !== "" || (get("is_working") && !isOn);
    const bars = get("bars");
    setOptions(bar, bars.map((_, place) => [place, barName(bars, place)]),
      Math.min(get("model_bar"), bars.length - 1));
    setOptions(voice, get("voices").map((name, i) => [i, name]), get("played_voice"));
    setText(said, isOn ? `Round ${loop.nRounds() + 1}` : "");
    const { state, isAsking } = hands.midi();
    midi.disabled = isAsking;
    relabel(midi, state === "ready" ? "MIDI off" : "Connect MIDI keyboard");
    down.disabled = get("low") - 12 < 24;
    up.disabled = get("low") + 12 > 84;
  };

  on(round, "click", () => loop.toggle());
  on(bar, "change", () => save({ model_bar: Number(bar.value) }));
  on(voice, "change", () => save({ played_voice: Number(voice.value) }));
  on(down, "click", () => hands.shift(-1));
  on(up, "click", () => hands.shift(1));
  on(midi, "click", () => hands.toggleMidi());
  on(root, "pointerdown", () => hands.take());

  return { element, draw, drawKeys, drawHeld, leave: keys.leave };
};
