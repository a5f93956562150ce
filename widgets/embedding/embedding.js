// The EmbeddingMap widget: one session for each Python object, any number of views of it.

import { addCaption } from "../shared/caption.js";
import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showMap } from "./view.js";

export default () => {
  let session = null;
  let transport = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      prepareSound(model, sound);
      transport = createTransport({ sound });
      session = createSession({ model, transport });
      const forgetKernel = onKernelLost(model, () => session.say("The kernel is gone: the map "
        + "and its walk still sound, but a new walk needs Python. Run the cell again to "
        + "connect it."));
      return () => {
        forgetKernel();
        session.close();
      };
    },
    render({ model, el }) {
      const close = showMap({ model, el, session });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close();
      };
    },
  };
};
