// The judge's page: blind, in an order of the judge's own, saved in the browser.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const MOST = { judge: 60, comment: 300, why: 300, felt: 3 };
const FLAGS = data.flags.map(([key]) => key);
const KEYS = data.criteria.map((one) => one.key);
const codes = new Set(data.pieces.map((piece) => piece.code));

// --- small helpers -------------------------------------------------------------

/** A number from a text: FNV-1a, 32 bits. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

/** A list in a random order that depends on the seed alone (mulberry32). */
function shuffled(list, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const found = [...list];
  for (let i = found.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [found[i], found[j]] = [found[j], found[i]];
  }
  return found;
}

/** What was sealed in Python; it hides from an eye, not from one who wants to see. */
function unseal(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const plain = bytes.map((byte, i) => byte ^ ((73 * i + 41) & 255));
  return JSON.parse(new TextDecoder().decode(plain));
}

/** An element with attributes and children; texts are never read as HTML. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

const clock = (seconds) => {
  const whole = Math.max(Math.floor(seconds + 0.001), 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

function soundUrl(base64) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: "audio/mpeg" }));
}

const tidy = (text) => text.replace(/\s+/g, " ").trim();

// --- what a judge says ------------------------------------------------------------

const blank = () => ({
  scores: {}, felt: [], comment: "", flags: [], why: "", heard: [], own: false,
  done: false,
});
let judge = "", answers = {}, order = [], at = 0, keeps = true;

const answerOf = (code) => (answers[code] ??= blank());
const missing = (answer) => KEYS.filter((key) => !(key in answer.scores));
const heardShare = (piece, answer) =>
  Math.min(answer.heard.length / Math.max(Math.floor(piece.seconds), 1), 1);

/** What another computer saved, with everything left out that is not as it must be. */
function cleaned(content) {
  const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
  const some = (value, allowed, most = 99) =>
    (Array.isArray(value) ? value : []).filter((one, i, all) =>
      allowed.includes(one) && all.indexOf(one) === i).slice(0, most);
  const found = {};
  for (const [code, said] of Object.entries(content ?? {})) {
    if (!codes.has(code) || typeof said !== "object" || said === null) continue;
    const scores = {};
    for (const key of KEYS) {
      const mark = said.scores?.[key];
      if (Number.isInteger(mark) && mark >= 1 && mark <= 5) scores[key] = mark;
    }
    const seconds = Array.isArray(said.heard) ? said.heard : [];
    found[code] = {
      scores,
      felt: some(said.felt, data.feelings, MOST.felt),
      comment: text(said.comment, MOST.comment),
      flags: some(said.flags, FLAGS),
      why: text(said.why, MOST.why),
      heard: [...new Set(seconds.filter((s) => Number.isInteger(s) && s >= 0 && s < 999))],
      own: said.own === true,
      done: said.done === true,
    };
    if (missing(found[code]).length && !found[code].own) found[code].done = false;
  }
  return found;
}

const place = () => `dc-judge:${data.id}:${judge.toLowerCase()}`;

function keep() {
  try {
    localStorage.setItem(place(), JSON.stringify(answers));
    keeps = true;
  } catch {
    keeps = false;
  }
  tellKept();
}

function begin(name) {
  judge = tidy(name).slice(0, MOST.judge);
  order = shuffled(data.pieces, hashOf(`${data.id}/${judge.toLowerCase()}`));
  try {
    answers = cleaned(JSON.parse(localStorage.getItem(place()) ?? "{}"));
  } catch {
    answers = {};
  }
  keep();
  const next = order.findIndex((piece) => !answerOf(piece.code).done);
  show(next < 0 ? order.length : next);
}

function saved() {
  const entries = Object.fromEntries(order.map((piece) => {
    const said = answerOf(piece.code);
    return [piece.code, { ...said, heard_share: heardShare(piece, said) }];
  }));
  return {
    format: data.format, format_version: data.format_version, contest: data.id, judge,
    order: order.map((piece) => piece.code), saved: new Date().toISOString(), entries,
  };
}

