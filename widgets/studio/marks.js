// Below the player: what a teacher would mark, to hear, to hear mended, and to mend.

import { make } from "../shared/dom.js";
import { bareButton, makeProgress, textButton } from "../shared/form.js";
import { makeFold, setText } from "../shared/parts.js";
import { createPreview } from "./preview.js";

export const createMarks = ({ model, act, signal }) => {
  const look = textButton("Look for marks", "dc-primary");
  const mendAll = textButton("Mend all", "", "Mend all places for which a fix is near");
  const cancel = textButton("Cancel", "", "Cancel mending");
  const progress = makeProgress("Looking at the voices");
  const words = make("p", { "aria-live": "polite" });
  const list = make("ol", { class: "dc-marks", "aria-label": "Places that a teacher would mark" });
  const more = make("p", { class: "dc-soft" });
  const previews = [["Hear it", "the place as it is"], ["Hear the fix", "the place mended"]]
    .map(([title, what], place) => createPreview({ model, signal, title, what, height: 112,
      onPlay: () => previews[1 - place].stop() }));
  const [before, after] = previews;
  const sentence = make("p", { class: "dc-mark-words" });
  const fix = make("p", {});
  const use = textButton("Use the fix", "dc-primary", "Use the fix: it becomes a version");
  const chosen = make("div", { class: "dc-mark", role: "group", "aria-label": "The chosen place" },
    sentence, before.element, fix, after.element, make("div", { class: "dc-row" }, use));
  const fold = makeFold("What a teacher would mark: hear it, hear a fix",
    make("p", { class: "dc-soft", text: "Parallel fifths, clashes, voices that cross, notes that "
      + "are probably slips: by rules and by what is usual in Bach's chorales. Bach has such "
      + "places, too, about one in two bars; your ear decides." }),
    make("div", { class: "dc-row" }, look, mendAll, cancel, progress.element), words, list, more,
    chosen);
  const element = make("div", { class: "dc-panel" }, fold);

  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  on(look, "click", () => act("look"));
  on(mendAll, "click", () => act("mend_all"));
  on(cancel, "click", () => act("cancel"));
  on(use, "click", () => act("use_fix"));
  on(list, "click", (event) => {
    const mark = event.target.closest("[data-mark]");
    if (mark) act("choose_mark", { number: Number(mark.dataset.mark) });
  });
  on(list, "keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const mark = event.target.closest("[data-mark]");
    if (!step || !mark) return;
    event.preventDefault();
    list.querySelector(`[data-mark="${Number(mark.dataset.mark) + step}"]`)?.focus();
  });

  const drawList = (view) => {
    const text = JSON.stringify(view.marks);
    if (list.dataset.marks !== text) {
      const hadFocus = chosen.contains(document.activeElement)
        || list.contains(document.activeElement);
      list.dataset.marks = text;
      list.replaceChildren(...view.marks.map((mark, number) => make("li", {},
        bareButton("dc-mark-row", { "data-mark": number, text: mark }))));
      if (hadFocus) (list.querySelector("button") ?? look).focus();
    }
    list.querySelectorAll("[data-mark]").forEach((button) =>
      button.setAttribute("aria-pressed", String(Number(button.dataset.mark) === view.mark)));
  };

  let heard = ""; // which mark the two strips show
  const drawChosen = (view) => {
    const { chosen: mark } = view;
    chosen.hidden = !mark;
    if (!mark) {
      previews.forEach((preview) => preview.stop());
      return;
    }
    if (heard !== mark.sentence) previews.forEach((preview) => preview.stop());
    heard = mark.sentence;
    setText(sentence, mark.sentence);
    setText(fix, mark.fix);
    before.update(mark.before, "The notes of the place as it is", mark.after);
    after.element.hidden = !mark.after;
    if (mark.after) after.update(mark.after, "The notes of the place mended", mark.before);
    use.hidden = !mark.after;
    use.disabled = Boolean(view.busy);
  };

  const update = (view) => {
    progress.update(view.busy);
    look.hidden = view.is_looked;
    look.disabled = Boolean(view.busy);
    mendAll.hidden = !view.marks.length;
    mendAll.disabled = Boolean(view.busy);
    cancel.hidden = typeof view.busy?.share !== "number"; // only mending all takes long
    setText(words, view.words ?? "");
    drawList(view);
    list.hidden = !view.marks.length;
    setText(more, view.more ?? "");
    more.hidden = !view.more;
    drawChosen(view);
  };
  return { label: "What a teacher would mark", element, update };
};
