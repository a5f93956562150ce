// Sees what passes too quickly for a test that looks now and then: which buttons and keys
// were pressed or lit, and how loud it has been since the test last asked.
(() => {
  window.seen = []; // "label" of a button, "pitch" or "pitch:track" of a key
  new MutationObserver((changes) => changes.forEach(({ target }) => {
    if (target.getAttribute("aria-pressed") !== "true") return;
    const { note, track } = target.dataset;
    const name = note ?? target.getAttribute("aria-label");
    window.seen.push(track === undefined ? name : `${name}:${track}`);
  })).observe(document, { subtree: true, attributes: true, attributeFilter: ["aria-pressed"] });

  window.loudness = () => {
    const analyser = globalThis[Symbol.for("deepcomposer-edu.sound")]?.analyser;
    if (!analyser) return 0;
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
  };
  window.loudest = 0; // set it to 0 to begin anew
  setInterval(() => { window.loudest = Math.max(window.loudest, window.loudness()); }, 10);
})();