function saveFile() {
  const name = judge.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  const blob = new Blob([JSON.stringify(saved(), null, 1)], { type: "application/json" });
  const link = h("a", {
    href: URL.createObjectURL(blob), download: `scores-${name || "judge"}.json`,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  tell("Saved. Give the file to whoever runs the contest.");
}

async function loadFile(file) {
  try {
    if (file.size > 2_000_000) throw new Error("too large");
    const content = JSON.parse(await file.text());
    if (content.format !== data.format || content.contest !== data.id) {
      tell("These are scores of another contest; choose the file saved from this page.");
      return;
    }
    if (typeof content.judge !== "string" || !tidy(content.judge)) throw new Error();
    const read = cleaned(content.entries);
    begin(content.judge);
    for (const [code, said] of Object.entries(read)) {
      if (!answerOf(code).done) answers[code] = said;
    }
    keep();
    show(at);
    tell("Your scores are back.");
  } catch {
    tell("This file holds no scores; choose one that was saved from this page.");
  }
}

// --- sound ---------------------------------------------------------------------

const audio = new Audio();
let stopAt = null, playing = null;

function stopSound() {
  audio.pause();
  stopAt = null;
}

async function playFrom(start, end = null) {
  audio.currentTime = start;
  stopAt = end;
  await play();
}

async function play() {
  try {
    await audio.play();
  } catch (error) {
    if (error.name !== "AbortError") tell("Your browser cannot play this sound.");
  }
}

function player(piece) {
  const answer = answerOf(piece.code);
  const toggle = h("button", { class: "main", type: "button", onclick: () => {
    stopAt = null;
    if (audio.paused) play();
    else audio.pause();
  } }, "Play");
  const time = h("span", { class: "time" });
  const heard = h("span", { class: "faint small" });
  const wave = h("canvas", { class: "wave", "aria-hidden": "true", onclick: (event) => {
    const box = wave.getBoundingClientRect();
    audio.currentTime = ((event.clientX - box.left) / box.width) * piece.seconds;
  } });
  const seek = h("input", { type: "range", min: 0, max: piece.seconds.toFixed(2),
    step: 0.5, value: 0, "aria-label": "Where in the piece",
    oninput: () => { stopAt = null; audio.currentTime = Number(seek.value); } });
  const sections = h("div", { class: "row sections", role: "group",
    "aria-label": "Play a section" },
  piece.sections.map(([name, start, end]) => h("button", { type: "button",
    "aria-label": `Play section ${name}, ${clock(start)} to ${clock(end)}`,
    onclick: () => playFrom(start, end) }, `${name} ${clock(start)}`)));
  const draw = () => {
    const now = audio.currentTime;
    time.textContent = `${clock(now)} / ${clock(piece.seconds)}`;
    seek.value = now;
    seek.setAttribute("aria-valuetext", `${clock(now)} of ${clock(piece.seconds)}`);
    toggle.textContent = audio.paused ? "Play" : "Pause";
    heard.textContent = `heard ${Math.round(100 * heardShare(piece, answer))} %`;
    drawWave(wave, piece, now);
  };
  audio.onplay = audio.onpause = audio.onseeked = audio.onloadedmetadata = draw;
  audio.ontimeupdate = () => {
    const second = Math.floor(audio.currentTime);
    if (!audio.paused && second < Math.floor(piece.seconds)
        && !answer.heard.includes(second)) {
      answer.heard.push(second);
      keep();
    }
    if (stopAt !== null && audio.currentTime >= stopAt) stopSound();
    draw();
  };
  if (playing !== piece.code) {
    stopSound();
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.src = soundUrl(piece.mp3);
    playing = piece.code;
  }
  const element = h("div", { class: "player" },
    h("div", { class: "row" }, toggle, time, heard), wave, seek, sections);
  requestAnimationFrame(draw);
  return element;
}

function drawWave(canvas, piece, now) {
  const { width, height } = canvas.getBoundingClientRect();
  if (!width) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const look = getComputedStyle(document.documentElement);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const step = width / piece.peaks.length;
  piece.peaks.forEach((peak, i) => {
    const isPast = ((i + 0.5) / piece.peaks.length) * piece.seconds <= now;
    pen.fillStyle = look.getPropertyValue(isPast ? "--wave-done" : "--wave");
    const tall = Math.max((peak / 99) * (height - 4), 1);
    pen.fillRect(i * step, (height - tall) / 2, Math.max(step - 1, 0.6), tall);
  });
  pen.fillStyle = look.getPropertyValue("--faint");
  for (const [, start] of piece.sections.slice(1)) {
    pen.fillRect((start / piece.seconds) * width, 0, 1, height);
  }
}

// --- the page --------------------------------------------------------------------

const app = document.getElementById("app");
const status = document.getElementById("status");
const tell = (words) => { status.textContent = words; };

function tellKept() {
  const n = order.filter((piece) => answerOf(piece.code).done).length;
  document.getElementById("progress").textContent = keeps
    ? `${judge}: ${n} of ${order.length} done. Kept in this browser.`
    : `${judge}: ${n} of ${order.length} done. This browser keeps nothing: save a file.`;
}

function tellProgress() {
  tellKept();
  document.getElementById("tools").hidden = !judge;
  document.getElementById("places").replaceChildren(...order.map((piece, i) => {
    const answer = answerOf(piece.code);
    const words = answer.own ? "your own" : answer.done ? "finished" : "not finished";
    return h("li", {}, h("button", { type: "button", class: answer.done ? "done" : "",
      "aria-current": i === at ? "true" : "false",
      "aria-label": `Entry ${i + 1} of ${order.length}, ${piece.code}, ${words}`,
      onclick: () => show(i) }, answer.done ? `${i + 1} ✓` : `${i + 1}`));
  }));
}

function show(number, hasFocus = true) {
  at = number;
  tell("");
  const heading = number < order.length ? showEntry(order[number]) : showEnd();
  tellProgress();
  if (hasFocus) heading.focus();
}

function showStart() {
  const name = h("input", { type: "text", id: "name", maxlength: MOST.judge,
    autocomplete: "off" });
  const file = h("input", { type: "file", accept: ".json,application/json", id: "file",
    onchange: () => file.files[0] && loadFile(file.files[0]) });
  const form = h("form", { class: "card", onsubmit: (event) => {
    event.preventDefault();
    if (tidy(name.value)) begin(name.value);
    else tell("Give a name first; a made-up one will do.");
  } },
  h("label", { for: "name" }, "Your name, or one that you make up. Your order of the " +
    "entries depends on it, and your scores are kept under it."),
  name, h("p", {}, h("button", { class: "main", type: "submit" }, "Begin")),
  h("details", {}, h("summary", {}, "Go on with scores from a file"),
    h("label", { for: "file" }, "A file that was saved from this page"), h("p", {}, file)));
  const nEntries = data.pieces.length;
  const heading = h("h2", { tabindex: "-1" }, "Before you begin");
  app.replaceChildren(heading,
    h("p", {}, (nEntries === 1
      ? "One entry of about a minute. You are not told whose it is. "
      : `${nEntries} entries, about a minute each, all made equally loud. You are not ` +
        "told whose they are. ") + "Listen to a whole entry, then score it; sections " +
      "can be heard again as often as you like."),
    h("p", {}, "When you finish an entry its scores are closed, and you see how it was " +
      "made, what a machine thought, and what passage of Bach is closest. If something " +
      "looks copied or may not be used, put a flag on it; flags stay open."),
    form);
  return heading;
}

function marks(piece, one) {
  const answer = answerOf(piece.code);
  return h("fieldset", { disabled: answer.done },
    h("legend", {}, one.title),
    h("div", { class: "faint" }, one.question),
    h("div", { class: "marks" }, [1, 2, 3, 4, 5].map((mark) => {
      const input = h("input", { type: "radio", name: one.key, value: mark,
        checked: answer.scores[one.key] === mark,
        onchange: () => { answer.scores[one.key] = mark; keep(); tellMissing(piece); } });
      return h("label", {}, input, h("span", {}, `${mark} `,
        h("small", {}, data.anchors[mark])));
    })));
}

function checkboxes(title, hint, rows, chosen, isClosed, most, onchange) {
  return h("fieldset", { disabled: isClosed }, h("legend", {}, title),
    h("div", { class: "faint" }, hint),
    h("div", { class: "words" }, rows.map(([key, words]) => {
      const input = h("input", { type: "checkbox", value: key,
        checked: chosen.includes(key), onchange: () => {
          if (input.checked && chosen.length >= most) {
            input.checked = false;
            tell(`At most ${most} words.`);
            return;
          }
          if (input.checked) chosen.push(key);
          else chosen.splice(chosen.indexOf(key), 1);
          onchange();
        } });
      return h("label", {}, input, h("span", {}, words));
    })));
}

function field(id, label, value, most, isClosed, oninput) {
  const input = h("input", { type: "text", id, maxlength: most, disabled: isClosed,
    oninput: () => oninput(input.value) });
  input.value = value;
  return h("p", {}, h("label", { for: id }, label), input);
}

function tellMissing(piece) {
  const answer = answerOf(piece.code), button = document.getElementById("finish");
  if (!button) return;
  const left = missing(answer).map((key) =>
    data.criteria.find((one) => one.key === key).title);
  button.setAttribute("aria-disabled", String(left.length > 0 && !answer.own));
  const unheard = heardShare(piece, answer) < 0.9
    ? ` You have heard ${Math.round(100 * heardShare(piece, answer))} % of it.` : "";
  document.getElementById("left").textContent = answer.own ? "Your own is not scored."
    : left.length ? `Still open: ${left.join(", ")}.` : `All scored.${unheard}`;
}

function showEntry(piece) {
  const answer = answerOf(piece.code);
  const heading = h("h2", { tabindex: "-1" },
    `Entry ${at + 1} of ${order.length} `, h("span", { class: "faint" }, piece.code));
  const own = h("input", { type: "checkbox", id: "own", checked: answer.own,
    disabled: answer.done, onchange: () => {
      answer.own = own.checked;
      keep();
      tellMissing(piece);
    } });
  const finish = h("button", { type: "button", class: "main", id: "finish",
    onclick: () => {
      if (missing(answer).length && !answer.own) {
        tellMissing(piece);
        tell(document.getElementById("left").textContent);
        return;
      }
      answer.done = true;
      keep();
      show(at, false);
      document.getElementById("revealed").focus();
    } }, "Finish this entry");
  const next = h("button", { type: "button", class: answer.done ? "main" : "",
    onclick: () => show(nextOpen()) }, "Next entry");
  app.replaceChildren(heading, player(piece),
    ...data.criteria.map((one) => marks(piece, one)),
    checkboxes("What did you feel?", "Up to three words, if any fit.",
      data.feelings.map((word) => [word, word]), answer.felt, answer.done, MOST.felt,
      keep),
    field("comment", "A comment for its composers, in one line", answer.comment, MOST.comment,
      answer.done, (text) => { answer.comment = text; keep(); }),
    h("p", {}, own, " ", h("label", { for: "own" }, "I made this one, or helped: I do " +
      "not score it.")),
    checkboxes("Flags", "For whoever runs the contest, to look at before any result.",
      data.flags, answer.flags, false, 9, keep),
    field("why", "Why the flag?", answer.why, MOST.why, false,
      (text) => { answer.why = text; keep(); }),
    answer.done ? revealed(piece) : h("div", { class: "card" },
      h("p", { id: "left" }), finish,
      h("p", { class: "faint small" }, "Then its scores are closed, and you see how it " +
        "was made.")),
    h("p", {}, next));
  tellMissing(piece);
  return heading;
}

const nextOpen = () => {
  const later = [...order.keys()].map((i) => (at + 1 + i) % order.length);
  return later.find((i) => !answerOf(order[i].code).done) ?? order.length;
};

function table(rows, head = null) {
  return h("div", { class: "scroll" }, h("table", {},
    head && h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map(([name, ...cells]) => h("tr", {},
      h("th", { scope: "row" }, name), cells.map((text) => h("td", {}, text)))))));
}

function revealed(piece) {
  const known = unseal(piece.sealed);
  const clips = known.clips.map(([words, mp3]) => h("p", {},
    h("button", { type: "button", onclick: () => playClip(mp3) }, `Play ${words}`)));
  const worst = known.worst && h("p", {}, `${known.worst.sentence} `,
    h("button", { type: "button", onclick: () =>
      playFrom(known.worst.start, known.worst.end) }, "Play this bar"));
  return h("section", { class: "card" },
    h("h3", { tabindex: "-1", id: "revealed" }, known.title || "Untitled"),
    known.intent && h("p", {}, `Meant: ${known.intent}`),
    h("h3", {}, "How it was made"), table(known.made),
    h("h3", {}, "What a machine says"),
    known.points.length
      ? table(known.points, ["criterion", "points of 10", "what costs most"])
      : h("p", {}, "It could not be judged by machine."),
    worst,
    known.gates.length ? h("div", {}, h("h3", {}, "Gates that are shut"),
      h("ul", {}, known.gates.map((text) => h("li", {}, text)))) : null,
    h("h3", {}, "The closest Bach"), h("p", {}, known.closest), ...clips);
}

const clip = new Audio();
function playClip(mp3) {
  stopSound();
  if (clip.src) URL.revokeObjectURL(clip.src);
  clip.src = soundUrl(mp3);
  clip.play().catch(() => tell("Your browser cannot play this sound."));
}
audio.addEventListener("play", () => clip.pause());

function showEnd() {
  stopSound();
  const rows = order.map((piece, i) => {
    const answer = answerOf(piece.code);
    const sum = answer.own ? "your own"
      : KEYS.map((key) => answer.scores[key] ?? "–").join(" · ");
    return [`${i + 1} (${piece.code})`, sum, answer.done ? "finished" : "open"];
  });
  const heading = h("h2", { tabindex: "-1" }, "All entries");
  const open = order.filter((piece) => !answerOf(piece.code).done).length;
  app.replaceChildren(heading,
    h("p", {}, open ? `${open} still open. What is not finished does not count.`
      : "Everything is scored. Save the file and give it to whoever runs the contest."),
    table(rows, ["entry", data.criteria.map((one) => one.short).join(" · "), ""]),
    h("p", {}, h("button", { type: "button", class: "main", onclick: saveFile },
      "Save my scores")));
  return heading;
}

document.getElementById("save").addEventListener("click", saveFile);
document.getElementById("all").addEventListener("click", () => show(order.length));
window.addEventListener("beforeunload", (event) => {
  if (judge && !keeps) event.preventDefault();
});
showStart();
