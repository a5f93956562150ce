// The edits one after another: step, scrub, pace, and a list in words.

import { offerButton } from "../shared/controls.js";
import { make, makeButton, makeVolume, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { setText } from "../shared/parts.js";
import { editSign, percent } from "./cells.js";
import { focusedNear, keepFocus } from "./focus.js";

const N_LINES = 9; // of the list, around the last edit that is seen
const PACE_STEPS = 100; // of the slider, which is logarithmic
const FASTEST = 240;

const paceOf = (position) => FASTEST ** (position / PACE_STEPS); // 1 to 240
const positionOf = (pace) => Math.round((PACE_STEPS * Math.log(pace)) / Math.log(FASTEST));

/** @returns {element, draw} */
export const createWatch = ({ session, signal }) => {
  const { transport } = session;
  const on = (target, type, action) => target.addEventListener(type, action, { signal });
  const watch = makeButton("dc-play dc-watch", "Watch", "Watch the edits");
  const back = makeButton("dc-back", "‹", "One edit back");
  const next = makeButton("dc-next", "›", "One edit on");
  const scrub = make("input", { type: "range", class: "dc-scrub", min: 0, step: 1,
    "aria-label": "Edit", title: "Edit", ...NO_SHORTCUTS });
  const count = make("span", { class: "dc-count" });
  const pace = make("input", { type: "range", class: "dc-pace", min: 0, max: PACE_STEPS, step: 1,
    "aria-label": "Edits a second", title: "Edits a second", ...NO_SHORTCUTS });
  const paceText = make("span", { class: "dc-pace-text" });
  const play = makeButton("dc-play dc-hear", "Play", "Play the piece as it is shown");
  const before = makeButton("dc-before", "Before", "Hear the piece before the edits");
  const after = makeButton("dc-after", "After", "Hear the piece after the edits");
  const volume = makeVolume();
  const list = make("ol", { class: "dc-edit-list", "aria-label": "Edits" });
  const element = make("div", { class: "dc-watching" },
    make("div", { class: "dc-tools", role: "toolbar", "aria-label": "Hear the piece" },
      make("div", { class: "dc-group" }, play, before, after),
      make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Volume" }), volume)),
    make("div", { class: "dc-tools dc-edits", role: "toolbar", "aria-label": "The edits" },
      make("div", { class: "dc-group" }, watch, back, next), scrub, count,
      make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Pace" }),
        pace, paceText)),
    list);

  const drawList = () => {
    const edits = session.edits();
    const last = session.shown() - 1;
    const from = Math.max(0, Math.min(last - N_LINES + 3, edits.length - N_LINES));
    const key = `${session.number()}:${from}:${edits.length}`;
    if (list.dataset.lines !== key) {
      list.dataset.lines = key;
      list.start = from + 1;
      list.replaceChildren(...edits.slice(from, from + N_LINES).map((edit, i) => {
        const button = make("button", { type: "button", class: "dc-edit",
          "data-edit": from + i + 1, title: "Go to this edit and hear it", ...NO_SHORTCUTS },
        make("span", { class: "dc-share", text: percent(edit[5]) }),
        make("span", { class: "dc-what", "aria-hidden": "true", text: editSign(edit) }),
        make("span", { class: "dc-words", text: edit[7] }));
        button.style.setProperty("--dc-fill", percent(edit[5]).replace(" ", ""));
        return make("li", {}, button);
      }));
    }
    [...list.querySelectorAll("button")].forEach((button) => {
      const number = Number(button.dataset.edit);
      button.classList.toggle("dc-future", number > last + 1);
      if (number === last + 1) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    list.hidden = !edits.length;
  };

  const draw = () => {
    const active = focusedNear(scrub);
    const [n, shown] = [session.nEdits(), session.shown()];
    const isLooping = session.get("is_looping");
    scrub.max = n;
    scrub.value = shown;
    scrub.setAttribute("aria-valuetext", n ? `Edit ${shown} of ${n}` : "No edits yet");
    setText(count, n ? `Edit ${shown} of ${n}` : "No edits yet");
    showPlaying(watch, session.isWatching(), { play: ["Watch", "Watch the edits"],
      stop: ["Pause", "Pause the edits"] });
    [watch, scrub, before, after].forEach((one) => { one.disabled = !n || isLooping; });
    back.disabled = shown === 0 || isLooping;
    next.disabled = shown >= n || isLooping;
    keepFocus(active, [[back, scrub], [next, scrub]]);
    const position = positionOf(session.pace());
    pace.value = position;
    setText(paceText, `${Math.round(session.pace())} a second`);
    pace.setAttribute("aria-valuetext", paceText.textContent);
    showPlaying(play, transport.isPlaying(), { play: ["Play", "Play the piece as it is shown"],
      stop: ["Pause", "Pause the piece"] });
    volume.value = Math.round(100 * session.get("volume"));
    drawList();
  };

  on(watch, "click", () => session.toggleWatch());
  on(back, "click", () => session.go(session.shown() - 1));
  on(next, "click", () => session.go(session.shown() + 1));
  on(scrub, "input", () => session.go(Number(scrub.value)));
  on(pace, "input", () => session.setPace(paceOf(Number(pace.value))));
  on(play, "click", () => session.toggle());
  on(before, "click", () => session.hear(0));
  on(after, "click", () => session.hear(session.nEdits()));
  on(volume, "input", () => session.save({ volume: Number(volume.value) / 100 }));
  on(list, "click", (event) => {
    const button = event.target.closest("button");
    if (button) session.go(Number(button.dataset.edit));
  });
  [offerButton(watch, { name: "edit_desk.watch", label: "Edit desk: watch the edits" }),
    offerButton(play, { name: "edit_desk.play", label: "Edit desk: play and pause" })]
    .forEach((withdraw) => signal.addEventListener("abort", withdraw));
  return { element, draw };
};
