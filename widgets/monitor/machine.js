// The time machine without its looks: which stage is chosen, and the sound that plays it.

import { listenTo, saveTraits } from "../shared/link.js";
import { barLines } from "../shared/score.js";
import { createRecording } from "./recording.js";
import { stageIndex } from "./story.js";

/**
 * @param model the widget's model: stages, step, follows_newest, volume, is_playing, wish
 * @param transport see shared/transport.js; plays stages that are notes
 * @param audio the element that plays those that are raw sound
 */
export const createMachine = ({ model, sound, transport, audio }) => {
  const listeners = new Set();
  let shown = null; // the music that the transport has
  let playsWhenHeard = false; // somebody clicked "Hear it now" here
  let isTouched = false; // whether the slider was moved
  let repeats = false; // whether the music begins again at its end

  const tell = (what) => listeners.forEach((listener) => listener(what));
  const stages = () => model.get("stages");
  const index = () => stageIndex(stages(), model.get("step"));

  const save = (values) => saveTraits(model, values);

  const takeRepeat = () => transport.setLoop(repeats && transport.end() > 0
    ? [0, barLines(transport.music()).at(-1).step] : null);

  /** Let the sound follow the chosen stage; what plays, plays on at the same place. */
  const takeStage = () => {
    const { music = null, wav = null } = stages()[index()] ?? {};
    recording.set(wav);
    if (music !== shown) {
      shown = music;
      transport.setMusic(music, { keepsMix: true });
      if (repeats) takeRepeat();
    }
    tell("stage");
  };

  const go = (place) => {
    const last = stages().length - 1;
    if (last < 0) return;
    const next = Math.min(last, Math.max(0, place));
    isTouched = true;
    save({ step: stages()[next].step, follows_newest: next === last });
    takeStage();
  };

  const hear = (what) => {
    if (["play", "pause", "end"].includes(what)) save({ is_playing: isPlaying() });
    tell(what);
  };
  const recording = createRecording({ audio, onChange: hear });
  const isPlaying = () => (recording.isThere() ? recording.isPlaying() : transport.isPlaying());
  const pause = () => (recording.isThere() ? recording.pause() : transport.pause());

  const takeVolume = () => {
    sound.setVolume(model.get("volume"));
    recording.setVolume(model.get("volume"));
  };

  const play = (from = null) => {
    takeVolume();
    // a browser that plays nothing before the first click is no error
    if (recording.isThere()) return recording.play({ from })?.catch(() => tell("silent"));
    return transport.play(from === null ? {} : { from });
  };

  const heard = () => {
    if (model.get("wish") === "" && playsWhenHeard) {
      playsWhenHeard = false;
      takeStage();
      play(0);
    }
    tell("state");
  };

  const obey = ({ kind }) => ({ play: () => play(), silence: pause }[kind]?.());

  const forget = transport.onChange(hear);
  const news = { "change:stages": takeStage, "change:step": takeStage, "change:wish": heard,
    "change:volume": takeVolume, "msg:custom": obey };
  const forgetNews = listenTo(model, news);
  save({ is_playing: false }); // whatever played before the page was loaded again
  takeStage();

  return {
    transport, recording, stages, index, go, play, isPlaying,
    step: () => stages()[index()]?.step ?? model.get("step"),
    isTouched: () => isTouched,
    repeats: () => repeats,
    setRepeats: (next) => {
      repeats = next;
      takeRepeat();
      recording.setRepeats(next);
    },
    toggle: () => (isPlaying() ? pause() : play()),
    /** The stage nearest to any step of the training. */
    goNear: (step) => {
      const distances = stages().map((stage) => Math.abs(stage.step - step));
      const nearest = distances.indexOf(Math.min(...distances));
      if (nearest !== index()) go(nearest);
    },
    /** Go to the newest stage, and to each that comes, or stay where it is. */
    setFollows: (follows) => {
      if (follows) go(stages().length - 1);
      else save({ follows_newest: false });
      tell("stage");
    },
    /** The next stage that Python sends is to be played: a click asked for it. */
    playNext: () => {
      sound.wake();
      playsWhenHeard = true;
    },
    setVolume: (volume) => save({ volume }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      forget();
      forgetNews();
      transport.close();
      recording.close();
      save({ is_playing: false });
    },
  };
};
