// A stack of dilated convolutions: its field, its paths, who reaches whom. Pure functions.
//
//   stack = { n_layers, kernel, factor, n_blocks }: layer i of a block has dilation
//   factor ** i. A lag counts samples before the output; row 0 is the input.

export const MOST_COUNTED = 100000; // inputs whose paths are counted and drawn

/** The dilation of each layer, from the input up. */
export const dilationsOf = ({ n_layers: n, factor, n_blocks: times }) =>
  Array.from({ length: n * times }, (_, i) => factor ** (i % n));

const sumOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** The receptive field in samples. */
export const fieldOf = (stack) => 1 + (stack.kernel - 1) * sumOf(dilationsOf(stack));

/** How many paths lead to the input `lag` samples back: an array over the lags. */
export const countPaths = (stack) => {
  let counts = Float64Array.of(1);
  dilationsOf(stack).forEach((dilation) => {
    const wider = new Float64Array(counts.length + (stack.kernel - 1) * dilation);
    for (let tap = 0; tap < stack.kernel; tap += 1) {
      for (let lag = 0; lag < counts.length; lag += 1) wider[lag + tap * dilation] += counts[lag];
    }
    counts = wider;
  });
  return counts;
};

/** For each row which lags reach the output, as bytes over the lags. */
export const rowsReached = (stack) => {
  const size = fieldOf(stack);
  const rows = [new Uint8Array(size)];
  rows[0][0] = 1;
  dilationsOf(stack).reverse().forEach((dilation) => {
    const above = rows[0];
    const row = new Uint8Array(size);
    for (let lag = 0; lag < size; lag += 1) {
      if (!above[lag]) continue;
      for (let tap = 0; tap < stack.kernel; tap += 1) row[lag + tap * dilation] = 1;
    }
    rows.unshift(row);
  });
  return rows;
};

/** The same for those cells alone that lie on a path from one input to the output. */
export const rowsOnPath = (stack, input, reached = rowsReached(stack)) => {
  const size = reached[0].length;
  const first = new Uint8Array(size);
  if (input >= 0 && input < size && reached[0][input]) first[input] = 1;
  const rows = [first];
  dilationsOf(stack).forEach((dilation, i) => {
    const below = rows[i];
    const row = new Uint8Array(size);
    for (let lag = 0; lag < size; lag += 1) {
      if (!below[lag]) continue;
      for (let tap = 0; tap < stack.kernel; tap += 1) {
        const end = lag - tap * dilation;
        if (end >= 0 && reached[i + 1][end]) row[end] = 1;
      }
    }
    rows.push(row);
  });
  return rows;
};

/** How many inputs have no path, one, several; and the most paths that one has. */
export const kindsOf = (counts) => {
  const kinds = { none: 0, one: 0, many: 0, most: 0 };
  counts.forEach((count) => {
    kinds[count === 0 ? "none" : count === 1 ? "one" : "many"] += 1;
    kinds.most = Math.max(kinds.most, count);
  });
  return kinds;
};

/** Columns beyond the field that are drawn, too: outputs to choose, a past that is not seen. */
export const extraOf = (field) => Math.max(3, Math.min(4000, Math.round(field * 0.08)));

const SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole number in words that can be read: "1,024", "about 1.3 × 10³²". */
export const countText = (count) => {
  if (count <= Number.MAX_SAFE_INTEGER) return count.toLocaleString("en-US");
  const [digits, power] = count.toExponential(1).split("e+");
  return `about ${digits} × 10${[...power].map((digit) => SUPER[digit]).join("")}`;
};

/** A positive number with about three digits: "0.0021", "12.3", "1,024". */
export const shortText = (number) => {
  if (number >= 100) return Math.round(number).toLocaleString("en-US");
  return String(Number(number.toPrecision(number >= 10 ? 3 : 2)));
};

/** The field in samples, milliseconds, beats, and in periods of middle C. */
export const lengthsOf = (stack, { sample_rate: rate, tempo }) => {
  const field = fieldOf(stack);
  const seconds = field / rate;
  return { field, milliseconds: 1000 * seconds, beats: (seconds * tempo) / 60,
    periods: seconds * 261.6256 };
};

const inputs = (n) => `${countText(n)} ${n === 1 ? "input" : "inputs"}`;

