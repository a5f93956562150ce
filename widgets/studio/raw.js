// Below the player: let networks that make raw sound play the version, and hear it.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { field, makeProgress, makeSelect, textButton } from "../shared/form.js";
import { makeFold, setOptions, setText } from "../shared/parts.js";

export const createRaw = ({ model, act, signal }) => {
  const tracks = make("div", { class: "dc-fields" });
  const play = textButton("Make the sound", "dc-primary", "Make the sound with these networks");
  const cancel = textButton("Cancel", "", "Cancel making the sound");
  const progress = makeProgress("Making the sound");
  const sound = make("audio", { class: "dc-sound", controls: "", preload: "metadata",
    "aria-label": "The version, played by networks", ...NO_SHORTCUTS });
  const words = make("p", { class: "dc-soft" });
  const fold = makeFold("Played by a network",
    make("p", { class: "dc-soft", text: "A network can make the sound itself, sample by sample, "
      + "instead of playing recorded instruments. It takes a while; the files of step 4 are "
      + "then played by it, too." }),
    tracks, make("div", { class: "dc-row" }, play, cancel, progress.element), words, sound);
  const element = make("div", { class: "dc-panel" }, fold);

  const selects = () => [...tracks.querySelectorAll("select")];
  const chosen = () => selects().map(({ value }) => value);
  const drawPlay = (view) => {
    play.disabled = Boolean(view.busy) || chosen().every((name) => name === "");
  };
  play.addEventListener("click", () => act("play_raw", { timbres: chosen() }), { signal });
  cancel.addEventListener("click", () => act("cancel"), { signal });
  tracks.addEventListener("change", () => drawPlay(model.get("view")), { signal });

  let url = null; // of what can be heard now
  const forget = () => {
    if (url) URL.revokeObjectURL(url);
    url = null;
    sound.removeAttribute("src");
    sound.hidden = true;
  };
  forget();
  const received = (message, buffers) => {
    if (message.kind !== "sound" || !buffers?.length) return;
    forget();
    url = URL.createObjectURL(new Blob([buffers[0]], { type: "audio/wav" }));
    sound.src = url;
    sound.hidden = false;
  };
  model.on("msg:custom", received);
  signal.addEventListener("abort", () => { model.off("msg:custom", received); forget(); });

  let given = null; // what the menus were last set to by Python
  const update = (view) => {
    const wanted = JSON.stringify([view.version, view.tracks, view.choices]);
    if (wanted !== given) {
      if (given !== null && JSON.parse(given)[0] !== view.version) forget();
      given = wanted;
      tracks.replaceChildren(...view.tracks.map(({ name, timbre }) => {
        const menu = makeSelect();
        setOptions(menu, view.choices, timbre);
        menu.value = timbre;
        return field(name, menu);
      }));
    }
    progress.update(view.busy);
    cancel.hidden = !view.busy;
    setText(words, view.words ?? "");
    words.hidden = !view.words;
    drawPlay(view);
  };
  return { label: "Played by a network", element, update };
};
