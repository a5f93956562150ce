// What a knob or a button of a MIDI controller can be told to do on a piano.

export const TARGETS = [
  { name: "volume", label: "Volume", kind: "slider" },
  { name: "modulation", label: "Modulation", kind: "slider" },
  { name: "bend", label: "Pitch bend", kind: "slider" },
  { name: "tempo", label: "Tempo", kind: "slider" },
  { name: "octave", label: "Octave", kind: "slider" },
  { name: "instrument", label: "Instrument", kind: "slider" },
  { name: "velocity", label: "Touch of the computer keys", kind: "slider" },
  { name: "brightness", label: "Brightness", kind: "slider" },
  { name: "reverb", label: "Reverb", kind: "slider" },
  { name: "record", label: "Record", kind: "button" },
  { name: "stop", label: "Stop", kind: "button" },
  { name: "play", label: "Play", kind: "button" },
  { name: "undo", label: "Undo", kind: "button" },
  { name: "redo", label: "Redo", kind: "button" },
  { name: "sustain", label: "Sustain", kind: "button" },
  { name: "tap", label: "Tap tempo", kind: "button" },
  { name: "metronome", label: "Metronome", kind: "button" },
  { name: "scale_lock", label: "Scale lock", kind: "button" },
  { name: "chord", label: "Auto-chord", kind: "button" },
  { name: "arpeggiator", label: "Arpeggiator", kind: "button" },
  { name: "octave_up", label: "Octave up", kind: "button" },
  { name: "octave_down", label: "Octave down", kind: "button" },
  { name: "panic", label: "All notes off", kind: "button" },
];

const SLOWEST_KNOB = 40; // BPM at the lower end of a knob
const FASTEST_KNOB = 240;
const KNOB_OCTAVES = 3; // up and down

const CC_BRIGHTNESS = 74;
const CC_REVERB = 91;
const HIGHEST_BEND = 16383;

/** What a knob at `value` (0 to 1) sets: {trait: value}, or null for other targets. */
export const knobSettings = (name, value) => ({
  volume: { volume: value },
  tempo: { tempo: Math.round(SLOWEST_KNOB + (FASTEST_KNOB - SLOWEST_KNOB) * value) },
  octave: { octave_shift: Math.round((2 * value - 1) * KNOB_OCTAVES) },
  instrument: { instrument: Math.round(127 * value) },
  velocity: { velocity: Math.round(1 + 126 * value) },
}[name] ?? null);

/** Where the knobs stand now: the way back, {name: 0 to 1}. */
export const knobShares = (get) => ({
  volume: get("volume"),
  modulation: get("modulation"),
  bend: (get("bend") + 1) / 2,
  tempo: Math.min(1, Math.max(0, (get("tempo") - SLOWEST_KNOB) / (FASTEST_KNOB - SLOWEST_KNOB))),
  octave: Math.min(1, Math.max(0, (get("octave_shift") / KNOB_OCTAVES + 1) / 2)),
  instrument: get("instrument") / 127,
  velocity: (get("velocity") - 1) / 126,
});

/** The doors for MIDI on a piano: targets, control and button. */
export const createTargets = ({ core, piano }) => {
  const { get, clock, saveSoon, changed } = core;
  const to127 = (share) => Math.round(127 * share);
  const sliders = {
    bend: (share, time) => piano.bend(Math.round(HIGHEST_BEND * share), "midi", time),
    modulation: (share, time) => piano.modulate(share, "midi", time),
    brightness: (share) => piano.controller(CC_BRIGHTNESS, to127(share)),
    reverb: (share) => piano.controller(CC_REVERB, to127(share)),
  };
  const buttons = {
    play: () => piano.play(),
    stop: (time) => piano.stop(time),
    record: (time) => piano.record(time),
    tap: (time) => piano.tap(time),
    panic: () => piano.panic(),
    undo: () => piano.undo(),
    redo: () => piano.redo(),
    metronome: () => piano.setMetronome(!get("metronome")),
    chord: () => piano.toggle("auto_chord"),
    arpeggiator: () => piano.toggle("arpeggiator"),
    scale_lock: () => piano.toggle("scale_lock"),
    octave_up: () => piano.shiftOctave(1),
    octave_down: () => piano.shiftOctave(-1),
  };

  return {
    targets: () => {
      const shares = knobShares(get);
      return TARGETS.map((one) => ({ ...one, value: shares[one.name] }));
    },

    /** Set something by a knob, 0 to 1; false if there is nothing of that name. */
    control: (name, share, time = clock()) => {
      const settings = knobSettings(name, share);
      if (settings) saveSoon(settings);
      else if (name in sliders) sliders[name](share, time);
      else return false;
      changed();
      return true;
    },

    /** Press a button by its name; false if there is none. "sustain" also has a release. */
    button: (name, time = clock(), isDown = true) => {
      if (name === "sustain") piano.sustain(isDown, "midi", time);
      else if (!(name in buttons)) return false;
      else if (isDown) buttons[name](time);
      return true;
    },
  };
};
