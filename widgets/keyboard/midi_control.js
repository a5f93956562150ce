// From a MIDI device to a piano: what the bytes mean, what each knob was learnt for, and
// the way there, through the browser or through Python. It knows no DOM: the panel
// (midi_panel.js) and the tests (in node) drive it alike.

import { pageControls } from "../shared/controls.js";
import { IDLE, checkedMap, controlIn, describeControl, entryFor, findEntry, heardWhileLearning,
  learntEntry, listening, wish, withEntry, withoutEntry } from "../shared/learn.js";
import { saveTraits } from "../shared/link.js";
import { CC_SUSTAIN, readMidi } from "../shared/midi.js";
import { midiProblem, midiStatus, pageMidi } from "../shared/midi_hub.js";
import { pageStore } from "../shared/midi_store.js";
import { controlOf, profileFor } from "../shared/profiles.js";
import { createTargets } from "./midi_targets.js";

/**
 * @param model the widget's model; its traits are described in widgets/midi_control.py
 * @param piano press, release, sustain, bend, controller, control, button, program,
 *   targets, unplug, say
 */
export const createMidi = ({ model, piano, hub = pageMidi(), controls = pageControls(),
  store = pageStore(), clock = () => performance.now() }) => {
  const listeners = new Set();
  const values = new Map(); // "device:kind:channel:number" -> the last value
  const turnedTo = new Map(); // target -> {share, value}: where an endless knob brought it
  let session = IDLE; // of learning, see learn.js
  let last = null; // {words, share}: the last message, for the panel
  let kernelOffset = Infinity; // browser clock minus kernel clock, ms
  let isAsking = false;
  let isDisposed = false;

  const targets = createTargets({ model, piano, controls });
  const changed = () => listeners.forEach((listener) => listener());
  const save = (traits) => saveTraits(model, traits);
  const say = (sentence) => { piano.say(sentence); changed(); };

  // --- one message

  const profileOf = (device) =>
    profileFor(model.get("midi_profiles"), model.get("midi_profile"), device);

  /** What the device's profile knows of a control. */
  const known = ({ kind, device, number }) =>
    (kind === "control" ? controlOf(profileOf(device), number) : undefined);

  const labelOf = (control) => known(control)?.label;

  /** What a control does now, learnt or by its profile: the name of a target that is here. */
  const targetNow = (control) =>
    targets.find((entryFor(store.map(), control) ?? known(control))?.target)?.name;

  const valueKey = ({ device, kind, channel, number }) => `${device}:${kind}:${channel}:${number}`;

  /** Let a control do what it is for. */
  const perform = ({ mode, target: name }, control, value, time) => {
    const key = valueKey(control);
    const before = values.get(key) ?? null;
    values.set(key, value);
    const target = targets.find(name);
    const words = `${describeControl(control, labelOf(control))} = ${value}`;
    last = { words: `${words}: ${target?.label ?? `${name}, which is not here now`}`,
      share: value / 127 };
    if (!target) return;
    // A slider of few steps stays where it is for a small turn, but the turn counts.
    const left = turnedTo.get(name);
    const share = left && left.value === target.value ? left.share : target.value ?? 0.5;
    const wanted = wish(mode, target.kind, value, { value: before, share });
    if (wanted?.share !== undefined) {
      target.set(wanted.share);
      turnedTo.set(name, { share: wanted.share, value: targets.find(name)?.value });
    } else if (wanted) {
      target.press(wanted.isDown, time);
    }
  };

  /** A control that nobody has taught: the pedal, or one that the synthesizer knows. */
  const passOn = (control, value, time) => {
    last = { words: `${describeControl(control, labelOf(control))} = ${value}`,
      share: value / 127 };
    if (control.number === CC_SUSTAIN) piano.sustain(value >= 64, "midi", time);
    else piano.controller(control.number, value, time);
  };

  const act = (message, device, time) => {
    const holder = `midi:${device}`;
    const entry = findEntry(store.map(), message, device);
    if (message.kind === "control" || (entry && message.kind !== "bend")) {
      const control = controlIn({ ...message, kind: message.kind === "control" ? "control" : "on" },
        device);
      const value = message.kind === "control" ? message.value : message.velocity;
      const meant = entry ?? known(control);
      if (meant) perform(meant, control, value, time);
      else passOn(control, value, time);
    } else if (message.kind === "on") {
      last = { words: `${describeControl(controlIn(message, device))}, velocity `
        + `${message.velocity}`, share: message.velocity / 127 };
      piano.press(message.pitch, message.velocity, holder, time);
    } else if (message.kind === "off") {
      piano.release(message.pitch, holder, time);
    } else if (message.kind === "bend") {
      last = { words: "pitch wheel", share: message.value / 16383 };
      piano.bend(message.value);
    } else {
      last = { words: `instrument ${message.program}`, share: message.program / 127 };
      piano.program(message.program);
    }
  };

  /** One MIDI message from the device called `device`. */
  const hear = (bytes, device, time = clock()) => {
    const message = readMidi(bytes);
    if (!message) return;
    const next = heardWhileLearning(session, message, device);
    if (next === session) act(message, device, time);
    session = next;
    changed();
  };

  /**
   * A message that came through Python, with the kernel's clock in ms. The fastest message
   * so far tells how far the two clocks lie apart, so a late one keeps its time.
   */
  const kernel = (bytes, device, kernelTime) => {
    kernelOffset = Math.min(kernelOffset, clock() - kernelTime);
    hear(bytes, device, kernelTime + kernelOffset);
  };

  // --- the way through the browser

  let lastSaid = "";
  const client = {
    wants: (name) => ["", name].includes(model.get("midi_device")),
    hear,
    letGo: (name) => piano.unplug(name),
    changed: () => {
      if (model.get("midi_state") !== "ready") return;
      const devices = hub.devices(client).filter((device) => device.isWanted);
      save({ midi_inputs: devices.filter((d) => !d.problem).map(({ name }) => name) });
      const sentence = midiStatus(devices, hub.isElsewhere());
      if (sentence !== lastSaid) say(sentence);
      lastSaid = sentence;
      changed();
    },
  };

  const connect = async () => {
    if (model.get("midi_state") === "kernel") model.send({ kind: "midi_disconnect" });
    isAsking = true;
    changed();
    const state = await hub.connect(client);
    isAsking = false;
    if (isDisposed) { hub.disconnect(client); return; }
    lastSaid = "";
    save({ midi_state: state, midi_inputs: [] });
    if (state === "ready") client.changed();
    else say(midiProblem(state));
  };

  const disconnect = () => {
    if (model.get("midi_state") === "kernel") model.send({ kind: "midi_disconnect" });
    hub.disconnect(client);
    save({ midi_state: "", midi_inputs: [] });
    say("MIDI is off.");
  };

  /** Play through a port that Python opens; without a name through the first one. */
  const connectKernel = (port = null) => {
    hub.disconnect(client);
    model.send({ kind: "midi_connect", port });
    say("Asking Python for its MIDI port …");
  };

  // --- views: a piano that nobody sees holds no device

  let nViews = 0;
  let resume = null; // how to connect again when the piano is shown again
  const views = {
    opened: () => {
      nViews += 1;
      const again = resume;
      resume = null;
      again?.();
    },
    closed: () => {
      nViews -= 1;
      if (nViews > 0 || isDisposed) return;
      const names = model.get("midi_inputs");
      const state = model.get("midi_state");
      if (state === "ready") resume = connect;
      if (state === "kernel") {
        resume = () => model.send({ kind: "midi_connect", port: names[0] ?? null });
        model.send({ kind: "midi_disconnect" });
        names.forEach((name) => piano.unplug(name));
      }
      hub.disconnect(client);
      save({ midi_state: "", midi_inputs: [] });
    },
  };

  // --- learning

  const setMap = (map) => {
    store.setMap(map);
    changed();
  };

  const learning = {
    start: () => { session = listening(); changed(); },
    cancel: () => { session = IDLE; changed(); },
    /** Let the control that was moved do something from now on. */
    choose: (target, mode) => {
      if (session.phase !== "choosing") return;
      const { control } = session;
      setMap(withEntry(store.map(), learntEntry(session, target, mode)));
      session = IDLE;
      const words = describeControl(control, labelOf(control));
      say(`Learnt: ${words} moves ${targets.find(target)?.label ?? target}.`);
    },
    forget: (entry) => setMap(withoutEntry(store.map(), entry)),
    forgetAll: () => setMap([]),
  };

  // --- between the page's map and this widget's trait

  const storeChanged = () => {
    save({ midi_map: store.map() });
    changed();
  };
  const mapSet = () => {
    if (JSON.stringify(model.get("midi_map")) === JSON.stringify(store.map())) return;
    store.setMap(checkedMap(model.get("midi_map")));
  };
  const choiceSet = () => {
    store.setChoice({ device: model.get("midi_device"), profile: model.get("midi_profile") });
    hub.refresh();
    changed();
  };
  const stateSet = () => { // Python opened its port: one way at a time
    if (model.get("midi_state") === "kernel") hub.disconnect(client);
    changed();
  };
  const watched = { midi_map: mapSet, midi_device: choiceSet, midi_profile: choiceSet,
    midi_state: stateSet, midi_inputs: changed, midi_targets: changed };

  // What Python was told before the widget was shown comes on top of what is kept.
  store.setMap(checkedMap(model.get("midi_map")).reduce(withEntry, store.map()));
  save({ midi_map: store.map(), ...store.choiceFor(model) });
  Object.entries(watched).forEach(([name, action]) => model.on(`change:${name}`, action));
  const forgetStore = store.onChange(storeChanged);
  const forgetControls = controls.onChange(changed);

  return {
    connect, disconnect, connectKernel, hear, kernel, learning, labelOf, targetNow,
    views, targets: targets.list,
    take: () => hub.take(client),
    session: () => session,
    last: () => last,
    isAsking: () => isAsking,
    map: () => store.map(),
    devices: () => hub.devices(client),
    profile: (device) => profileOf(device),
    /** The kernel is gone, and with it the port that Python held. */
    kernelLost: () => {
      if (model.get("midi_state") !== "kernel") return;
      model.get("midi_inputs").forEach((name) => piano.unplug(name));
      save({ midi_state: "", midi_inputs: [] });
      say("Python has stopped, and its MIDI port with it. Run the cell again, or press Connect.");
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => {
      isDisposed = true;
      Object.entries(watched).forEach(([name, action]) => model.off(`change:${name}`, action));
      forgetStore();
      forgetControls();
      hub.disconnect(client);
      listeners.clear();
    },
  };
};
