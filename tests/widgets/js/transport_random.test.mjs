// Whatever is done to a transport, in whatever order: no note is left sounding.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createTransport } from "../../../widgets/shared/transport.js";

const LONGEST_AHEAD = 61; // ms, LOOK_AHEAD and the rounding of the clock

/** Numbers from 0 to 1, the same for the same seed. */
const dice = (seed) => {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
};

const randomMusic = (random) => {
  const whole = (n) => Math.floor(n * random());
  const tracks = Array.from({ length: 1 + whole(4) }, () => ({
    name: "", program: whole(128), is_drum: random() < 0.25,
    notes: Array.from({ length: whole(30) }, () =>
      [whole(64) / 2, 40 + whole(12), 0.5 + whole(20) / 2, 1 + whole(127)])
      .sort(([a], [b]) => a - b),
  }));
  const changes = random() < 0.5 ? [[8, 60 + whole(200)]] : [];
  return { title: "", tempo: 60 + whole(120), tempo_changes: changes, metres: [[0, 4, 4]],
    pickup: 0, tracks };
};

/** A sound that plays what it is told in order of time, as the synthesizer does. */
const createSynth = (time) => {
  const queue = []; // {at in ms, act}
  const open = new Map(); // "channel:pitch" -> how often struck since it was let go
  let furthest = 0;
  const tell = (when, act) => {
    furthest = Math.max(furthest, 1000 * when - time.now);
    queue.push({ at: when ? 1000 * when : time.now, act });
  };
  return {
    open,
    furthest: () => furthest,
    run: () => {
      const due = queue.filter(({ at }) => at <= time.now).sort((a, b) => a.at - b.at);
      queue.splice(0, queue.length, ...queue.filter(({ at }) => at > time.now));
      due.forEach(({ act }) => act());
    },
    sound: {
      at: (moment) => moment / 1000, wake: () => {}, isAsleep: () => false, kind: "sampled",
      setProgram: () => {},
      noteOn: (channel, pitch, velocity, when) =>
        tell(when, () => open.set(`${channel}:${pitch}`, true)),
      noteOff: (channel, pitch, when) => tell(when, () => open.delete(`${channel}:${pitch}`)),
      control: (channel, controller, value, when = 0) => tell(when, () => {
        if (controller !== 120 && controller !== 123) return;
        [...open.keys()].filter((key) => key.startsWith(`${channel}:`))
          .forEach((key) => open.delete(key));
      }),
    },
  };
};

const doSomething = (transport, random) => {
  const whole = (n) => Math.floor(n * random());
  const actions = [
    () => transport.play(),
    () => transport.play({ from: whole(32), until: random() < 0.5 ? 4 + whole(40) : null }),
    () => transport.pause(),
    () => transport.stop(),
    () => transport.seek(40 * random() - 2),
    () => transport.setLoop(random() < 0.6 ? [whole(30), whole(40)] : null),
    () => transport.setSpeed(4 * random()),
    () => transport.setTrack(whole(4), { mute: random() < 0.5 }),
    () => transport.setTrack(whole(4), { solo: random() < 0.5 }),
    () => transport.setTrack(whole(4), { is_drum: random() < 0.3, program: whole(128) }),
    () => transport.setTrack(whole(4), { volume: random() }),
    () => transport.setMusic(randomMusic(random), { keepsMix: random() < 0.5 }),
  ];
  actions[whole(actions.length)]();
};

test("after any sequence of actions no note sounds on, and the place is in the music", () => {
  for (let seed = 0; seed < 150; seed += 1) {
    const random = dice(seed);
    const time = { now: 1000 };
    const synth = createSynth(time);
    let tick = null;
    const transport = createTransport({ sound: synth.sound, clock: () => time.now,
      every: (action) => { tick = action; }, never: () => { tick = null; } });
    transport.setMusic(randomMusic(random));
    const wait = (ms) => {
      for (let past = 0; past < ms; past += 5) {
        time.now += 5;
        if (past % 15 === 0) tick?.();
        synth.run();
      }
    };
    for (let i = 0; i < 30; i += 1) {
      doSomething(transport, random);
      wait(500 * random());
      const place = transport.position();
      assert.ok(place >= -1e-6 && place <= transport.end() + 45, `seed ${seed}: ${place}`);
      if (!transport.isPlaying()) {
        wait(200);
        assert.deepEqual([...synth.open.keys()], [], `seed ${seed}, action ${i}`);
      }
    }
    transport.close();
    wait(200);
    assert.deepEqual([...synth.open.keys()], [], `seed ${seed}, closed`);
    assert.ok(synth.furthest() < 2 * LONGEST_AHEAD + 80, `${synth.furthest()}`);
  }
});
