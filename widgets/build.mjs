// Bundles each widget into one ES module that needs no network: `npm ci && npm run build`.
// With a folder as argument the bundles are written there (the test compares them).

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.argv[2] ?? join(HERE, "static");
const WIDGETS = ["keyboard"];

/** Hash of all that a bundle is made of: its sources, this script, the pinned packages. */
const sourceHash = (widget) => {
  const sources = readdirSync(join(HERE, widget)).sort().map((name) => `${widget}/${name}`);
  const hash = createHash("sha256");
  [...sources, "build.mjs", "package.json", "package-lock.json"].forEach((name) => {
    hash.update(`${name}\n`).update(readFileSync(join(HERE, name)));
  });
  return hash.digest("hex");
};

mkdirSync(OUT, { recursive: true });
for (const widget of WIDGETS) {
  const options = { bundle: true, minify: true, write: false, legalComments: "none",
    logLevel: "warning", target: "es2022" };
  const script = await build({ ...options, entryPoints: [join(HERE, widget, `${widget}.js`)],
    format: "esm", loader: { ".min.js": "text" } });
  const style = await build({ ...options, entryPoints: [join(HERE, widget, `${widget}.css`)] });
  const banner = `Built by widgets/build.mjs from widgets/${widget}/; licences of what is `
    + "bundled: widgets/THIRD_PARTY.md";
  writeFileSync(join(OUT, `${widget}.js`), `// ${banner}\n${script.outputFiles[0].text}`);
  writeFileSync(join(OUT, `${widget}.css`), `/* ${banner} */\n${style.outputFiles[0].text}`);
  writeFileSync(join(OUT, `${widget}.sha256`), `${sourceHash(widget)}\n`);
}
