// The looks of the monitor: where the training stands, the time machine, curves.

import { createChart } from "../shared/chart.js";
import { isTyping, make, makeButton, makeVolume, NO_SHORTCUTS, showPlaying }
  from "../shared/dom.js";
import { makeHeard } from "../shared/heard_curves.js";
import { listenTo, onKernelLost, tellPython } from "../shared/link.js";
import { makeBar, setText } from "../shared/parts.js";
import { createRoll } from "../shared/roll.js";
import { barLines } from "../shared/score.js";
import { ASLEEP } from "../shared/sound.js";
import { makeControls, makeLive, makeVoices, makeWave } from "./parts.js";
import { hint, pitchesOf, progressWords, shareDone, stageWords, stateWord } from "./story.js";

const LOST = "The kernel is gone, and with it a training that ran in it. All stages here still "
  + "play. Run the cell again to go on: the run folder has its checkpoints.";
const ROLL_EDGE = 42; // px beside the notes of the roll
const [NARROWEST, USUAL] = [1.9, 3.2]; // px for a step: the roll's own choice is never below

/** Build the widget in `el`; returns how to take it down. */
export const showMonitor = ({ model, el, machine, curve }) => {
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
  const bar = makeBar("Training done");
  const play = makeButton("dc-play", "Play", "Play this stage");
  const back = makeButton("dc-step", "‹", "Stage before");
  const forth = makeButton("dc-step", "›", "Next stage");
  const repeat = makeButton("dc-repeat", "Repeat", "Begin again at the end");
  const newest = makeButton("dc-newest", "Newest", "Go to the newest stage, and to each that comes");
  const slider = make("input", { type: "range", class: "dc-machine", min: 0, max: 0, step: 1,
    "aria-label": "Stage of the training", ...NO_SHORTCUTS });
  const ticks = make("div", { class: "dc-ticks", "aria-hidden": "true" });
  const stage = make("output", { class: "dc-stage" });
  const volume = makeVolume();
  const roll = createRoll({ colours, leastRow: 3 });
  roll.element.setAttribute("role", "img");
  const voices = makeVoices({ machine, roll, colours, signal });
  const wave = makeWave({ recording, signal });
  const pickStep = (step) => machine.goNear(step);
  const losses = createChart({ label: "Curves of the losses", onPick: pickStep, signal });
  const metrics = createChart({ label: "Music in numbers", onPick: pickStep, signal });
  const live = makeLive({ model, signal });
  const heard = makeHeard({ curve, signal, tones: () => model.get("curve"), more: [live.element],
    showStep: (step) => [losses, metrics].forEach((chart) =>
      chart.setStep(step ?? machine.step())) });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const problem = make("p", { class: "dc-problem", role: "alert" });
  const root = make("div", { class: "dc-widget dc-monitor", role: "group", tabindex: -1,
    "aria-label": "Training monitor", ...NO_SHORTCUTS },
  make("div", { class: "dc-head" }, badge, title, words, controls.element), bar.element,
  make("div", { class: "dc-time-machine" }, play,
    make("div", { class: "dc-slide" }, slider, ticks),
    make("div", { class: "dc-group" }, back, forth, repeat, newest)),
  make("div", { class: "dc-under" }, stage, voices.element,
    make("label", { class: "dc-loudness" }, make("span", { text: "Volume" }), volume)),
  roll.element, wave.element,
  make("div", { class: "dc-charts" }, losses.element, metrics.element),
  heard.element, problem, make("div", { class: "dc-foot" }, status));

  // --- drawing
  const drawHead = () => {
    const [rows, nSteps, state] = ["rows", "n_steps", "state"].map((name) => model.get(name));
    const share = shareDone(rows, nSteps);
    badge.textContent = stateWord(state, rows);
    badge.dataset.state = state || "recorded";
    title.textContent = model.get("title");
    words.textContent = progressWords({ rows, nSteps, state });
    bar.element.hidden = share === null || state === "finished";
    bar.set(share);
    controls.draw(isLost);
    live.draw();
    problem.textContent = model.get("problem");
    problem.hidden = !model.get("problem");
    drawStatus();
  };

  const drawStatus = () => {
    const text = isLost ? LOST : hint({ state: model.get("state"), wish: model.get("wish"),
      stages: machine.stages(), canControl: model.get("can_control"),
      isTouched: machine.isTouched() });
    setText(status, transport.isSilent() ? ASLEEP : text);
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
    [losses, metrics].forEach((chart) => chart.setStep(curve.step() ?? step));
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
    showPlaying(play, machine.isPlaying(), { play: ["Play", "Play this stage"],
      stop: ["Pause", "Pause the music"] });
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
    "change:curve": heard.draw, "change:hears_training": live.draw,
    "change:reference": drawCurves, "change:stages": fitRows, "change:n_steps": drawHead,
    "change:state": () => { drawHead(); drawStage(); }, "change:problem": drawHead,
    "change:title": drawHead, "change:can_control": drawHead,
    "change:follows_newest": drawStage,
    "change:volume": () => { volume.value = Math.round(100 * model.get("volume")); } };
  const forgetNews = listenTo(model, news);
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
    forgetNews();
    [roll, losses, metrics, heard].forEach((part) => part.close());
    root.remove();
  };
};
