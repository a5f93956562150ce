// The AttentionView widget: one session for each Python object, any number of views of it.

import { addCaption } from "../shared/caption.js";
import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createSession } from "./session.js";
import { showAttention } from "./view.js";

export default () => {
  let session = null;
  let transport = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      prepareSound(model, sound);
      transport = createTransport({ sound });
      session = createSession({ model, transport,
        peeking: createTransport({ sound }) });
      const forgetKernel = onKernelLost(model, () => session.say("The kernel is gone: all heads "
        + "here can still be seen and heard, but Python no longer knows what you choose. Run "
        + "the cell again to connect them."));
      return () => {
        forgetKernel();
        session.close();
      };
    },
    render({ model, el }) {
      const close = showAttention({ model, el, session });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close();
      };
    },
  };
};
