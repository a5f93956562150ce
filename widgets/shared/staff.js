// Music as notation, for Player and LinkedView: pages that Python engraves (viz/staff.py), a
// playhead over them, and the notes that sound lit up. A click or a key goes to a note.
//
//   const staff = createStaff({ model, transport, signal });
//   staff.element                   // put it where the roll is
//   staff.show(true)                // asks Python for the pages when they are needed
//   staff.update(step, soundingKeys)  // in each frame while it is shown, and after a seek
//   staff.setChanged([[track, index]…]); staff.setMuted([track…]); staff.close()

import { make, NO_SHORTCUTS } from "./dom.js";
import { onKernelLost, tellPython } from "./link.js";
import { noteKey, notesAt, spokenPlace } from "./score.js";
import { idsAt, placeAt, stepAt, stepByKey, writtenNotes } from "./staff_map.js";
import { spokenNotes } from "./staff_words.js";

const RESIZED = 0.2; // share by which the width must change before pages are set anew
const HELP = "Arrow left and right: a note, with Shift a bar. Home and End. Space: play or "
  + "pause.";
const WAITING = "Writing the music down…";
const LOST = "Python is gone, and the notation with it. The roll still works; run the cell "
  + "again to see the notes.";

/** A page's SVG as an element, or null if it is damaged. */
const parsePage = (text) => {
  const { documentElement: svg } = new DOMParser().parseFromString(text, "image/svg+xml");
  return svg.nodeName === "svg" ? document.importNode(svg, true) : null;
};

/** Where an element lies on its page, in shares of it. */
const shareOf = (rect, page) => ({
  left: (rect.left - page.left) / page.width, right: (rect.right - page.left) / page.width,
  top: (rect.top - page.top) / page.height, bottom: (rect.bottom - page.top) / page.height,
});

