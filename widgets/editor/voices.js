// The row of voices: which one is drawn in, in its colour and pattern, and which are locked.

import { make, makeButton, NO_SHORTCUTS } from "../shared/dom.js";
import { paintSwatch } from "../shared/roll_colours.js";
import { voiceName } from "./words.js";

const makeVoice = (name) => {
  const swatch = make("canvas", { class: "dc-swatch", "aria-hidden": "true" });
  const choose = make("button", { type: "button", class: "dc-button dc-voice",
    ...NO_SHORTCUTS }, swatch, make("span", { text: name }));
  const lock = makeButton("dc-lock", "", `Lock ${name}`);
  return { swatch, choose, lock, element: make("span", { class: "dc-voice-pair" }, choose, lock) };
};

/** The row, kept up to date with draw(palette). */
export const createVoices = ({ model, session, commands, signal }) => {
  const element = make("div", { class: "dc-group dc-voices", role: "group",
    "aria-label": "Voice to draw in" });
  let names = null;
  let rows = [];

  const rebuild = (voices) => {
    rows = voices.map((name, voice) => {
      const row = makeVoice(name);
      row.choose.addEventListener("click", () => commands.chooseVoice(voice), { signal });
      row.lock.addEventListener("click", () => commands.lockOrUnlock(voice), { signal });
      return row;
    });
    element.replaceChildren(...rows.map((row) => row.element));
  };

  const draw = (palette) => {
    const doc = session.committed();
    const next = doc.voices.map((_, voice) => voiceName(doc, voice));
    if (next.join("\n") !== names) rebuild(next);
    names = next.join("\n");
    const colours = model.get("track_colours");
    rows.forEach(({ swatch, choose, lock }, voice) => {
      const isLocked = session.isLocked(voice);
      const label = isLocked ? `Unlock ${next[voice]}` : `Lock ${next[voice]}`;
      paintSwatch(swatch, colours[voice % colours.length], voice, palette);
      choose.setAttribute("aria-pressed", String(voice === session.voice()));
      lock.setAttribute("aria-pressed", String(isLocked));
      lock.classList.toggle("dc-locked", isLocked);
      lock.setAttribute("aria-label", label);
      lock.title = label;
    });
  };
  return { element, draw };
};
