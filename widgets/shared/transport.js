// Plays music: play, pause, seek, loop, tempo factor, and a mixer of tracks. It knows no DOM;
// the Player, the Editor and the monitor drive it, and the tests do, in node.
//
//   const transport = createTransport({ sound: pageSound() });
//   transport.setMusic(music);              // may be changed while it plays
//   transport.play();  transport.play({ from: 16, until: 32 });
//   transport.position()                    // in steps; ask in each animation frame
//   const forget = transport.onChange((what) => …);   // "play", "pause", "end", "seek",
//                                           // "loop", "speed", "mix", "music", "silent"
//   transport.close();
//
// Time: a playback keeps to the clock of the sound (mixer.now(), in ms), so that what is
// rendered is even however busy the page is. Music is planned in seconds of its tempo map. A
// run is a list of segments, each a line from clock to music; a loop appends the next one
// before the last has ended, so that it comes round without a gap. Notes are handed to the
// synth LOOK_AHEAD before they sound.

import { completeMusic, flatNotes, musicEnd, noteKey, notesAt, tempoMap } from "./score.js";
import { createMixer } from "./mixer.js";

const TICK = 15; // ms between two looks at what comes next
const LOOK_AHEAD = 60; // ms
const LOOK_AHEAD_HIDDEN = 1600; // ms: browsers slow the timers of hidden pages to one a second
const LEAD_IN = 80; // ms before the first note; longer than LOOK_AHEAD, see mixer.silence
const PATIENCE = 1500; // ms to wait for a sound that is being woken
const SHORTEST_LOOP = 0.25; // steps
const EPS = 1e-6; // steps: nearer is the same moment
export const SLOWEST = 0.25; // tempo factors
export const FASTEST = 4;

