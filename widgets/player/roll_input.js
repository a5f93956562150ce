// Mouse, fingers and keys on the player's roll: seeking, looping, zooming.

import { make } from "../shared/dom.js";
import { barLines, beatLines } from "../shared/score.js";

const ZOOM = 1.3;
const CLICK_PX = 4; // a pointer that moves less has clicked

/** The bar or beat line before (`way` -1) or after (1) a step. Pure. */
export const nextLine = (lines, step, way) => (way > 0
  ? lines.find((line) => line > step + 1e-6) ?? lines.at(-1)
  : lines.findLast((line) => line < step - 1e-6) ?? 0);

/** The bars that a range touches, whole: what is looped when it is drawn by hand. Pure. */
export const wholeBars = (bars, from, to) => {
  const steps = bars.map(({ step }) => step);
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const start = steps.findLast((step) => step <= low + 1e-6) ?? steps[0];
  const end = steps.find((step) => step >= high - 1e-6) ?? steps.at(-1);
  return end > start ? [start, end] : [start, steps.find((step) => step > start) ?? end];
};

/**
 * @param seek called with a step
 * @returns {keydown} to be called with the keys that come to the roll; true if it took one
 */
export const createRollInput = ({ roll, transport, session, seek, signal }) => {
  const { surface } = roll;
  const ruler = make("div", { class: "dc-ruler",
    title: "Drag over bars to loop them; click to go there" });
  roll.element.append(ruler);
  const inMusic = (step) => Math.min(Math.max(0, step), transport.end());

  surface.addEventListener("click", (event) => {
    const place = roll.placeOf(event);
    if (!place.isGutter) seek(inMusic(place.step));
  }, { signal });

  let drag = null; // {x, step}
  const rangeTo = (event) =>
    wholeBars(barLines(transport.music()), drag.step, inMusic(roll.placeOf(event).step));
  const isClick = (event) => Math.abs(event.clientX - drag.x) < CLICK_PX;
  ruler.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    ruler.setPointerCapture(event.pointerId);
    drag = { x: event.clientX, step: inMusic(roll.placeOf(event).step) };
  }, { signal });
  ruler.addEventListener("pointermove", (event) => {
    if (drag && !isClick(event)) roll.setLoop(rangeTo(event));
  }, { signal });
  ruler.addEventListener("pointerup", (event) => {
    if (!drag) return;
    if (isClick(event)) seek(drag.step);
    else session.setLoop(rangeTo(event));
    drag = null;
  }, { signal });
  ruler.addEventListener("pointercancel", () => {
    drag = null;
    roll.setLoop(transport.loop());
  }, { signal });

  surface.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // also what a pinch on a touch pad sends
    event.preventDefault();
    roll.zoomBy(Math.exp(-event.deltaY / 200), roll.placeOf(event).step);
  }, { signal, passive: false });

  const linesOf = (isBar) => {
    const bars = barLines(transport.music());
    const steps = bars.map(({ step }) => step);
    return isBar ? steps : [...steps, ...beatLines(transport.music(), bars)].sort((a, b) => a - b);
  };
  const move = (way, isBar) =>
    seek(inMusic(nextLine(linesOf(isBar), transport.position(), way)));
  const loopFrom = (edge) => {
    const bars = barLines(transport.music());
    const here = transport.position();
    const [from, to] = transport.loop() ?? [0, bars.at(-1).step];
    const [start] = wholeBars(bars, here, here);
    const line = edge === 0 ? start : nextLine(bars.map(({ step }) => step), start, 1);
    const range = edge === 0 ? [line, to > line ? to : bars.at(-1).step]
      : [from < line ? from : 0, line];
    session.setLoop(range);
  };

  const taken = {
    ArrowLeft: (event) => move(-1, event.shiftKey),
    ArrowRight: (event) => move(1, event.shiftKey),
    ArrowDown: () => move(-1, true),
    ArrowUp: () => move(1, true),
    PageUp: () => { for (let i = 0; i < 4; i += 1) move(1, true); },
    PageDown: () => { for (let i = 0; i < 4; i += 1) move(-1, true); },
    Home: () => seek(0),
    End: () => seek(transport.end()),
    " ": () => transport.toggle(),
    Enter: () => transport.toggle(),
    "+": () => roll.zoomBy(ZOOM, transport.position()),
    "=": () => roll.zoomBy(ZOOM, transport.position()),
    "-": () => roll.zoomBy(1 / ZOOM, transport.position()),
    0: () => roll.fit(),
    l: () => session.toggleLoop(),
    "[": () => loopFrom(0),
    "]": () => loopFrom(1),
    Escape: () => { if (transport.loop()) session.setLoop(null); },
  };
  return {
    keydown: (event) => {
      const action = taken[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey) return false;
      action(event);
      return true;
    },
  };
};
