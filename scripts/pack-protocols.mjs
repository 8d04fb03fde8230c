// Packs packages/protocols as others install it: JavaScript with types, the READMEs, the API as Markdown, in one .tgz file.
// Node strips no types below node_modules, so what is published must be compiled.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pinnedNode } from "./pinned-node.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages", "protocols");
const built = join(source, "dist");
const target = resolve(process.argv[2] ?? root);

function run(args, cwd) {
  const { status, stdout } = spawnSync(pinnedNode(), args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) {
    console.error(`pack: ${args[0]} failed\n${stdout}`);
    process.exit(1);
  }
}

rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });
const compiler = join(built, "tsconfig.json");
writeFileSync(
  compiler,
  JSON.stringify({
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
      rootDir: join(source, "src"),
      outDir: built,
    },
    include: [join(source, "src")],
  }),
);
run([join(root, "node_modules", "typescript", "bin", "tsc"), "-p", compiler], root);

const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
const entries = Object.entries(manifest.exports).map(([name, file]) => [
  name,
  file.replace("./src/", "./").replace(/\.ts$/, ""),
]);
const { name, version, type, license, description } = manifest;
const exported = Object.fromEntries(
  entries.map(([entry, file]) => [entry, { types: `${file}.d.ts`, default: `${file}.js` }]),
);
const engines = { node: ">=20" };
writeFileSync(
  join(built, "package.json"),
  `${JSON.stringify({ name, version, type, license, description, engines, exports: exported }, null, 2)}\n`,
);

writeFileSync(
  compiler,
  JSON.stringify({
    extends: join(root, "tsconfig.json"),
    compilerOptions: { allowImportingTsExtensions: false },
    include: [join(built, "**", "*.d.ts")],
    exclude: [],
  }),
);
run(
  [
    join(source, "node_modules", "typedoc", "bin", "typedoc"),
    ...["--plugin", "typedoc-plugin-markdown", "--outputFileStrategy", "modules", "--readme", "none"],
    ...["--disableSources", "--hideBreadcrumbs", "--logLevel", "Error", "--name", name],
    ...["--basePath", built, "--tsconfig", compiler, "--out", join(built, "api")],
    ...entries.flatMap(([, file]) => ["--entryPoints", join(built, `${file}.d.ts`)]),
  ],
  source,
);
rmSync(compiler);

cpSync(join(root, "LICENSE"), join(built, "LICENSE"));
for (const file of readdirSync(source, { recursive: true }).filter(
  (path) => path === "README.md" || (path.startsWith("src") && path.endsWith("README.md")),
)) {
  const to = join(built, file.replace(/^src./, ""));
  mkdirSync(dirname(to), { recursive: true });
  const text = readFileSync(join(source, file), "utf8");
  writeFileSync(to, text.replaceAll("](src/", "](").replaceAll("](../../README.md", "](../README.md"));
}

const npm = process.env.npm_execpath;
const pack = ["pack", "--silent", "--pack-destination", target];
const { status, stdout } = npm?.endsWith(".js")
  ? spawnSync(process.execPath, [npm, ...pack], { cwd: built, encoding: "utf8" })
  : spawnSync("npm", pack, { cwd: built, encoding: "utf8" });
if (status !== 0) process.exit(1);
console.log(join(target, stdout.trim().split("\n").at(-1)));
