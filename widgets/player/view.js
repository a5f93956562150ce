// The looks of the player: DOM in, events out. What it does is in session.js and in
// shared/transport.js.

import { offerButton, offerSlider } from "../shared/controls.js";
import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { clockText } from "../shared/playback.js";
import { createRoll } from "../shared/roll.js";
import { HEADER, rowsHeight } from "../shared/roll_geometry.js";
import { barAndBeat, barLines, musicSeconds, spokenPlace } from "../shared/score.js";
import { createRollInput } from "./roll_input.js";
import { createStaff } from "../shared/staff.js";
import { createTracks } from "./tracks.js";

const ROW_PX = 7; // of the roll, for each pitch, if there is room
const LEAST_HEIGHT = 170; // px
const MOST_HEIGHT = 360;
const ZOOM = 1.5;

const HELP = "Arrow left and right: a beat, with Shift a bar. Space: play or pause. "
  + "Plus, minus, 0: zoom. L: loop; [ and ]: its ends.";

const range = (className, label, attributes) => make("input", { type: "range",
  class: className, "aria-label": label, title: label, ...attributes, ...NO_SHORTCUTS });

/** "4 tracks, 16 bars, 0:38": what is there to hear. */
const summary = (music, bars, seconds) => {
  const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const n = bars.filter(({ number }) => number > 0).length - 1;
  return `${count(music.tracks.length, "track")}, ${count(n, "bar")}, `
    + clockText(1000 * seconds);
};

