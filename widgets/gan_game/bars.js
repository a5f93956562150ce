// Two rolls, generated bars above and the data's below, and what the critic thinks of each.

import { make } from "../shared/dom.js";
import { createRoll } from "../shared/roll.js";
import { dotPlaces } from "./settings.js";

const N_ROWS = 2;
const EDGE = 6; // px beside the dots

const makeStrip = () => {
  const strips = ["real", "fake"].map((kind) => make("div", { class: `dc-strip dc-${kind}` }));
  const low = make("span", { class: "dc-low" });
  const high = make("span", { class: "dc-high" });
  const element = make("div", { class: "dc-strips", role: "img" },
    make("span", { class: "dc-strip-name", text: "The critic's scores" }),
    ...["real ○", "generated ▲"].flatMap((text, i) =>
      [make("span", { class: "dc-label", text }), strips[i]]),
    make("span", { class: "dc-ends" }, low, high));
  const draw = (scores) => {
    const places = dotPlaces(scores);
    ["real", "fake"].forEach((kind, i) => {
      const found = places[kind].filter((place) => place !== null);
      const dots = strips[i];
      while (dots.childElementCount > found.length) dots.lastChild.remove();
      while (dots.childElementCount < found.length) dots.append(make("i", {}));
      found.forEach((place, j) => {
        dots.children[j].style.left = `calc(${EDGE}px + ${place} * (100% - ${2 * EDGE}px))`;
        dots.children[j].style.top = `${10 + ((j * 37) % 80)}%`;
      });
    });
    const words = (value) => (Number.isFinite(value) ? value.toPrecision(3).replace("-", "−") : "");
    low.textContent = words(places.low);
    high.textContent = words(places.high);
    element.setAttribute("aria-label", `The critic's scores of real and generated bars, from ${
      words(places.low)} to ${words(places.high)}`);
  };
  return { element, draw };
};

/** @param transport plays one of the two, see `setMusics` */
export const createBars = ({ transport }) => {
  const kinds = ["fake", "real"];
  const rolls = kinds.map((kind) => createRoll({ leastRow: 3,
    colours: [kind === "fake" ? "#d98613" : "#2f7fc4"] }));
  rolls.forEach((roll) => roll.element.setAttribute("role", "img"));
  const names = ["Generated", "The data"].slice(0, N_ROWS);
  const strip = makeStrip();
  const element = make("div", { class: "dc-bars" },
    ...rolls.flatMap((roll, i) => [make("span", { class: "dc-roll-name", text: names[i] }),
      roll.element]), strip.element);
  rolls[1].element.setAttribute("aria-label", "Piano roll of eight bars of the data");
  let frame = 0;
  let sounding = "fake";

  const move = () => {
    const isPlaying = transport.isPlaying();
    rolls.forEach((roll, i) => {
      const isHeard = isPlaying && kinds[i] === sounding && !element.hidden;
      roll.setPlayhead(isHeard ? transport.position() : null);
      roll.setSounding(isHeard ? transport.soundingKeys() : new Set());
      if (isHeard) roll.follow(transport.position());
    });
    cancelAnimationFrame(frame);
    if (isPlaying) frame = requestAnimationFrame(move);
  };
  const forget = transport.onChange(move);

  return {
    element,
    setScores: strip.draw,
    /** Show {fake, real}; `source` says which of them the transport plays. */
    setMusics: (musics, source) => {
      sounding = source;
      const pitches = kinds.flatMap((kind) => musics[kind].tracks.flatMap(({ is_drum: isDrum,
        notes }) => (isDrum ? [] : notes.map(([, pitch]) => pitch))));
      element.classList.toggle("dc-drums", !pitches.length);
      rolls.forEach((roll, i) => {
        roll.setOptions({ drums: [],
          pitches: pitches.length ? [Math.min(...pitches), Math.max(...pitches)] : null });
        roll.setMusic(musics[kinds[i]]);
      });
      move();
    },
    say: (words) => rolls[0].element.setAttribute("aria-label",
      `Piano roll of eight generated bars. ${words}`),
    close: () => {
      cancelAnimationFrame(frame);
      forget();
      rolls.forEach((roll) => roll.close());
    },
  };
};
