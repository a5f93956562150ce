// The looks of NormView: a small table for each piece, sliders, a menu, a sentence.

import { offerButton, offerSlider } from "../shared/controls.js";
import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { listenTo, onKernelLost, saveTraits } from "../shared/link.js";
import { setText } from "../shared/parts.js";
import { ASLEEP } from "../shared/sound.js";
import { cut, musicOf, normalised, NORMS, pitchOf, placeAfter, sharesMean, words }
  from "./norms.js";

const LOST = "The kernel is gone: everything here goes on, but Python no longer hears of it.";
const SLIDERS = [["n_pieces", "Pieces (batch)"], ["n_voices", "Voices (channels)"],
  ["n_steps", "Steps (time)"]];
const PALEST = 2.5; // a number this far from 0 has the full tint

/** A number with one digit; no minus before 0.0. */
const shortText = (number) => (Math.round(10 * number) / 10 || 0).toFixed(1).replace("-", "−");

const makeSlider = (model, trait, label, most) => {
  const input = make("input", { type: "range", min: 1, max: most, step: 1,
    "aria-label": label, ...NO_SHORTCUTS });
  const text = make("output", { class: "dc-amount" });
  const element = make("label", { class: "dc-group" },
    make("span", { class: "dc-label", text: label }), input, text);
  return { trait, input, element, draw: () => {
    input.value = model.get(trait);
    text.textContent = model.get(trait);
  } };
};

