// The sound of the rounds: MP3s that are decoded before they are asked for.

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
const KEPT = 3; // decoded clips: this round's, the next one's, the last one's
const STEP = 100; // ms between two reports of where it stands

/**
 * @param sound the page's sound, which other widgets share
 * @param clips MP3s in base64
 * @param onChange called when it starts, moves, ends or fails: ("play" | "tick" | "stop" | "bad")
 */
export const createClips = ({ sound, clips, onChange }) => {
  const decoded = new Map(); // number -> promise of an AudioBuffer
  let playing = null; // {number, source, from, startedAt}
  let wanted = 0; // counts the requests, so that a late one does not start over a new one
  let timer = null;

  const decode = (number) => {
    if (!decoded.has(number)) {
      const reader = new OfflineAudioContext(1, 1, 44100);
      decoded.set(number, reader.decodeAudioData(bytesOf(clips[number])));
      decoded.get(number).catch(() => {});
      if (decoded.size > KEPT) decoded.delete(decoded.keys().next().value);
    }
    return decoded.get(number);
  };

  const seconds = () => (playing
    ? playing.from + Math.max(0, sound.context.currentTime - playing.startedAt) : 0);

  const stop = () => {
    wanted += 1;
    if (!playing) return;
    const { source, gain } = playing;
    playing = null;
    clearInterval(timer);
    const now = sound.context.currentTime;
    gain.gain.setTargetAtTime(0, now, 0.01); // no click
    source.onended = null;
    source.stop(now + 0.08);
    onChange("stop");
  };

  const player = { pause: stop };

  const play = async (number, from = 0) => {
    stop();
    sound.wake();
    sound.takeStage(player);
    wanted += 1;
    const request = wanted;
    let buffer = null;
    try {
      buffer = await decode(number);
    } catch {
      decoded.delete(number);
      onChange("bad");
      return;
    }
    if (request !== wanted || !sound.context) return;
    const { context } = sound;
    const source = new AudioBufferSourceNode(context, { buffer });
    const gain = new GainNode(context);
    source.connect(gain).connect(sound.analyser);
    source.onended = () => { if (playing?.source === source) stop(); };
    const start = Math.min(Math.max(0, from), buffer.duration);
    source.start(0, start);
    playing = { number, source, gain, from: start, startedAt: context.currentTime };
    timer = setInterval(() => onChange("tick"), STEP);
    onChange("play");
    if (number + 1 < clips.length) decode(number + 1);
  };

  return {
    play,
    stop,
    seconds,
    prepare: (number) => { if (clips[number]) decode(number).catch(() => {}); },
    isPlaying: () => playing !== null,
    close: () => {
      stop();
      sound.leaveStage(player);
    },
  };
};
