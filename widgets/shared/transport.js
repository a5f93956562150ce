// Plays music: play, pause, seek, loop, tempo factor, and a mixer of tracks. It knows no DOM;
// the Player, the Editor and the monitor drive it, and the tests do, in node.
//
//   const transport = createTransport({ sound: pageSound() });
//   transport.setMusic(music);              // may be changed while it plays
//   transport.play({ from: 16, until: 32 }); // both may be left out
//   transport.position()                    // in steps; ask in each animation frame
//   const forget = transport.onChange((what) => …);   // "play", "pause", "end", "seek",
//                                           // "loop", "speed", "mix", "music", "silent"
//   transport.close();
//
// Time: a playback keeps to the clock of the sound (mixer.now(), in ms), so that what is
// rendered is even however busy the page is. A run is a list of segments, see segments.js; a
// loop appends the next one before the last has ended, so that it comes round without a gap.
// Notes are handed to the synth LOOK_AHEAD before they sound.

import { completeMusic, firstFrom, flatNotes, musicEnd, noteKey, notesAt, tempoMap }
  from "./score.js";
import { createMixer } from "./mixer.js";
import { clockIn, secondsIn, segmentAt, stepIn } from "./segments.js";
import { createStruck } from "./struck.js";

const TICK = 15; // ms between two looks at what comes next
const LOOK_AHEAD = 60; // ms
const LOOK_AHEAD_HIDDEN = 1600; // ms: browsers slow the timers of hidden pages to one a second
const LEAD_IN = 80; // ms before the first note; longer than LOOK_AHEAD, see mixer.silence
const PATIENCE = 1500; // ms to wait for a sound that is being woken
const SHORTEST_LOOP = 0.25; // steps
const EPS = 1e-6; // steps: nearer is the same moment
export const SLOWEST = 0.25; // tempo factors
export const FASTEST = 4;

const lookAhead = () => (globalThis.document?.hidden ? LOOK_AHEAD_HIDDEN : LOOK_AHEAD);

