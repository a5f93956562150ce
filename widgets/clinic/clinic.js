// The FailureClinic widget: what is wrong with this training? Listen, look, say, mend.

import { prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { showClinic } from "./view.js";

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
      return showClinic({ model, el, transport, sound });
    },
  };
};
