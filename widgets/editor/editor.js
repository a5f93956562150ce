// The Editor widget: one session for each Python object, any number of views of it.

import { addCaption } from "../shared/caption.js";
import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showEditor } from "./view.js";

export default () => {
  let session = null;
  let transport = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      model.set("is_playing", false); // whatever the page before it did
      transport = createTransport({ sound });
      session = createSession({ model, sound, transport });
      prepareSound(model, sound);
      const forgetKernel = onKernelLost(model, () => session.kernelLost());
      return () => {
        forgetKernel();
        session.dispose();
      };
    },
    render({ model, el }) {
      const close = showEditor({ model, el, session });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close();
      };
    },
  };
};
