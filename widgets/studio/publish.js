// After step 4: versions as a page to hear them on, in a folder for any web host.

import { make } from "../shared/dom.js";
import { field, makeInput, makeProgress, textButton } from "../shared/form.js";
import { makeFold, newId, setText } from "../shared/parts.js";
import { saveWhatComes } from "./parts.js";

export const createPublish = ({ model, act, signal }) => {
  const versions = make("div", { class: "dc-parts", role: "group",
    "aria-label": "Versions on the page" });
  const text = (placeholder) => makeInput("text", { class: "dc-text", maxlength: "200",
    placeholder });
  const title = text("Gallery");
  const by = text("Learner 1");
  const licence = text("CC BY");
  const known = make("datalist", { id: newId() });
  licence.setAttribute("list", known.id);
  const publish = textButton("Publish", "dc-primary", "Write the page");
  const cancel = textButton("Cancel", "", "Cancel publishing");
  const zip = textButton("Download as ZIP", "", "Download the page as a ZIP");
  const progress = makeProgress("Publishing");
  const folder = make("p", { class: "dc-soft" });
  const fold = makeFold("Publish: a page for any web host",
    make("p", { class: "dc-soft", text: "A folder with one page and, for each piece, its sound, "
      + "MIDI and notation. It opens as it is, without a network or a server; on a web host "
      + "others hear it. Nothing leaves your computer by itself." }),
    versions, make("div", { class: "dc-fields" }, field("Title", title), field("By", by),
      field("Licence", licence)), known,
    make("div", { class: "dc-row" }, publish, cancel, zip, progress.element), folder);
  const element = make("div", { class: "dc-panel" }, fold);

  const ticked = () =>
    [...versions.querySelectorAll("input:checked")].map(({ value }) => value);
  const drawPublish = () => {
    publish.disabled = Boolean(model.get("view").busy) || ticked().length === 0;
  };
  let isChosen = false; // whether a hand has ticked anything; else it is the current one
  versions.addEventListener("change", () => { isChosen = true; drawPublish(); }, { signal });
  publish.addEventListener("click", () => act("publish", { ids: ticked(),
    current: model.get("view").current, title: title.value, by: by.value,
    licence: licence.value }), { signal });
  cancel.addEventListener("click", () => act("cancel"), { signal });
  zip.addEventListener("click", () => act("download_page"), { signal });
  saveWhatComes(model, signal);

  const drawVersions = (view) => {
    const drawn = JSON.stringify(view.versions);
    const before = new Set(ticked());
    if (versions.dataset.drawn !== drawn) {
      versions.dataset.drawn = drawn;
      versions.replaceChildren(...view.versions.map(({ id, title: name, detail }) => make("label",
        { class: "dc-part" }, makeInput("checkbox", { value: id }),
        make("span", { class: "dc-part-name", text: name }),
        make("span", { class: "dc-soft", text: detail }))));
    }
    versions.querySelectorAll("input").forEach((box) => {
      box.checked = isChosen ? before.has(box.value) : box.value === view.current;
    });
  };

  const update = (view) => {
    if (view.is_empty) return;
    drawVersions(view);
    const names = JSON.stringify(view.licences);
    if (known.dataset.names !== names) {
      known.dataset.names = names;
      known.replaceChildren(...view.licences.map((name) => make("option", { value: name })));
    }
    progress.update(view.busy);
    cancel.hidden = !view.busy;
    zip.hidden = !view.files.length;
    zip.disabled = Boolean(view.busy);
    setText(folder, view.folder ?? "");
    folder.hidden = !view.folder;
    drawPublish();
  };
  return { label: "Publish", element, update };
};
