// The PianoKeyboard widget: one piano for each Python object, any number of views of it.

import { createPiano } from "./piano.js";
import { pageSound } from "./sound.js";
import { showPiano } from "./view.js";

/** Ask Python for the SoundFont; the bytes come as the buffer of its answer. */
const askForSoundFont = (model) => new Promise((resolve, reject) => {
  const answered = (message, buffers) => {
    if (message.kind !== "soundfont") return;
    model.off("msg:custom", answered);
    if (!buffers?.length) reject(new Error(message.problem));
    else {
      const { buffer, byteOffset, byteLength } = buffers[0];
      resolve(buffer.slice(byteOffset, byteOffset + byteLength));
    }
  };
  model.on("msg:custom", answered);
  model.send({ kind: "soundfont?" });
});

/** What Python asks for with `keyboard.record()` and the like. */
const obey = (piano, message) => {
  const actions = {
    record: () => piano.record(),
    stop: () => piano.stop(),
    play: () => piano.play(),
    show_song: () => piano.showSong(),
    midi: () => piano.kernelMidi(message.bytes, message.device, message.time),
    unplug: () => piano.unplug(message.device),
  };
  actions[message.kind]?.();
};

/** After the page was loaded again, nothing of the old one is held, recorded or heard. */
const forgetThePageBefore = (model) => {
  ["is_recording", "is_playing"].forEach((name) => model.set(name, false));
  model.set("pressed", []);
  if (model.get("midi_state") !== "kernel") {
    model.set("midi_state", "");
    model.set("midi_inputs", []);
  }
  model.save_changes();
};

export default () => {
  let piano = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      forgetThePageBefore(model);
      piano = createPiano({ model, sound });
      sound.prepare(() => askForSoundFont(model));
      const heard = (message) => obey(piano, message);
      const settingChanged = () => {
        if (sound.owner === piano) piano.activate();
      };
      model.on("msg:custom", heard);
      model.on("change:instrument", settingChanged);
      model.on("change:volume", settingChanged);
      return () => {
        model.off("msg:custom", heard);
        model.off("change:instrument", settingChanged);
        model.off("change:volume", settingChanged);
        piano.dispose();
      };
    },
    render({ model, el }) {
      return showPiano({ model, el, piano });
    },
  };
};
