// Writes down what the page's sound renders, sample by sample, for a test to measure:
//   await startRecording(); … await recorded(1.5) -> {rate, samples: base64 of float32}
(() => {
  const processor = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([channels]) {
      if (channels.length) {
        const mixed = channels[0].slice();
        for (const channel of channels.slice(1)) channel.forEach((x, i) => { mixed[i] += x; });
        this.port.postMessage({ at: currentTime, mixed });
      }
      return true;
    }
  });`;
  const chunks = []; // {at, mixed}: 128 samples from the moment `at` of the sound's clock on

  window.startRecording = async () => {
    const { context, analyser } = window.sound();
    const url = URL.createObjectURL(new Blob([processor], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }) => chunks.push(data);
    analyser.connect(recorder);
  };

  const firstHeard = () => chunks.findIndex(({ mixed }) => mixed.some((x) => Math.abs(x) > 1e-4));

  /** Seconds recorded since the first sound. */
  window.secondsHeard = () => {
    const first = firstHeard();
    return first < 0 ? 0 : chunks.at(-1).at - chunks[first].at;
  };
  window.secondsRecorded = () => (chunks.length ? chunks.at(-1).at - chunks[0].at : 0);
  /** The frame of the sound's clock with the first sample louder than `quiet`, or null. */
  window.firstFrame = (quiet) => {
    const { sampleRate } = window.sound().context;
    for (const { at, mixed } of chunks) {
      const place = mixed.findIndex((x) => Math.abs(x) > quiet);
      if (place >= 0) return Math.round(at * sampleRate) + place;
    }
    return null;
  };
  window.peak = () => Math.max(0, ...chunks.map(({ mixed }) =>
    mixed.reduce((most, x) => Math.max(most, Math.abs(x)), 0)));
  window.forgetRecording = () => { chunks.length = 0; };

  /** What was recorded, from the first sound on or, with `whole`, all of it. */
  window.recording = (whole = false) => {
    const from = whole ? 0 : Math.max(0, firstHeard());
    const samples = new Float32Array((chunks.length - from) * 128);
    chunks.slice(from).forEach(({ mixed }, i) => samples.set(mixed, 128 * i));
    const bytes = new Uint8Array(samples.buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return { rate: window.sound().context.sampleRate, samples: btoa(text) };
  };
})();
