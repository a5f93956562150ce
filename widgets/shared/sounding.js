// The frame of a widget with one transport for all its views.

import { addCaption } from "./caption.js";
import { prepareSound } from "./link.js";
import { pageSound } from "./sound.js";
import { createTransport } from "./transport.js";

/** A widget's entry for anywidget. `show({ model, el, transport, sound })` draws a view. */
export const soundingWidget = (show) => () => {
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
      const close = show({ model, el, transport, sound });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close?.();
      };
    },
  };
};
