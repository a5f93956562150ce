// The history of takes: record, tidy, trim, undo, redo. Pure functions on {takes, take}.
// A take is {events, label, tempo, is_counted}; `take` is the one in force, -1 for none.

export const MOST_TAKES = 20;

/** The history after a new take: what was undone before is forgotten, the oldest too. */
export const addTake = ({ takes, take }, added) => {
  const kept = [...takes.slice(0, take + 1), added].slice(-MOST_TAKES);
  return { takes: kept, take: kept.length - 1 };
};

/** Undo leads to -1 at last: no take, as before the first recording. */
export const canUndo = ({ take }) => take >= 0;
export const canRedo = ({ takes, take }) => take < takes.length - 1;

export const undo = (history) =>
  (canUndo(history) ? { ...history, take: history.take - 1 } : history);
export const redo = (history) =>
  (canRedo(history) ? { ...history, take: history.take + 1 } : history);

/** The take in force, or an empty one. */
export const currentTake = ({ takes, take }) =>
  takes[take] ?? { events: [], label: "", tempo: null, is_counted: false };
