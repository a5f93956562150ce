// The General MIDI synthesizer: real samples from a SoundFont, made in an AudioWorklet.
// One file for all widgets; shared/sound.js loads it once a page.

import { WorkletSynthesizer } from "spessasynth_lib";
import processorSource from "spessasynth_lib/dist/spessasynth_processor.min.js";

/** A synthesizer in `context` that is ready to sound; connect it to hear it. */
export const createSynth = async (context, soundFont) => {
  const url = URL.createObjectURL(new Blob([processorSource], { type: "text/javascript" }));
  await context.audioWorklet.addModule(url);
  URL.revokeObjectURL(url);
  const synth = new WorkletSynthesizer(context);
  // A copy, since the bytes are moved into the worklet.
  await synth.soundBankManager.addSoundBank(soundFont.slice(0), "main");
  await synth.isReady;
  return synth;
};
