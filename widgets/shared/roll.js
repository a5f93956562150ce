// The piano roll that Player, Editor and monitor share: a canvas in a scrolling box.
//
//   const roll = createRoll({ colours });   // options below
//   host.append(roll.element);
//   roll.setMusic(music);
//   roll.setPlayhead(step); roll.setSounding(transport.soundingKeys()); roll.follow(step);
//   roll.geometry().stepAt(x)               // x, y from roll.placeOf(pointer event)
//   const remove = roll.addLayer((context, geometry, palette) => …);   // above the notes
//   roll.close();
//
// Pointer events come to roll.surface. The roll says nothing to screen readers and takes no
// keys: that is its owner's part, who knows what it is for.

import { make, NO_SHORTCUTS } from "./dom.js";
import { isBlack } from "./notes.js";
import { barLines, beatLines, completeMusic, flatNotes, musicEnd, noteKey } from "./score.js";
import { clampZoom, fittingRow, fittingZoom, geometryOf, HEADER, pageFor, rowLayout, rowsHeight }
  from "./roll_geometry.js";
import { paletteOf, trackPaints } from "./roll_colours.js";
import { paintGround, paintGutter, paintHeader, paintHighlight, paintNotes, paintPlayhead,
  paintSelected, paintSounding } from "./roll_paint.js";

const GUTTER = 34; // px
const DRUM_GUTTER = 66; // px, with the names of drums
const USUAL_ZOOM = 3.2; // px for a step: long music is not squeezed further at first
const THICKEST = 18; // px of a row that is made to fit
const DEFAULT_COLOURS = ["#0b4f94", "#f2b134", "#c2487f", "#4fb0d8"];

/**
 * @param colours a colour for each track, "#rrggbb"; after the last they repeat
 * @param pitches [low, high] to show at least, also where there are no notes
 * @param drums MIDI numbers of drums that have a row even without a note
 * @param leastRow rows are not made lower than this many px; then the roll scrolls
 * @param extraSteps room behind the last bar, in steps (for an editor)
 * @param isShaded which pitches have a shaded row; the black keys, or what is not in a key
 * @param grid (from, to) -> steps between which fine lines are drawn
 */
