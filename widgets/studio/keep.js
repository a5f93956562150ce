// Step 4: the composition as files, with progress, and each file to take away.

import { make } from "../shared/dom.js";
import { makeHeading, makeInput, makeProgress, textButton } from "../shared/form.js";
import { setText } from "../shared/parts.js";
import { sizeText } from "./logic.js";
import { saveWhatComes } from "./parts.js";

export const createKeep = ({ model, act, signal }) => {
  const { element: heading, aside } = makeHeading(4, "Keep");
  const parts = make("div", { class: "dc-parts", role: "group", "aria-label": "Files to make" });
  const empty = make("p", { class: "dc-empty" });
  const save = textButton("Save", "dc-primary", "Save the chosen files");
  const cancel = textButton("Cancel", "", "Cancel saving");
  const progress = makeProgress("Saving");
  const folder = make("p", { class: "dc-soft" });
  const files = make("ul", { class: "dc-files", "aria-label": "Saved files" });
  const row = make("div", { class: "dc-row" }, save, cancel, progress.element);
  const element = make("div", { class: "dc-panel" }, heading, empty, parts, row, folder, files);

  const chosen = () => [...parts.querySelectorAll("input:checked")].map(({ value }) => value);
  const drawSave = (view) => { save.disabled = Boolean(view.busy) || chosen().length === 0; };
  save.addEventListener("click", () => act("save", { parts: chosen() }), { signal });
  cancel.addEventListener("click", () => act("cancel"), { signal });
  parts.addEventListener("change", () => {
    act("choose_parts", { parts: chosen() });
    drawSave(model.get("view"));
  }, { signal });

  const drawParts = (all, wanted) => {
    if (parts.childElementCount !== all.length) {
      parts.replaceChildren(...all.map(({ name, title, words }) => make("label",
        { class: "dc-part", title: words },
        makeInput("checkbox", { value: name }),
        make("span", { class: "dc-part-name", text: title }),
        make("span", { class: "dc-soft", text: words }))));
    }
    parts.querySelectorAll("input").forEach((box) => {
      box.checked = wanted.includes(box.value);
    });
  };
  const drawFiles = (list) => {
    const text = JSON.stringify(list);
    if (files.dataset.files === text) return;
    files.dataset.files = text;
    files.replaceChildren(...list.map(({ part, name, size }) => {
      const get = textButton("Download", "", `Download ${name}`);
      get.dataset.part = part;
      return make("li", {}, make("span", { class: "dc-file-name", text: name }),
        make("span", { class: "dc-soft", text: sizeText(size) }), get);
    }));
  };
  files.addEventListener("click", (event) => {
    const get = event.target.closest("[data-part]");
    if (get) act("download", { part: get.dataset.part });
  }, { signal });

  saveWhatComes(model, signal);

  const update = (view) => {
    setText(aside, view.aside ?? "");
    setText(empty, view.empty ?? "");
    empty.hidden = !view.empty;
    parts.hidden = Boolean(view.empty);
    row.hidden = Boolean(view.empty);
    drawParts(view.parts, view.chosen);
    progress.update(view.busy);
    cancel.hidden = !view.busy;
    setText(folder, view.folder ?? "");
    folder.hidden = !view.folder;
    drawFiles(view.files);
    files.hidden = view.files.length === 0;
    drawSave(view);
  };
  return { label: "Step 4: keep", element, update };
};
