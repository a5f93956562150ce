// The tokens: a list in which the arrow keys go from one to the next.

import { make, NO_SHORTCUTS } from "../shared/dom.js";
import { tokenByKey } from "./links.js";

const HELP = "Arrow left and right: the token before and after; up and down: a bar. Enter: "
  + "hear it. Space: play or pause.";

/**
 * @param session see session.js
 * @param colourOf (track) -> the colour of a track
 */
export const createStrip = ({ session, colourOf, signal }) => {
  const element = make("div", { class: "dc-tokens", role: "listbox", "aria-label": "Tokens",
    "aria-description": HELP, "aria-orientation": "horizontal" });
  let buttons = [];
  let current = 0; // the one that Tab leads to

  const rest = (number) => {
    buttons[current]?.setAttribute("tabindex", -1);
    current = Math.min(Math.max(number, 0), Math.max(buttons.length - 1, 0));
    buttons[current]?.setAttribute("tabindex", 0);
  };

  const rebuild = () => {
    buttons = session.tokens().map(({ text, voice }, number) => {
      const button = make("button", { type: "button", role: "option", class: "dc-token",
        tabindex: -1, "aria-selected": "false", "data-number": number, text,
        ...NO_SHORTCUTS });
      if (voice !== null) button.style.setProperty("--dc-voice", colourOf(voice));
      if (text === "bar") button.classList.add("dc-bar");
      return button;
    });
    element.replaceChildren(...buttons);
    element.hidden = !buttons.length;
    rest(0);
  };

  const show = (number) => {
    const button = buttons[number];
    const { offsetTop, offsetHeight } = button;
    const top = offsetTop - element.offsetTop;
    if (top < element.scrollTop || top + offsetHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top - offsetHeight;
    }
  };

  const draw = () => {
    const { tokens, token } = session.lit();
    buttons.forEach((button, number) => {
      const isLit = tokens.has(number);
      if ((button.getAttribute("aria-selected") === "true") === isLit) return;
      button.setAttribute("aria-selected", String(isLit));
    });
    const first = Math.min(...tokens);
    if (!tokens.size || element.matches(":hover")) return;
    if (token < 0) rest(first);
    show(token < 0 ? first : token);
  };

  const numberOf = (event) => {
    const button = event.target.closest?.(".dc-token");
    return button ? Number(button.dataset.number) : null;
  };
  const on = (type, action) => element.addEventListener(type, (event) => {
    const number = numberOf(event);
    if (number !== null) action(number, event);
  }, { signal });

  on("pointerover", (number) => {
    if (!session.transport.isPlaying()) session.pointAtToken(number);
  });
  on("focusin", (number) => {
    rest(number);
    session.pointAtToken(number);
    session.goTo(session.tokens()[number].start);
  });
  on("click", (number) => session.hearToken(number));
  on("keydown", (number, event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " ") session.transport.toggle();
    else if (event.key === "Enter") session.hearToken(number);
    else {
      const next = tokenByKey(session.tokens(), number, event);
      if (next === null) return;
      buttons[next].focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });

  return { element, rebuild, draw };
};
