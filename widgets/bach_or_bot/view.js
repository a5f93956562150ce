// The looks of the test: a row of rounds, one piece at a time, and the result.

import { offerButton } from "../shared/controls.js";
import { isTyping, make, makeButton, NO_SHORTCUTS, relabel, showPlaying } from "../shared/dom.js";
import { listenTo, onKernelLost, saveTraits } from "../shared/link.js";
import { saveFile, setText } from "../shared/parts.js";
import { clockText } from "../shared/playback.js";
import { chartOf, fileNameOf, nextOpen, resultOf, scoreWords, share, unseal, verdictWords }
  from "./answers.js";
import { makeChart } from "./chart.js";
import { createClips } from "./clips.js";

const LOST = "The kernel is gone: the test goes on here, but Python no longer hears of it. ";
const NOTED = "Noted. You will hear what it was at the end.";
const BAD = "This piece cannot be decoded by your browser; go on to the next one.";

/** Build the test in `el`; returns how to take it down. */
export const showTest = ({ model, el, sound }) => {
  const teardown = new AbortController();
  const { signal } = teardown;
  const get = (name) => model.get(name);
  const rounds = unseal(get("sealed"));
  const names = get("names");
  const total = get("seconds");
  const n = rounds.length;
  let isLost = false;
  let problem = "";

  const said = () => rounds.map((_, i) => get("clicks")[i] ?? null);
  const place = () => Math.min(Math.max(0, get("place")), n); // n is the result
  const isOpen = (i) => typeof said()[i] !== "boolean";
  const isRevealed = (i) => !isOpen(i) && (get("verdicts") === "each" || get("is_done"));
  const save = (values) => saveTraits(model, values);

  // --- what there is to see
  const marks = rounds.map((_, i) => make("button", { type: "button", class: "dc-mark",
    "data-round": i, ...NO_SHORTCUTS }));
  const toResult = makeButton("dc-to-result", "Result", "See the result so far");
  const row = make("div", { class: "dc-marks", role: "group",
    "aria-label": "Rounds: arrow keys move from one to the next" }, ...marks);
  const head = make("p", { class: "dc-title" });
  const play = makeButton("dc-play", "Play", "Play the piece");
  const seek = make("input", { type: "range", min: 0, max: total, step: 0.1,
    class: "dc-seek", "aria-label": "Place in the piece", ...NO_SHORTCUTS });
  const clock = make("span", { class: "dc-time" });
  const answers = names.map((name, i) => make("button", { type: "button",
    class: "dc-button dc-answer", ...NO_SHORTCUTS },
  make("span", { class: "dc-key", text: i + 1, "aria-hidden": "true" }),
  make("span", { text: name })));
  const next = makeButton("dc-next", "Next", "Next piece, and play it");
  const piece = make("div", { class: "dc-piece" },
    make("div", { class: "dc-tools" }, play, seek, clock),
    make("div", { class: "dc-answers", role: "group", "aria-label": "Who made it?" }, ...answers),
    next,
    make("p", { class: "dc-hint", text: `Keys: P plays and stops, 1 is ${names[0]}, 2 is `
      + `${names[1]}, N goes on.` }));
  const player = make("input", { type: "text", class: "dc-player", maxlength: 40,
    autocomplete: "off", "aria-label": "A name for the file, if you like",
    placeholder: "a name, if you like", ...NO_SHORTCUTS });
  const keep = makeButton("dc-keep", "Save the result", "Save the result as a file");
  const chart = make("div");
  const result = make("div", { class: "dc-result" }, chart,
    make("div", { class: "dc-tools" }, player, keep));
  const status = make("p", { class: "dc-status", role: "status" });
  const root = make("div", { class: "dc-widget dc-bach_or_bot", role: "group",
    "aria-label": `${names[0]} or ${names[1]}: a listening test`, ...NO_SHORTCUTS },
  make("div", { class: "dc-head" }, head, toResult), row, piece, result,
  make("div", { class: "dc-foot" }, status));

  const drawMarks = () => marks.forEach((mark, i) => {
    const answer = said()[i];
    const isRight = answer === rounds[i].real;
    const known = isRevealed(i) ? (isRight ? "right" : "wrong") : "answered";
    const sign = { right: "✓", wrong: "✗", answered: "•" }[known];
    mark.textContent = isOpen(i) ? String(i + 1) : sign;
    mark.className = `dc-mark dc-${isOpen(i) ? "open" : known}`;
    mark.setAttribute("aria-label", `Round ${i + 1}: ${isOpen(i) ? "open"
      : `you said ${names[answer ? 0 : 1]}${known === "answered" ? "" : `, ${known}`}`}`);
    mark.setAttribute("aria-current", String(i === place()));
    mark.tabIndex = i === Math.min(place(), n - 1) ? 0 : -1;
  });

  const drawPlay = () => {
    showPlaying(play, clips.isPlaying(), { play: ["Play", "Play the piece"], stop: ["Stop"],
      icon: "dc-stop" });
    const now = Math.min(clips.seconds(), total);
    seek.value = now;
    clock.textContent = `${clockText(1000 * now)} / ${clockText(1000 * total)}`;
    seek.setAttribute("aria-valuetext", `${Math.round(now)} of ${Math.round(total)} seconds`);
  };

  const drawPiece = () => {
    const i = place();
    const answer = said()[i];
    answers.forEach((button, k) => {
      const isReal = k === 0;
      const isChosen = !isOpen(i) && answer === isReal;
      button.setAttribute("aria-pressed", String(isChosen));
      button.setAttribute("aria-disabled", String(isRevealed(i)));
      button.setAttribute("aria-label", `${names[k]} made it`);
      button.classList.toggle("dc-truth", isRevealed(i) && rounds[i].real === isReal);
    });
    next.hidden = isOpen(i);
    const isLast = nextOpen(said(), i) < 0;
    if (isLast) relabel(next, "See the result");
    else relabel(next, "Next ▸", "Next piece, and play it");
  };

  const drawResult = () => {
    chart.replaceChildren(makeChart(chartOf({ rounds, said: said(),
      published: get("published") }), names, get("published")));
    if (player.value !== get("player")) player.value = get("player");
  };

  const words = () => {
    const i = place();
    if (problem) return problem;
    if (i === n) return scoreWords(rounds, said());
    if (isRevealed(i)) return verdictWords(rounds[i], said()[i], names);
    if (!isOpen(i)) return NOTED;
    return i === 0 && said().every((answer) => answer === null)
      ? `Press Play, listen, then say who made it: ${names[0]} or ${names[1]}. A coin decided `
        + "each round." : "Listen, then say who made it.";
  };

  const draw = () => {
    const isResult = place() === n;
    const answered = said().filter((answer) => answer !== null).length;
    const right = share(rounds.map(({ real }, i) => [real, said()[i]]), "right").n;
    head.textContent = isResult ? `Result: ${right} of ${answered} right`
      : `Piece ${place() + 1} of ${n}`;
    piece.hidden = isResult;
    result.hidden = !isResult;
    toResult.disabled = answered === 0 || isResult;
    drawMarks();
    if (isResult) drawResult();
    else drawPiece();
    drawPlay();
    setText(status, `${isLost ? LOST : ""}${words()}`);
  };

  // --- what a hand may do
  const clips = createClips({ sound, clips: get("clips"), onChange: (what) => {
    if (what === "bad") problem = BAD;
    if (what !== "tick") save({ is_playing: clips.isPlaying() });
    if (what === "bad") draw();
    else drawPlay();
  } });
  const go = (to) => {
    problem = "";
    clips.stop();
    save(to === n ? { place: n, is_done: true } : { place: to });
    if (to < n) clips.prepare(to);
  };
  const toggle = () => {
    if (place() === n) return;
    if (clips.isPlaying()) clips.stop();
    else clips.play(place(), Number(seek.value) < total - 0.2 ? Number(seek.value) : 0);
  };
  const answer = (isReal) => {
    const i = place();
    if (i === n || isRevealed(i)) return;
    const clicks = said();
    clicks[i] = isReal;
    save({ clicks });
    if (answers.includes(document.activeElement)) next.focus();
  };
  const goOn = () => {
    if (place() === n || isOpen(place())) return;
    const to = nextOpen(said(), place());
    go(to < 0 ? n : to);
    if (to < 0) {
      keep.focus();
      return;
    }
    clips.play(to);
    play.focus();
  };
  play.addEventListener("click", toggle, { signal });
  seek.addEventListener("change", () => {
    if (clips.isPlaying()) clips.play(place(), Number(seek.value));
  }, { signal });
  answers.forEach((button, k) => button.addEventListener("click", () => answer(k === 0),
    { signal }));
  next.addEventListener("click", goOn, { signal });
  toResult.addEventListener("click", () => {
    go(n);
    keep.focus();
  }, { signal });
  row.addEventListener("click", (event) => {
    const mark = event.target.closest(".dc-mark");
    if (mark) go(Number(mark.dataset.round));
  }, { signal });
  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const ends = { Home: 0, End: n - 1 }[event.key];
    const from = Number(document.activeElement.dataset.round);
    if ((step === undefined && ends === undefined) || Number.isNaN(from)) return;
    event.preventDefault();
    const to = ends ?? Math.min(n - 1, Math.max(0, from + step));
    go(to);
    marks[to].focus();
  }, { signal });
  root.addEventListener("keydown", (event) => {
    const isTyped = isTyping(event.target) && event.target.type !== "range";
    if (isTyped || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const act = { p: toggle, 1: () => answer(true), 2: () => answer(false), n: goOn }[
      event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }, { signal });
  player.addEventListener("change", () => save({ player: player.value.trim() }), { signal });
  keep.addEventListener("click", () => {
    save({ player: player.value.trim() });
    const { n: right, all } = share(rounds.map(({ real }, i) => [real, said()[i]]), "right");
    const id = get("result_id");
    saveFile(fileNameOf({ player: player.value, right, all, id }), JSON.stringify(resultOf({
      id, test: get("test_digest"), about: get("about"), names,
      player: get("player"), rounds, said: said() }), null, 1), "application/json");
  }, { signal });

  // --- what Python and the kernel say
  const forgetNews = listenTo(model, Object.fromEntries(
    ["clicks", "place", "is_done", "player"].map((name) => [`change:${name}`, draw])));
  const forgetKernel = onKernelLost(model, () => {
    isLost = true;
    draw();
  });
  const withdraw = [offerButton(play, { name: "bach-or-bot-play", label: "Bach or bot: play" }),
    ...answers.map((button, k) => offerButton(button, { name: `bach-or-bot-${k + 1}`,
      label: `Bach or bot: ${names[k]}` })),
    offerButton(next, { name: "bach-or-bot-next", label: "Bach or bot: next" })];

  el.append(root);
  draw();
  clips.prepare(place());
  return () => {
    teardown.abort();
    clips.close();
    forgetNews();
    forgetKernel();
    withdraw.forEach((end) => end());
    root.remove();
  };
};
