// Below the player: the version becomes a piece of a wanted length, section by section.

import { make, makeInstruments } from "../shared/dom.js";
import { field, makeInput, makeProgress, makeSelect, setSentences, textButton }
  from "../shared/form.js";
import { makeFold, setOptions, setText } from "../shared/parts.js";

const AS_IT_IS = "";

/** A menu of instruments that begins with the one that is there. */
const makePlayers = (families, label, chosen) => {
  const menu = makeInstruments(families, label);
  menu.classList.add("dc-select");
  menu.toggleAttribute("data-needs-python", true);
  menu.prepend(make("option", { value: AS_IT_IS, text: "as it is" }));
  menu.value = chosen === null ? AS_IT_IS : String(chosen);
  return menu;
};

/** The menus of one section: whose music it has, who plays the melody and the others. */
const makeSection = (section, { versions, families }, act) => {
  const { name } = section;
  const menus = [["melody", "Melody"], ["others", "Other voices"]].map(([place, title]) => {
    const menu = makePlayers(families, `${title} of section ${name}`, section[place]);
    menu.addEventListener("change", () => act("choose_player", { section: name, place,
      program: menu.value === AS_IT_IS ? null : Number(menu.value) }));
    return field(title, menu);
  });
  if (section.has_music) {
    const music = makeSelect({ "aria-label": `Music of section ${name}` });
    setOptions(music, [["", "as the form says"], ...versions], section.music ?? "");
    music.addEventListener("change", () => act("choose_material", { letter: name,
      id: music.value || null }));
    menus.unshift(field("Music", music));
  }
  return make("div", { class: "dc-section", role: "group", "aria-label": `Section ${name}` },
    make("span", { class: "dc-section-name", text: name }),
    make("div", { class: "dc-fields" }, ...menus));
};

export const createArrange = ({ act, signal }) => {
  const about = make("p", { class: "dc-soft" });
  const seconds = makeInput("number", { step: 1 });
  const form = makeInput("text", { class: "dc-text dc-short", maxlength: "60",
    placeholder: "AABA" });
  const tempo = makeInput("number", { min: 10, max: 400, step: 1, placeholder: "as it fits" });
  const ending = makeSelect();
  const seed = makeInput("number", { min: 0, max: 4294967295, step: 1 });
  const sections = make("div", { class: "dc-sections" });
  const arrange = textButton("Arrange", "dc-primary", "Arrange this version");
  const cancel = textButton("Cancel", "", "Cancel arranging");
  const progress = makeProgress("Arranging");
  const made = make("ul", { class: "dc-sentences" });
  const fold = makeFold("Make it a minute: form, length, who plays which section", about,
    make("div", { class: "dc-fields" }, field("Seconds", seconds), field("Form", form),
      field("Tempo", tempo), field("Ending", ending), field("Seed", seed)),
    sections, make("div", { class: "dc-row" }, arrange, cancel, progress.element), made);
  const element = make("div", { class: "dc-panel" }, fold);

  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  const wish = (control, name, read) =>
    on(control, "change", () => act("wish", { name, value: read(control.value) }));
  wish(seconds, "seconds", Number);
  wish(form, "form", (text) => text);
  wish(tempo, "tempo", (text) => (text === "" ? null : Number(text)));
  wish(ending, "ending", (text) => text);
  wish(seed, "seed", Number);
  on(arrange, "click", () => act("arrange"));
  on(cancel, "click", () => act("cancel"));

  const drawSections = (view) => {
    const text = JSON.stringify([view.sections, view.versions]);
    if (sections.dataset.drawn === text) return;
    sections.dataset.drawn = text;
    const label = sections.contains(document.activeElement)
      && document.activeElement.getAttribute("aria-label");
    sections.replaceChildren(...view.sections.map((one) => makeSection(one, view, act)));
    if (label) sections.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus();
  };

  const update = (view) => {
    setSentences(made, view.made);
    if (view.is_empty) return;
    setText(about, `From ${view.source}: its first bars, eight at most, become A; what follows `
      + "in the music, or else a sequence of A, the next letters. A letter twice in a row is "
      + "decorated the second time. No network is asked.");
    Object.entries({ min: view.low, max: view.high }).forEach(([name, value]) =>
      seconds.setAttribute(name, value));
    [[seconds, view.seconds], [form, view.form], [tempo, view.tempo ?? ""], [seed, view.seed]]
      .forEach(([input, value]) => {
        if (document.activeElement !== input || view.has_problem) input.value = value;
      });
    setOptions(ending, view.endings, view.ending);
    drawSections(view);
    progress.update(view.busy);
    arrange.disabled = Boolean(view.busy);
    cancel.hidden = !view.busy;
  };
  return { label: "Make it a minute", element, update };
};
