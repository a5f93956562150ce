import assert from "node:assert/strict";
import { test } from "node:test";
import { LIVE_CHANNEL, clockText, countNotes, planLength, recordingPlan, songPlan,
  trackChannels } from "../../../widgets/shared/playback.js";

const melodic = (program = 0) => ({ name: "", program, is_drum: false });
const drums = { name: "", program: 0, is_drum: true };

test("drums go to channel 9 and no melody does", () => {
  const tracks = [melodic(), drums, ...Array.from({ length: 12 }, () => melodic())];
  const channels = trackChannels(tracks);
  assert.equal(channels[1], 9);
  assert.equal(channels.filter((channel) => channel === 9).length, 1);
  assert.equal(channels.includes(LIVE_CHANNEL), false);
});

test("each track plays with its own program", () => {
  const { programs } = songPlan({ tracks: [melodic(19), melodic(40)], events: [] });
  assert.deepEqual(programs, [[0, 19], [1, 40]]);
});

test("a repeated note is let go before it is struck again", () => {
  const events = [[0, 0, 60, 90], [500, 0, 60, 90], [500, 0, 60, 0], [900, 0, 60, 0]];
  const { moments } = songPlan({ tracks: [melodic()], events });
  assert.deepEqual(moments.map((moment) => moment.velocity), [90, 0, 90, 0]);
});

test("a recording starts with its first note, not with the press of Record", () => {
  const plan = recordingPlan([
    { time: 1500, pitch: 60, velocity: 80 }, { time: 1900, pitch: 60, velocity: 0 },
  ], 19);
  assert.deepEqual(plan.moments.map((moment) => moment.time), [0, 400]);
  assert.equal(planLength(plan), 400);
  assert.deepEqual(plan.programs, [[LIVE_CHANNEL, 19]]);
});

test("a pedal pressed before the first note still sounds", () => {
  const [pedal] = recordingPlan([
    { time: 10, pedal: true }, { time: 100, pitch: 60, velocity: 80 },
  ], 0).moments;
  assert.deepEqual([pedal.controller, pedal.value, pedal.time], [64, 127, 0]);
});

test("an empty recording is an empty plan", () => {
  assert.equal(planLength(recordingPlan([], 0)), 0);
});

test("times and counts read well", () => {
  assert.deepEqual([0, 9999, 65_400].map(clockText), ["0:00", "0:09", "1:05"]);
  assert.equal(countNotes([{ velocity: 1 }, { velocity: 0 }, { pedal: true }]), "1 note");
  assert.equal(countNotes([]), "0 notes");
});