export const createStaff = ({ model, transport, signal }) => {
  const head = make("div", { class: "dc-staff-head", "aria-hidden": "true" });
  const paper = make("div", { class: "dc-staff-paper" });
  const message = make("p", { class: "dc-staff-message", role: "status" });
  const element = make("div", { class: "dc-staff", tabindex: 0, role: "slider",
    "aria-label": "Place in the notation", "aria-valuemin": 0, "aria-valuenow": 0,
    "aria-description": HELP, ...NO_SHORTCUTS }, paper, message);
  element.hidden = true;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

  let asked = 0; // number of the last question
  let askedWidth = 0;
  let isStale = true; // the pages are not those of the music
  let given = null; // what Python sent, until it has been measured
  let pages = []; // elements
  let bars = []; // as staff_map.js has them
  let written = new Map();
  let elements = new Map(); // id of a written note -> its element
  let lit = new Set();
  let changed = [];
  let muted = [];
  let lastSystem = "";
  let lastValue = "";

  const say = (text) => {
    message.textContent = text;
    message.hidden = !text;
  };

  const ask = () => {
    askedWidth = element.clientWidth;
    asked += 1;
    isStale = false;
    say(tellPython(model, { kind: "pages?", width: askedWidth, asked }) ? WAITING : LOST);
  };

  // --- the pages
  const tear = () => {
    pages.forEach((page) => page.remove());
    [pages, bars, lit, lastSystem] = [[], [], new Set(), ""];
    [elements, written] = [new Map(), new Map()];
    head.remove();
  };

  const lay = ({ pages: texts, notes, bars: written_bars }) => {
    tear();
    const svgs = texts.map(parsePage);
    if (!svgs.length || svgs.some((svg) => !svg)) {
      say("The notation could not be shown; the roll shows the same music.");
      return;
    }
    pages = svgs.map((svg, number) => {
      svg.setAttribute("aria-hidden", "true"); // the slider's value says it in words
      svg.querySelectorAll('g[id^="dcn"]').forEach((note) => elements.set(note.id, note));
      return make("div", { class: "dc-staff-page", "data-page": number }, svg);
    });
    paper.append(...pages);
    written = writtenNotes(notes);
    bars = measured(notes, written_bars);
    element.setAttribute("aria-valuemax", Math.round(transport.end()));
    say("");
    markChanged();
    markMuted();
    update(transport.position(), transport.soundingKeys());
  };

  const measured = (notes, found) => {
    const sheets = pages.map((page) => page.getBoundingClientRect());
    const onsets = notes.map(([id, page, , , start]) => {
      const box = elements.get(id).querySelector(".notehead")?.getBoundingClientRect();
      return box ? [start, (box.left + box.right) / 2, page] : null;
    }).filter(Boolean);
    return found.map(([id, page, start, end]) => {
      const lines = [...pages[page].querySelectorAll(`g[id="${id}"] > .staff > path`)];
      const rects = lines.map((line) => line.getBoundingClientRect());
      const box = shareOf({ left: Math.min(...rects.map(({ left }) => left)),
        right: Math.max(...rects.map(({ right }) => right)),
        top: Math.min(...rects.map(({ top }) => top)),
        bottom: Math.max(...rects.map(({ bottom }) => bottom)) }, sheets[page]);
      const here = new Map();
      onsets.filter(([step]) => step >= start - 1e-6 && step < end - 1e-6)
        .forEach(([step, x]) => here.set(step, Math.min(here.get(step) ?? Infinity,
          (x - sheets[page].left) / sheets[page].width)));
      return { page, start, end, ...box, onsets: [...here].sort(([a], [b]) => a - b) };
    });
  };

  /** Lay the pages out once they can be measured. */
  const settle = () => {
    if (!given || element.hidden || !element.clientWidth) return;
    const answer = given;
    given = null;
    if (answer.problem) {
      tear();
      say(answer.problem);
    } else lay(answer);
  };

  // --- what moves
  const light = (ids) => {
    const next = new Set(ids);
    lit.forEach((id) => { if (!next.has(id)) elements.get(id)?.classList.remove("dc-sounds"); });
    next.forEach((id) => { if (!lit.has(id)) elements.get(id)?.classList.add("dc-sounds"); });
    lit = next;
  };

  const follow = (page, { top, bottom }) => {
    const system = `${page.dataset.page}:${top}`;
    if (system === lastSystem) return;
    lastSystem = system;
    const sheet = page.offsetTop;
    const [from, to] = [sheet + top * page.offsetHeight, sheet + bottom * page.offsetHeight];
    const isSeen = from >= element.scrollTop
      && to <= element.scrollTop + element.clientHeight;
    if (!isSeen) {
      element.scrollTo({ top: Math.max(0, from - 24),
        behavior: isCalm.matches ? "instant" : "smooth" });
    }
  };

  const describe = (step, here) => {
    const words = spokenNotes(transport.music(), here, changed);
    const value = `${spokenPlace(transport.music(), step)}: ${words}`;
    if (value === lastValue) return;
    lastValue = value;
    element.setAttribute("aria-valuenow", Math.round(step));
    element.setAttribute("aria-valuetext", value);
  };

  const update = (step, soundingKeys) => {
    const place = element.hidden ? null : placeAt(bars, step);
    if (!place) return;
    const isPlaying = transport.isPlaying();
    const here = notesAt(transport.notes(), step);
    const keys = isPlaying ? soundingKeys
      : new Set(here.map(({ track, index }) => noteKey(track, index)));
    light(idsAt(written, keys, step));
    const page = pages[place.page];
    if (head.parentNode !== page) page.append(head);
    Object.assign(head.style, { left: `${100 * place.x}%`, top: `${100 * place.top}%`,
      height: `${100 * (place.bottom - place.top)}%` });
    follow(page, place);
    if (!isPlaying) describe(step, here);
  };

  // --- marks that stay
  const mark = (name, keys) => {
    elements.forEach((note) => note.classList.remove(name));
    keys.forEach((key) => written.get(key)?.forEach(({ id }) =>
      elements.get(id)?.classList.add(name)));
  };
  const markChanged = () => mark("dc-changed", changed.map(([k, i]) => noteKey(k, i)));
  const markMuted = () => mark("dc-muted", [...written.keys()].filter((key) =>
    muted.includes(Number(key.split(":")[0]))));

  // --- what the learner does
  const seek = (step) => {
    transport.seek(step);
    update(step, transport.soundingKeys(step));
  };

  const click = (event) => {
    const page = event.target.closest?.(".dc-staff-page");
    if (!page) return;
    const sheet = page.getBoundingClientRect();
    const step = stepAt(bars, Number(page.dataset.page),
      (event.clientX - sheet.left) / sheet.width, (event.clientY - sheet.top) / sheet.height);
    if (step !== null) seek(step);
  };

  const keydown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " ") transport.toggle();
    else {
      const step = stepByKey(bars, transport.position(), event);
      if (step === null) return;
      seek(step);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  // --- what comes from elsewhere
  const receive = (answer) => {
    if (answer.kind !== "pages" || answer.asked !== asked) return;
    given = answer;
    settle();
  };

  const widen = () => {
    if (element.hidden || !element.clientWidth) return;
    settle();
    const isOther = Math.abs(element.clientWidth - askedWidth) > RESIZED * askedWidth;
    if (isStale || isOther) ask();
  };

  const show = (isShown) => {
    element.hidden = !isShown;
    if (isShown) widen();
  };

  const forget = transport.onChange((what) => {
    if (what !== "music") return;
    isStale = true;
    widen();
  });
  const forgetKernel = onKernelLost(model, () => { if (message.textContent === WAITING) say(LOST); });
  const resized = new ResizeObserver(widen);
  resized.observe(element);
  model.on("msg:custom", receive);
  element.addEventListener("click", click, { signal });
  element.addEventListener("keydown", keydown, { signal });

  const close = () => {
    forget();
    forgetKernel();
    resized.disconnect();
    model.off("msg:custom", receive);
    element.remove();
  };
  signal.addEventListener("abort", close, { once: true });

  return {
    element, show, update, close,
    setChanged: (notes) => {
      changed = notes;
      markChanged();
    },
    setMuted: (tracks) => {
      muted = tracks;
      markMuted();
    },
  };
};
