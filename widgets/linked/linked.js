// The LinkedView widget: one transport for each Python object, any number of views of it.

import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showLinked } from "./view.js";

export default () => {
  let session = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      session = createSession({ model, transport: createTransport({ sound }) });
      prepareSound(model, sound);
      const forgetKernel = onKernelLost(model, () => session.say("The kernel is gone: what is "
        + "here still sounds, but other tokens need Python. Run the cell again."));
      return () => {
        forgetKernel();
        session.close();
      };
    },
    render({ model, el }) {
      return showLinked({ model, el, session });
    },
  };
};
