// How soon does a key sound? A second voice in the audio thread says in which frames two
// messages arrive there, sent just before the note's and just after it, and the recorder
// (recorder.js) in
// which frame the first sample comes out that is louder than what was there.
//   await startMarks(); const { before, after, first } = await timeOfKey("KeyB")
(() => {
  const processor = `registerProcessor("marker", class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.onmessage = () => this.port.postMessage(currentFrame);
    }
    process() { return true; }
  });`;
  let marker = null;

  window.startMarks = async () => {
    const { context } = window.sound();
    const url = URL.createObjectURL(new Blob([processor], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    marker = new AudioWorkletNode(context, "marker", { numberOfOutputs: 0 });
  };

  const until = async (condition) => {
    while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 5); });
  };

  const press = (type, code) => document.querySelector(".dc-keys").dispatchEvent(
    new KeyboardEvent(type, { code, bubbles: true, cancelable: true }));

  /** Frames of the sound's clock for one stroke of the computer key `code`. */
  window.timeOfKey = async (code) => {
    const { context } = window.sound();
    do {
      window.forgetRecording();
      await until(() => window.secondsRecorded() > 0.1);
    } while (window.peak() > 0.001);
    const quiet = 4 * window.peak() + 1e-6; // the note before may still be dying away
    const marks = [];
    marker.port.onmessage = ({ data }) => marks.push(data);
    const seen = Math.round(context.currentTime * context.sampleRate);
    const begin = performance.now();
    marker.port.postMessage("before");
    press("keydown", code);
    marker.port.postMessage("after");
    const handled = performance.now() - begin;
    await until(() => marks.length === 2);
    const [before, after] = marks;
    await until(() => window.firstFrame(quiet) !== null);
    press("keyup", code);
    return { seen, before, after, first: window.firstFrame(quiet), handled };
  };
})();
