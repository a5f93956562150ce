// What can be done with a map, and what sounds then. No DOM.

import { countViews, saveChanged, tellPython } from "../shared/link.js";
import { inARow, partAt, stageText } from "./places.js";

export const createSession = ({ model, transport }) => {
  let row = null; // what plays: {starts, parts: [{point} or {stage}]}
  const listeners = new Set();
  const tell = () => listeners.forEach((listener) => listener());
  const points = () => model.get("points");
  const walk = () => model.get("walk");

  const save = (values) => saveChanged(model, values);
  const say = (status) => save({ status });

  /** Play pieces in a row; each part says which point or stage it is. */
  const playRow = (pieces, parts) => {
    transport.pause();
    const { music, starts } = inARow(pieces);
    row = { starts, parts };
    transport.setMusic(music);
    transport.play({ from: 0 });
  };

  const hear = (number) => {
    playRow([points()[number].music], [{ point: number }]);
    say(`${points()[number].label}.`);
  };

  const choose = (number) => {
    save({ chosen: number });
    hear(number);
    tell();
  };

  /** The chosen point, then its neighbours, the nearest first. */
  const hearNeighbours = () => {
    const chosen = model.get("chosen");
    const near = model.get("neighbours")[chosen].map(([number]) => number);
    const all = [chosen, ...near];
    playRow(all.map((number) => points()[number].music), all.map((point) => ({ point })));
    say(`${points()[chosen].label}, then its neighbours: `
      + `${near.map((number) => points()[number].label).join(", ")}.`);
  };

  const hearStage = (stage) => {
    save({ stage });
    playRow([walk().stages[stage].music], [{ stage }]);
    say(stageText(walk(), stage, points()));
    tell();
  };

  const hearWalk = () => {
    const { stages } = walk();
    playRow(stages.map(({ music }) => music), stages.map((_, stage) => ({ stage })));
    say(`Walking from ${points()[walk().from].label} to ${points()[walk().to].label}.`);
  };

  const setEnds = (from, to) => {
    if (tellPython(model, { kind: "walk", from, to })) return;
    say("The kernel is gone: a new walk can't be computed. Run the cell again to connect it.");
    tell();
  };

  const forget = transport.onChange((what) => {
    if (what === "silent") {
      say("Click the map to hear it: a browser stays silent until the first click.");
    }
    save({ is_playing: transport.isPlaying() });
    tell();
  });
  const takeWalk = () => {
    if (row?.parts.some((part) => "stage" in part)) transport.pause();
    tell();
  };
  model.on("change:walk", takeWalk);
  save({ is_playing: false });

  return {
    say, choose, hear, hearNeighbours, hearStage, hearWalk, setEnds,
    stop: () => transport.pause(),
    isPlaying: () => transport.isPlaying(),
    /** What sounds now: {point}, {stage}, or {}. */
    now: () => (transport.isPlaying() && row
      ? row.parts[partAt(row.starts, transport.position())] : {}),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    enter: countViews(() => transport.pause()),
    close: () => {
      forget();
      model.off("change:walk", takeWalk);
      transport.close();
    },
  };
};
