// Music as a strip that can be played: the melody, or the bars around a mark.

import { make, makeButton } from "../shared/dom.js";
import { prepareSound } from "../shared/link.js";
import { setText } from "../shared/parts.js";
import { completeMusic, flatNotes } from "../shared/score.js";
import { pageSound } from "../shared/sound.js";
import { createTransport } from "../shared/transport.js";
import { createStrip, noteWords } from "./strip.js";

/**
 * A button and a strip; `title` is on the button, `what` says what it plays. `onPlay` is
 * called before it sounds. The strip is `height` pixels high, if that is given.
 */
export const createPreview = ({ model, signal, title = "Hear it", what = "the melody",
  height, onPlay = () => {} }) => {
  const sound = pageSound();
  prepareSound(model, sound);
  const transport = createTransport({ sound });
  const play = makeButton("dc-play", title, `Hear ${what}`);
  const strip = createStrip({ height });
  const element = make("div", { class: "dc-preview" }, play, strip.element);
  const draw = () => {
    const isPlaying = transport.isPlaying();
    setText(play.lastChild, isPlaying ? "Stop" : title);
    play.setAttribute("aria-label", `${isPlaying ? "Stop" : "Hear"} ${what}`);
    play.classList.toggle("dc-play", !isPlaying);
    play.classList.toggle("dc-stop", isPlaying);
    if (!isPlaying) strip.at(null);
  };
  const follow = () => {
    if (signal.aborted || !transport.isPlaying()) return;
    strip.at(transport.position());
    requestAnimationFrame(follow);
  };
  play.addEventListener("click", () => {
    if (transport.isPlaying()) {
      transport.stop();
      return;
    }
    onPlay();
    if (transport.play({ from: 0 })) requestAnimationFrame(follow);
  }, { signal });
  transport.onChange(draw);
  signal.addEventListener("abort", () => transport.close());
  let last = "";
  /** Show music, described by `words`; beside `other` music, what differs is lit up. */
  const update = (music, words, other = null) => {
    const text = JSON.stringify([music, other]);
    if (text === last) return;
    last = text;
    const whole = completeMusic(music);
    transport.setMusic(whole);
    strip.draw(whole, words,
      other && new Set(flatNotes(completeMusic(other)).map(noteWords)));
  };
  return { element, update, stop: () => transport.stop() };
};