export const createTransport = ({ sound, clock = () => performance.now(),
  every = (action, ms) => setInterval(action, ms), never = (timer) => clearInterval(timer) }) => {
  const listeners = new Set();
  let music = completeMusic(null);
  let map = tempoMap(music);
  let notes = [];
  let end = 0; // step
  let cursor = 0; // step, where it stands while nothing plays
  let loop = null; // [from, to] in steps
  let speed = 1;
  let run = null; // {segments, next, until, told, endsAt, isSilent, waitsSince, timer}
  const mixer = createMixer(sound, clock);
  const struck = createStruck({ mixer, secondsAt: (step) => map.secondsAt(step),
    isSilent: () => run.isSilent });

  const tell = (what) => listeners.forEach((listener) => listener(what));

  const position = () => {
    if (!run) return cursor;
    const now = mixer.now();
    return stepIn(segmentAt(run.segments, now), now);
  };

  /** A segment that begins at a step: up to the end of the loop, of the range or the music. */
  const segmentFrom = (step, time) => {
    const goesRound = loop !== null && step < loop[1] - EPS && run.until === null;
    const last = goesRound ? loop[1] : Math.max(Math.min(run.until ?? end, end), step);
    return { clock: time, from: map.secondsAt(step), to: map.secondsAt(last), map, speed,
      goesRound };
  };

  // --- handing notes over
  const begin = (step, time) => {
    run.segments = [...run.segments.slice(-2), segmentFrom(step, time)];
    run.next = firstFrom(notes, step - EPS);
    struck.strikeHeld(notesAt(notes, step).filter(({ start }) => start < step - EPS), time);
  };

  /** Hand everything up to the moment `until` (clock) to the synth. */
  const advance = (until) => {
    run.told = Math.max(run.told, until);
    while (run.endsAt === null) {
      const segment = run.segments.at(-1);
      const limit = secondsIn(segment, until);
      for (;;) {
        const start = run.next < notes.length ? map.secondsAt(notes[run.next].start) : Infinity;
        const ending = struck.earliestEnd();
        // At one moment releases come before strikes, so that a repeated note sounds twice.
        if (ending && ending.at <= Math.min(start, limit)) {
          struck.release(ending.key, clockIn(segment, ending.at));
        } else if (start <= limit && start < segment.to - 1e-9) {
          struck.strike(notes[run.next], clockIn(segment, start));
          run.next += 1;
        } else break;
      }
      if (limit < segment.to) return;
      const time = clockIn(segment, segment.to);
      struck.releaseAll(time);
      if (segment.goesRound && loop) begin(loop[0], time);
      else run.endsAt = time;
    }
  };

  /** Begin at a step, on the sound's clock as it stands now. */
  const start = (step) => {
    Object.assign(run, { segments: [], told: 0, endsAt: null, isSilent: !mixer.isAwake() });
    struck.forget();
    mixer.takeUp();
    begin(step, mixer.earliest(mixer.now() + LEAD_IN));
  };

  const tick = () => {
    if (run.waitsSince !== null) {
      const isPatient = clock() - run.waitsSince < PATIENCE;
      if (!mixer.isAwake() && !sound.isAsleep?.() && isPatient) return;
      run.waitsSince = null;
      start(cursor);
      if (run.isSilent) tell("silent");
    } else if (run.isSilent && mixer.isAwake()) { // the learner's first touch: join in
      start(position());
      tell("play");
    } else if (!run.isSilent && !mixer.isAwake()) { // the system took the sound away
      run.isSilent = true;
      struck.releaseAll(mixer.now());
      tell("silent");
    }
    mixer.follow();
    const now = mixer.now();
    advance(now + lookAhead());
    if (run.endsAt !== null && now >= run.endsAt) finish();
  };

  const halt = () => {
    never(run.timer);
    run = null;
    struck.forget();
  };

  const finish = () => {
    cursor = map.stepAt(run.segments.at(-1).to);
    halt();
    tell("end");
  };

  /** Up to which moment the synth has been told everything. */
  const horizon = () =>
    Math.max(run.segments.at(-1).clock, run.told, mixer.now() + lookAhead());

  /**
   * Hand all up to the horizon over, so that something may change behind it. Returns
   * {time, step} of the horizon, or null if nothing is playing that could be changed.
   */
  const settle = () => {
    if (!run || run.waitsSince !== null) return null;
    const time = horizon();
    advance(time);
    return run.endsAt === null ? { time, step: stepIn(run.segments.at(-1), time) } : null;
  };

  /** From the horizon on a running playback follows the new state. */
  const resync = (place, restrikes = () => false) => {
    if (!place) return;
    const { time, step } = place;
    run.segments = [...run.segments.slice(-2), segmentFrom(step, time)];
    run.next = firstFrom(notes, step + EPS);
    const held = notes.filter(({ start, end: last }) => start < step + EPS && last > step + EPS);
    struck.become(held, time, restrikes);
  };

  // --- what the world may ask for
  /** @param range {from, until} in steps, both optional: where to begin and to stop. */
  const play = ({ from = null, until = null } = {}) => {
    if (end <= 0) return false;
    cursor = from ?? position();
    if (loop && until === null && cursor >= loop[1] - EPS) [cursor] = loop;
    if (cursor < 0 || cursor >= (until ?? end) - EPS) cursor = 0;
    if (run) silence();
    sound.wake();
    sound.takeStage?.(transport);
    // A sound that is being woken takes a moment; until then the playback waits.
    run = { segments: [], next: 0, until, told: 0, endsAt: null, isSilent: false,
      waitsSince: clock(), timer: every(tick, TICK) };
    run.segments = [segmentFrom(cursor, Infinity)];
    tell("play");
    tick();
    return true;
  };

  const silence = () => {
    if (run.waitsSince === null) mixer.silence(horizon());
    halt();
  };

  const pause = () => {
    if (!run) {
      mixer.putDown();
      return;
    }
    cursor = position();
    silence();
    tell("pause");
  };

  const seek = (step) => {
    const place = Math.min(Math.max(0, step), end);
    if (run) {
      const { until } = run;
      silence();
      cursor = place;
      play({ from: place, until: until !== null && place < until ? until : null });
    } else cursor = place;
    tell("seek");
  };

  const transport = {
    play, pause, seek, position,
    toggle: () => (run ? pause() : play()),
    /** Pause, and back to the beginning (of the loop, if there is one). */
    stop: () => {
      pause();
      seek(loop ? loop[0] : 0);
    },
    isPlaying: () => run !== null,
    /** Whether it plays, but the browser keeps silent until somebody touches the page. */
    isSilent: () => Boolean(run?.isSilent),
    music: () => music, notes: () => notes, end: () => end, map: () => map,

    /** Take other music; while it plays, it plays on at the same step. */
    setMusic: (next, { keepsMix = false } = {}) => {
      const place = settle();
      music = completeMusic(next);
      map = tempoMap(music);
      notes = flatNotes(music);
      end = musicEnd(music);
      mixer.setTracks(music.tracks, keepsMix);
      cursor = Math.min(cursor, end);
      if (loop && loop[0] >= end) loop = null;
      if (run && end <= 0) pause();
      else if (place) resync({ ...place, step: Math.min(place.step, end) });
      tell("music");
    },

    /** [from, to] in steps, or null. The music goes round in it, once it is inside. */
    setLoop: (range) => {
      const place = settle();
      const [from, to] = range ? [...range].sort((a, b) => a - b) : [0, 0];
      loop = range && to - from >= SHORTEST_LOOP ? [Math.max(0, from), to] : null;
      resync(place);
      tell("loop");
    },
    loop: () => loop,

    /** Play faster or slower by a factor, 0.25 to 4. */
    setSpeed: (factor) => {
      const next = Math.min(FASTEST, Math.max(SLOWEST, Number(factor) || 1));
      if (next === speed) return;
      const place = settle();
      speed = next;
      resync(place);
      tell("speed");
    },
    speed: () => speed,

    /** {program, is_drum, volume (0 to 1), mute, solo} of each track. */
    mix: () => mixer.tracks(),
    setTrack: (track, values) => {
      if (!mixer.tracks()[track]) return;
      const place = settle();
      const before = mixer.tracks()[track];
      mixer.setTrack(track, values);
      const now = mixer.tracks()[track];
      resync(place, (other) => other === track && now.program !== before.program);
      tell("mix");
    },
    isAudible: (track) => mixer.isAudible(track),

    /** The notes that sound now: [{track, index, start, end, pitch, velocity}]. */
    sounding: (step = position()) => (run
      ? notesAt(notes, step).filter((note) => mixer.isAudible(note.track)) : []),
    soundingKeys: (step = position()) =>
      new Set(transport.sounding(step).map(({ track, index }) => noteKey(track, index))),

    /** One note at once on a track's instrument, to hear what is drawn or clicked. */
    audition: (track, pitch, velocity = 80, ms = 350) => {
      sound.wake();
      if (!run) {
        sound.takeStage?.(transport);
        mixer.takeUp();
      }
      mixer.audition(track, pitch, velocity, ms);
    },

    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    close: () => {
      listeners.clear();
      if (run) silence();
      mixer.putDown();
      sound.leaveStage?.(transport);
    },
  };
  return transport;
};
