// The LinkedView widget: one transport for each Python object, any number of views of it.

import { addCaption } from "../shared/caption.js";
import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showLinked } from "./view.js";

export default () => {
  let session = null;
  let transport = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      transport = createTransport({ sound });
      session = createSession({ model, transport });
      prepareSound(model, sound);
      const forgetKernel = onKernelLost(model, () => session.say("The kernel is gone: what is "
        + "here still sounds, but other tokens need Python. Run the cell again."));
      return () => {
        forgetKernel();
        session.close();
      };
    },
    render({ model, el }) {
      const close = showLinked({ model, el, session });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close();
      };
    },
  };
};
