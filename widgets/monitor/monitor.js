// The TrainingMonitor widget: one time machine for each Python object, any number of views.

import { addCaption } from "../shared/caption.js";
import { createCurve } from "../shared/curve_sound.js";
import { listenTo, prepareSound } from "../shared/link.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createMachine } from "./machine.js";
import { showMonitor } from "./view.js";

export default () => {
  let machine = null;
  let curve = null;
  let transport = null;
  return {
    initialize({ model }) {
      const sound = pageSound();
      prepareSound(model, sound);
      transport = createTransport({ sound });
      machine = createMachine({ model, sound, transport });
      curve = createCurve({ sound, volume: () => model.get("volume") });
      const news = () => {
        const isHeard = model.get("hears_training") && model.get("state") === "training";
        if (isHeard) curve.news(model.get("curve"));
      };
      const obey = ({ kind }) => ({ curve: () => curve.play(model.get("curve")),
        silence: curve.stop }[kind]?.());
      const forget = listenTo(model, { "change:curve": news, "msg:custom": obey });
      return () => {
        forget();
        curve.close();
        machine.close();
      };
    },
    render({ model, el }) {
      const close = showMonitor({ model, el, machine, curve });
      const forgetCaption = addCaption(el, transport);
      return () => {
        forgetCaption();
        close();
      };
    },
  };
};
