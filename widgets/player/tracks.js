// The list of tracks under the roll: name, instrument, volume, mute and solo of each.

import { make, makeButton, makeInstruments, makeVolume } from "../shared/dom.js";
import { trackName } from "../shared/score.js";
import { paintSwatch } from "../shared/roll_colours.js";

const KIT = "kit:"; // value of a drum kit in the menu: "kit:25"

const valueOf = ({ program, is_drum: isDrum }) => (isDrum ? `${KIT}${program}` : `${program}`);

/** What a choice of the menu means for a track. Pure. */
export const instrumentOf = (value) => (value.startsWith(KIT)
  ? { program: Number(value.slice(KIT.length)), is_drum: true }
  : { program: Number(value), is_drum: false });

const makeRow = ({ music, track, model, session, isNamed }) => {
  const name = trackName(music, track);
  const swatch = make("canvas", { class: "dc-swatch", "aria-hidden": "true" });
  const menu = makeInstruments(model.get("instruments"), `Instrument of ${name}`);
  const kits = make("optgroup", { label: "Drums" });
  model.get("drum_kits").forEach(([program, kit]) =>
    kits.append(make("option", { value: `${KIT}${program}`, text: kit })));
  menu.append(kits);
  const volume = makeVolume(`Volume of ${name}`);
  const mute = makeButton("dc-mute", "Mute", `Mute ${name}`);
  const solo = makeButton("dc-solo", "Solo", `Solo ${name}`);
  const element = make("div", { class: "dc-track", role: "group", "aria-label": name },
    swatch, make("span", { class: "dc-track-name", text: isNamed ? name : `${track + 1}`,
      title: name }), menu, volume, mute, solo);

  const values = () => model.get("mix")[track] ?? {};
  menu.addEventListener("change", () => session.setTrack(track, instrumentOf(menu.value)));
  volume.addEventListener("input", () =>
    session.setTrack(track, { volume: Number(volume.value) / 100 }));
  mute.addEventListener("click", () => session.setTrack(track, { mute: !values().mute }));
  solo.addEventListener("click", () => session.setTrack(track, { solo: !values().solo }));

  return {
    element,
    draw: (palette, isAudible) => {
      const now = values();
      const colours = model.get("track_colours");
      paintSwatch(swatch, colours[track % colours.length], track, palette);
      if (now.program === undefined) return;
      menu.value = valueOf(now);
      volume.value = Math.round(100 * now.volume);
      mute.setAttribute("aria-pressed", String(Boolean(now.mute)));
      solo.setAttribute("aria-pressed", String(Boolean(now.solo)));
      element.classList.toggle("dc-unheard", !isAudible);
    },
  };
};

/** The list, kept up to date with draw(palette) after the mix and rebuild() after the music. */
export const createTracks = ({ model, session, transport }) => {
  const element = make("div", { class: "dc-tracks", role: "group", "aria-label": "Tracks" });
  let rows = [];
  const draw = (palette) => rows.forEach((row, track) =>
    row.draw(palette, transport.isAudible(track)));
  return {
    element,
    draw,
    rebuild: (palette) => {
      const music = transport.music();
      const isNamed = music.tracks.some(({ name }) => name) || music.tracks.length < 2;
      rows = music.tracks.map((_, track) => makeRow({ music, track, model, session, isNamed }));
      element.replaceChildren(...rows.map((row) => row.element));
      draw(palette);
    },
  };
};
