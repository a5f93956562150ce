// Two clocks: the browser's (ms, of events) and the sound card's (s). The second is told
// only once for each buffer, so a single look at it may be late by a buffer; notes timed
// by single looks would stumble. This keeps one steady distance between the two. Pure.

const LEAD = 0.012; // s: a look that is ahead by more moves the distance
const LAG = 0.04; // s: so does one behind by more (the sound has stood still)

/** The distance to go on with, from the one so far (null at first) and a new look. */
export const steady = (kept, seen) =>
  (kept === null || seen > kept + LEAD || seen < kept - LAG ? seen : kept);

/**
 * A function from the browser's time in ms to the sound's seconds.
 *
 * @param sound its at(time, now) tells the second of a time, given what the clock shows
 */
export const createSteadyClock = (sound, clock) => {
  let distance = null;
  return (time) => {
    const now = clock();
    distance = steady(distance, sound.at(now, now) - now / 1000);
    return Math.max(0, time / 1000 + distance);
  };
};

const DRIFT = 0.03; // s that the sound's clock may go astray before what plays follows it

/**
 * The same for things that follow one another: each is as far from the one before, to the
 * sample, as it should be, whatever the first look at the clocks was worth.
 *
 * @param seconds see createSteadyClock
 */
export const createPulse = (seconds) => {
  let last = null; // {time, second}
  return (time) => {
    const told = seconds(time);
    const exact = last ? last.second + (time - last.time) / 1000 : told;
    last = { time, second: Math.abs(exact - told) < DRIFT ? exact : told };
    return last.second;
  };
};
