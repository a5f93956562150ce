// What plays notes: keys on the screen, computer keys, MIDI keyboards. Each note sounds at
// once, and in loop mode it is written into the piece. No DOM.

import { CC_SUSTAIN, readMidi } from "../shared/midi.js";
import { midiProblem, midiStatus, pageMidi } from "../shared/midi_hub.js";
import { LIVE_CHANNEL } from "../shared/playback.js";

export const N_KEYS = 25; // on the screen
export const VELOCITY = 90; // of computer keys and of the mouse

/** @param hub the MIDI devices of the page */
export const createHands = ({ sound, session, loop, hub = pageMidi() }) => {
  const { get, save, say } = session;
  const holders = new Map(); // pitch -> Set of what holds it
  let midi = { state: "", isAsking: false };
  let lastSaid = "";

  const press = (pitch, velocity, holder) => {
    const held = holders.get(pitch) ?? new Set();
    if (held.has(holder)) return;
    held.add(holder);
    holders.set(pitch, held);
    if (held.size > 1) return; // it sounds already
    sound.wake();
    sound.setVolume(get("volume"));
    sound.setProgram(LIVE_CHANNEL, get("music").tracks[get("played_voice")]?.program ?? 0);
    sound.noteOn(LIVE_CHANNEL, pitch, velocity);
    loop.press(pitch);
    session.tell("hands");
  };

  const release = (pitch, holder) => {
    const held = holders.get(pitch);
    if (!held?.delete(holder) || held.size) return;
    holders.delete(pitch);
    sound.noteOff(LIVE_CHANNEL, pitch);
    loop.release(pitch);
    session.tell("hands");
  };

  const releaseAll = (prefix) => [...holders].forEach(([pitch, held]) =>
    [...held].filter((holder) => holder.startsWith(prefix))
      .forEach((holder) => release(pitch, holder)));

  const client = {
    wants: () => true,
    hear: (bytes, device) => {
      const message = readMidi(bytes);
      if (message?.kind === "on") press(message.pitch, message.velocity, `midi:${device}`);
      else if (message?.kind === "off") release(message.pitch, `midi:${device}`);
      else if (message?.kind === "control" && message.number === CC_SUSTAIN) {
        sound.control(LIVE_CHANNEL, CC_SUSTAIN, message.value);
      }
    },
    letGo: (device) => releaseAll(`midi:${device}`),
    changed: () => {
      if (midi.state !== "ready") return;
      const sentence = midiStatus(hub.devices(client), hub.isElsewhere());
      if (sentence !== lastSaid) say(sentence);
      lastSaid = sentence;
      session.tell("midi");
    },
  };

  const connect = async () => {
    midi = { ...midi, isAsking: true };
    session.tell("midi");
    const state = await hub.connect(client);
    midi = { state, isAsking: false };
    lastSaid = "";
    if (state === "ready") client.changed();
    else say(midiProblem(state).replace(/, or press Through Python.*$/s, "."));
    session.tell("midi");
  };
  const disconnect = () => {
    hub.disconnect(client);
    midi = { state: "", isAsking: false };
    say("MIDI is off.");
    session.tell("midi");
  };

  return {
    press, release, releaseAll,
    isHeld: (pitch) => holders.has(pitch),
    shift: (octaves) => save({ low: Math.min(84, Math.max(24, get("low") + 12 * octaves)) }),
    midi: () => midi,
    toggleMidi: () => (midi.state === "ready" ? disconnect() : connect()),
    take: () => hub.take(client),
    close: () => {
      releaseAll("");
      hub.disconnect(client);
    },
  };
};
