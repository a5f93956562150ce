// The looks of the monitor: where the training stands, the time machine, curves.

import { createChart } from "../shared/chart.js";
import { isTyping, make, makeButton, NO_SHORTCUTS } from "../shared/dom.js";
import { onKernelLost, tellPython } from "../shared/link.js";
import { createRoll } from "../shared/roll.js";
import { paintSwatch } from "../shared/roll_paint.js";
import { barLines, trackName } from "../shared/score.js";
import { outline } from "./recording.js";
import { hint, pitchesOf, progressWords, shareDone, stageWords, stateWord } from "./story.js";

const LOST = "The kernel is gone, and with it a training that ran in it. All stages here still "
  + "play. Run the cell again to go on: the run folder has its checkpoints.";
const ROLL_EDGE = 42; // px beside the notes of the roll
const [NARROWEST, USUAL] = [1.9, 3.2]; // px for a step: the roll's own choice is never below
const ASLEEP = "Click once to hear it: a browser stays silent until the first click.";

/** Buttons that ask Python for something; `ask` says whether anybody heard it. */
const makeControls = ({ model, machine, ask, signal }) => {
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
    pause.classList.toggle("dc-pause", !isPaused);
    pause.classList.toggle("dc-play", isPaused);
    pause.lastChild.textContent = isPaused ? "Continue" : "Pause";
    const words = isPaused ? "Continue the training" : "Pause the training";
    pause.setAttribute("aria-label", words);
    pause.title = words;
    pause.disabled = isLost || wish === "pause" || wish === "stop" || !(isAlive || canGoOn);
    stop.disabled = isLost || wish === "stop" || !isAlive;
    hear.disabled = isLost || wish !== "" || !isAlive;
  } };
};

