// The looks of the map: DOM in, events out. What it does is in session.js.

import { offerButton, offerSlider } from "../shared/controls.js";
import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { saveChanged } from "../shared/link.js";
import { pointTowards, stagePlace, stageText } from "./places.js";

const EDGE = 5; // percent of the plane left free on every side
const TURNED_FROM = 0.8; // further right a name stands left of its point
const SHAPES = ["circle", "square", "diamond", "triangle"];
const HELP = "Arrow keys: to the next point. Space or Enter: hear it again. N: its "
  + "neighbours. F, T: walk from here, to here. W: the walk. Escape: silence.";

let nMaps = 0;
const percent = (share) => `${EDGE + (100 - 2 * EDGE) * share}%`;

/** Build the widget in `el`; returns how to take it down. */
export const showMap = ({ model, el, session }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const on = (element, type, action) => element.addEventListener(type, action, { signal });
  nMaps += 1;
  const name = `dc-map-${nMaps}`;

  const title = make("h3", { class: "dc-title" });
  const legend = make("div", { class: "dc-legend" });
  const line = make("div", { class: "dc-line", "aria-hidden": "true" });
  const walker = make("div", { class: "dc-walker", "aria-hidden": "true" });
  const plane = make("div", { class: "dc-plane", tabindex: 0, role: "listbox",
    "aria-label": "Points of the map", "aria-description": HELP, ...NO_SHORTCUTS });
  const across = make("div", { class: "dc-axis dc-across" });
  const up = make("div", { class: "dc-axis dc-up" });
  const nearTitle = make("h4", { class: "dc-near-title" });
  const near = make("ol", { class: "dc-near" });
  const playNear = makeButton("dc-play-near", "Hear them", "Hear it and its neighbours");
  const select = (label) => make("select", { class: "dc-select", "aria-label": label,
    title: label, ...NO_SHORTCUTS });
  const from = select("Walk from");
  const to = select("Walk to");
  const stage = make("input", { type: "range", class: "dc-stage", min: 0, step: 1,
    "aria-label": "Place on the walk", title: "Place on the walk", ...NO_SHORTCUTS });
  const walk = makeButton("dc-walk dc-play", "Walk");
  const stageWords = make("p", { class: "dc-stage-words" });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const side = make("div", { class: "dc-side" }, nearTitle, near, playNear);
  const root = make("div", { class: "dc-widget dc-embedding", role: "group",
    "aria-label": "Map of an embedding", ...NO_SHORTCUTS },
  make("div", { class: "dc-head" }, title, legend),
  make("div", { class: "dc-board" },
    make("div", { class: "dc-map" }, up, plane, across), side),
  make("div", { class: "dc-tools dc-walking", role: "group", "aria-label": "Walk" },
    make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "From" }), from),
    make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "to" }), to),
    stage, walk),
  stageWords,
  make("div", { class: "dc-foot" }, status));

  // --- drawing
  let spots = [];
  let frame = 0;
  const points = () => model.get("points");
  const idOf = (number) => `${name}-${number}`;

  const drawPoints = () => {
    title.textContent = model.get("title");
    title.hidden = !model.get("title");
    const groups = model.get("groups");
    const colours = model.get("colours");
    const mark = (group) => make("span", { class: `dc-mark dc-${SHAPES[group % 4]}`,
      "aria-hidden": "true", style: `--dc-mark: ${colours[group % colours.length]}` });
    legend.replaceChildren(...(groups.length > 1 ? groups.map((word, group) =>
      make("span", { class: "dc-key" }, mark(group), make("span", { text: word }))) : []));
    spots = points().map(({ label, group, x, y }, number) => make("div", {
      class: x > TURNED_FROM ? "dc-spot dc-turned" : "dc-spot",
      id: idOf(number), role: "option", "aria-selected": "false",
      "aria-label": groups.length > 1 ? `${label}, ${groups[group]}` : label,
      style: `left: ${percent(x)}; bottom: ${percent(y)}` },
    mark(group), make("span", { class: "dc-name", text: label })));
    spots.forEach((spot, number) => on(spot, "click", () => {
      plane.focus();
      session.choose(number);
    }));
    plane.classList.toggle("dc-many", spots.length > 24);
    plane.replaceChildren(line, walker, ...spots);
    [across.textContent, up.textContent] = model.get("axes");
    const options = () => points().map(({ label }, value) => make("option", { value, text: label }));
    from.replaceChildren(...options());
    to.replaceChildren(...options());
  };

  const drawChosen = () => {
    const chosen = model.get("chosen");
    const neighbours = model.get("neighbours")[chosen] ?? [];
    const ranks = new Map(neighbours.map(([number], rank) => [number, rank + 1]));
    spots.forEach((spot, number) => {
      spot.setAttribute("aria-selected", String(number === chosen));
      spot.classList.toggle("dc-neighbour", ranks.has(number));
    });
    plane.setAttribute("aria-activedescendant", idOf(chosen));
    nearTitle.textContent = `Most like ${points()[chosen].label}`;
    near.replaceChildren(...neighbours.map(([number, cosine]) => {
      const { label } = points()[number];
      const button = make("button", { type: "button", class: "dc-button dc-neighbour-button",
        "aria-label": `Hear ${label}, cosine ${cosine.toFixed(2)}`, ...NO_SHORTCUTS },
      make("span", { text: label }),
      make("span", { class: "dc-cosine", text: cosine.toFixed(2) }));
      button.style.setProperty("--dc-share", String(Math.max(0, cosine)));
      on(button, "click", () => session.hear(number));
      return make("li", {}, button);
    }));
  };

  const drawWalk = () => {
    const path = model.get("walk");
    const place = model.get("stage");
    from.value = String(path.from);
    to.value = String(path.to);
    stage.max = String(path.stages.length - 1);
    stage.value = String(place);
    const words = stageText(path, place, points());
    stage.setAttribute("aria-valuetext", words);
    stageWords.textContent = words;
    const [a, b] = [points()[path.from], points()[path.to]];
    const box = plane.getBoundingClientRect();
    const scale = (100 - 2 * EDGE) / 100;
    const [dx, dy] = [(b.x - a.x) * scale * box.width, (b.y - a.y) * scale * box.height];
    line.style.cssText = `left: ${percent(a.x)}; bottom: ${percent(a.y)}; `
      + `width: ${Math.hypot(dx, dy)}px; transform: rotate(${-Math.atan2(dy, dx)}rad)`;
    const { x, y } = stagePlace(path, place, points());
    walker.style.cssText = `left: ${percent(x)}; bottom: ${percent(y)}`;
  };

  const drawSound = () => {
    const { point = -1, stage: place = -1 } = session.now();
    spots.forEach((spot, number) => spot.classList.toggle("dc-sounds", number === point));
    if (place >= 0) saveChanged(model, { stage: place });
    root.dataset.sounding = point >= 0 ? points()[point].label : "";
    frame = session.isPlaying() ? requestAnimationFrame(drawSound) : 0;
  };

  const drawState = () => {
    showPlaying(walk, session.isPlaying(), { stop: ["Stop"], icon: "dc-stop",
      play: ["Walk", "Hear the walk"] });
    if (!frame) drawSound();
  };

  // --- what the learner does
  const actions = {
    " ": () => session.hear(model.get("chosen")),
    Enter: () => session.hear(model.get("chosen")),
    n: () => session.hearNeighbours(),
    w: () => session.hearWalk(),
    f: () => session.setEnds(model.get("chosen"), model.get("walk").to),
    t: () => session.setEnds(model.get("walk").from, model.get("chosen")),
    Home: () => session.choose(0),
    End: () => session.choose(points().length - 1),
    Escape: () => session.stop(),
  };
  on(plane, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) {
      const next = pointTowards(points(), model.get("chosen"), event.key);
      if (next >= 0) session.choose(next);
    } else {
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      action();
    }
    event.preventDefault();
  });
  on(playNear, "click", () => session.hearNeighbours());
  on(walk, "click", () => (session.isPlaying() ? session.stop() : session.hearWalk()));
  on(stage, "input", () => session.hearStage(Number(stage.value)));
  [from, to].forEach((menu) => on(menu, "change", () =>
    session.setEnds(Number(from.value), Number(to.value))));

  // --- what comes from elsewhere
  const watch = (names, action) => names.forEach((trait) => {
    model.on(`change:${trait}`, action);
    signal.addEventListener("abort", () => model.off(`change:${trait}`, action));
  });
  const drawStatus = () => { status.textContent = model.get("status"); };
  watch(["status"], drawStatus);
  watch(["chosen"], drawChosen);
  watch(["walk", "stage"], drawWalk);
  signal.addEventListener("abort", session.onChange(drawState));
  const sized = new ResizeObserver(drawWalk);
  [offerSlider(stage, { name: "map.stage", label: "Map: place on the walk" }),
    offerButton(walk, { name: "map.walk", label: "Map: walk and stop" })]
    .forEach((withdraw) => signal.addEventListener("abort", withdraw));

  const leave = session.enter();
  el.append(root);
  drawPoints();
  drawChosen();
  drawWalk();
  drawStatus();
  drawState();
  sized.observe(plane);

  return () => {
    leave();
    sized.disconnect();
    cancelAnimationFrame(frame);
    teardown.abort();
    root.remove();
  };
};
