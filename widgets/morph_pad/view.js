// The looks of MorphPad: the pad, a small piano, two kinds of mixture, what they look like.

import { pageControls } from "../shared/controls.js";
import { make, makeButton, makeVolume, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { listenTo, onKernelLost, saveTraits, tellPython } from "../shared/link.js";
import { noteName } from "../shared/notes.js";
import { setText } from "../shared/parts.js";
import { createKeys } from "./keys.js";
import { cornersOf, fromBytes, mixOf, nearestOf, placeAt, sharesText, weightsAt }
  from "./mixing.js";
import { createPlaying } from "./playing.js";
import { createShapes } from "./shapes.js";
import { createSquare } from "./square.js";

const LOST = "The kernel is gone: what was decoded can still be heard, but nothing new. Run the "
  + "cell again.";
const FIRST = "Drag in the pad, or use the arrow keys: every dot is a mixture of the four corners.";
const HOWS = { codes: ["Mix of codes", "mix of codes"],
  waves: ["Mix of waveforms", "mix of waveforms"] };

/** Build the widget in `el`; returns how to take it down. */
export const showPad = ({ model, el, sound }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const get = (name) => model.get(name);
  const save = (values) => saveTraits(model, values);
  const [n, names, rate] = [get("n_side"), get("names"), get("rate")];
  const clips = new Map(); // "pitch column row" -> samples
  const corners = new Map(); // "pitch number" -> samples of a corner as it was recorded
  const mixes = new Map(); // of waveforms, under the names of clips
  let isLost = false;
  let isAwaited = false; // the place was asked for by hand and is not decoded yet
  let words = ""; // instead of the shares

  // --- what is known of the sounds
  const nameOf = (place, pitch = get("pitch")) => [pitch, ...place].join(" ");
  const readyPlaces = () => [...clips.keys()].map((name) => name.split(" ").map(Number))
    .filter(([pitch]) => pitch === get("pitch")).map(([, ...place]) => place);
  /** The four corners' own sounds at this pitch, or null while one is missing. */
  const cornerWaves = () => {
    const waves = get("has_sounds") ? [0, 1, 2, 3].map((i) => corners.get(`${get("pitch")} ${i}`))
      : cornersOf(n).map((place) => clips.get(nameOf(place)));
    return waves.every(Boolean) ? waves : null;
  };
  const waveMix = (place) => {
    const name = nameOf(place);
    const waves = cornerWaves();
    if (!mixes.has(name) && waves) mixes.set(name, mixOf(waves, weightsAt(place, n)));
    return mixes.get(name) ?? null;
  };
  const soundAt = (place, how = get("how")) =>
    (how === "codes" ? clips.get(nameOf(place)) ?? null : waveMix(place));

  const ask = () => tellPython(model, { kind: "want", pitch: get("pitch"), place: get("place"),
    has: readyPlaces() });

  // --- what there is to see
  const square = createSquare({ n, names, signal, onPlace: (place) => go({ place }),
    onHear: () => hear() });
  const keys = createKeys({ low: get("low"), high: get("high"), signal,
    onPitch: (pitch) => go({ pitch }) });
  const hows = Object.entries(HOWS).map(([how, [text]]) => {
    const button = makeButton(`dc-how dc-how-${how}`, text, `Hear the ${HOWS[how][1]}`);
    button.addEventListener("click", () => go({ how }), { signal });
    return [how, button];
  });
  const play = makeButton("dc-play dc-hear", "Play", "Play this mixture");
  const repeat = makeButton("dc-repeat", "Repeat", "Begin again at the end");
  const volume = makeVolume();
  const bar = make("progress", { max: 1, value: 0, "aria-label": "Decoded" });
  const count = make("span", { class: "dc-count" });
  const halt = makeButton("dc-halt", "Stop decoding");
  const shapes = createShapes({ rate, signal });
  const status = make("p", { class: "dc-status", role: "status" });
  const problem = make("p", { class: "dc-problem", role: "alert" });
  const root = make("div", { class: "dc-widget dc-morph_pad", role: "group",
    "aria-label": "Timbre morph pad", ...NO_SHORTCUTS },
  make("div", { class: "dc-tools" },
    make("div", { class: "dc-group" }, ...hows.map(([, button]) => button)), play, repeat,
    make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Volume" }),
      volume)),
  make("div", { class: "dc-stage" }, square.element,
    make("div", { class: "dc-side" }, shapes.element, keys.element,
      make("div", { class: "dc-group dc-decoding" }, bar, count, halt))),
  problem, make("div", { class: "dc-foot" }, status));

  const playing = createPlaying({ sound, rate, onChange: () => {
    save({ is_playing: playing.isPlaying() });
    drawPlay();
  } });
  let repeats = false;

  // --- drawing
  const drawPlay = () => {
    showPlaying(play, playing.isPlaying(), { play: ["Play", "Play this mixture"],
      stop: ["Stop", "Stop the sound"], icon: "dc-stop" });
  };

  const drawWords = () => {
    const shares = sharesText(weightsAt(get("place"), n), names);
    const [title] = HOWS[get("how")];
    const about = `${title}, ${noteName(get("pitch"))}: ${shares}.`;
    const isFresh = !clips.size && !get("is_decoding");
    const text = isLost ? LOST : `${isFresh ? FIRST : about}${words ? ` ${words}` : ""}`;
    setText(status, text);
    square.say(`Pad of ${n} by ${n} mixtures of ${names.join(", ")}. Here: ${shares}. Arrow keys `
      + "move, 1 to 4 go to the corners, 0 to the middle, Enter plays.");
  };

  const drawDecoding = () => {
    const ready = readyPlaces();
    square.setReady(ready);
    bar.value = ready.length / n ** 2;
    count.textContent = `${ready.length} of ${n ** 2} decoded`;
    halt.hidden = !get("is_decoding") || isLost;
  };

  const draw = () => {
    const place = get("place");
    square.setPlace(place);
    keys.setPitch(get("pitch"));
    hows.forEach(([how, button]) =>
      button.setAttribute("aria-pressed", String(how === get("how"))));
    repeat.setAttribute("aria-pressed", String(repeats));
    shapes.show({ codes: soundAt(place, "codes"), waves: soundAt(place, "waves"),
      how: get("how"), pitch: get("pitch") });
    problem.textContent = get("problem");
    problem.hidden = !get("problem");
    drawDecoding();
    drawPlay();
    drawWords();
  };

  // --- sound
  /** Play the place; while it is not decoded the nearest that is, and itself when it comes. */
  const hear = (isAsked = false) => {
    const place = get("place");
    const wave = soundAt(place);
    isAwaited = wave === null && !isLost;
    words = "";
    if (wave) {
      playing.play(wave, repeats);
    } else {
      const near = get("how") === "codes" ? nearestOf(place, readyPlaces()) : null;
      words = near ? "Not decoded yet: you hear the nearest that is, and this one when it is ready."
        : "Not decoded yet: it is heard as soon as it is ready.";
      if (near) playing.play(soundAt(near), false);
      if (!isAsked) ask();
    }
    drawWords();
  };

  const go = (values) => {
    sound.wake();
    if (values.pitch !== undefined && values.pitch !== get("pitch")) mixes.clear();
    save(values);
    draw();
    const isAsked = values.pitch !== undefined;
    if (isAsked) ask();
    hear(isAsked);
  };

  const takeClip = (message, buffers) => {
    const { kind, pitch, place, number } = message;
    const wave = fromBytes(buffers[0]);
    if (kind === "clip") clips.set(nameOf(place, pitch), wave);
    else corners.set(`${pitch} ${number}`, wave);
    if (pitch !== get("pitch")) return;
    draw();
    if (isAwaited && soundAt(get("place"))) hear();
  };

  // --- hands
  play.addEventListener("click", () => {
    if (playing.isPlaying()) playing.stop();
    else hear();
  }, { signal });
  repeat.addEventListener("click", () => {
    repeats = !repeats;
    playing.setLoop(repeats);
    draw();
  }, { signal });
  volume.addEventListener("input", () => save({ volume: Number(volume.value) / 100 }), { signal });
  halt.addEventListener("click", () => {
    isAwaited = false;
    tellPython(model, { kind: "halt" });
  }, { signal });

  // --- what Python says
  const takeVolume = () => {
    volume.value = Math.round(100 * get("volume"));
    playing.setVolume(get("volume"));
  };
  const obey = (message, buffers) => {
    if (["clip", "corner"].includes(message.kind)) takeClip(message, buffers);
    if (message.kind === "play") hear();
    if (message.kind === "silence") playing.stop();
  };
  const changed = () => { words = ""; draw(); };
  const news = { "msg:custom": obey, "change:volume": takeVolume, "change:place": changed,
    "change:pitch": changed, "change:how": changed, "change:is_decoding": draw,
    "change:problem": draw };
  const forgetNews = listenTo(model, news);
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    draw();
  });
  const axes = [["x", "across", 0], ["y", "down", 1]].map(([axis, words_, i]) =>
    pageControls().offer({ name: `morph-${axis}`, label: `Morph pad: ${words_}`, kind: "slider",
      get: () => get("place")[i] / (n - 1),
      set: (share) => {
        const next = [...get("place")];
        next[i] = placeAt(share, share, n)[0];
        if (next.join() !== get("place").join()) go({ place: next });
      } }));

  el.append(root);
  takeVolume();
  draw();
  ask();
  return () => {
    teardown.abort();
    forgetKernel();
    axes.forEach((withdraw) => withdraw());
    forgetNews();
    playing.close();
    shapes.close();
    root.remove();
  };
};
