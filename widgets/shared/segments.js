// A run of a playback is a list of segments, each a line from the clock (ms) to the music (in
// seconds of its tempo map): {clock, from, to, map, speed, goesRound}. Used by transport.js.

/** Seconds of the music at a moment; none behind the segment's end. */
export const secondsIn = (segment, time) => Math.min(segment.to,
  segment.from + (Math.max(0, time - segment.clock) / 1000) * segment.speed);

/** The moment when the music is at so many seconds. */
export const clockIn = (segment, at) =>
  segment.clock + (1000 * (at - segment.from)) / segment.speed;

/** The step of the music at a moment. */
export const stepIn = (segment, time) => segment.map.stepAt(secondsIn(segment, time));

/** The segment that runs at a moment; before all of them, the first. */
export const segmentAt = (segments, time) =>
  segments.findLast((segment) => segment.clock <= time) ?? segments[0];