/** "1 + (2 − 1) × (1 + 2 + 4) = 8": how the field is computed. */
export const formulaText = (stack) => {
  const { n_layers: n, kernel, factor, n_blocks: times } = stack;
  const block = Array.from({ length: n }, (_, i) => factor ** i);
  const shown = n > 6 ? [...block.slice(0, 3), "…", block.at(-1)] : block;
  const repeated = times > 1 ? `${times} × ` : "";
  return `1 + (${kernel} − 1) × ${repeated}(${shown.join(" + ")}) = `
    + countText(fieldOf(stack));
};

/** What the field would be without dilation. */
export const plainText = (stack) => {
  const n = stack.n_layers * stack.n_blocks;
  const plain = fieldOf({ ...stack, factor: 1 });
  return `The same ${n} ${n === 1 ? "layer" : "layers"} without dilation: ${countText(plain)}. `
    + "The input is a row, but no layer.";
};

/** What kernel and dilation factor mean for the paths, and what was counted. */
export const ruleText = (stack, kinds) => {
  const { n_layers: n, kernel, factor, n_blocks: times } = stack;
  const relation = kernel < factor ? "is smaller than" : kernel > factor ? "is larger than" : "equals";
  const consequence = { "is smaller than": "paths never meet, and gaps stay between them",
    "is larger than": "paths meet again", equals: "one path leads to each input" }[relation];
  const block = times > 1 ? "of one block " : "";
  const within = times > 1 ? "within a block " : "";
  const first = n === 1 ? `A single layer ${block}has dilation 1, so the factor does not matter.`
    : `Kernel ${kernel} ${relation} factor ${factor}: ${within}${consequence}.`;
  const again = times > 1 ? ` The block comes ${times} times: paths of one block meet those of `
    + "the next." : "";
  if (!kinds) return `${first}${again} The field is too long to count its paths here.`;
  const total = kinds.none + kinds.one + kinds.many;
  const counted = [[kinds.one, "one path"], [kinds.many, "several paths"],
    [kinds.none, "no path: a gap"]].filter(([count]) => count)
    .map(([count, what]) => `${inputs(count)} with ${what}`);
  const most = kinds.most > 1 ? `, at most ${countText(kinds.most)}` : "";
  const told = counted.length === 1 && kinds.one
    ? `all ${inputs(total)} with one path` : counted.join(", ");
  const factorSaid = n > 1 && factor > 1 ? " It is the factor from layer to layer that is "
    + "compared, not the dilations themselves." : "";
  return `${first}${again} Counted: ${told}${most}.${factorSaid}`;
};

/** What is known about the chosen input. */
export const inputText = (stack, lag, counts) => {
  const field = fieldOf(stack);
  const samples = (n) => `${countText(n)} ${n === 1 ? "sample" : "samples"}`;
  if (lag < 0) {
    return `This input comes ${samples(-lag)} after the output. No path leads there: the stack `
      + "is causal.";
  }
  if (lag >= field) {
    return `This input lies ${samples(lag - field + 1)} before the field: the output can't know `
      + "it.";
  }
  const where = lag === 0 ? "The newest input" : `The input ${samples(lag)} back`;
  if (!counts) return `${where} lies within the field.`;
  const paths = counts[lag];
  if (!paths) return `${where} lies in a gap: no path leads from it to the output.`;
  return `${where} reaches the output on ${countText(paths)} ${paths === 1 ? "path" : "paths"}.`;
};

/** What the field means for music. */
export const musicText = (stack, choice) => {
  const { beats, periods } = lengthsOf(stack, choice);
  const perBlock = (stack.kernel - 1) * sumOf(dilationsOf({ ...stack, n_blocks: 1 }));
  const beat = (choice.sample_rate * 60) / choice.tempo;
  const needed = Math.max(1, Math.ceil((beat - 1) / perBlock));
  const held = `It holds ${shortText(periods)} periods of middle C.`;
  if (beats >= 1) return `${held} A beat of ${countText(Math.round(beat))} samples fits into it.`;
  return `${held} A beat has ${countText(Math.round(beat))} samples: ${countText(needed)} such `
    + `${needed === 1 ? "block" : "blocks"} would hold it.`;
};

/** The lag that a key leads to, or null. */
export const lagAfter = (key, lag, { low, high, isFar }) => {
  const step = isFar ? 10 : 1;
  const next = { ArrowLeft: lag + step, ArrowRight: lag - step, Home: high, End: low }[key];
  return next === undefined ? null : Math.min(high, Math.max(low, next));
};
