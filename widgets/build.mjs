// Bundles each widget into one ES module that needs no network: `npm ci && npm run build`.
// With a folder as argument the bundles are written there (the test compares them).

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.argv[2] ?? join(HERE, "static");
// A bundle is made of the folder of its name and of shared/; synth/ is the synthesizer
// that all widgets of a page load once. A folder with a script of its own name is one.
const BUNDLES = readdirSync(HERE).sort()
  .filter((name) => existsSync(join(HERE, name, `${name}.js`)));

const filesOf = (folder) =>
  readdirSync(join(HERE, folder)).sort().map((name) => `${folder}/${name}`);

/** Hash of all that a bundle is made of: its sources, this script, the pinned packages. */
const sourceHash = (bundle) => {
  const sources = [bundle, ...(bundle === "synth" ? [] : ["shared"])].flatMap(filesOf);
  const hash = createHash("sha256");
  [...sources, "build.mjs", "package.json", "package-lock.json"].forEach((name) => {
    hash.update(`${name}\n`).update(readFileSync(join(HERE, name)));
  });
  return hash.digest("hex");
};

const ROOTS = { keyboard: "dc-piano" }; // else dc- and the bundle's name

// Each bundle brings a copy of the common look. On a page with several widgets the copy of
// one must not outweigh another's own rules, so each applies to its own widget only.
const onlyFor = (bundle) => ({
  name: "only-for",
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]shared[\\/][^\\/]+\.css$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8").replaceAll(/\.dc-widget(?![\w-])/g,
      `.dc-widget:where(.${ROOTS[bundle] ?? `dc-${bundle}`})`),
    loader: "css",
  })),
});

/** What a bundle begins with: a widget, so that it hears Python even if it loads late. */
const entryOf = (name) => ({ resolveDir: HERE, contents: name === "synth"
  ? `export * from "./synth/synth.js";`
  : `import widget from "./${name}/${name}.js";
     import { everListening } from "./shared/late.js";
     export default everListening(widget);` });

mkdirSync(OUT, { recursive: true });
for (const name of BUNDLES) {
  const options = { bundle: true, minify: true, write: false, legalComments: "none",
    logLevel: "warning", target: "es2022" };
  const banner = `Built by widgets/build.mjs from widgets/${name}/; licences of what is `
    + "bundled: widgets/THIRD_PARTY.md";
  const script = await build({ ...options, stdin: entryOf(name),
    format: "esm", loader: { ".min.js": "text" } });
  writeFileSync(join(OUT, `${name}.js`), `// ${banner}\n${script.outputFiles[0].text}`);
  const look = join(HERE, name, `${name}.css`);
  if (existsSync(look)) {
    const style = await build({ ...options, entryPoints: [look], plugins: [onlyFor(name)] });
    writeFileSync(join(OUT, `${name}.css`), `/* ${banner} */\n${style.outputFiles[0].text}`);
  }
  writeFileSync(join(OUT, `${name}.sha256`), `${sourceHash(name)}\n`);
}
