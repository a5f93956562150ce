// Plays one sound at a time, always as loud; a new one begins where the old one fades.

import { gainFor } from "./mixing.js";

const FADE = 0.015; // s, time constant

/** @param onChange called when it starts, ends or is stopped */
export const createPlaying = ({ sound, rate, onChange }) => {
  let playing = null; // {source, gain}
  let volume = 0.8;

  const end = () => {
    if (!playing) return;
    const { source, gain } = playing;
    playing = null;
    source.onended = null;
    const now = sound.context.currentTime;
    gain.gain.setTargetAtTime(0, now, FADE);
    source.stop(now + 8 * FADE);
  };
  const stop = () => {
    if (!playing) return;
    end();
    onChange();
  };
  const player = { pause: stop };

  const play = (wave, isLooped) => {
    sound.wake();
    const { context } = sound;
    if (!context || !wave.length) return;
    sound.takeStage(player);
    end();
    const buffer = new AudioBuffer({ length: wave.length, sampleRate: rate });
    buffer.copyToChannel(wave, 0);
    const source = new AudioBufferSourceNode(context, { buffer, loop: isLooped });
    const gain = new GainNode(context, { gain: gainFor(wave) * volume ** 2 });
    source.connect(gain).connect(sound.analyser);
    source.onended = () => { if (playing?.source === source) stop(); };
    source.start();
    playing = { source, gain, level: gainFor(wave) };
    onChange();
  };

  return { play, stop,
    isPlaying: () => playing !== null,
    setVolume: (next) => {
      volume = next;
      playing?.gain.gain.setTargetAtTime(playing.level * volume ** 2,
        sound.context.currentTime, FADE);
    },
    setLoop: (isLooped) => { if (playing) playing.source.loop = isLooped; },
    close: () => {
      stop();
      sound.leaveStage(player);
    } };
};
