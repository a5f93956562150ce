// The EmbeddingMap widget: one session for each Python object, any number of views of it.

import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showMap } from "./view.js";

export default () => {
  let session = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      prepareSound(model, sound);
      session = createSession({ model, transport: createTransport({ sound }) });
      const forgetKernel = onKernelLost(model, () => session.say("The kernel is gone: the map "
        + "and its walk still sound, but a new walk needs Python. Run the cell again to "
        + "connect it."));
      return () => {
        forgetKernel();
        session.close();
      };
    },
    render({ model, el }) {
      return showMap({ model, el, session });
    },
  };
};
