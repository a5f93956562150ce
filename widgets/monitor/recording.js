// The sound of a stage that is raw sound and no notes: played by the browser itself, drawn
// as a waveform.

const NAMES = { play: "play", pause: "pause", ended: "end", timeupdate: "seek" };

/** The outline of a waveform as an SVG path in a box of 300 x 100: `peaks` are 0 to 100. */
export const outline = (peaks) => {
  const width = 300 / Math.max(1, peaks.length);
  const edge = (sign) => peaks.map((peak, i) =>
    `${((i + 0.5) * width).toFixed(1)},${(50 + sign * Math.max(0.5, peak / 2)).toFixed(1)}`);
  return peaks.length ? `M${edge(-1).join("L")}L${edge(1).reverse().join("L")}Z` : "";
};

/**
 * A player of one recording at a time.
 *
 * @param onChange told "play", "pause", "end" or "seek"
 * @param audio an audio element; tests give another
 */
export const createRecording = ({ onChange, audio = new Audio() }) => {
  let source = null;
  const handlers = Object.entries(NAMES).map(([event, name]) => [event, () => onChange(name)]);
  handlers.forEach(([event, handler]) => audio.addEventListener(event, handler));
  return {
    /** Take another recording, or null; what plays is played on with it. */
    set: (wav) => {
      if (wav === source) return;
      const plays = source !== null && !audio.paused;
      source = wav;
      audio.pause();
      if (wav === null) audio.removeAttribute("src");
      else audio.src = wav;
      if (plays && wav !== null) audio.play();
    },
    isThere: () => source !== null,
    isPlaying: () => source !== null && !audio.paused,
    /** A promise, rejected where the browser plays nothing before the first click. */
    play: ({ from = null } = {}) => {
      if (from !== null) audio.currentTime = from;
      return audio.play();
    },
    pause: () => audio.pause(),
    /** Where it is, 0 to 1. */
    share: () => (audio.duration > 0 ? audio.currentTime / audio.duration : 0),
    seek: (share) => { if (audio.duration > 0) audio.currentTime = share * audio.duration; },
    setVolume: (volume) => { audio.volume = Math.min(1, Math.max(0, volume)); },
    setRepeats: (repeats) => { audio.loop = repeats; },
    close: () => {
      handlers.forEach(([event, handler]) => audio.removeEventListener(event, handler));
      audio.pause();
      audio.removeAttribute("src");
    },
  };
};
