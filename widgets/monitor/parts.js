// Parts of the monitor's looks: the training's buttons, the voices, a waveform.

import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { saveTraits } from "../shared/link.js";
import { paintSwatch } from "../shared/roll_colours.js";
import { trackName } from "../shared/score.js";
import { outline } from "./recording.js";

/** Buttons that ask Python for something; `ask` says whether anybody heard it. */
export const makeControls = ({ model, machine, ask, signal }) => {
  const pause = makeButton("dc-pause", "Pause", "Pause the training");
  const stop = makeButton("dc-stop", "Stop", "Stop the training, keep a checkpoint");
  const hear = makeButton("dc-hear", "Hear it now",
    "Hear what the network makes now");
  const element = make("div", { class: "dc-group dc-training", role: "group",
    "aria-label": "Training" }, pause, stop, hear);
  let isPaused = false;
  pause.addEventListener("click", () => ask(isPaused ? "resume" : "pause"), { signal });
  stop.addEventListener("click", () => ask("stop"), { signal });
  hear.addEventListener("click", () => {
    machine.playNext();
    ask("hear");
  }, { signal });
  return { element, draw: (isLost) => {
    const [state, wish] = [model.get("state"), model.get("wish")];
    const nSteps = model.get("n_steps");
    const reached = model.get("rows").at(-1)?.step ?? 0;
    const canGoOn = state === "stopped" || (state === "failed" && nSteps > reached);
    const isAlive = state === "training" || state === "paused";
    element.hidden = !model.get("can_control") || state === "finished";
    isPaused = state === "paused" || canGoOn;
    showPlaying(pause, !isPaused, { play: ["Continue", "Continue the training"],
      stop: ["Pause", "Pause the training"] });
    pause.disabled = isLost || wish === "pause" || wish === "stop" || !(isAlive || canGoOn);
    stop.disabled = isLost || wish === "stop" || !isAlive;
    hear.disabled = isLost || wish !== "" || !isAlive;
  } };
};

/** Whether each new step is heard while it trains. */
export const makeLive = ({ model, signal }) => {
  const element = makeButton("dc-live", "Hear each step",
    "Hear each new step as a short tone while it trains");
  element.addEventListener("click", () =>
    saveTraits(model, { hears_training: !model.get("hears_training") }), { signal });
  return { element, draw: () => {
    element.hidden = !["training", "paused"].includes(model.get("state"));
    element.setAttribute("aria-pressed", String(model.get("hears_training")));
  } };
};

/** Voices of the roll: each can be silenced. */
export const makeVoices = ({ machine, roll, colours, signal }) => {
  const element = make("div", { class: "dc-voices", role: "group", "aria-label": "Voices" });
  let names = "";
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const track = Number(button.dataset.track);
    machine.transport.setTrack(track, { mute: !machine.transport.mix()[track].mute });
  }, { signal });
  const draw = () => {
    const { transport } = machine;
    const music = transport.music();
    const next = music.tracks.map((_, track) => trackName(music, track));
    if (names !== next.join()) {
      names = next.join();
      element.replaceChildren(...next.map((name, track) => {
        const swatch = make("canvas", { class: "dc-swatch", "aria-hidden": "true" });
        const button = make("button", { type: "button", class: "dc-voice", "data-track": track,
          title: `Hear the ${name}, or not`, ...NO_SHORTCUTS }, swatch, make("span", { text: name }));
        return button;
      }));
    }
    [...element.children].forEach((button, track) => {
      button.setAttribute("aria-pressed", String(!transport.mix()[track]?.mute));
      paintSwatch(button.firstChild, colours[track % colours.length], track, roll.palette());
    });
    roll.setMuted(transport.mix().flatMap(({ mute }, track) => (mute ? [track] : [])));
  };
  return { element, draw };
};

/** The waveform of a stage that is raw sound; a click moves the place in it. */
export const makeWave = ({ recording, signal }) => {
  const svg = (tag, values) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };
  const shape = svg("path", { class: "dc-wave-shape" });
  const place = svg("line", { class: "dc-wave-place", y1: 0, y2: 100 });
  const picture = svg("svg", { viewBox: "0 0 300 100", preserveAspectRatio: "none" });
  picture.append(shape, place);
  const element = make("div", { class: "dc-wave", role: "img" });
  element.append(picture);
  element.addEventListener("click", (event) => {
    const { left, width } = element.getBoundingClientRect();
    recording.seek((event.clientX - left) / width);
  }, { signal });
  return {
    element,
    draw: (stage, words) => {
      shape.setAttribute("d", outline(stage.peaks));
      element.setAttribute("aria-label",
        `Waveform of ${words}, ${stage.seconds.toFixed(1)} seconds`);
    },
    move: () => {
      const x = 300 * recording.share();
      place.setAttribute("x1", x);
      place.setAttribute("x2", x);
    },
  };
};
