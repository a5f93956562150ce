// The EditDesk widget: one session for each Python object, any number of views of it.

import { addCaption } from "../shared/caption.js";
import { onKernelLost, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createHands } from "./hands.js";
import { createLoop } from "./loop.js";
import { createSession } from "./session.js";
import { showDesk } from "./view.js";

const LOST = "The kernel is gone: the piece and its edits can still be seen and heard, but "
  + "nothing more is edited. Run the cell again.";

export default () => {
  let parts = null;
  let transport = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      prepareSound(model, sound);
      transport = createTransport({ sound });
      const session = createSession({ model, sound, transport });
      const loop = createLoop({ model, session });
      const hands = createHands({ sound, session, loop });
      parts = { session, loop, hands };
      const forgetKernel = onKernelLost(model, () => session.lose(LOST));
      return () => {
        forgetKernel();
        [hands, loop, session].forEach((part) => part.close());
      };
    },
    render({ el }) {
      const close = showDesk({ el, ...parts });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close();
      };
    },
  };
};