/** Build the widget in `el`; returns how to take it down. */
export const showNorms = ({ model, el, transport, sound }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const all = model.get("block");
  const most = [all.length, all[0].length, all[0][0].length];
  let isLost = false;
  let cells = new Map(); // "b c t" -> button
  let shape = "";

  const get = (name) => model.get(name);
  const sizes = () => [get("n_pieces"), get("n_voices"), get("n_steps")];
  const block = () => cut(all, sizes());
  const place = () => get("place").map((value, axis) => Math.min(value, sizes()[axis] - 1));
  const save = (values) => saveTraits(model, values);

  // --- what there is to see
  const menu = make("select", { class: "dc-select dc-norm", "aria-label": "Norm",
    ...NO_SHORTCUTS }, ...NORMS.map(([value, text]) => make("option", { value, text })));
  const sliders = SLIDERS.map(([trait, label], axis) =>
    makeSlider(model, trait, label, most[axis]));
  const play = makeButton("dc-play", "Play", "Play the chosen piece");
  const tables = make("div", { class: "dc-pieces", role: "group",
    "aria-label": "Numbers: arrow keys move, Page Up and Page Down change the piece, Enter plays "
      + "the number" });
  const status = make("p", { class: "dc-status", role: "status" });
  const root = make("div", { class: "dc-widget dc-norm_view", role: "group",
    "aria-label": "Which numbers share a mean", ...NO_SHORTCUTS },
  make("div", { class: "dc-tools" },
    make("label", { class: "dc-group dc-grow" },
      make("span", { class: "dc-label", text: "Norm" }), menu),
    play),
  make("div", { class: "dc-tools" }, ...sliders.map(({ element }) => element)),
  tables, make("div", { class: "dc-foot" }, status));

  const build = () => {
    const [nPieces, nVoices, nSteps] = sizes();
    cells = new Map();
    tables.replaceChildren(...Array.from({ length: nPieces }, (_, b) => {
      const rows = Array.from({ length: nVoices }, (__, c) => make("div", { class: "dc-row" },
        make("span", { class: "dc-voice-name", text: get("voices")[c], "aria-hidden": "true" }),
        ...Array.from({ length: nSteps }, (___, t) => {
          const cell = make("button", { type: "button", class: "dc-cell", tabindex: -1,
            "data-place": `${b} ${c} ${t}`, ...NO_SHORTCUTS });
          cells.set(`${b} ${c} ${t}`, cell);
          return cell;
        })));
      return make("div", { class: "dc-piece", role: "group", "aria-label": get("names")[b] },
        make("span", { class: "dc-piece-name", text: get("names")[b], "aria-hidden": "true" }),
        ...rows);
    }));
  };

  const drawCells = () => {
    if (shape !== sizes().join()) {
      shape = sizes().join();
      build();
    }
    const [norm, chosen] = [get("norm"), place()];
    const numbers = normalised(block(), norm, all);
    cells.forEach((cell, name) => {
      const [b, c, t] = name.split(" ").map(Number);
      const number = numbers[b][c][t];
      const text = norm === "none" ? String(number) : shortText(number);
      const isChosen = [b, c, t].every((value, axis) => value === chosen[axis]);
      const shares = sharesMean(norm, chosen, [b, c, t]);
      const tint = norm === "none" ? (number - 60) / 9 : number;
      const share = Math.min(1, Math.abs(tint) / PALEST);
      cell.textContent = text;
      cell.classList.toggle("dc-shares", shares);
      cell.classList.toggle("dc-chosen", isChosen);
      cell.style.setProperty("--dc-tint", `${Math.round(34 * share)}%`);
      cell.classList.toggle("dc-below", tint < 0);
      cell.tabIndex = isChosen ? 0 : -1;
      cell.setAttribute("aria-pressed", String(isChosen));
      cell.setAttribute("aria-label", `${get("names")[b]}, ${get("voices")[c]}, step ${t + 1}: `
        + `${text}${shares && !isChosen ? ", shares the mean" : ""}`);
    });
  };

  const drawPieceNames = () => [...tables.children].forEach((piece, b) =>
    piece.classList.toggle("dc-heard", b === place()[0]));

  const takeMusic = () => {
    const [norm, b] = [get("norm"), place()[0]];
    transport.setMusic(musicOf(normalised(block(), norm, all)[b], { norm, gain: get("gain"),
      shifts: get("shifts"), voices: get("voices"), title: get("names")[b] }),
    { keepsMix: true });
  };

  const drawWords = (first = "") => {
    const text = isLost ? LOST : words({ block: block(), all, norm: get("norm"),
      place: place(), voices: get("voices") });
    setText(status, first || text);
  };

  const drawPlay = () => showPlaying(play, transport.isPlaying(),
    { play: ["Play", "Play the chosen piece"], stop: ["Stop"], icon: "dc-stop" });

  const draw = () => {
    menu.value = get("norm");
    sliders.forEach((slider) => slider.draw());
    drawCells();
    drawPieceNames();
    takeMusic();
    drawWords();
  };

  // --- what a hand may do
  const choose = (next, hasFocus) => {
    if (next.join() !== get("place").join()) save({ place: next });
    if (hasFocus) cells.get(next.join(" "))?.focus();
  };
  const hear = ([b, c, t]) => {
    const number = normalised(block(), get("norm"), all)[b][c][t];
    sound.setVolume(get("volume"));
    transport.audition(c, pitchOf(number, get("norm"), get("gain"), get("shifts")[c]));
  };
  const toggle = () => {
    if (transport.isPlaying()) transport.stop();
    else {
      sound.setVolume(get("volume"));
      transport.play({ from: 0 });
    }
  };
  play.addEventListener("click", toggle, { signal });
  menu.addEventListener("change", () => save({ norm: menu.value }), { signal });
  sliders.forEach(({ input, trait }) => input.addEventListener("input",
    () => save({ [trait]: Number(input.value) }), { signal }));
  tables.addEventListener("click", (event) => {
    const cell = event.target.closest(".dc-cell");
    if (!cell) return;
    const next = cell.dataset.place.split(" ").map(Number);
    choose(next, true);
    hear(next);
  }, { signal });
  tables.addEventListener("keydown", (event) => {
    const next = placeAfter(event.key, place(), sizes());
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(next, true);
  }, { signal });

  // --- what Python and the sound say
  const forget = transport.onChange((what) => {
    drawPlay();
    drawWords(what === "silent" ? ASLEEP : "");
    if (["play", "pause", "end"].includes(what)) save({ is_playing: transport.isPlaying() });
  });
  const obey = ({ kind }) => {
    if (kind === "play" && !transport.isPlaying()) toggle();
    if (kind === "stop" && transport.isPlaying()) toggle();
  };
  const news = { "msg:custom": obey, "change:volume": () => sound.setVolume(get("volume")) };
  ["norm", "place", "gain", "n_pieces", "n_voices", "n_steps"].forEach((name) => {
    news[`change:${name}`] = draw;
  });
  const forgetNews = listenTo(model, news);
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    drawWords();
  });
  const withdraw = [offerButton(play, { name: "norms-play", label: "Norms: play" }),
    ...sliders.map(({ input, trait }) =>
      offerSlider(input, { name: `norms-${trait}`, label: `Norms: ${input.ariaLabel}` }))];

  el.append(root);
  draw();
  drawPlay();
  return () => {
    teardown.abort();
    forget();
    forgetKernel();
    withdraw.forEach((end) => end());
    forgetNews();
    root.remove();
  };
};
