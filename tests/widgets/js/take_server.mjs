// Lets Python ask take_math.js: reads [[function, argument, ...], ...] from its input and
// writes the list of results.
import { readFileSync } from "node:fs";
import * as takes from "../../../widgets/keyboard/take_math.js";
import * as scales from "../../../widgets/keyboard/scale.js";

const known = { ...takes, ...scales };
const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(([name, ...args]) => known[name](...args))));
