// A button that is switched off or hidden would take the focus with it, and the keys.

const isUsable = (element) => !element.disabled && !element.hidden;

/** What has the focus now, inside a shadow root too. */
export const focusedNear = (element) => element.getRootNode().activeElement;

/**
 * @param active what had the focus before the buttons were drawn, see focusedNear
 * @param pairs [from, to]: where the focus goes when `from` can't be used any more
 */
export const keepFocus = (active, pairs) => {
  const found = pairs.find(([from, to]) => from === active && !isUsable(from) && isUsable(to));
  found?.[1].focus({ preventScroll: true });
};
