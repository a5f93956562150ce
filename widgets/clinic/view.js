// The looks of the clinic: patients, sound, curves and findings, the question, the fix.

import { createChart } from "../shared/chart.js";
import { offerButton } from "../shared/controls.js";
import { createCurve } from "../shared/curve_sound.js";
import { make, makeButton, NO_SHORTCUTS } from "../shared/dom.js";
import { makeHeard } from "../shared/heard_curves.js";
import { listenTo, onKernelLost, tellPython } from "../shared/link.js";
import { createListening } from "../shared/listening.js";
import { makeBar, setText } from "../shared/parts.js";
import { createRoll } from "../shared/roll.js";
import { ASLEEP } from "../shared/sound.js";
import { findingRows, hint, openChoices, patientWords } from "./words.js";

const LOST = "The kernel is gone: what is here can still be heard, but nothing is trained any "
  + "more. Run the cell again.";
const HEARD = { patient: "the patient", mended: "the mended training", real: "the data" };

/** Off, but it keeps the focus: who came by keys does not start again at the top. */
const setOff = (button, isOff) => button.setAttribute("aria-disabled", String(isOff));
const isOff = (button) => !button || button.getAttribute("aria-disabled") === "true";

const makeTable = () => {
  const head = ["Measured", "patient", "mended", "data"].map((text) =>
    make("th", { scope: "col", text }));
  const body = make("tbody", {});
  const table = make("table", { class: "dc-findings" },
    make("caption", { text: "What was measured at the end" }),
    make("thead", {}, make("tr", {}, ...head)), body);
  return { element: table, draw: (rows) => {
    body.replaceChildren(...rows.map(({ label, note, words, mended, data }) => make("tr", {},
      make("th", { scope: "row" }, make("span", { text: label }),
        make("small", { text: note })),
      make("td", { text: words }), make("td", { text: mended || "·" }),
      make("td", { text: data || "·" }))));
  } };
};