/** Voices of the roll: each can be silenced. */
const makeVoices = ({ machine, roll, colours, signal }) => {
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
const makeWave = ({ recording, signal }) => {
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

const makeSlider = () => {
  const slider = make("input", { type: "range", class: "dc-machine", min: 0, max: 0, step: 1,
    "aria-label": "Stage of the training", ...NO_SHORTCUTS });
  const ticks = make("div", { class: "dc-ticks", "aria-hidden": "true" });
  return { slider, ticks };
};

/** Build the widget in `el`; returns how to take it down. */
export const showMonitor = ({ model, el, machine }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const colours = model.get("track_colours");
  const { transport, recording } = machine;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  let isLost = false;
  let frame = 0;

  // --- what there is to see
  const ask = (kind) => { if (!tellPython(model, { kind })) lose(); };
  const controls = makeControls({ model, machine, ask, signal });
  const badge = make("span", { class: "dc-badge" });
  const title = make("strong", { class: "dc-title" });
  const words = make("span", { class: "dc-progress-words" });
  const bar = make("div", { class: "dc-bar", role: "progressbar", "aria-label": "Training done",
    "aria-valuemin": 0, "aria-valuemax": 100 }, make("div", { class: "dc-bar-done" }));
  const play = makeButton("dc-play", "Play", "Play this stage");
  const back = makeButton("dc-step", "‹", "Stage before");
  const forth = makeButton("dc-step", "›", "Next stage");
  const repeat = makeButton("dc-repeat", "Repeat", "Begin again at the end");
  const newest = makeButton("dc-newest", "Newest", "Go to the newest stage, and to each that comes");
  const { slider, ticks } = makeSlider();
  const stage = make("output", { class: "dc-stage" });
  const volume = make("input", { type: "range", class: "dc-volume", min: 0, max: 100,
    "aria-label": "Volume", title: "Volume", ...NO_SHORTCUTS });
  const roll = createRoll({ colours, leastRow: 3 });
  roll.element.setAttribute("role", "img");
  const voices = makeVoices({ machine, roll, colours, signal });
  const wave = makeWave({ recording, signal });
  const pickStep = (step) => machine.goNear(step);
  const losses = createChart({ label: "Curves of the losses", onPick: pickStep, signal });
  const metrics = createChart({ label: "Music in numbers", onPick: pickStep, signal });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const problem = make("p", { class: "dc-problem", role: "alert" });
  const root = make("div", { class: "dc-widget dc-monitor", role: "group", tabindex: -1,
    "aria-label": "Training monitor", ...NO_SHORTCUTS },
  make("div", { class: "dc-head" }, badge, title, words, controls.element), bar,
  make("div", { class: "dc-time-machine" }, play,
    make("div", { class: "dc-slide" }, slider, ticks),
    make("div", { class: "dc-group" }, back, forth, repeat, newest)),
  make("div", { class: "dc-under" }, stage, voices.element,
    make("label", { class: "dc-loudness" }, make("span", { text: "Volume" }), volume)),
  roll.element, wave.element,
  make("div", { class: "dc-charts" }, losses.element, metrics.element),
  problem, make("div", { class: "dc-foot" }, status));

  // --- drawing
  const drawHead = () => {
    const [rows, nSteps, state] = ["rows", "n_steps", "state"].map((name) => model.get(name));
    const share = shareDone(rows, nSteps);
    badge.textContent = stateWord(state, rows);
    badge.dataset.state = state || "recorded";
    title.textContent = model.get("title");
    words.textContent = progressWords({ rows, nSteps, state });
    bar.hidden = share === null || state === "finished";
    bar.firstChild.style.width = `${100 * (share ?? 0)}%`;
    bar.setAttribute("aria-valuenow", Math.round(100 * (share ?? 0)));
    controls.draw(isLost);
    problem.textContent = model.get("problem");
    problem.hidden = !model.get("problem");
    drawStatus();
  };

  const drawStatus = () => {
    const text = isLost ? LOST : hint({ state: model.get("state"), wish: model.get("wish"),
      stages: machine.stages(), canControl: model.get("can_control"),
      isTouched: machine.isTouched() });
    const next = transport.isSilent() ? ASLEEP : text;
    if (status.textContent !== next) status.textContent = next;
  };

  const drawTicks = () => {
    const stages = machine.stages();
    if (ticks.childElementCount === stages.length) return;
    ticks.replaceChildren(...stages.map(() => make("i", {})));
  };

  /** Everything that moves with the slider. */
  const drawStage = () => {
    const stages = machine.stages();
    const index = machine.index();
    slider.max = Math.max(0, stages.length - 1);
    slider.value = Math.max(0, index);
    slider.disabled = stages.length < 2;
    slider.setAttribute("aria-valuetext", stageWords(stages, index));
    back.disabled = index <= 0;
    forth.disabled = index >= stages.length - 1;
    play.disabled = !stages.length;
    newest.setAttribute("aria-pressed", String(model.get("follows_newest")));
    newest.hidden = !["training", "paused"].includes(model.get("state"));
    drawTicks();
    const step = machine.step();
    stage.textContent = stages.length ? `Step ${step.toLocaleString("en-US")}` : "";
    if (roll.music() !== transport.music()) {
      roll.setMusic(transport.music());
      fitWidth();
    }
    const isRaw = recording.isThere();
    roll.element.hidden = isRaw;
    wave.element.hidden = !isRaw;
    if (isRaw) wave.draw(stages[index], stageWords(stages, index));
    wave.move();
    roll.element.setAttribute("aria-label", `Piano roll of ${stageWords(stages, index)}`);
    voices.draw();
    [losses, metrics].forEach((chart) => chart.setStep(step));
    drawStatus();
  };

  const fitRows = () => {
    const pitches = pitchesOf(machine.stages());
    if (pitches) roll.setOptions({ pitches: [pitches[0] - 2, pitches[1] + 2] });
  };

  /** The whole melody at once where that takes only a little squeezing. */
  const fitWidth = () => {
    const length = barLines(transport.music()).at(-1).step;
    const pixels = (roll.element.clientWidth - ROLL_EDGE) / length;
    roll.setZoom(pixels >= NARROWEST && pixels < USUAL ? pixels : null);
  };
  const sizes = new ResizeObserver(fitWidth);
  sizes.observe(roll.element);

  const drawCurves = () => {
    losses.setPanels(model.get("loss_panels"));
    metrics.setPanels(model.get("metric_panels"));
    [losses, metrics].forEach((chart) =>
      chart.setRows(model.get("rows"), model.get("reference")));
  };

  const drawPlaying = () => {
    repeat.setAttribute("aria-pressed", String(machine.repeats()));
    const isPlaying = machine.isPlaying();
    play.classList.toggle("dc-play", !isPlaying);
    play.classList.toggle("dc-pause", isPlaying);
    play.lastChild.textContent = isPlaying ? "Pause" : "Play";
    const label = isPlaying ? "Pause the music" : "Play this stage";
    play.setAttribute("aria-label", label);
    play.title = label;
    drawStatus();
    cancelAnimationFrame(frame);
    move();
  };

  const move = () => {
    const isPlaying = machine.isPlaying();
    wave.move();
    const now = transport.position();
    const step = isStill.matches ? Math.floor(now) : now;
    roll.setPlayhead(isPlaying || step > 0 ? step : null);
    roll.setSounding(isPlaying ? transport.soundingKeys(step) : new Set());
    if (!isPlaying) return;
    if (!recording.isThere()) roll.follow(step);
    frame = requestAnimationFrame(move);
  };

  const lose = () => {
    isLost = true;
    drawHead();
  };

  // --- what the learner does
  play.addEventListener("click", machine.toggle, { signal });
  slider.addEventListener("input", () => machine.go(Number(slider.value)), { signal });
  back.addEventListener("click", () => machine.go(machine.index() - 1), { signal });
  forth.addEventListener("click", () => machine.go(machine.index() + 1), { signal });
  newest.addEventListener("click", () => machine.setFollows(!model.get("follows_newest")),
    { signal });
  repeat.addEventListener("click", () => machine.setRepeats(!machine.repeats()), { signal });
  volume.addEventListener("input", () => machine.setVolume(Number(volume.value) / 100),
    { signal });
  roll.surface.addEventListener("click", (event) => {
    const { step, isGutter } = roll.placeOf(event);
    if (!isGutter) transport.seek(step);
  }, { signal });
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isSlider = event.target.type === "range";
    if (isTyping(event.target) && !isSlider) return;
    const isButton = event.target.tagName === "BUTTON";
    const keys = { Space: isButton ? null : machine.toggle,
      Comma: () => machine.go(machine.index() - 1), Period: () => machine.go(machine.index() + 1) };
    if (!keys[event.code]) return;
    event.preventDefault();
    keys[event.code]();
  }, { signal });

  // --- news
  const news = { "change:rows": () => { drawCurves(); drawHead(); },
    "change:reference": drawCurves, "change:stages": fitRows, "change:n_steps": drawHead,
    "change:state": () => { drawHead(); drawStage(); }, "change:problem": drawHead,
    "change:title": drawHead, "change:can_control": drawHead,
    "change:follows_newest": drawStage,
    "change:volume": () => { volume.value = Math.round(100 * model.get("volume")); } };
  Object.entries(news).forEach(([name, action]) => model.on(name, action));
  const forgetKernel = onKernelLost(model, lose);
  const changes = { stage: drawStage, state: drawHead, mix: voices.draw, seek: move };
  const forgetMachine = machine.onChange((what) => (changes[what] ?? drawPlaying)());

  el.append(root);
  volume.value = Math.round(100 * model.get("volume"));
  fitRows();
  drawCurves();
  drawStage();
  drawHead();
  drawPlaying();

  return () => {
    teardown.abort();
    cancelAnimationFrame(frame);
    sizes.disconnect();
    forgetMachine();
    forgetKernel();
    Object.entries(news).forEach(([name, action]) => model.off(name, action));
    [roll, losses, metrics].forEach((part) => part.close());
    root.remove();
  };
};
