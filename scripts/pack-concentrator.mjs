// Packs the concentrator as one JavaScript file for a gateway: `./concentrator.mjs --config FILE`, with Node 26 and nothing else.
// Only serial ports need a library beside it (`npm install serialport`), since that one is native; lines by TCP need none.
import { chmodSync, copyFileSync, mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { frugalFlags } from "../packages/cli/bin/program-flags.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = resolve(process.argv[2] ?? join(root, "packages", "concentrator", "dist"));
mkdirSync(target, { recursive: true });

const flags = [...frugalFlags, "--disable-warning=ExperimentalWarning"].join(" ");

const bundle = await rolldown({
  input: join(root, "packages", "concentrator", "src", "main.ts"),
  platform: "node",
  external: ["serialport"],
});
const file = join(target, "concentrator.mjs");
await bundle.write({
  file,
  format: "esm",
  minify: true,
  codeSplitting: false,
  banner: `#!/usr/bin/env -S node ${flags}`,
});
await bundle.close();
chmodSync(file, 0o755);
copyFileSync(join(root, "LICENSE"), join(target, "LICENSE"));
console.log(JSON.stringify({ file, bytes: statSync(file).size }));
