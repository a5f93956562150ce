// Bach or bot: hear a piece, say who made it, and see what your answers are worth.

import { pageSound } from "../shared/sound.js";
import { showTest } from "./view.js";

export default {
  render({ model, el }) {
    return showTest({ model, el, sound: pageSound() });
  },
};
