// "Hear the curves": the button, what is heard in words, and the line that runs along.

import { make, makeButton, showPlaying } from "./dom.js";
import { setText } from "./parts.js";

const SELDOM = 500; // ms between two moves of the line where less motion is wanted

/**
 * @param curve what plays, see curve_sound.js
 * @param name of these curves, where several can be heard
 * @param tones () => the curves as Python gives them, {} or undefined if there are none
 * @param showStep moves the line of the charts to a step, or back with null
 * @param more other buttons beside it
 */
export const makeHeard = ({ curve, name = "curves", what = "the curves", tones, showStep,
  signal, more = [] }) => {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  const play = makeButton("dc-play", "Hear the curves");
  const words = make("p", { class: "dc-curve-words" });
  const element = make("section", { class: "dc-curve-sound",
    "aria-label": `Sound of ${what}` }, make("div", { class: "dc-group" }, play, ...more), words);
  let frame = 0;
  let movedAt = 0;
  let wasPlaying = false;
  const isPlaying = () => curve.playing() === name;

  const move = (now) => {
    if (!isPlaying()) return;
    if (!isStill.matches || now - movedAt > SELDOM) {
      movedAt = now;
      showStep(curve.step());
    }
    frame = requestAnimationFrame(move);
  };

  const drawPlaying = () => {
    showPlaying(play, isPlaying(), {
      play: ["Hear the curves", `Hear ${what}: a higher value is a higher tone`],
      stop: ["Stop", `Stop ${what}`], icon: "dc-stop" });
    cancelAnimationFrame(frame);
    if (isPlaying()) frame = requestAnimationFrame(move);
    else if (wasPlaying) showStep(null);
    wasPlaying = isPlaying();
  };

  const draw = () => {
    const heard = tones() ?? {};
    element.hidden = !heard.curves;
    setText(words, heard.words ?? "");
  };

  play.addEventListener("click", () => {
    if (isPlaying()) curve.stop();
    else curve.play(tones() ?? {}, name);
  }, { signal });
  const forget = curve.onChange(drawPlaying);
  drawPlaying();
  draw();
  return { element, draw, close: () => {
    cancelAnimationFrame(frame);
    forget();
  } };
};
