// What is pointed at, and what is played: between Python's traits, the transport and any
// number of views. No DOM.

import { countViews, listenTo, saveChanged } from "../shared/link.js";
import { noteName } from "../shared/notes.js";
import { drumName, noteKey, notesAt, spokenPlace, trackName } from "../shared/score.js";
import { linksBetween, notesOfToken } from "./links.js";

const MOST_NAMED = 6; // notes that a sentence names
const LEAST_MS = 160; // that a note sounds when it is pointed at
const MOST_MS = 2500;

/**
 * @param model the widget's model
 * @param transport see shared/transport.js
 */
export const createSession = ({ model, transport }) => {
  const listeners = new Set();
  let links = linksBetween([], []);
  // What is lit: keys of notes, numbers of tokens, a stretch of time; and what is pointed at.
  let lit = { keys: new Set(), tokens: new Set(), span: null, token: -1, note: null };

  const tokens = () => model.get("tokens");
  const save = (values) => saveChanged(model, values);
  const say = (status) => save({ status });
  const tell = (what) => listeners.forEach((listener) => listener(what));
  const noteOf = (key) => transport.notes().find(({ track, index }) =>
    noteKey(track, index) === key) ?? null;

  // --- in words
  const named = ({ track, pitch }) => {
    const music = transport.music();
    const isDrum = music.tracks[track]?.is_drum;
    return `${trackName(music, track)} ${isDrum ? drumName(pitch) : noteName(pitch)}`;
  };
  const listed = (notes) => {
    if (!notes.length) return "no note";
    const more = notes.length - MOST_NAMED;
    return notes.slice(0, MOST_NAMED).map(named).join(", ") + (more > 0 ? ` and ${more} more` : "");
  };

  // --- what lights up
  const light = (next) => {
    lit = next;
    tell("lit");
  };

  const pointAtToken = (number) => {
    const token = tokens()[number];
    if (!token || lit.token === number) return;
    const notes = notesOfToken(token, transport.notes());
    light({ keys: new Set(links.notesOf[number]), tokens: new Set([number]),
      span: [token.start, token.end], token: number, note: null });
    save({ chosen: number, status: `Token ${number + 1} of ${tokens().length}, `
      + `“${token.text}”, ${spokenPlace(transport.music(), token.start)}: ${listed(notes)}.` });
  };

  const pointAtNote = (key) => {
    const note = noteOf(key);
    if (!note || lit.note === key) return;
    const numbers = links.tokensOf.get(key) ?? [];
    light({ keys: new Set([key]), tokens: new Set(numbers), span: [note.start, note.end],
      token: -1, note: key });
    const words = numbers.slice(0, MOST_NAMED).map((number) => `“${tokens()[number].text}”`);
    const more = numbers.length > MOST_NAMED ? ` and ${numbers.length - MOST_NAMED} more` : "";
    save({ chosen: numbers[0] ?? -1, status: `${named(note)}, ${spokenPlace(transport.music(),
      note.start)}: ${words.length ? `written ${words.join(" ")}${more}` : "no token"}.` });
  };

  const lightPlayed = () => {
    const step = transport.position();
    const keys = transport.soundingKeys(step);
    const numbers = new Set([...keys].flatMap((key) => links.tokensOf.get(key) ?? [])
      .filter((number) => tokens()[number].start <= step + 1e-6));
    const isSame = (a, b) => a.size === b.size && [...a].every((one) => b.has(one));
    if (isSame(keys, lit.keys) && isSame(numbers, lit.tokens)) return;
    light({ keys, tokens: numbers, span: null, token: -1, note: null });
  };

  // --- what sounds
  const sound = (notes) => {
    const map = transport.map();
    notes.forEach(({ track, pitch, velocity, start, end }) => {
      const ms = (1000 * (map.secondsAt(end) - map.secondsAt(start))) / transport.speed();
      transport.audition(track, pitch, velocity, Math.min(MOST_MS, Math.max(LEAST_MS, ms)));
    });
  };
  const hearLit = () => sound([...lit.keys].map(noteOf).filter(Boolean));

  const goTo = (step) => { if (!transport.isPlaying()) transport.seek(step); };

  // --- what comes from Python
  const takeTokens = () => {
    links = linksBetween(tokens(), transport.notes());
    light({ keys: new Set(), tokens: new Set(), span: null, token: -1, note: null });
    tell("tokens");
  };
  const takeMusic = () => {
    transport.setMusic(model.get("music"));
    takeTokens();
  };
  const takeChosen = () => {
    const number = model.get("chosen");
    if (number >= 0 && !lit.tokens.has(number)) pointAtToken(number);
  };
  const takeSpeed = () => {
    transport.setSpeed(model.get("speed"));
    tell("speed");
  };
  const taking = { "change:music": takeMusic, "change:tokens": takeTokens,
    "change:chosen": takeChosen, "change:speed": takeSpeed };
  const forgetTaking = listenTo(model, taking);

  const told = { play: "Playing.", pause: "Paused.", end: "Played to the end.",
    silent: "Click here to hear it: a browser stays silent until the first click." };
  const forget = transport.onChange((what) => {
    if (["play", "pause", "end"].includes(what)) save({ is_playing: transport.isPlaying() });
    if (told[what]) say(told[what]);
    tell("state");
  });
  save({ is_playing: false });
  takeMusic();
  takeSpeed();

  return {
    transport, say, pointAtToken, pointAtNote, lightPlayed, hearLit, goTo,
    lit: () => lit,
    tokens,
    noteOf,
    /** Point at a token or a note and hear it. */
    hearToken: (number) => {
      pointAtToken(number);
      goTo(tokens()[number].start);
      hearLit();
    },
    hearNote: (key) => {
      pointAtNote(key);
      goTo(noteOf(key).start);
      hearLit();
    },
    /** The notes that the staff stands at: the lowest track's is meant. */
    noteAtStaff: (step) => notesAt(transport.notes(), step)[0] ?? null,
    setSpeed: (speed) => save({ speed }),
    setTokenizer: (tokenizer) => save({ tokenizer }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** A view has opened; returns how it leaves. With the last one the sound ends. */
    enter: countViews(() => transport.pause()),
    close: () => {
      forget();
      forgetTaking();
      transport.close();
    },
  };
};
