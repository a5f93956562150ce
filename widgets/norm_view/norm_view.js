// The NormView widget: a block of numbers, which of them share a mean, and how it sounds.

import { prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { showNorms } from "./view.js";

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
      return showNorms({ model, el, transport, sound });
    },
  };
};
