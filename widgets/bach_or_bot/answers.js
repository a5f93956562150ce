// What was answered and what it is worth. Pure functions; the same is computed in Python
// (compose/blind/result.py), and a test compares the two.

const Z = 1.959963984540054; // a normal draw lies within -Z and Z in 95 % of the cases
const FORMAT = "deepcomposer bach-or-bot result";
const FORMAT_VERSION = 1;
export const COUNTS = ["right", "recognised", "spotted"];

/** The rounds of a test from their sealed form, which nobody reads at a glance. */
export const unseal = (sealed) => {
  const bytes = Uint8Array.from(atob(sealed), (letter, i) =>
    letter.charCodeAt(0) ^ ((73 * i + 41) & 255));
  return JSON.parse(new TextDecoder().decode(bytes)).rounds;
};

/** Wilson's interval of 95 % for n of all; [0, 1] without answers. */
export const interval = (n, all) => {
  if (!all) return [0, 1];
  const p = n / all;
  const middle = p + Z ** 2 / (2 * all);
  const half = Z * Math.sqrt((p * (1 - p)) / all + Z ** 2 / (4 * all ** 2));
  const whole = 1 + Z ** 2 / all;
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)];
};

/**
 * How many answers are right, {n, all}.
 * @param pairs [is it real, was it called real]; null and undefined are no answers
 * @param counts "right" of all, "spotted" of the machine's, "recognised" of the person's
 */
export const share = (pairs, counts) => {
  const answered = pairs.filter(([real, said]) => typeof said === "boolean"
    && (counts === "right" || real === (counts === "recognised")));
  return { n: answered.filter(([real, said]) => real === said).length, all: answered.length };
};

const pairsOf = (rounds, said) => rounds.map(({ real }, i) => [real, said[i]]);

/** 0.6543 as "65 %". */
export const percent = (value) => `${Math.round(100 * value)} %`;

const rowOf = (label, { n, all }, kind) => ({ label, kind, value: all ? n / all : null,
  interval: interval(n, all), text: all ? `${n} of ${all}` : "no answers" });

/**
 * The rows of the chart below the score, in groups by what is counted.
 * @param published [{who, counts, share, n_answers}]
 * @returns [{counts, rows: [{label, kind: "you" | "machine" | "paper", value, interval, text}]}]
 */
export const chartOf = ({ rounds, said, published }) => COUNTS.map((counts) => {
  const judges = [...new Set(rounds.flatMap(({ says }) => Object.keys(says ?? {})))];
  const rows = [
    rowOf("You", share(pairsOf(rounds, said), counts), "you"),
    ...judges.map((name) => rowOf(name, share(rounds.map((round) =>
      [round.real, round.says?.[name]]), counts), "machine")),
    ...published.filter((figure) => figure.counts === counts).map((figure) => ({
      label: figure.who, kind: "paper", value: figure.share,
      interval: figure.n_answers
        ? interval(Math.round(figure.share * figure.n_answers), figure.n_answers) : null,
      text: figure.n_answers ? `${figure.n_answers.toLocaleString("en")} answers`
        : "published share",
    })),
  ];
  return { counts, rows };
});

/** The result in two sentences. */
export const scoreWords = (rounds, said) => {
  const { n, all } = share(pairsOf(rounds, said), "right");
  if (!all) return "No round has been judged yet.";
  const [low, high] = interval(n, all);
  const range = `${percent(low)} and ${percent(high)}`;
  const first = `You were right in ${n} of ${all} rounds, ${percent(n / all)}; your true share `
    + `lies probably between ${range}.`;
  if (low > 0.5) return `${first} One who guesses is right in half of them: you hear a difference.`;
  if (high < 0.5) return `${first} You hear a difference, but take the one for the other.`;
  return `${first} Half would be right by guessing, and that lies within: this does not show `
    + "that you can hear the difference, nor that you cannot.";
};

/** What a round was, after the answer. */
export const verdictWords = (round, said, names) => {
  const maker = round.real || !round.made_by ? "" : ` (${round.made_by})`;
  const whose = names[round.real ? 0 : 1] + maker;
  const source = round.title ? `: ${round.title}` : "";
  return `${said === round.real ? "Right" : "Wrong"}. It was ${whose}${source}.`;
};

/** The result as it stands in a file; compose/blind/result_files.py reads it. */
export const resultOf = ({ id, test, about, names, player, rounds, said }) => ({
  format: FORMAT, format_version: FORMAT_VERSION, id, test, about, names,
  player: player.trim().slice(0, 40),
  rounds: rounds.map(({ real, title, says, heard }, i) => ({
    real, said: said[i] ?? null, title, says: says ?? {}, heard: heard ?? {},
  })),
});

/** The name of a result's file, unlike everybody else's: a class collects them in a folder. */
export const fileNameOf = ({ player, right, all, id }) => {
  const name = player.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim().replaceAll(" ", "-");
  return `${["bach-or-bot", name, `${right}-of-${all}`, id.slice(0, 4)].filter(Boolean).join("-")}.json`;
};

/** The next round without an answer after `place`, going round; -1 if there is none. */
export const nextOpen = (said, place) => {
  const order = said.map((_, i) => (place + 1 + i) % said.length);
  return order.find((i) => typeof said[i] !== "boolean") ?? -1;
};
