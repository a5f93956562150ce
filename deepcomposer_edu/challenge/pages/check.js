"use strict";
/* Hear a piece bar by bar: a sound in the page, a list of bars in seconds. */
const data = JSON.parse(document.getElementById("data").textContent);
const sound = new Audio(data.sound);
const roll = document.querySelector(".roll");
const head = document.getElementById("head");
const said = document.getElementById("said");
const wide = roll.viewBox.baseVal.width;
let until = Infinity;

const barAt = (seconds) =>
  data.bars.find(([, start, end]) => seconds >= start && seconds < end);
const place = (seconds) => {
  const i = data.bars.findIndex(([, start, end]) => seconds >= start && seconds < end);
  if (i < 0) return wide;
  const box = roll.querySelectorAll(".bar")[i];
  const [, start, end] = data.bars[i];
  const share = (seconds - start) / Math.max(end - start, 1e-6);
  return box.x.baseVal.value + share * box.width.baseVal.value;
};

const stop = (words = "") => {
  sound.pause();
  roll.classList.remove("playing");
  said.textContent = words;
};

const follow = () => {
  if (sound.paused) return;
  if (sound.currentTime >= until || sound.ended) {
    stop("");
    return;
  }
  head.setAttribute("transform", `translate(${place(sound.currentTime)} 0)`);
  requestAnimationFrame(follow);
};

const play = async (start, end, words) => {
  stop();
  until = end;
  sound.currentTime = start;
  said.textContent = words;
  try {
    await sound.play();
    roll.classList.add("playing");
    follow();
  } catch {
    said.textContent = "This browser cannot play the sound.";
  }
};

const playBar = (number) => {
  const found = data.bars.find(([n]) => n === number);
  const numbers = data.bars.map(([n]) => n);
  if (!found) {
    said.textContent = `There is no bar ${number}; they go from ${numbers[0]} to ${numbers.at(-1)}.`;
    return;
  }
  play(found[1], found[2], `Bar ${number}`);
};

const worst = roll.querySelector(".worst");
if (worst) {
  const pane = roll.parentElement;
  const middle = worst.x.baseVal.value + worst.width.baseVal.value / 2;
  pane.scrollLeft = (middle / wide) * roll.clientWidth - pane.clientWidth / 2;
}
sound.addEventListener("ended", () => stop(""));
document.getElementById("worst")?.addEventListener("click", () => playBar(data.worst));
document.getElementById("whole").addEventListener("click", () => play(0, Infinity, "All of it"));
document.getElementById("stop").addEventListener("click", () => stop("Stopped"));
const chosen = document.getElementById("bar");
document.getElementById("hear").addEventListener("click", () => playBar(Number(chosen.value)));
chosen.addEventListener("keydown", (event) => {
  if (event.key === "Enter") playBar(Number(chosen.value));
});
for (const box of roll.querySelectorAll(".bar"))
  box.addEventListener("click", () => playBar(Number(box.dataset.bar)));