export const createRoll = ({ colours = DEFAULT_COLOURS, pitches = null, drums = [],
  leastRow = 4, extraSteps = 0, isShaded = isBlack, grid = () => [] } = {}) => {
  const ground = make("canvas", { class: "dc-roll-canvas", "aria-hidden": "true" });
  const top = make("canvas", { class: "dc-roll-canvas", "aria-hidden": "true" });
  const space = make("div", { class: "dc-roll-space" });
  const surface = make("div", { class: "dc-roll-surface", tabindex: -1, ...NO_SHORTCUTS },
    space);
  const element = make("div", { class: "dc-roll" }, ground, top, surface);
  const back = ground.getContext("2d", { alpha: false });
  const front = top.getContext("2d");

  const options = { pitches, drums, leastRow, extraSteps, isShaded, grid };
  const viewListeners = new Set();
  const themeListeners = new Set();
  const layers = new Set();
  const look = { muted: new Set(), faded: new Set(), highlight: new Set(),
    selected: new Set(), sounding: new Set(), loop: null,
    playhead: null, colours, voices: [], bars: [], beats: [] };
  let music = completeMusic(null);
  let rows = rowLayout(music, options);
  let zoom = null; // px for a step; null: as wide as fits
  let size = { width: 0, height: 0, ratio: 1 };
  let palette = null;
  let due = { ground: false, top: false };
  let frame = 0;

  const length = () => look.bars.at(-1)?.step ?? 16;
  const gutterWidth = () => (rows.drums.length ? DRUM_GUTTER : GUTTER);
  const room = () => size.height - HEADER;
  const rowHeight = () => Math.max(options.leastRow, Math.min(THICKEST, fittingRow(rows, room())));
  const pixelsPerStep = () => zoom
    ?? Math.max(fittingZoom(length(), size.width, gutterWidth()), USUAL_ZOOM);

  const geometry = () => geometryOf({ rows, ...size, gutter: gutterWidth(),
    pixelsPerStep: pixelsPerStep(), rowHeight: rowHeight(),
    scrollX: surface.scrollLeft, scrollY: surface.scrollTop });

  /** Take up the colours of the theme. */
  const dip = () => {
    if (palette) return palette;
    palette = paletteOf(element, front);
    look.paints = trackPaints(back, look.colours, music.tracks.length, palette, size.ratio);
    return palette;
  };

  // --- painting, at most once a frame
  const paint = () => {
    frame = 0;
    if (!size.width || !size.height) return;
    dip();
    const view = geometry();
    const what = { ...look, palette, isShaded: options.isShaded, grid: options.grid };
    if (due.ground) {
      back.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      paintGround(back, view, what);
      paintNotes(back, view, what);
      paintHighlight(back, view, what);
      paintSelected(back, view, what);
      paintHeader(back, view, what);
      paintGutter(back, view, what);
    }
    front.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    front.clearRect(0, 0, size.width, size.height);
    front.save();
    front.beginPath();
    front.rect(view.gutter, 0, size.width, size.height);
    front.clip();
    paintSounding(front, view, what);
    layers.forEach((layer) => { front.save(); layer(front, view, palette); front.restore(); });
    paintPlayhead(front, view, what);
    front.restore();
    due = { ground: false, top: false };
  };

  const request = (part) => {
    due[part] = true;
    if (!frame) frame = requestAnimationFrame(paint);
  };
  const requestGround = () => request("ground");
  const requestDraw = () => request("top");

  // --- size, scrolling, theme
  const layOut = () => {
    space.style.width = `${gutterWidth() + length() * pixelsPerStep() + 6}px`;
    space.style.height = `${Math.floor(HEADER + rowsHeight(rows, rowHeight()))}px`;
    requestGround();
    viewListeners.forEach((listener) => listener());
  };

  const themeChanged = () => {
    palette = null;
    requestGround();
    themeListeners.forEach((listener) => listener());
  };

  const resize = () => {
    const ratio = globalThis.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = surface;
    if (width === size.width && height === size.height && ratio === size.ratio) return;
    // Before it has a size it may not be on the page yet, without any theme.
    const isNewTheme = ratio !== size.ratio || !size.width;
    size = { width, height, ratio };
    if (isNewTheme) themeChanged();
    [ground, top].forEach((canvas) => {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    });
    layOut();
  };

  const scrolled = () => {
    requestGround();
    viewListeners.forEach((listener) => listener());
  };
  const sizes = new ResizeObserver(resize);
  sizes.observe(surface);
  const themes = new MutationObserver(themeChanged);
  themes.observe(document.body, { attributes: true,
    attributeFilter: ["class", "data-jp-theme-light", "data-vscode-theme-kind"] });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", themeChanged);
  surface.addEventListener("scroll", scrolled, { passive: true });

  const scrollTo = (x) => { surface.scrollLeft = x; };

  const setZoom = (pixels, step = null) => {
    const before = geometry();
    const anchor = step ?? before.stepAt((before.gutter + before.width) / 2);
    const x = before.xOf(anchor) - before.gutter;
    zoom = pixels === null ? null : clampZoom(pixels);
    layOut();
    scrollTo(anchor * pixelsPerStep() - x);
  };

  const roll = {
    element, surface, geometry,
    music: () => music,
    rows: () => rows,

    /** Show other music; zoom and place are kept. */
    setMusic: (next) => {
      music = completeMusic(next);
      rows = rowLayout(music, options);
      const all = flatNotes(music);
      look.voices = music.tracks.map(({ is_drum: isDrum }, track) => {
        const notes = all.filter((note) => note.track === track);
        return { notes, isDrum: Boolean(isDrum),
          byIndex: new Map(notes.map((note) => [note.index, note])),
          longest: notes.reduce((most, { start, end }) => Math.max(most, end - start), 0) };
      });
      look.bars = barLines(music, musicEnd(music) + options.extraSteps);
      look.beats = beatLines(music, look.bars);
      if (music.tracks.length !== look.paints?.length) palette = null;
      layOut();
    },

    /** Any of the options of createRoll, changed later. */
    setOptions: (values) => {
      const { colours: changed, ...others } = values;
      if (changed) look.colours = changed;
      palette = null;
      Object.assign(options, others);
      roll.setMusic(music);
    },

    /** Tracks that are not heard, drawn hollow. */
    setMuted: (tracks) => { look.muted = new Set(tracks); requestGround(); },
    /** Notes to point out, [[track, index], ...]; all others fade. Empty: none. */
    setHighlight: (notes) => {
      look.highlight = new Set(notes.map(([track, index]) => noteKey(track, index)));
      requestGround();
    },
    /** Tracks that stand behind the others, such as locked ones. */
    setFaded: (tracks) => { look.faded = new Set(tracks); requestGround(); },
    /** Notes that are selected, [[track, index], ...]: a double outline. */
    setSelected: (notes) => {
      look.selected = new Set(notes.map(([track, index]) => noteKey(track, index)));
      requestGround();
    },
    /** Notes that sound now, a Set of noteKey(track, index). */
    setSounding: (keys) => { look.sounding = keys; requestDraw(); },
    /** Where the line stands, in steps; null for none. */
    setPlayhead: (step) => { look.playhead = step; requestDraw(); },
    setLoop: (range) => { look.loop = range; requestGround(); },

    /** Zoom by a factor, around a step (by default the middle). */
    zoomBy: (factor, step = null) => setZoom(pixelsPerStep() * factor, step),
    /** The whole music at once, however long. */
    fit: () => {
      zoom = fittingZoom(length(), size.width, gutterWidth());
      layOut();
      scrollTo(0);
    },
    setZoom,
    pixelsPerStep,
    /** Turn the page when the step is out of sight. */
    follow: (step) => {
      const place = pageFor(geometry(), step);
      if (place !== null) scrollTo(place);
    },
    /** Scroll as little as needed to see a pitch, where the rows do not all fit. */
    showPitch: (pitch, isDrum = false) => {
      const view = geometry();
      const over = view.header - view.yOf(pitch, isDrum);
      const under = view.yOf(pitch, isDrum) + view.heightOf(isDrum) - size.height;
      if (over > 0) surface.scrollTop -= over;
      else if (under > 0) surface.scrollTop += under;
    },

    /** Where a pointer event lies: {x, y, step, pitch, isDrum, isHeader, isGutter}. */
    placeOf: (event) => {
      const { left, top: upper } = element.getBoundingClientRect();
      const [x, y] = [event.clientX - left - element.clientLeft,
        event.clientY - upper - element.clientTop];
      const view = geometry();
      return { x, y, step: view.stepAt(x), ...(view.pitchAt(y) ?? { pitch: null, isDrum: false }),
        isHeader: y < HEADER, isGutter: x < view.gutter };
    },

    /** Paint something above the notes, below the playhead; returns how to take it away. */
    addLayer: (layer) => {
      layers.add(layer);
      requestDraw();
      return () => { layers.delete(layer); requestDraw(); };
    },
    requestDraw,
    /** Called after zoom, scroll, size or music changed; returns how to end it. */
    onView: (listener) => {
      viewListeners.add(listener);
      return () => viewListeners.delete(listener);
    },
    palette: dip,
    /** Called when the colours of the theme have changed; returns how to end it. */
    onTheme: (listener) => {
      themeListeners.add(listener);
      return () => themeListeners.delete(listener);
    },
    /** Paint at once what is due; for measuring. */
    paintNow: () => {
      cancelAnimationFrame(frame);
      due = { ground: true, top: true };
      paint();
    },

    close: () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      themes.disconnect();
      scheme.removeEventListener("change", themeChanged);
      surface.removeEventListener("scroll", scrolled);
      viewListeners.clear();
      themeListeners.clear();
      layers.clear();
      element.remove();
    },
  };
  roll.setMusic(music);
  return roll;
};