/** Build the widget in `el`; returns how to take it down. */
export const showClinic = ({ model, el, transport, sound }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const get = (name) => model.get(name);
  let isLost = false;
  let frame = 0;

  // --- what there is to see
  const patients = make("div", { class: "dc-group dc-patients", role: "group",
    "aria-label": "Patients" });
  const complaint = make("p", { class: "dc-complaint" });
  const bar = makeBar("Training done");
  const roll = createRoll({ leastRow: 3 });
  roll.element.setAttribute("role", "img");
  const listening = createListening({ model, transport, sound, signal, sources: {
    patient: { text: "Patient", label: "Hear the patient", music: () => get("patient").music },
    mended: { text: "Mended", label: "Hear it mended", music: () => get("mended").music },
    real: { text: "Data", label: "Hear the data",
      music: () => (get("patient").music ? get("real") : null) },
  }, onTake: (source) => {
    const music = source === "real" ? get("real") : get(source).music ?? null;
    roll.element.classList.toggle("dc-drums", Boolean(music?.tracks?.[0]?.is_drum));
    roll.setMusic(music);
    roll.element.setAttribute("aria-label", `Piano roll of eight bars of ${HEARD[source]}`);
  } });
  const charts = ["patient", "mended"].map((which) => createChart({ signal,
    label: which === "patient" ? "The patient's curves" : "The curves when it is mended",
    onPick: () => {} }));
  const curve = createCurve({ sound, volume: () => get("volume") });
  const heard = ["patient", "mended"].map((which, i) => makeHeard({ curve, name: which, signal,
    what: which === "patient" ? "the curves of the patient" : "the curves after the fix",
    tones: () => get(which).curve,
    showStep: (step) => charts[i].setStep(step ?? get(which).rows?.at(-1)?.step ?? 0) }));
  const table = makeTable();
  const choices = make("div", { class: "dc-choices", role: "group", "aria-label":
    "What is wrong?" });
  const question = make("div", { class: "dc-question" },
    make("strong", { text: "What is wrong?" }), choices);
  const fix = make("p", { class: "dc-fix" });
  const mend = makeButton("dc-mend", "Apply the fix");
  const cure = make("div", { class: "dc-cure" }, mend, fix);
  const status = make("p", { class: "dc-status", role: "status" });
  const problem = make("p", { class: "dc-problem", role: "alert" });
  const shown = make("div", { class: "dc-case" },
    make("div", { class: "dc-heard" }, listening.element, roll.element),
    make("div", { class: "dc-charts" }, ...charts.map(({ element }, i) =>
      make("div", { class: "dc-curves" },
        make("span", { class: "dc-chart-name", text: ["Patient", "Mended"][i] }), element,
        heard[i].element))),
    make("div", { class: "dc-columns" }, table.element,
      make("div", { class: "dc-answers" }, question, cure)));
  const root = make("div", { class: "dc-widget dc-clinic", role: "group",
    "aria-label": "Failure clinic", ...NO_SHORTCUTS },
  make("div", { class: "dc-tools" }, make("strong", { text: "Patients" }), patients),
  complaint, bar.element, shown, problem, make("div", { class: "dc-foot" }, status));

  // --- what a hand may do
  const ask = (message) => {
    if (tellPython(model, message)) return;
    isLost = true;
    draw();
  };
  mend.addEventListener("click", () => { if (!isOff(mend)) ask({ kind: "mend" }); }, { signal });
  patients.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!isOff(button)) ask({ kind: "choose", number: Number(button.dataset.number) });
  }, { signal });
  choices.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!isOff(button)) ask({ kind: "answer", cause: button.dataset.cause });
  }, { signal });

  // --- drawing
  const drawPatients = () => {
    const all = get("patients");
    while (patients.childElementCount < all.length) {
      const number = patients.childElementCount + 1;
      patients.append(make("button", { type: "button", class: "dc-button",
        "data-number": number, ...NO_SHORTCUTS }));
    }
    all.forEach((patient, i) => {
      const button = patients.children[i];
      const { text, label } = patientWords(i + 1, patient);
      button.textContent = text;
      button.setAttribute("aria-label", label);
      button.setAttribute("aria-pressed", String(get("number") === i + 1));
      setOff(button, isLost || get("working") !== "");
    });
    complaint.textContent = get("number") ? `“${all[get("number") - 1].complaint}”` : "";
    complaint.hidden = !get("number");
  };

  const drawChoices = () => {
    const all = openChoices(get("choices"), get("said"));
    const focused = document.activeElement?.dataset?.cause;
    choices.replaceChildren(...all.map(({ name, words, verdict, isOpen }) => {
      const sign = verdict ? (verdict.is_right ? "✓ " : "✗ ") : "";
      const button = make("button", { type: "button", class: "dc-button dc-choice",
        "data-cause": name, text: sign + words, "aria-pressed": String(Boolean(verdict)),
        ...NO_SHORTCUTS });
      setOff(button, isLost || !isOpen);
      return make("div", { class: verdict?.is_right ? "dc-right" : "" }, button,
        ...(verdict ? [make("p", { class: "dc-why", text: verdict.words })] : []));
    }));
    if (focused) choices.querySelector(`[data-cause="${focused}"]`)?.focus();
    fix.textContent = get("fix");
    cure.hidden = !get("fix");
    setOff(mend, isLost || get("working") !== "" || Boolean(get("mended").music));
  };

  const drawCase = () => {
    const [patient, mended] = [get("patient"), get("mended")];
    shown.hidden = !patient.music;
    [patient, mended].forEach((one, i) => {
      charts[i].element.parentElement.hidden = !one.rows;
      charts[i].setPanels(get("panels"));
      charts[i].setRows(one.rows ?? [], get("reference"));
      charts[i].setStep(one.rows?.at(-1)?.step ?? 0);
      heard[i].draw();
    });
    table.element.classList.toggle("dc-mended", Boolean(mended.music));
    table.draw(findingRows(patient, mended));
    listening.take();
  };

  const drawStatus = () => {
    bar.element.hidden = get("working") === "";
    bar.set(get("progress"));
    problem.textContent = get("problem");
    problem.hidden = !get("problem");
    const names = ["number", "working", "progress", "patient", "said", "mended"];
    let text = hint({ ...Object.fromEntries(names.map((name) => [name, get(name)])),
      nPatients: get("patients").length });
    if (transport.isSilent()) text = ASLEEP;
    if (isLost) text = LOST;
    setText(status, text);
  };

  const draw = () => {
    drawPatients();
    drawCase();
    drawChoices();
    drawStatus();
  };

  const move = () => {
    const isPlaying = transport.isPlaying();
    roll.setPlayhead(isPlaying ? transport.position() : null);
    roll.setSounding(isPlaying ? transport.soundingKeys() : new Set());
    if (isPlaying) roll.follow(transport.position());
    cancelAnimationFrame(frame);
    if (isPlaying) frame = requestAnimationFrame(move);
  };

  // --- what Python and the sound say; what comes together is drawn once
  let due = 0;
  const drawSoon = () => {
    due ||= requestAnimationFrame(() => {
      due = 0;
      draw();
    });
  };
  const news = Object.fromEntries(["patients", "number", "patient", "mended", "real", "reference",
    "choices", "said", "fix", "working", "problem"].map((name) => [`change:${name}`, drawSoon]));
  news["change:progress"] = drawStatus;
  news["change:number"] = () => { curve.stop(); drawSoon(); };
  news["msg:custom"] = ({ kind }) => { if (kind === "silence") curve.stop(); };
  const forgetNews = listenTo(model, news);
  const forget = transport.onChange(() => { move(); drawStatus(); });
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    draw();
  });
  const withdraw = Object.entries(listening.buttons).map(([name, button]) =>
    offerButton(button, { name: `clinic-${name}`, label: `Clinic: hear ${HEARD[name]}` }));

  el.append(root);
  draw();
  return () => {
    teardown.abort();
    cancelAnimationFrame(frame);
    cancelAnimationFrame(due);
    forget();
    forgetKernel();
    withdraw.forEach((end) => end());
    forgetNews();
    [listening, roll, curve, ...heard, ...charts].forEach((part) => part.close());
    root.remove();
  };
};
