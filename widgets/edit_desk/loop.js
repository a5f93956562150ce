// Loop mode: the piece goes round, the network writes one bar anew each time, and what a
// hand plays is written into the others. No DOM.

import { createRounds, createTake } from "./recording.js";

const TICK = 30; // ms between two looks at where the music is

/** @param session see session.js */
export const createLoop = ({ model, session, every = (action, ms) => setInterval(action, ms),
  never = (timer) => clearInterval(timer) }) => {
  const { transport, get, save, ask } = session;
  const rounds = createRounds();
  let timer = null;
  let nRounds = 0;

  const end = () => get("bars").at(-1)?.[1] ?? 0;
  const bar = () => get("bars")[Math.min(get("model_bar"), get("bars").length - 1)] ?? [0, 0];
  const isOn = () => timer !== null;
  const take = createTake({ voice: () => get("played_voice"), end,
    onNotes: (notes) => ask({ kind: "played", notes }) });

  const tick = () => {
    if (!transport.isPlaying()) return;
    const { isRound, hasLeft } = rounds.look(transport.position(), bar());
    if (isRound) {
      nRounds += 1;
      session.tell("rounds");
    }
    // Asked for as soon as the bar is over, so that the next one is there when it comes.
    if (hasLeft) ask({ kind: "again" });
  };

  const stop = () => {
    if (!isOn()) return;
    take.end(transport.position());
    never(timer);
    timer = null;
    transport.setLoop(null);
    if (get("is_looping")) save({ is_looping: false });
    transport.pause();
    session.tell("loop");
  };

  const start = () => {
    if (isOn()) return;
    session.halt();
    session.go(session.nEdits(), false);
    nRounds = 0;
    rounds.forget();
    if (!get("is_looping")) save({ is_looping: true });
    transport.setLoop([0, end()]);
    timer = every(tick, TICK);
    if (!transport.isPlaying()) session.play();
    session.tell("loop");
  };

  const follow = () => (get("is_looping") ? start() : stop());
  model.on("change:is_looping", follow);
  const forget = transport.onChange((what) => {
    if (isOn() && (what === "pause" || what === "end")) stop();
  });

  return {
    start, stop, isOn,
    toggle: () => (isOn() ? stop() : start()),
    nRounds: () => nRounds,
    /** Whether what is played now is written into the piece. */
    isRecording: () => isOn() && transport.isPlaying(),
    press: (pitch) => { if (isOn() && transport.isPlaying()) take.press(pitch, transport.position()); },
    release: (pitch) => take.release(pitch, transport.position()),
    close: () => {
      stop();
      forget();
      model.off("change:is_looping", follow);
    },
  };
};