/** Build the widget in `el`; returns how to take it down. */
export const showPlayer = ({ model, el, session, transport }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const on = (element, type, action) => element.addEventListener(type, action, { signal });
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

  // --- what there is to see
  const title = make("h3", { class: "dc-title" });
  const about = make("span", { class: "dc-about" });
  const start = makeButton("dc-start", "Start", "Back to the start");
  const play = makeButton("dc-play", "Play");
  const loop = makeButton("dc-loop", "Loop");
  const speed = range("dc-speed", "Tempo in percent", { min: 25, max: 200, step: 5 });
  const speedText = make("span", { class: "dc-speed-text" });
  const volume = range("dc-volume", "Volume", { min: 0, max: 100 });
  const zoomOut = makeButton("dc-zoom-out", "−", "Zoom out");
  const zoomIn = makeButton("dc-zoom-in", "+", "Zoom in");
  const fit = makeButton("dc-fit", "Fit", "Fit the whole music");
  const follow = makeButton("dc-follow", "Follow", "Follow the music");
  const roll = createRoll({ colours: model.get("track_colours") });
  const time = make("span", { class: "dc-time" });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const tracks = createTracks({ model, session, transport });
  const asRoll = makeButton("dc-as-roll", "Roll", "Piano roll");
  const asScore = makeButton("dc-as-score", "Score", "Score in notation");
  const staff = createStaff({ model, transport, signal });
  const stage = make("div", { class: "dc-stage" }, roll.element, staff.element);
  const empty = make("p", { class: "dc-empty", text: "There is no music here yet." });
  const root = make("div", { class: "dc-widget dc-player", role: "group",
    "aria-label": "Player", ...NO_SHORTCUTS },
  make("div", { class: "dc-head" }, title, about,
    make("div", { class: "dc-group dc-views", role: "group", "aria-label": "View" },
      asRoll, asScore)),
  make("div", { class: "dc-tools", role: "toolbar", "aria-label": "Player controls" },
    make("div", { class: "dc-group" }, play, start, loop),
    make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Tempo" }),
      speed, speedText),
    make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Volume" }),
      volume),
    make("div", { class: "dc-group dc-zooms" }, zoomOut, zoomIn, fit, follow)),
  stage, empty, tracks.element,
  make("div", { class: "dc-foot" }, status, time));

  Object.entries({ tabindex: 0, role: "slider", "aria-label": "Place in the music",
    "aria-valuemin": 0, "aria-orientation": "horizontal", "aria-description": HELP,
    ...NO_SHORTCUTS }).forEach(([name, value]) => roll.element.setAttribute(name, value));

  // --- what changes
  let bars = [];
  let seconds = 0;
  let frame = 0;
  let lastTime = "";
  let isFollowing = model.get("follow");

  const drawPlace = (isMoving) => {
    const music = transport.music();
    const step = transport.position();
    const sounding = transport.soundingKeys(step);
    roll.element.dataset.step = step.toFixed(2);
    roll.element.dataset.sounding = [...sounding].join(" ");
    if (staff.element.hidden) {
      roll.setPlayhead(isMoving && isCalm.matches ? Math.floor(step) : step);
      roll.setSounding(sounding);
      if (isMoving && isFollowing) roll.follow(step);
    } else staff.update(step, sounding);
    const { bar, beat } = barAndBeat(music, step, bars);
    const now = transport.map().secondsAt(step) / transport.speed();
    const text = `Bar ${bar}.${Math.floor(beat + 1e-6)} · ${clockText(1000 * now)} / `
      + clockText((1000 * seconds) / transport.speed());
    if (text === lastTime) return;
    lastTime = text;
    time.textContent = text;
    roll.element.setAttribute("aria-valuenow", Math.round(step));
    roll.element.setAttribute("aria-valuetext", spokenPlace(music, step, bars));
  };

  const move = () => {
    drawPlace(true);
    frame = transport.isPlaying() ? requestAnimationFrame(move) : 0;
  };

  const drawState = () => {
    const isPlaying = transport.isPlaying();
    showPlaying(play, isPlaying);
    play.disabled = transport.end() <= 0;
    loop.setAttribute("aria-pressed", String(transport.loop() !== null));
    if (isPlaying && !frame) frame = requestAnimationFrame(move);
    if (!isPlaying) drawPlace(false);
  };

  const drawMix = () => {
    const unheard = transport.music().tracks.map((_, track) => track)
      .filter((track) => !transport.isAudible(track));
    roll.setMuted(unheard);
    staff.setMuted(unheard);
    tracks.draw(roll.palette());
  };

  const drawSettings = () => {
    speed.value = Math.round(100 * model.get("speed"));
    const bpm = transport.map().tempoAt(0) * model.get("speed");
    speedText.textContent = `${Math.round(bpm)} BPM`;
    speed.setAttribute("aria-valuetext",
      `${Math.round(100 * model.get("speed"))} percent, ${Math.round(bpm)} beats per minute`);
    volume.value = Math.round(100 * model.get("volume"));
    isFollowing = model.get("follow");
    follow.setAttribute("aria-pressed", String(isFollowing));
  };

  const drawStatus = () => { status.textContent = model.get("status"); };
  const drawChanged = () => [roll.setHighlight, staff.setChanged]
    .forEach((point) => point(model.get("changed")));
  const drawView = () => {
    const isScore = model.get("view") === "score";
    roll.element.hidden = isScore;
    staff.show(isScore);
    [zoomOut, zoomIn, fit].forEach((button) => { button.disabled = isScore; });
    asRoll.setAttribute("aria-pressed", String(!isScore));
    asScore.setAttribute("aria-pressed", String(isScore));
    lastTime = "";
    drawPlace(false);
  };

  const drawMusic = () => {
    const music = transport.music();
    bars = barLines(music);
    seconds = musicSeconds(music);
    const hasNotes = transport.end() > 0;
    title.textContent = music.title;
    title.hidden = !music.title;
    about.textContent = hasNotes ? summary(music, bars, seconds) : "";
    [stage, tracks.element].forEach((element) => { element.hidden = !hasNotes; });
    empty.hidden = hasNotes;
    roll.setMusic(music);
    const wanted = HEADER + rowsHeight(roll.rows(), ROW_PX);
    stage.style.setProperty("--dc-roll-height",
      `${Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, wanted))}px`);
    roll.element.setAttribute("aria-valuemax", Math.round(transport.end()));
    tracks.rebuild(roll.palette());
    lastTime = "";
    drawMix();
    drawSettings();
    drawState();
  };

  // --- what the learner does
  const seek = (step) => {
    transport.seek(step);
    roll.follow(step);
  };
  const input = createRollInput({ roll, transport, session, seek, signal });
  on(roll.element, "keydown", (event) => {
    if (input.keydown(event)) event.preventDefault();
  });
  on(play, "click", () => transport.toggle());
  on(start, "click", () => seek(transport.loop()?.[0] ?? 0));
  on(loop, "click", () => session.toggleLoop());
  on(speed, "input", () => session.setSpeed(Number(speed.value) / 100));
  on(volume, "input", () => session.setVolume(Number(volume.value) / 100));
  on(zoomIn, "click", () => roll.zoomBy(ZOOM, transport.position()));
  on(zoomOut, "click", () => roll.zoomBy(1 / ZOOM, transport.position()));
  on(fit, "click", () => roll.fit());
  on(asRoll, "click", () => session.save({ view: "roll" }));
  on(asScore, "click", () => session.save({ view: "score" }));
  on(follow, "click", () => session.save({ follow: !model.get("follow") }));

  // --- what comes from elsewhere
  signal.addEventListener("abort", transport.onChange((what) => {
    if (what === "music") drawMusic();
    if (what === "mix") drawMix();
    if (what === "loop") roll.setLoop(transport.loop());
    drawState();
  }));
  roll.onTheme(() => tracks.draw(roll.palette()));
  const watch = (names, action) => names.forEach((name) => {
    model.on(`change:${name}`, action);
    signal.addEventListener("abort", () => model.off(`change:${name}`, action));
  });
  watch(["speed", "volume", "follow"], () => { drawSettings(); drawPlace(false); });
  watch(["status"], drawStatus);
  watch(["changed"], drawChanged);
  watch(["view"], drawView);
  watch(["track_colours"], () => {
    roll.setOptions({ colours: model.get("track_colours") });
    drawMix();
  });

  // MIDI knobs and buttons can learn these.
  [offerSlider(speed, { name: "player.tempo", label: "Player: tempo" }),
    offerSlider(volume, { name: "player.volume", label: "Player: volume" }),
    offerButton(play, { name: "player.play", label: "Player: play and pause" }),
    offerButton(start, { name: "player.start", label: "Player: back to the start" }),
    offerButton(loop, { name: "player.loop", label: "Player: loop" })]
    .forEach((withdraw) => signal.addEventListener("abort", withdraw));

  const leave = session.enter();
  el.append(root);
  drawMusic();
  drawChanged();
  drawStatus();
  drawView();
  roll.setLoop(transport.loop());

  return () => {
    leave();
    cancelAnimationFrame(frame);
    teardown.abort();
    roll.close();
    root.remove();
  };
};
