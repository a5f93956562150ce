// Knows what is held down: a window with a key or a finger on it is not lent to the next
// test. What a script makes up does not count; the browser does not remember it either.
(() => {
  window.held = new Set();
  const note = (kind, change) => window.addEventListener(kind, (event) => {
    if (event.isTrusted) change(event.code ?? event.pointerId);
  }, { capture: true });
  note("keydown", (key) => window.held.add(key));
  note("pointerdown", (finger) => window.held.add(finger));
  for (const kind of ["keyup", "pointerup", "pointercancel"]) {
    note(kind, (one) => window.held.delete(one));
  }
})();
