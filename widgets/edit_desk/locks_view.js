// Voices and bars as buttons that lock them; voices can be silenced, too.

import { make, makeButton, NO_SHORTCUTS } from "../shared/dom.js";
import { paintSwatch } from "../shared/roll_colours.js";
import { barName } from "./cells.js";

/** @returns {element, draw, drawSwatches} */
export const createLocks = ({ session, palette, signal }) => {
  const { get, transport } = session;
  const on = (target, type, action) => target.addEventListener(type, action, { signal });

  const voices = get("voices").map((name, voice) => {
    const swatch = make("canvas", { class: "dc-swatch", "aria-hidden": "true" });
    const lock = make("button", { type: "button", class: "dc-button dc-lock", "data-voice": voice,
      ...NO_SHORTCUTS }, swatch, make("span", { text: name }),
    make("span", { class: "dc-sign", "aria-hidden": "true" }));
    const mute = makeButton("dc-mute", "Mute", `Mute the ${name.toLowerCase()}`);
    on(lock, "click", () => session.lockVoice(voice));
    on(mute, "click", () => transport.setTrack(voice, { mute: !transport.mix()[voice].mute }));
    return { name, voice, swatch, lock, mute,
      element: make("div", { class: "dc-group" }, lock, mute) };
  });
  const bars = make("div", { class: "dc-bars", role: "toolbar", "aria-label": "Lock bars" });
  const unlock = makeButton("dc-unlock", "Unlock all");
  const element = make("div", { class: "dc-locks" },
    make("div", { class: "dc-tools dc-voices", role: "group", "aria-label": "Lock voices" },
      make("span", { class: "dc-label", text: "Lock voices" }),
      ...voices.map((voice) => voice.element)),
    make("div", { class: "dc-bar-row" }, make("span", { class: "dc-label", text: "Lock bars" }),
      bars, unlock));

  let focused = 0; // the one bar that Tab reaches
  const focusBar = (place) => {
    focused = Math.min(Math.max(0, place), bars.childElementCount - 1);
    [...bars.children].forEach((button, i) => { button.tabIndex = i === focused ? 0 : -1; });
    bars.children[focused]?.focus();
  };
  const drawBars = () => {
    const list = get("bars");
    if (bars.childElementCount !== list.length || bars.dataset.first !== String(list[0]?.[2])) {
      bars.dataset.first = list[0]?.[2];
      focused = Math.min(focused, Math.max(0, list.length - 1));
      bars.replaceChildren(...list.map(([, , number], place) => make("button", {
        type: "button", class: "dc-bar", "data-place": place, text: number,
        tabindex: place === focused ? 0 : -1, ...NO_SHORTCUTS })));
    }
    const locked = new Set(get("locked_bars"));
    [...bars.children].forEach((button, place) => {
      const isLocked = locked.has(place);
      button.setAttribute("aria-pressed", String(isLocked));
      const label = `Lock ${barName(list, place).toLowerCase()}`;
      button.setAttribute("aria-label", label);
      button.title = `${label}; with Shift lock all others`;
    });
  };
  const draw = () => {
    voices.forEach(({ name, voice, lock, mute }) => {
      const isLocked = get("locked_voices").includes(voice);
      lock.setAttribute("aria-pressed", String(isLocked));
      lock.setAttribute("aria-label", `Lock the ${name.toLowerCase()}`);
      lock.title = isLocked ? "It stays as it is" : "It may be edited";
      lock.lastChild.hidden = !isLocked;
      mute.setAttribute("aria-pressed", String(Boolean(transport.mix()[voice]?.mute)));
    });
    drawBars();
    const n = get("locked_voices").length + get("locked_bars").length + get("locked_notes").length;
    unlock.disabled = n === 0;
  };
  on(bars, "click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const place = Number(button.dataset.place);
    if (event.shiftKey) session.lockOthers(place);
    else session.lockBar(place);
    focusBar(place);
  });
  on(bars, "keydown", (event) => {
    const moves = { ArrowLeft: focused - 1, ArrowRight: focused + 1, Home: 0,
      End: bars.childElementCount - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    focusBar(moves[event.key]);
  });
  on(unlock, "click", () => session.unlock());
  const drawSwatches = () => voices.forEach(({ swatch, voice }) =>
    paintSwatch(swatch, get("track_colours")[voice], voice, palette()));
  return { element, draw, drawSwatches };
};
