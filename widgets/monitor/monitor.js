// The TrainingMonitor widget: one time machine for each Python object, any number of views.

import { prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createMachine } from "./machine.js";
import { showMonitor } from "./view.js";

export default () => {
  let machine = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      prepareSound(model, sound);
      machine = createMachine({ model, sound, transport: createTransport({ sound }) });
      return () => machine.close();
    },
    render({ model, el }) {
      return showMonitor({ model, el, machine });
    },
  };
};
