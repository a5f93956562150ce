// A button to hear each of a few pieces of music, one at a time; what plays, plays on with
// what its source brings next.
//
//   const listening = createListening({ model, transport, sound, signal, onTake, sources: {
//     fake: { text: "Generated", label: "Hear what is generated", music: () => … },
//     real: { text: "Data", label: "Hear the data", music: () => … } } });
//   listening.take();                       // the music of a source has changed
//
// The model has the traits volume and is_playing, and gets the messages play and silence.

import { make, makeButton, makeVolume, showPlaying } from "./dom.js";
import { listenTo, saveTraits } from "./link.js";
import { musicEnd } from "./score.js";

const BAR = 16; // steps

/**
 * @param sources by name; `music()` may be null while there is none
 * @param onTake called with the name of the source whose music the transport has now
 */
export const createListening = ({ model, transport, sound, sources, signal,
  onTake = () => {} }) => {
  const get = (name) => model.get(name);
  const save = (name, value) => saveTraits(model, { [name]: value });
  const [first] = Object.keys(sources);
  let source = first;
  let repeats = true;
  let taken = null; // the music that the transport has
  const buttons = Object.fromEntries(Object.entries(sources).map(([name, { text, label }]) =>
    [name, makeButton(`dc-hear-${name} dc-play`, text, label)]));
  const repeat = makeButton("dc-repeat", "Repeat", "Begin again at the end");
  const volume = makeVolume();
  const element = make("div", { class: "dc-listening", role: "group", "aria-label": "Listen" },
    make("div", { class: "dc-group" }, ...Object.values(buttons), repeat),
    make("label", { class: "dc-loudness" },
      make("span", { class: "dc-label", text: "Volume" }), volume));

  const draw = () => {
    const isPlaying = transport.isPlaying();
    Object.entries(buttons).forEach(([name, button]) => {
      const { text, label, music } = sources[name];
      const isHeard = isPlaying && name === source;
      showPlaying(button, isHeard, { play: [text, label], stop: ["Stop", "Stop the sound"],
        icon: "dc-stop" });
      button.disabled = !music();
    });
    repeat.setAttribute("aria-pressed", String(repeats));
  };

  const setLoop = () => {
    const end = Math.ceil(musicEnd(transport.music()) / BAR) * BAR;
    const loop = repeats && end > 0 ? [0, end] : null;
    if (String(loop) !== String(transport.loop())) transport.setLoop(loop);
  };
  const take = () => {
    if (!sources[source].music()) {
      transport.pause();
      source = first;
    }
    const music = sources[source].music();
    if (music !== taken) {
      taken = music;
      transport.setMusic(music, { keepsMix: true });
      setLoop();
    }
    onTake(source);
    draw();
  };
  const play = (name) => {
    if (transport.isPlaying() && name === source) {
      transport.stop();
      return;
    }
    if (!sources[name]?.music()) return;
    transport.pause();
    source = name;
    take();
    sound.setVolume(get("volume"));
    transport.play({ from: 0 });
  };

  Object.entries(buttons).forEach(([name, button]) =>
    button.addEventListener("click", () => play(name), { signal }));
  repeat.addEventListener("click", () => {
    repeats = !repeats;
    setLoop();
    draw();
  }, { signal });
  volume.addEventListener("input", () => save("volume", Number(volume.value) / 100), { signal });
  const forget = transport.onChange((what) => {
    if (["play", "pause", "end"].includes(what)) save("is_playing", transport.isPlaying());
    draw();
  });
  const takeVolume = () => {
    volume.value = Math.round(100 * get("volume"));
    sound.setVolume(get("volume"));
  };
  const obey = ({ kind, source: name = first }) => {
    if (kind === "play" && !(transport.isPlaying() && name === source)) play(name);
    if (kind === "silence" && transport.isPlaying()) transport.stop();
  };
  const forgetNews = listenTo(model, { "change:volume": takeVolume, "msg:custom": obey });
  volume.value = Math.round(100 * get("volume"));
  draw();

  return {
    element, take, play, buttons,
    source: () => source,
    close: () => {
      forget();
      forgetNews();
      if (transport.isPlaying()) transport.stop();
    },
  };
};
