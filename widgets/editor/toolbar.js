// The controls around the notes: tools, history, grid and key above them; what can be done
// with selected notes below.

import { make, makeButton, NO_SHORTCUTS, showPlaying } from "../shared/dom.js";
import { voiceName } from "./words.js";

const TONICS = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
const GRID_WORDS = { "1/4": "Grid 1/4", "1/8": "Grid 1/8", "1/8T": "1/8 triplets",
  "1/16": "Grid 1/16", "1/16T": "1/16 triplets", "1/32": "Grid 1/32", off: "No grid" };
const TOOLS = [["draw", "Draw"], ["select", "Select"], ["erase", "Erase"]];

// [command, arguments, text, what a screen reader says: it begins with the text, so that
// somebody who speaks to the computer can call a button by what stands on it]
const ACTIONS = [
  [["selectAll", [], "All", "All: select all notes"]],
  [["cut", [], "Cut"], ["copy", [], "Copy"], ["paste", [], "Paste", "Paste at the cursor"],
    ["duplicate", [], "Repeat", "Repeat behind"], ["erase", [], "Delete"]],
  [["octave", [-1], "−8", "−8: an octave lower"], ["octave", [1], "+8", "+8: an octave higher"],
    ["quantise", [], "To grid", "To grid: bring beginnings there"],
    ["bringIntoKey", [], "Into key", "Into key: bring notes there"]],
];

const SELECT_VOICE = ["selectVoice", [], "All of it", "All of it: select the notes of the voice"];

const makeMenu = (className, label, options) => make("select", { class: `dc-select ${className}`,
  "aria-label": label, title: label, ...NO_SHORTCUTS },
...options.map(([value, text]) => make("option", { value, text })));

const makeRange = (className, label, attributes) => make("input", { type: "range",
  class: className, "aria-label": label, title: label, ...attributes, ...NO_SHORTCUTS });

const keyOptions = () => [["", "No key"], ...["major", "minor"].flatMap((mode) =>
  TONICS.map((name, tonic) => [`${tonic} ${mode}`, `${name} ${mode}`]))];

const press = (button, isOn) => button.setAttribute("aria-pressed", String(isOn));

/** What stands above the notes. */
export const createTools = ({ model, session, commands, roll, signal }) => {
  const on = (element, type, action) => element.addEventListener(type, action, { signal });
  const set = (values) => session.save(values);
  const play = makeButton("dc-play", "Play", "Play from the cursor");
  const tools = TOOLS.map(([tool, text]) => {
    const button = makeButton(`dc-tool dc-tool-${tool}`, text);
    on(button, "click", () => commands.tool(tool));
    return [tool, button];
  });
  const undo = makeButton("dc-undo", "Undo");
  const redo = makeButton("dc-redo", "Redo");
  const grid = makeMenu("dc-grid", "Grid", Object.entries(GRID_WORDS));
  const key = makeMenu("dc-key-menu", "Key", keyOptions());
  const inKey = makeButton("dc-in-key", "In key", "In key: keep to its notes");
  const zoomOut = makeButton("dc-zoom-out", "−", "Zoom out");
  const zoomIn = makeButton("dc-zoom-in", "+", "Zoom in");
  const help = makeButton("dc-help", "?", "Keys of the editor");
  const group = (label, ...children) =>
    make("div", { class: "dc-group", role: "group", "aria-label": label }, ...children);
  const element = make("div", { class: "dc-tools", role: "toolbar", "aria-label": "Tools" },
    play, group("Tool", ...tools.map(([, button]) => button)), group("History", undo, redo),
    group("Grid and key", grid, key, inKey), group("View", zoomOut, zoomIn, help));

  on(play, "click", () => commands.playOrPause());
  on(undo, "click", () => session.undo());
  on(redo, "click", () => session.redo());
  on(grid, "change", () => set({ grid: grid.value }));
  on(key, "change", () => {
    const [tonic, mode] = key.value.split(" ");
    set({ key: key.value ? { tonic: Number(tonic), mode, name: `${TONICS[tonic]} ${mode}` } : {},
      in_key: Boolean(key.value) });
  });
  on(inKey, "click", () => {
    if (!session.key()) return session.say("Choose a key first, then notes can keep to it.");
    return set({ in_key: !model.get("in_key") });
  });
  on(zoomIn, "click", () => roll.zoomBy(1.5, session.cursor().step));
  on(zoomOut, "click", () => roll.zoomBy(1 / 1.5, session.cursor().step));

  const draw = () => {
    showPlaying(play, session.transport.isPlaying(), { play: ["Play", "Play from the cursor"] });
    tools.forEach(([tool, button]) => press(button, tool === model.get("tool")));
    // Not `disabled`: a button that has the focus would lose it with its last use.
    undo.setAttribute("aria-disabled", String(!session.canStep("undo")));
    redo.setAttribute("aria-disabled", String(!session.canStep("redo")));
    grid.value = model.get("grid");
    const { tonic, mode } = model.get("key");
    key.value = tonic === undefined ? "" : `${tonic} ${mode}`;
    press(inKey, model.get("in_key"));
  };
  return { element, help, draw };
};

/** What stands below the notes, and what stands beside the voices (`ofVoice`). */
export const createActions = ({ model, session, commands, signal }) => {
  const on = (element, type, action) => element.addEventListener(type, action, { signal });
  const makeAction = ([command, values, text, label]) => {
    const button = makeButton(`dc-do-${command}`, text, label);
    on(button, "click", () => commands[command](...values));
    return button;
  };
  const groups = ACTIONS.map((group) =>
    make("div", { class: "dc-group" }, ...group.map(makeAction)));
  const velocity = makeRange("dc-velocity", "Velocity", { min: 1, max: 127 });
  const number = make("output", { class: "dc-velocity-text" });
  const volume = makeRange("dc-volume", "Volume", { min: 0, max: 100 });
  const give = makeMenu("dc-give", "Give the notes to another voice", []);
  const element = make("div", { class: "dc-tools dc-actions", role: "toolbar",
    "aria-label": "Selected notes" }, ...groups,
  make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Velocity" }),
    velocity, number),
  make("label", { class: "dc-group" }, make("span", { class: "dc-label", text: "Volume" }),
    volume));

  on(velocity, "input", () => { number.textContent = velocity.value; });
  on(velocity, "change", () => {
    const chosen = Number(velocity.value);
    session.setDraws({ velocity: chosen });
    commands.velocity(chosen);
  });
  on(volume, "input", () => session.save({ volume: Number(volume.value) / 100 }));
  on(give, "change", () => {
    commands.giveToVoice(Number(give.value));
    give.value = "";
  });

  const draw = () => {
    const doc = session.committed();
    const [note] = session.selected();
    velocity.value = note?.velocity ?? session.drawVelocity();
    number.textContent = velocity.value;
    volume.value = Math.round(100 * model.get("volume"));
    give.replaceChildren(make("option", { value: "", text: "Give to …" }), ...doc.voices
      .map((_, voice) => make("option", { value: voice, text: voiceName(doc, voice) })));
    give.value = "";
  };
  return { element, ofVoice: [makeAction(SELECT_VOICE), give], draw };
};
