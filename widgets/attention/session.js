// Between the Python object's traits, the sound, and the views. No DOM.

import { countViews, listenTo, saveTraits } from "../shared/link.js";
import { chordsOf, meanDistance, patternOf, peekMusic, positionAt, rowOf, strongest, unpackShares }
  from "./shares.js";

const N_LOOKS = 5; // chords that are listed and heard

/**
 * @param model music, shares, shape, starts, layer, head, position, is_turned, status
 * @param transport plays the music; the position runs with it
 * @param peeking plays what a position looks at
 */
export const createSession = ({ model, transport, peeking }) => {
  const listeners = new Set();
  let shares = new Float32Array();
  let chords = [];
  let hovered = null; // a position under the mouse
  let places = []; // of the peek that sounds: see peekMusic
  const known = new Map(); // "layer:head" -> pattern

  const tell = (what) => listeners.forEach((listener) => listener(what));
  const starts = () => model.get("starts");
  const size = () => starts().length - 1;
  const save = (values) => saveTraits(model, values);
  const say = (status) => save({ status });

  const pattern = (layer = model.get("layer"), head = model.get("head")) => {
    const key = `${layer}:${head}`;
    if (!known.has(key)) known.set(key, patternOf(shares, model.get("shape"), layer, head));
    return known.get(key);
  };

  /** The position that is shown: under the mouse, where the music is, or the chosen one. */
  const position = () => {
    if (hovered !== null) return hovered;
    return transport.isPlaying() ? positionAt(starts(), transport.position())
      : Math.min(model.get("position"), size() - 1);
  };
  const isTurned = () => model.get("is_turned");
  const row = () => rowOf(pattern(), size(), position(), isTurned());
  const looks = () => strongest(row(), chords, N_LOOKS, isTurned());

  const choose = (next) => {
    save({ position: Math.min(Math.max(0, next), size() - 1) });
    if (!transport.isPlaying()) transport.seek(starts()[model.get("position")]);
  };

  const heardPlace = () => {
    if (!peeking.isPlaying()) return null;
    const now = peeking.position();
    return places.findLast(({ at }) => at <= now + 1e-6)?.from ?? null;
  };

  /** Hear some chords, then the position that looks at them (null: the chords alone). */
  const hear = (these = looks(), last = position()) => {
    transport.pause();
    const peek = peekMusic(model.get("music"), starts(), these, last);
    places = peek.places;
    peeking.setMusic(peek.music);
    return peeking.play({ from: 0 });
  };

  const takeShares = () => {
    known.clear();
    shares = unpackShares(model.get("shares"));
    chords = chordsOf(model.get("music"), starts());
    transport.setMusic(model.get("music"));
    tell("music");
  };

  const forgets = [transport.onChange((what) => {
    if (what === "pause" || what === "end") {
      const now = positionAt(starts(), transport.position());
      save({ position: what === "end" ? size() - 1 : now, is_playing: false });
    }
    if (what === "play") save({ is_playing: true });
    tell("sound");
  }), peeking.onChange(() => tell("peek"))];
  const news = { "change:shares": takeShares, "change:layer": () => tell("head"),
    "change:head": () => tell("head"), "change:is_turned": () => tell("position"),
    "change:position": () => tell("position"), "change:status": () => tell("status") };
  const forgetNews = listenTo(model, news);
  save({ is_playing: false }); // whatever played before the page was loaded again
  takeShares();

  return {
    transport, peeking, starts, size, pattern, position, row, looks, choose, hear, heardPlace,
    isTurned, say, save,
    hover: (next) => {
      if (next === hovered) return;
      hovered = next;
      tell("position");
    },
    distance: (head) => meanDistance(pattern(model.get("layer"), head), starts()),
    toggle: () => {
      peeking.pause();
      if (transport.isPlaying()) return transport.pause();
      const from = starts()[model.get("position")];
      return transport.play({ from: model.get("position") >= size() - 1 ? 0 : from });
    },
    /** A view has opened; returns how it leaves. With the last one the sound ends. */
    enter: countViews(() => [transport, peeking].forEach((one) => one.pause())),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      forgets.forEach((forget) => forget());
      forgetNews();
      [transport, peeking].forEach((one) => one.close());
    },
  };
};
