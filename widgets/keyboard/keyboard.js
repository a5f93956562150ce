// The PianoKeyboard widget: one piano for each Python object, any number of views of it.

import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createMidi } from "./midi_control.js";
import { createPiano } from "./piano.js";
import { showPiano } from "./view.js";

/** What Python asks for with `keyboard.record()` and the like. */
const obey = (piano, midi, message) => {
  const actions = {
    record: () => piano.record(),
    stop: () => piano.stop(),
    play: () => piano.play(),
    show_song: () => piano.showSong(),
    midi: () => midi.kernel(message.bytes, message.device, message.time),
    unplug: () => piano.unplug(message.device),
  };
  actions[message.kind]?.();
};

/** After the page was loaded again, nothing of the old one is held, recorded or heard. */
const forgetThePageBefore = (model) => {
  ["is_recording", "is_playing", "sustain"].forEach((name) => model.set(name, false));
  model.set("pressed", []);
  model.set("bend", 0);
  if (model.get("midi_state") !== "kernel") {
    model.set("midi_state", "");
    model.set("midi_inputs", []);
  }
  model.save_changes();
};

/** Let changes that Python makes be heard; returns how to end that. */
const followTraits = (model, sound, piano) => {
  const heard = () => { if (sound.owner === piano) piano.activate(); };
  const watched = { instrument: heard, volume: heard, metronome: piano.followMetronome,
    sustain: piano.followPython, bend: piano.followWheels, modulation: piano.followWheels,
    bend_range: piano.followPython };
  Object.entries(watched).forEach(([name, action]) => model.on(`change:${name}`, action));
  return () => Object.entries(watched)
    .forEach(([name, action]) => model.off(`change:${name}`, action));
};

const KERNEL_LOST = "The kernel was restarted or stopped: the piano still plays, records and "
  + "plays back here, but Python no longer hears it. Run the cell again for a new one; "
  + "takes made here stay only as long as this page.";

export default () => {
  let piano = null;
  let midi = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      forgetThePageBefore(model);
      piano = createPiano({ model, sound });
      midi = createMidi({ model, piano });
      prepareSound(model, sound);
      const hear = (message) => obey(piano, midi, message);
      model.on("msg:custom", hear);
      const endings = [
        () => model.off("msg:custom", hear),
        piano.onActivate(() => midi.take()),
        followTraits(model, sound, piano),
        onKernelLost(model, () => {
          midi.kernelLost();
          piano.say(KERNEL_LOST);
        }),
      ];
      return () => {
        endings.forEach((end) => end());
        midi.dispose();
        piano.dispose();
      };
    },
    render({ model, el }) {
      return showPiano({ model, el, piano, midi });
    },
  };
};
