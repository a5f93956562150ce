"use strict";
/* A class's chorale: who sings now, and where we are in the notes. */
const data = JSON.parse(document.getElementById("data").textContent);
const VOICES = ["alto", "tenor", "bass"];
const sound = document.querySelector("audio");
const roll = document.querySelector(".roll");
const head = document.getElementById("head");
const place = document.getElementById("place");
const cells = [...document.querySelectorAll(".cast td")];
const wide = roll.viewBox.baseVal.width;
let shown = -1;
sound.src = data.sound;

const barAt = (seconds) => {
  const i = data.bars.findIndex(({ end }) => seconds < end);
  return i < 0 ? data.bars.length - 1 : i;
};

const show = (i) => {
  if (i === shown) return;
  shown = i;
  const bar = data.bars[i];
  place.textContent = `Verse ${bar.verse}, bar ${bar.bar}`;
  VOICES.forEach((voice, k) => {
    document.getElementById(voice).textContent = bar.names[k];
  });
  for (const cell of cells) {
    const sings = i >= Number(cell.dataset.first) && i <= Number(cell.dataset.last);
    cell.classList.toggle("sounds", sings);
  }
};

const draw = () => {
  const share = Math.min(sound.currentTime / data.seconds, 1);
  head.setAttribute("transform", `translate(${share * wide} 0)`);
  show(barAt(sound.currentTime));
};

const follow = () => {
  draw();
  if (!sound.paused) requestAnimationFrame(follow);
};

const playFrom = (seconds) => {
  sound.currentTime = seconds;
  draw();
  sound.play().catch(() => {
    place.textContent = "This browser cannot play the sound.";
  });
};

sound.addEventListener("play", follow);
for (const event of ["seeked", "timeupdate"]) sound.addEventListener(event, draw);
for (const cell of cells) {
  const first = data.bars[Number(cell.dataset.first)];
  cell.querySelector("button").addEventListener("click", () => playFrom(first.start));
}
roll.addEventListener("click", (event) => {
  const box = roll.getBoundingClientRect();
  playFrom(((event.clientX - box.left) / box.width) * data.seconds);
});
