// Step 1: where the melody comes from. Choose a tune, play one, open a file.

import { make } from "../shared/dom.js";
import { bareButton, field, makeHeading, makeInput, makeSelect } from "../shared/form.js";
import { setOptions, setText } from "../shared/parts.js";
import { fileProblem } from "./logic.js";

const TABS = [["tune", "Choose a tune"], ["play", "Play it"], ["file", "Open a file"]];

/** A few choices side by side, as tabs. */
const createTabs = ({ choose, signal }) => {
  const tabs = TABS.map(([name, title]) => bareButton("dc-tab",
    { role: "tab", value: name, text: title }));
  const element = make("div", { class: "dc-tabs", role: "tablist",
    "aria-label": "Where the melody comes from" }, ...tabs);
  element.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab.value);
  }, { signal });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const place = tabs.indexOf(event.target.closest("[role=tab]"));
    const next = tabs[(place + step + tabs.length) % tabs.length];
    event.preventDefault();
    next.focus();
    choose(next.value);
  }, { signal });
  const update = (chosen) => tabs.forEach((tab) => {
    const isChosen = tab.value === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
  });
  return { element, update };
};

/** Choose a file by hand, or drop one here; it goes to Python as bytes. */
const createOpener = ({ act, signal, limit, say }) => {
  const input = makeInput("file", { class: "dc-file", accept:
    ".mid,.midi,.musicxml,.xml,.mxl,audio/midi" });
  const element = make("div", { class: "dc-drop" },
    field("MIDI or MusicXML file: choose one, or drop it here", input));
  const take = async (file) => {
    if (!file) return;
    const problem = fileProblem(file, limit());
    say(problem);
    if (!problem) act("open_file", { name: file.name }, [await file.arrayBuffer()]);
  };
  input.addEventListener("change", async () => {
    await take(input.files[0]);
    input.value = ""; // so that the same file can be opened again
  }, { signal });
  const over = (event) => {
    event.preventDefault();
    element.classList.toggle("dc-over", event.type === "dragover");
  };
  ["dragover", "dragleave"].forEach((type) => element.addEventListener(type, over, { signal }));
  element.addEventListener("drop", (event) => { over(event); take(event.dataTransfer.files[0]); },
    { signal });
  return { element };
};

export const createMelody = ({ model, act, signal }) => {
  const { element: heading, aside } = makeHeading(1, "Melody");
  const tabs = createTabs({ choose: (tab) => act("choose_tab", { tab }), signal });
  const tune = makeSelect({ class: "dc-select dc-wide" });
  const about = make("p", { class: "dc-soft" });
  const fromTune = make("div", { role: "tabpanel", "aria-label": "Choose a tune" },
    field("Tune", tune, { className: "dc-tune" }), about);
  const problem = make("p", { class: "dc-problem", role: "alert" });
  const opener = createOpener({ act, signal, limit: () => model.get("view").max_bytes,
    say: (text) => setText(problem, text) });
  const fromFile = make("div", { role: "tabpanel", "aria-label": "Open a file" },
    opener.element, problem);
  const fromPiano = make("p", { class: "dc-soft", role: "tabpanel", "aria-label": "Play it",
    text: "Press Record, play, press Stop: what you played becomes the melody." });
  const element = make("div", { class: "dc-panel" }, heading, tabs.element, fromTune, fromPiano,
    fromFile);

  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  on(tune, "change", () => act("choose_tune", { name: tune.value }));

  const update = (view) => {
    setText(aside, view.aside ?? "");
    tabs.update(view.tab);
    fromTune.hidden = view.tab !== "tune";
    fromPiano.hidden = view.tab !== "play";
    fromFile.hidden = view.tab !== "file";
    setOptions(tune, view.tunes.map(({ name, title }) => [name, title]), view.tune);
    setText(about, view.about ?? "");
  };
  return { label: "Step 1: melody", element, update };
};
