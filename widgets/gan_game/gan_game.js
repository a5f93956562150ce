// The GANGame widget: two tiny networks, the landscape between them, and its sound.

import { prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { showGame } from "./view.js";

export default () => {
  let transport = null;
  let sound = null;
  return {
    initialize({ model }) {
      sound = pageSound();
      prepareSound(model, sound);
      transport = createTransport({ sound });
      return () => transport.close();
    },
    render({ model, el }) {
      return showGame({ model, el, transport, sound });
    },
  };
};