const isHidden = () => globalThis.document?.hidden ?? false;

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
  let run = null; // {segments, next, until, told, endsAt, isSilent, waitsSince}, see play()
  let timer = null;
  const active = new Map(); // "channel:pitch" -> the note that was struck last there
  const mixer = createMixer(sound, clock);

  const tell = (what) => listeners.forEach((listener) => listener(what));

  // --- from clock to music and back
  const secondsIn = (segment, time) => Math.min(segment.to,
    segment.from + (Math.max(0, time - segment.clock) / 1000) * segment.speed);
  const clockIn = (segment, at) =>
    segment.clock + (1000 * (at - segment.from)) / segment.speed;
  const segmentAt = (time) =>
    run.segments.findLast((segment) => segment.clock <= time) ?? run.segments[0];
  const stepIn = (segment, time) => segment.map.stepAt(secondsIn(segment, time));
  const position = () => {
    if (!run) return cursor;
    const now = mixer.now();
    return stepIn(segmentAt(now), now);
  };

  /** A segment that begins at a step: up to the end of the loop, of the range or the music. */
  const segmentFrom = (step, time) => {
    const goesRound = loop !== null && step < loop[1] - EPS && run.until === null;
    const last = goesRound ? loop[1] : Math.max(Math.min(run.until ?? end, end), step);
    return { clock: time, from: map.secondsAt(step), to: map.secondsAt(last), map, speed,
      goesRound };
  };

  // --- striking and ending notes
  const release = (key, time) => {
    const { channel, pitch } = active.get(key);
    active.delete(key);
    mixer.noteOff(channel, pitch, time);
  };

  const strike = (note, time) => {
    if (!mixer.isAudible(note.track) || run.isSilent) return;
    const channel = mixer.channelOf(note.track);
    const key = `${channel}:${note.pitch}`;
    if (active.has(key)) release(key, time); // one string sounds once
    active.set(key, { ...note, channel, endSeconds: map.secondsAt(note.end) });
    mixer.noteOn(note.track, note.pitch, note.velocity, time);
  };

  /** Strike those of `held` that do not sound yet; a drum does not sound on. */
  const strikeHeld = (held, time) => held
    .filter(({ track, pitch }) => !mixer.isDrum(track)
      && !active.has(`${mixer.channelOf(track)}:${pitch}`))
    .forEach((note) => strike(note, time));

  /** The place of the first note that starts at `step` or later. */
  const firstFrom = (step) => {
    const found = notes.findIndex(({ start }) => start >= step);
    return found < 0 ? notes.length : found;
  };

  const begin = (step, time) => {
    run.segments = [...run.segments.slice(-2), segmentFrom(step, time)];
    run.next = firstFrom(step - EPS);
    strikeHeld(notesAt(notes, step).filter(({ start }) => start < step - EPS), time);
  };

  const earliestEnd = () => {
    let first = null;
    active.forEach((note, key) => {
      if (!first || note.endSeconds < first.at) first = { key, at: note.endSeconds };
    });
    return first;
  };

  /** Hand everything up to the moment `until` (clock) to the synth. */
  const advance = (until) => {
    run.told = Math.max(run.told, until);
    while (run.endsAt === null) {
      const segment = run.segments.at(-1);
      const limit = secondsIn(segment, until);
      for (;;) {
        const start = run.next < notes.length ? map.secondsAt(notes[run.next].start) : Infinity;
        const ending = earliestEnd();
        // At one moment releases come before strikes, so that a repeated note sounds twice.
        if (ending && ending.at <= Math.min(start, limit)) {
          release(ending.key, clockIn(segment, ending.at));
        } else if (start <= limit && start < segment.to - 1e-9) {
          strike(notes[run.next], clockIn(segment, start));
          run.next += 1;
        } else break;
      }
      if (limit < segment.to) return;
      const time = clockIn(segment, segment.to);
      [...active.keys()].forEach((key) => release(key, time));
      if (segment.goesRound && loop) begin(loop[0], time);
      else run.endsAt = time;
    }
  };

  /** Begin at a step, on the sound's clock as it stands now. */
  const start = (step) => {
    Object.assign(run, { segments: [], told: 0, endsAt: null, isSilent: !mixer.isAwake() });
    active.clear();
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
      [...active.keys()].forEach((key) => release(key, mixer.now()));
      tell("silent");
    }
    mixer.follow();
    const now = mixer.now();
    advance(now + (isHidden() ? LOOK_AHEAD_HIDDEN : LOOK_AHEAD));
    if (run.endsAt !== null && now >= run.endsAt) finish();
  };

  const halt = () => {
    never(timer);
    timer = null;
    run = null;
    active.clear();
  };

  const finish = () => {
    cursor = map.stepAt(run.segments.at(-1).to);
    halt();
    tell("end");
  };

  /** Up to which moment the synth has been told everything. */
  const horizon = () => Math.max(run.segments.at(-1).clock, run.told,
    mixer.now() + (isHidden() ? LOOK_AHEAD_HIDDEN : LOOK_AHEAD));

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

  /**
   * From the horizon on a running playback follows the new state: what should not sound any
   * more ends, what should begins, the rest sounds on.
   */
  const resync = (place, restrikes = () => false) => {
    if (!place) return;
    const { time, step } = place;
    run.segments = [...run.segments.slice(-2), segmentFrom(step, time)];
    run.next = firstFrom(step + EPS);
    const held = notes.filter(({ start, end: last }) => start < step + EPS && last > step + EPS);
    const wanted = new Map(held.map((note) =>
      [`${mixer.channelOf(note.track)}:${note.pitch}`, note]));
    [...active].forEach(([key, struck]) => {
      const note = wanted.get(key);
      if (note?.track === struck.track && mixer.isAudible(note.track) && !restrikes(note.track)) {
        active.set(key, { ...struck, ...note, endSeconds: map.secondsAt(note.end) });
      } else release(key, time);
    });
    strikeHeld(held, time);
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
      waitsSince: clock() };
    run.segments = [segmentFrom(cursor, Infinity)];
    timer = every(tick, TICK);
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
    music: () => music,
    notes: () => notes,
    end: () => end,
    map: () => map,

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
