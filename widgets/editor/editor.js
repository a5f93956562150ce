// The Editor widget: one session for each Python object, any number of views of it.

import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showEditor } from "./view.js";

export default () => {
  let session = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      model.set("is_playing", false); // whatever the page before it did
      session = createSession({ model, sound, transport: createTransport({ sound }) });
      prepareSound(model, sound);
      const forgetKernel = onKernelLost(model, () => session.kernelLost());
      return () => {
        forgetKernel();
        session.dispose();
      };
    },
    render({ model, el }) {
      return showEditor({ model, el, session });
    },
  };
};
