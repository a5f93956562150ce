// The Player widget: one transport for each Python object, any number of views of it.

import { addCaption } from "../shared/caption.js";
import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showPlayer } from "./view.js";

export default () => {
  let session = null;
  let transport = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      transport = createTransport({ sound });
      session = createSession({ model, transport, sound });
      prepareSound(model, sound);
      const forgetKernel = onKernelLost(model, () => session.say("The kernel is gone: this player "
        + "plays on, but Python no longer hears of it. Run the cell again to connect them."));
      return () => {
        forgetKernel();
        session.close();
      };
    },
    render({ model, el }) {
      const close = showPlayer({ model, el, session, transport });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close();
      };
    },
  };
};
