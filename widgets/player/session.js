// Between the Python object's traits and the transport. No DOM.

import { countViews, listenTo, saveChanged } from "../shared/link.js";
import { barLines, spokenPlace, trackName } from "../shared/score.js";

const TELL_EVERY = 250; // ms between two positions told to Python

const rounded = (step) => Math.round(step * 100) / 100;

/**
 * @param model the widget's model
 * @param transport see shared/transport.js
 * @param sound see shared/sound.js
 */
export const createSession = ({ model, transport, sound,
  every = (action, ms) => setInterval(action, ms), never = (timer) => clearInterval(timer) }) => {
  let timer = null;
  let lastLoop = null; // what the loop button brings back

  const save = (values) => saveChanged(model, values);

  const say = (status) => save({ status });

  const tellPosition = () => {
    save({ position: rounded(transport.position()), is_playing: transport.isPlaying() });
  };

  const takeMix = () => model.get("mix").forEach((values, track) => {
    const now = transport.mix()[track];
    if (now && Object.entries(values).some(([name, value]) => now[name] !== value)) {
      transport.setTrack(track, values);
    }
  });

  const takeMusic = () => {
    transport.setMusic(model.get("music"), { keepsMix: false });
    takeMix();
    if (!transport.isPlaying()) tellPosition();
  };

  const takeLoop = () => {
    const loop = model.get("loop");
    transport.setLoop(loop.length === 2 ? loop : null);
  };

  const takeVolume = () => sound.setVolume(model.get("volume"));

  const taking = { "change:music": takeMusic, "change:mix": takeMix, "change:loop": takeLoop,
    "change:speed": () => transport.setSpeed(model.get("speed")), "change:volume": takeVolume };

  const title = () => model.get("music").title || "the music";

  const told = {
    play: () => say(`Playing ${title()}.`),
    silent: () => say("Click the player to hear it: a browser stays silent until the first "
      + "click."),
    pause: () => say(`Paused at ${spokenPlace(transport.music(), transport.position())}.`),
    end: () => say("Played to the end."),
    loop: () => {
      const range = transport.loop();
      if (range) lastLoop = range;
    },
  };
  const forget = transport.onChange((what) => {
    if (what === "play") takeVolume();
    never(timer);
    if (transport.isPlaying()) timer = every(tellPosition, TELL_EVERY);
    told[what]?.();
    if (["play", "pause", "end", "seek"].includes(what)) tellPosition();
  });

  const setTrack = (track, values) => {
    const name = trackName(transport.music(), track);
    save({ mix: model.get("mix").map((old, i) => (i === track ? { ...old, ...values } : old)) });
    if ("mute" in values) say(values.mute ? `${name} is muted.` : `${name} sounds again.`);
    if ("solo" in values) say(values.solo ? `${name} alone.` : `${name} is no longer solo.`);
  };

  /** Loop a range of steps; null takes the loop away. */
  const setLoop = (range) => {
    save({ loop: range ? range.map(rounded) : [] });
    if (!range) return say("No loop.");
    const place = (step) => spokenPlace(transport.music(), step);
    return say(`Looping from ${place(range[0])} to ${place(range[1])}.`);
  };

  const obey = ({ kind, ...message }) => ({
    play: () => transport.play({ from: message.from ?? null, until: message.until ?? null }),
    pause: () => transport.pause(),
    stop: () => transport.stop(),
    seek: () => transport.seek(message.step),
  }[kind]?.());

  // After the page was loaded again, nothing plays that played before.
  const before = model.get("position");
  save({ is_playing: false });
  takeMusic();
  takeLoop();
  transport.setSpeed(model.get("speed"));
  transport.seek(before);
  tellPosition();
  const forgetTaking = listenTo(model, { ...taking, "msg:custom": obey });

  return {
    /** A view has opened; returns how it leaves. With the last one the sound ends. */
    enter: countViews(() => transport.pause()),
    save, say, setTrack, setLoop,
    setSpeed: (speed) => save({ speed }),
    setVolume: (volume) => save({ volume }),
    /** The loop on or off: the last one, or the whole music in whole bars. */
    toggleLoop: () => {
      if (transport.loop()) return setLoop(null);
      const whole = [0, barLines(transport.music()).at(-1).step];
      const fits = lastLoop && lastLoop[1] <= whole[1];
      return setLoop(fits ? lastLoop : whole);
    },
    close: () => {
      forget();
      never(timer);
      forgetTaking();
      transport.close();
      save({ is_playing: false });
    },
  };
};
