// The looks of the AttentionView: DOM in, events out. What it does is in session.js.

import { offerButton, offerSlider } from "../shared/controls.js";
import { isTyping, make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { setText } from "../shared/parts.js";
import { createRoll } from "../shared/roll.js";
import { HEADER, rowsHeight } from "../shared/roll_geometry.js";
import { barLines } from "../shared/score.js";
import { ASLEEP } from "../shared/sound.js";
import { paintBars, paintColumns, paintPattern } from "./paint.js";
import { aheadOf, chordWords, distanceWords, percent, placeWords, positionAt } from "./shares.js";

const ROW_PX = 6;
const [LEAST_HEIGHT, MOST_HEIGHT] = [150, 300]; // px
const BEAT = 4; // steps
const LEAK = 1e-3; // less than this ahead is what packing rounds off
const HELP = "Arrow left and right: a step, with Shift a bar. Up and down: a beat. Enter: hear "
  + "what it looks at. Space: play or pause.";

const plainAlarm = (element) =>
  getComputedStyle(element).getPropertyValue("--dc-alarm").trim() || "#c22b25";

/** Build the widget in `el`; returns how to take it down. */
export const showAttention = ({ model, el, session }) => {
  const { transport, peeking } = session;
  const teardown = new AbortController();
  const { signal } = teardown;
  const on = (element, type, action, options = {}) =>
    element.addEventListener(type, action, { signal, ...options });
  const [nLayers, nHeads] = model.get("shape");
  const music = () => transport.music();
  let frame = 0;

  // --- what there is to see
  const title = make("h3", { class: "dc-title" });
  const about = make("span", { class: "dc-about" });
  const play = makeButton("dc-play", "Play");
  const hear = makeButton("dc-hear", "Hear", "Hear what this step looks at");
  const layer = make("input", { type: "range", class: "dc-layer", min: 1, max: nLayers,
    step: 1, "aria-label": "Layer", title: "Layer", ...NO_SHORTCUTS });
  const layerText = make("span", { class: "dc-layer-text" });
  const back = makeButton("dc-looks", "Looks at");
  const turned = makeButton("dc-looked", "Is looked at by");
  const heads = make("div", { class: "dc-heads", role: "group", "aria-label": "Head" });
  const roll = createRoll({ colours: model.get("track_colours"), leastRow: 3 });
  const bars = make("canvas", { class: "dc-bars", "aria-hidden": "true" });
  const map = make("canvas", { class: "dc-map", "aria-hidden": "true",
    title: "Each row looks, each column is looked at" });
  const sentence = make("p", { class: "dc-sentence" });
  const list = make("ol", { class: "dc-look-list" });
  const status = make("p", { class: "dc-status", role: "status", "aria-live": "polite" });
  const root = make("div", { class: "dc-widget dc-attention", role: "group",
    "aria-label": "Attention", ...NO_SHORTCUTS },
  make("div", { class: "dc-head" }, title, about),
  make("div", { class: "dc-tools", role: "toolbar", "aria-label": "Attention controls" },
    make("div", { class: "dc-group" }, play, hear),
    make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Layer" }),
      layer, layerText),
    make("div", { class: "dc-group", role: "group", "aria-label": "Direction" }, back, turned)),
  heads,
  make("div", { class: "dc-stage" }, roll.element, bars),
  make("div", { class: "dc-below" }, map, make("div", { class: "dc-words" }, sentence, list)),
  make("div", { class: "dc-foot" }, status));

  Object.entries({ tabindex: 0, role: "slider", "aria-label": "Step that looks",
    "aria-valuemin": 0, "aria-valuemax": session.size() - 1, "aria-orientation": "horizontal",
    "aria-description": HELP, ...NO_SHORTCUTS })
    .forEach(([name, value]) => roll.element.setAttribute(name, value));

  // --- drawing
  const story = () => ({ row: session.row(), position: session.position(),
    starts: session.starts(), looks: session.looks(), heard: session.heardPlace(),
    isTurned: session.isTurned(), alarm: plainAlarm(root) });
  let told = story();
  roll.addLayer((context, geometry, palette) => paintColumns(context, geometry, palette, told));
  const drawBars = () => paintBars(bars, roll.geometry(), roll.palette(), told);

  const drawMap = () => paintPattern(map, session.pattern(), session.size(), roll.palette(),
    plainAlarm(root), session.position());

  const where = (position) => placeWords(music(), session.starts(), position);

  const drawWords = () => {
    const { position, looks, row, isTurned } = told;
    const chord = chordWords(music(), session.starts(), position);
    const verb = isTurned ? "is looked at by" : "looks at";
    sentence.replaceChildren(make("strong", { text: where(position) }), ` (${chord}) ${verb}:`);
    const lines = looks.map(({ from, share }) =>
      `${percent(share)} ${where(from)}: ${chordWords(music(), session.starts(), from)}`);
    const ahead = isTurned ? 0 : aheadOf(row, position);
    root.dataset.ahead = ahead > LEAK ? percent(ahead) : "";
    if (ahead > LEAK) {
      sentence.append(make("span", { class: "dc-leak",
        text: ` ${percent(ahead)} lies ahead: a leak.` }));
    }
    if (list.dataset.lines !== lines.join()) {
      list.dataset.lines = lines.join();
      list.replaceChildren(...looks.map((look, i) => {
        const button = make("button", { type: "button", class: "dc-look", "data-look": i,
          title: "Hear this chord", ...NO_SHORTCUTS },
        make("span", { class: "dc-share", text: percent(look.share) }),
        make("span", { text: where(look.from) }),
        make("span", { class: "dc-chord",
          text: chordWords(music(), session.starts(), look.from) }));
        button.style.setProperty("--dc-fill", `${Math.round(100 * look.share)}%`);
        return make("li", {}, button);
      }));
    }
    const best = lines[0] ? `, ${verb} ${lines[0]}` : "";
    roll.element.setAttribute("aria-valuenow", position);
    roll.element.setAttribute("aria-valuetext", `${where(position)}${best}`);
  };

  const drawPosition = () => {
    told = story();
    roll.element.dataset.position = told.position;
    roll.requestDraw();
    drawBars();
    drawMap();
    drawWords();
    back.setAttribute("aria-pressed", String(!told.isTurned));
    turned.setAttribute("aria-pressed", String(told.isTurned));
  };

  const drawHeads = () => {
    const chosen = model.get("head");
    if (!heads.childElementCount) {
      heads.append(...Array.from({ length: nHeads + 1 }, (_, head) => make("button", {
        type: "button", class: "dc-one-head", "data-head": head, ...NO_SHORTCUTS },
      make("canvas", { class: "dc-thumb", "aria-hidden": "true" }),
      make("span", { text: head ? String(head) : "all" }))));
    }
    [...heads.children].forEach((button, head) => {
      const words = `${head ? `Head ${head}` : "All heads"}, ${distanceWords(session.distance(head))}`;
      button.setAttribute("aria-label", words);
      button.title = words;
      button.setAttribute("aria-pressed", String(head === chosen));
      paintPattern(button.firstChild, session.pattern(model.get("layer"), head), session.size(),
        roll.palette(), plainAlarm(root));
    });
    layer.value = model.get("layer");
    layer.disabled = nLayers < 2;
    layerText.textContent = `${model.get("layer")} of ${nLayers}`;
    layer.setAttribute("aria-valuetext", `Layer ${model.get("layer")} of ${nLayers}`);
    drawPosition();
  };

  const drawStatus = () => {
    const text = transport.isSilent() || peeking.isSilent() ? ASLEEP : model.get("status");
    setText(status, text);
  };

  const drawMusic = () => {
    title.textContent = music().title;
    title.hidden = !music().title;
    about.textContent = `${nLayers} layers, ${nHeads} heads, ${session.size()} steps`;
    roll.setMusic(music());
    roll.fit();
    const wanted = HEADER + rowsHeight(roll.rows(), ROW_PX);
    root.style.setProperty("--dc-roll-height",
      `${Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, wanted))}px`);
    drawHeads();
  };

  const move = () => {
    frame = 0;
    const isPlaying = transport.isPlaying();
    const step = transport.position();
    roll.setPlayhead(isPlaying ? step : null);
    roll.setSounding(transport.soundingKeys(step));
    if (isPlaying) roll.follow(step);
    if (told.position !== session.position() || told.heard !== session.heardPlace()) drawPosition();
    if (isPlaying || peeking.isPlaying()) frame = requestAnimationFrame(move);
  };

  const drawSound = () => {
    showPlaying(play, transport.isPlaying());
    drawStatus();
    if (!frame) move();
  };

  // --- what the learner does
  const show = (position) => {
    session.hover(null);
    session.choose(position);
    roll.follow(session.starts()[session.position()]);
  };
  const go = (steps) => {
    const starts = session.starts();
    const here = session.position();
    const next = positionAt(starts, starts[here] + steps);
    show(next === here ? here + Math.sign(steps) : next);
  };
  const goBar = (way) => {
    const here = session.starts()[session.position()];
    const lines = barLines(music()).map(({ step }) => step);
    const line = way > 0 ? lines.find((step) => step > here) ?? here
      : lines.findLast((step) => step < here) ?? 0;
    show(positionAt(session.starts(), line));
  };
  const hearNow = () => session.hear();
  const keys = {
    ArrowLeft: (event) => (event.shiftKey ? goBar(-1) : show(session.position() - 1)),
    ArrowRight: (event) => (event.shiftKey ? goBar(1) : show(session.position() + 1)),
    ArrowDown: () => go(-BEAT),
    ArrowUp: () => go(BEAT),
    Home: () => show(0),
    End: () => show(session.size() - 1),
    Enter: hearNow,
    " ": () => session.toggle(),
  };
  on(roll.element, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key](event);
  });
  const under = (event) => {
    const { step, isGutter } = roll.placeOf(event);
    const inside = !isGutter && step >= 0 && step < session.starts().at(-1);
    return inside ? positionAt(session.starts(), step) : null;
  };
  on(roll.surface, "pointermove", (event) => {
    if (event.pointerType === "mouse") session.hover(under(event));
  });
  on(roll.surface, "pointerleave", () => session.hover(null));
  on(roll.surface, "click", (event) => {
    const position = under(event);
    if (position === null) return;
    show(position);
    hearNow();
  });
  on(map, "click", (event) => {
    const { top, height } = map.getBoundingClientRect();
    show(Math.floor((session.size() * (event.clientY - top)) / height));
  });
  on(heads, "click", (event) => {
    const button = event.target.closest("button");
    if (button) session.save({ head: Number(button.dataset.head) });
  });
  on(list, "click", (event) => {
    const button = event.target.closest("button");
    if (button) session.hear([told.looks[Number(button.dataset.look)]], null);
  });
  on(play, "click", () => session.toggle());
  on(hear, "click", hearNow);
  on(layer, "input", () => session.save({ layer: Number(layer.value) }));
  on(back, "click", () => session.save({ is_turned: false }));
  on(turned, "click", () => session.save({ is_turned: true }));
  [offerSlider(layer, { name: "attention.layer", label: "Attention: layer" }),
    offerButton(play, { name: "attention.play", label: "Attention: play and pause" }),
    offerButton(hear, { name: "attention.hear", label: "Attention: hear what it looks at" })]
    .forEach((withdraw) => signal.addEventListener("abort", withdraw));

  // --- what comes from elsewhere
  const drawings = { music: drawMusic, head: drawHeads, position: drawPosition, status: drawStatus,
    sound: drawSound, peek: drawSound };
  signal.addEventListener("abort", session.onChange((what) => drawings[what]?.()));
  roll.onView(drawBars);
  roll.onTheme(() => drawHeads());
  const sizes = new ResizeObserver(() => { roll.fit(); drawHeads(); });

  const leave = session.enter();
  el.append(root);
  drawMusic();
  drawSound();
  sizes.observe(root);

  return () => {
    leave();
    cancelAnimationFrame(frame);
    sizes.disconnect();
    teardown.abort();
    roll.close();
    root.remove();
  };
};
