// The head of the studio: the four steps, and where each stands.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { setText } from "../shared/parts.js";

const STEPS = ["Melody", "Compose", "Listen", "Keep"];

export const createHead = ({ signal }) => {
  const details = STEPS.map(() => make("span", { class: "dc-step-detail" }));
  const steps = STEPS.map((name, place) => {
    const button = make("button", { type: "button", class: "dc-step", ...NO_SHORTCUTS },
      make("span", { class: "dc-number", "aria-hidden": "true", text: String(place + 1) }),
      make("span", { class: "dc-step-words" },
        make("span", { class: "dc-step-name", text: name }), details[place]));
    button.addEventListener("click", () => {
      const box = button.closest(".dc-studio-box") ?? document;
      const names = ["melody", "compose", "listen", "keep"];
      const target = box.querySelector(`.dc-studio-${names[place]}`);
      const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      target?.scrollIntoView({ behavior: isCalm ? "auto" : "smooth", block: "start" });
      target?.querySelector("button, select, input, summary")?.focus({ preventScroll: true });
    }, { signal });
    return make("li", {}, button);
  });
  const element = make("nav", { "aria-label": "Steps of the studio" },
    make("ol", { class: "dc-steps" }, ...steps));
  const update = (view) => {
    (view.steps ?? []).forEach(({ detail, is_done: isDone }, place) => {
      setText(details[place], detail);
      steps[place].classList.toggle("dc-done", Boolean(isDone));
    });
  };
  return { label: "Studio", element, update };
};
