// "Hear the curves": the button, what is heard in words, and the line that runs along.

import { make, makeButton, showPlaying } from "../shared/dom.js";
import { saveTraits } from "../shared/link.js";
import { setText } from "../shared/parts.js";

const SELDOM = 500; // ms between two moves of the line where less motion is wanted

/**
 * @param curve what plays, see curve.js
 * @param showStep moves the line of the charts to a step, or back to the stage with null
 */
export const makeHeard = ({ model, curve, showStep, isStill, signal }) => {
  const play = makeButton("dc-play", "Hear the curves");
  const live = makeButton("dc-live", "Hear each step",
    "Hear each new step as a short tone while it trains");
  const words = make("p", { class: "dc-heard-words" });
  const element = make("section", { class: "dc-heard", "aria-label": "The curves as sound" },
    make("div", { class: "dc-group" }, play, live), words);
  let frame = 0;
  let movedAt = 0;

  const move = (now) => {
    if (!curve.isPlaying()) return;
    if (!isStill.matches || now - movedAt > SELDOM) {
      movedAt = now;
      showStep(curve.step());
    }
    frame = requestAnimationFrame(move);
  };

  const drawPlaying = () => {
    showPlaying(play, curve.isPlaying(), {
      play: ["Hear the curves", "Hear the curves: a higher value is a higher tone"],
      stop: ["Stop", "Stop the curves"], icon: "dc-stop" });
    cancelAnimationFrame(frame);
    if (curve.isPlaying()) frame = requestAnimationFrame(move);
    else showStep(null);
  };

  const draw = () => {
    const heard = model.get("curve");
    element.hidden = !heard.curves;
    setText(words, heard.words ?? "");
    live.hidden = !["training", "paused"].includes(model.get("state"));
    live.setAttribute("aria-pressed", String(model.get("hears_training")));
  };

  play.addEventListener("click", () => {
    if (curve.isPlaying()) curve.stop();
    else curve.play(model.get("curve"));
  }, { signal });
  live.addEventListener("click", () =>
    saveTraits(model, { hears_training: !model.get("hears_training") }), { signal });
  const forget = curve.onChange(drawPlaying);
  drawPlaying();
  draw();
  return { element, draw, close: () => {
    cancelAnimationFrame(frame);
    forget();
  } };
};
