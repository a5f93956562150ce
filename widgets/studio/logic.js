// What the studio's panels work out by themselves; no page is needed.

/** How far a slider moves at a touch: whole numbers by 1, others by a tidy hundredth. */
export const stepOf = ({ kind, low, high }) => {
  if (kind === "int") return 1;
  const rough = (high - low) / 100;
  const power = 10 ** Math.floor(Math.log10(rough));
  return Number((power * (rough / power >= 5 ? 5 : 1)).toPrecision(3));
};

/** A file's size in words: "812 kB". */
export const sizeText = (bytes) => {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
};

/** Semitones in words: "up 2", "as it is", "down an octave". */
export const shiftText = (semitones) => {
  if (semitones === 0) return "as it is";
  const where = semitones > 0 ? "up" : "down";
  const size = Math.abs(semitones);
  if (size % 12 === 0) return size === 12 ? `${where} an octave` : `${where} two octaves`;
  return `${where} ${size} semitone${size === 1 ? "" : "s"}`;
};

/**
 * Rows of the history as a tree: each with how deep it stands, children below parents.
 * A line of versions, each from the one before, stays flat; only branches go in.
 */
export const treeOf = (versions) => {
  const ids = new Set(versions.map(({ id }) => id));
  const children = new Map();
  versions.forEach((version) => {
    const parent = ids.has(version.parent) ? version.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), version]);
  });
  const rows = [];
  const walk = (version, depth) => {
    rows.push({ ...version, depth });
    const [first, ...others] = children.get(version.id) ?? [];
    others.forEach((other) => walk(other, depth + 1));
    if (first) walk(first, depth);
  };
  (children.get(null) ?? []).forEach((version) => walk(version, 0));
  return rows;
};

/** What a file chosen by hand may be, before it is sent to Python; "" if it may. */
export const fileProblem = ({ name, size }, limit) => {
  if (size > limit) {
    return `${name} has ${sizeText(size)}, but at most ${sizeText(limit)} are taken; give `
      + "a single piece of music.";
  }
  if (size === 0) return `${name} is empty; choose another file.`;
  return "";
};
