// Part 1 of the form: which music, which tracks, what is left out, and what came of it.

import { make } from "../shared/dom.js";
import { field, makeCards, makeHeading, makeInput, makeSelect, setSentences, setValue, textButton }
  from "../shared/form.js";
import { makeFold, setOptions } from "../shared/parts.js";
import { makeTable } from "./table.js";

const SOURCES = [
  ["bach", "Bach's chorales", "The music that comes with the course."],
  ["folder", "A folder of yours", "MIDI or MusicXML files on the computer that runs Python."],
];

export const createMusic = ({ act, signal }) => {
  const on = (control, type, action) => control.addEventListener(type, action, { signal });
  const sources = makeCards({ label: "Music to learn from", signal,
    choose: (source) => act("choose_source", { source }) });
  const folder = makeInput("text", { placeholder: "a path, such as my_midi_files",
    spellcheck: "false" });
  on(folder, "change", () => act("set_folder", { folder: folder.value }));
  const look = textButton("Look", "", "Look what there is to learn from");
  on(look, "click", () => act("look"));

  const tracks = makeSelect();
  const picks = makeInput("text", { placeholder: "1, 2, violin, program:cello",
    spellcheck: "false" });
  const setTracks = (value) => act("set_rule", { name: "tracks", value });
  const picksField = field("The four tracks", picks,
    { words: "By number, by the beginning of a name, or program: and an instrument." });
  let isByHand = false; // chosen here, though no track is named yet
  on(tracks, "change", () => {
    isByHand = tracks.value === "chosen";
    picksField.hidden = !isByHand;
    if (!isByHand) setTracks(tracks.value);
    else if (picks.value) setTracks(picks.value);
    else picks.focus();
  });
  on(picks, "change", () => setTracks(picks.value));
  const listed = makeTable("Tracks of the first file", ["No.", "Name", "Instrument", "Notes",
    "Range"]);

  const filters = new Map();
  const filterRow = make("div", { class: "dc-fields" });
  const drums = makeInput("checkbox");
  on(drums, "change", () => act("set_rule", { name: "drums",
    value: drums.checked ? "refuse" : "" }));
  const filterFold = makeFold("Filters: metre, length, tempo, drums", filterRow,
    make("label", { class: "dc-check" }, drums,
      make("span", { text: "Leave out pieces with drums (else only the drums)" })));
  const drawFilters = (list) => list.forEach(({ name, title, hint, kind, value }) => {
    if (!filters.has(name)) {
      const control = makeInput(kind, { placeholder: hint, ...(kind === "number" ? { min: 0,
        step: "any" } : {}) });
      on(control, "change", () => act("set_rule", { name, value: control.value }));
      filters.set(name, control);
      filterRow.append(field(title, control));
    }
    setValue(filters.get(name), value);
  });

  const report = make("ul", { class: "dc-sentences" });
  const files = makeTable("What became of each file", ["File", "Used", "Why"]);
  const filesFold = makeFold("Every file, and why", files.element);
  filesFold.classList.add("dc-files");
  const own = make("div", { class: "dc-part" },
    field("Folder", folder),
    field("The four voices are found", tracks), picksField, listed.element, filterFold);
  const element = make("section", { class: "dc-part", "aria-label": "Music" },
    makeHeading("A", "Music").element, sources.element, own, make("div", { class: "dc-row" }, look),
    report, filesFold);

  const update = (view) => {
    sources.update(SOURCES, view.source);
    own.hidden = view.source !== "folder";
    setValue(folder, view.folder);
    setOptions(tracks, view.track_choices, isByHand ? "chosen" : view.tracks);
    if (view.picks) setValue(picks, view.picks);
    picksField.hidden = tracks.value !== "chosen";
    listed.update(view.track_rows);
    if (view.track_file) listed.element.caption.textContent = `Tracks of ${view.track_file}`;
    drawFilters(view.filters);
    drums.checked = view.drums;
    setSentences(report, view.report);
    filesFold.hidden = view.files.length === 0;
    files.update(view.files.map(([file, isUsed, why]) => [file, isUsed ? "yes" : "no", why]));
  };
  return { element, update };
};
