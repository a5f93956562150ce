// The gallery: a line goes through the notes as they sound; one piece at a time.
"use strict";

const players = [...document.querySelectorAll(".piece audio")];
for (const audio of players) {
  const roll = audio.parentElement.querySelector(".roll");
  const head = roll.querySelector(".head");
  const seconds = Number(roll.dataset.seconds);
  const wide = roll.viewBox.baseVal.width;
  const draw = () => {
    const x = Math.min(audio.currentTime / seconds, 1) * wide;
    head.setAttribute("x1", x);
    head.setAttribute("x2", x);
    if (!audio.paused) requestAnimationFrame(draw);
  };
  audio.addEventListener("play", () => {
    players.filter((other) => other !== audio).forEach((other) => other.pause());
    draw();
  });
  for (const event of ["seeked", "timeupdate"]) audio.addEventListener(event, draw);
  roll.addEventListener("click", (event) => {
    const box = roll.getBoundingClientRect();
    audio.currentTime = ((event.clientX - box.left) / box.width) * seconds;
    audio.play().catch(() => {});
  });
}
