import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Database, identifier, openDatabase, sql, trusted } from "@energsys/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowThisMachine, type RunningDemo, startEmpty } from "./energsys.ts";

// Secrets and personal data that occur nowhere else are given to a running system, which then works with them. Where are they?
const word = () => `kanarek${randomBytes(8).toString("hex")}`;
const hexKey = () => randomBytes(16).toString("hex").toUpperCase();
const secrets = {
  encryptionKey: hexKey(),
  authenticationKey: hexKey(),
  masterKey: hexKey(),
  devicePassword: word().slice(0, 16),
  personPassword: word(),
  wrongPassword: word(),
};
/** A customer as people type one in: with the digits of a telephone and of a national identity number, and a mail address. */
const digits = (count: number) => [...randomBytes(count)].map((byte) => byte % 10).join("");
const customer = {
  customer: word(),
  phone: `+407${digits(8)}`,
  email: `${word()}@example.ro`,
  cnp: `2${digits(12)}`,
  contract: word(),
};
/** What callers get wrong: the answers, which must not say it back. */
const refused: { readonly what: string; readonly status: number; readonly text: string }[] = [];
const personal = {
  ...customer,
  pod: `RO001${word().toUpperCase()}`,
  point: word(),
  address: word(),
  person: word(),
};
/** Made by the system while the test runs: passwords and tokens that are shown once. */
const shown: Record<string, string> = {};

let system: RunningDemo;
let db: Database;
let cookie = "";
let csrfToken = "";
let healthPort = 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function call(method: string, path: string, body?: object) {
  const answer = await fetch(`${system.url}/api${path}`, {
    method,
    headers: {
      origin: system.url,
      cookie,
      "x-csrf-token": csrfToken,
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const set = answer.headers.getSetCookie()[0];
  if (set) cookie = set.split(";", 1)[0]!;
  const text = await answer.text();
  const value = text === "" ? undefined : JSON.parse(text);
  if (value?.csrfToken) csrfToken = value.csrfToken;
  return { status: answer.status, value };
}

/** Calls that are refused for every reason there is, with canaries where they do not belong. */
async function tellWrong(): Promise<void> {
  const everything = [...Object.values(secrets), ...Object.values(personal)];
  for (const canary of everything) {
    const value = encodeURIComponent(canary);
    const json = { "content-type": "application/json" };
    const tries: readonly [what: string, path: string, init: RequestInit][] = [
      ["no such address", `/${value}`, {}],
      ["a number that is none", `/points/${value}`, {}],
      ["a query that is refused", `/points?limit=${value}&sort=${value}`, {}],
      [
        "an unknown field",
        `/account/tokens`,
        { method: "POST", headers: json, body: JSON.stringify({ [canary]: canary }) },
      ],
      [
        "a wrong type",
        `/points/1/contracts`,
        { method: "POST", headers: json, body: JSON.stringify({ number: [canary], from: canary }) },
      ],
      ["no JSON", `/points/1/contracts`, { method: "POST", headers: json, body: `{"number": ${canary}` }],
      [
        "another media type",
        `/points/1/contracts`,
        { method: "POST", headers: { "content-type": "text/plain" }, body: canary },
      ],
      ["a wrong token", `/points`, { headers: { authorization: `Bearer ${value}` } }],
      [
        "a wrong sign-in",
        `/session`,
        { method: "POST", headers: json, body: JSON.stringify({ name: canary, password: canary }) },
      ],
      [
        "a wrong origin",
        `/session`,
        { method: "POST", headers: { ...json, origin: `https://${value}.example` }, body: "{}" },
      ],
      [
        "a number that is taken",
        `/points/1/contracts`,
        {
          method: "POST",
          headers: json,
          body: JSON.stringify({
            number: customer.contract,
            from: new Date().toISOString(),
            subscriber: {
              kind: "household",
              number: customer.cnp,
              name: canary,
              phone: "",
              email: canary,
              address: canary,
            },
          }),
        },
      ],
    ];
    for (const [what, path, init] of tries) {
      const answer = await fetch(`${system.url}/api${path}`, {
        ...init,
        headers: {
          origin: system.url,
          "x-csrf-token": csrfToken,
          ...(what.includes("token") ? {} : { cookie }),
          ...(init.headers as Record<string, string>),
        },
      });
      refused.push({
        what,
        status: answer.status,
        text: `${[...answer.headers].join("\n")}\n${await answer.text()}`,
      });
    }
  }
}

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (const deadline = performance.now() + 60_000; !(await holds()); await wait(250)) {
    if (performance.now() > deadline) throw new Error(`${what} did not come:\n${system.output()}`);
  }
};

beforeAll(async () => {
  healthPort = await freePort();
  process.env.ENERGSYS_HEALTH = `127.0.0.1:${healthPort}`;
  process.env.ENERGSYS_HEADEND_HEALTH = `127.0.0.1:${await freePort()}`;
  process.env.ENERGSYS_LOG_LEVEL = "trace";
  system = await startEmpty(["--no-tls"]);
  const made = await call("POST", "/first-account", {
    token: new URL(system.firstRunUrl).hash.replace(/^#token=/, ""),
    name: "ana",
    displayName: personal.person,
    password: secrets.personPassword,
    language: "ro",
  });
  expect(made.status).toBe(201);
  shown.session = cookie.slice(cookie.indexOf("=") + 1);
  allowThisMachine(system.folder);
  const place = { address: personal.address, branch: ["Nord"], phases: 1, ctRatio: "1", vtRatio: "1" };
  const added = [
    await call("POST", "/devices", {
      ...place,
      url: `dlms+tcp://127.0.0.1:${await freePort()}?client=1&auth=gmac`,
      encryptionKey: secrets.encryptionKey,
      authenticationKey: secrets.authenticationKey,
      masterKey: secrets.masterKey,
      identity: "ENS1",
      model: "generic-dlms",
      manufacturer: "ENS",
      serial: "1",
      pod: personal.pod,
      name: personal.point,
      primaryValues: false,
    }),
    await call("POST", "/devices", {
      ...place,
      url: `iec62056-21+tcp://127.0.0.1:${await freePort()}?mode=C&password=${secrets.devicePassword}`,
      identity: "ENS2",
      model: "iskra-me162",
      manufacturer: "ISK",
      serial: "2",
      pod: "RO001ORDINARY",
      name: "Ordinary",
      primaryValues: false,
    }),
  ];
  expect(added.map(({ status }) => status)).toEqual([201, 201]);
  const token = await call("POST", "/account/tokens", {
    label: "canary",
    actions: ["points.see"],
    addresses: [],
    days: 1,
  });
  shown.token = token.value.token;
  shown.analyst = (await call("POST", "/database/analyst-password", { days: 1 })).value.password;
  const { value: trial } = await call("POST", "/database/trial", { analystPassword: shown.analyst });
  expect(trial.steps.map(({ outcome }: { outcome: string }) => outcome)).not.toContain("bad");
  shown.totp = (await call("POST", "/account/factors/totp", { label: "canary" })).value?.secret ?? "";
  await call("GET", `/points?q=${personal.pod}`);
  await call("GET", "/points/1");
  await call("POST", "/points/1/ratio-requests", {
    ctRatio: "2",
    vtRatio: "1",
    primaryValues: false,
    from: new Date(Date.now() - 1000).toISOString(),
    reason: "canary",
  });
  const started = await call("POST", "/points/1/contracts", {
    number: customer.contract,
    from: new Date(Date.now() - 60_000).toISOString(),
    subscriber: {
      kind: "household",
      number: customer.cnp,
      name: customer.customer,
      phone: customer.phone,
      email: customer.email,
      address: personal.address,
    },
  });
  expect(started.status).toBe(201);
  await call("GET", `/subscribers?q=${customer.email}`);
  await tellWrong();
  for (const { value } of added)
    await until("the attempt", async () =>
      ["done", "failed", "partial"].includes((await call("GET", `/attempts/${value.attemptId}`)).value.state),
    );
  await fetch(`${system.url}/api/session`, {
    method: "POST",
    headers: { origin: system.url, "content-type": "application/json" },
    body: JSON.stringify({ name: "ana", password: secrets.wrongPassword }),
  });
  const { server } = (await call("GET", "/database")).value;
  const ownPassword = readFileSync(join(system.folder, "postgres", "password"), "utf8").trim();
  db = openDatabase({
    url: `postgres://energsys:${encodeURIComponent(ownPassword)}@localhost/${server.database}?host=${encodeURIComponent(server.host)}`,
    connectionsMax: 1,
  });
}, 240_000);
afterAll(async () => {
  await db?.close();
  await system?.stop();
});

/** A value as it may stand somewhere: as it is, in small letters, as hex and as base64 of its text or of its bytes. */
function spellings(value: string): string[] {
  const bytes = /^[0-9A-F]{32}$/.test(value) ? Buffer.from(value, "hex") : Buffer.from(value);
  const text = Buffer.from(value);
  // Base64 without its ends: they depend on what stands beside.
  return [
    value,
    text.toString("hex"),
    bytes.toString("hex"),
    text.toString("base64"),
    bytes.toString("base64"),
  ].map((spelling) => spelling.replace(/=+$/, "").toLowerCase());
}

const holds = (text: string, value: string): boolean => {
  const small = text.toLowerCase();
  return value !== "" && spellings(value).some((spelling) => small.includes(spelling));
};
const found = (text: string, values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values)
    .filter(([, value]) => holds(text, value))
    .map(([name]) => name);

/** Every file below a folder that is still there when it is looked at: a server makes and drops some meanwhile. */
function* files(folder: string): Generator<{ readonly name: string; readonly text: string }> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !existsSync(path)) continue;
    yield { name: path.slice(folder.length + 1), text: readFileSync(path, "latin1") };
  }
}

/** Columns of a dump of every table that hold a value. */
async function dumpWhere(values: Readonly<Record<string, string>>): Promise<string[]> {
  const { rows: columns } = await db.query<{ schema: string; table: string; column: string }>(sql`
    select table_schema as schema, table_name as table, column_name as column
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema in ('public', 'audit') and table_type = 'BASE TABLE'`);
  const places = new Set<string>();
  for (const { schema, table, column } of columns) {
    const { rows } = await db.query<{ text: string | null }>(
      trusted(
        `select string_agg(${identifier(column).text}::text, E'\\n') as text from only ${identifier(schema).text}.${identifier(table).text}`,
      ),
    );
    for (const name of found(rows[0]?.text ?? "", values))
      places.add(`${name}: ${table.replace(/_\d{4}_\d{2}$/, "")}.${column}`);
  }
  return [...places].sort();
}

test("S36: keys, passwords, tokens, names, addresses and POD are nowhere in a dump; who signs in is in the accounts alone", async () => {
  expect(Object.keys(shown)).toEqual(["session", "token", "analyst", "totp"]);
  expect(Object.values(shown).every((value) => value.length >= 16)).toBe(true);
  expect(await dumpWhere({ ...secrets, ...shown })).toEqual([]);
  expect(await dumpWhere(personal)).toEqual(["person: account.display_name"]);
}, 60_000);

test("S36: no refusal says back what was wrong in it", () => {
  const everything = { ...secrets, ...shown, ...personal };
  expect(refused.length).toBeGreaterThan(100);
  expect(refused.filter(({ status }) => status < 400)).toEqual([]);
  expect(
    refused.flatMap(({ what, text }) => found(text, everything).map((name) => `${what}: ${name}`)),
  ).toEqual([]);
});

test("S36: no log at the level trace, no file of the data folder but the database's own, and no metric holds any of them", async () => {
  const everything = { ...secrets, ...shown, ...personal };
  const looked: string[] = [];
  for (const { name, text } of files(system.folder)) {
    // In the database's own files, WAL among them, stands the name of who signs in, and nothing else of these.
    const { person: _, ...others } = everything;
    const values = name.startsWith("postgres/") ? others : everything;
    expect([name, found(text, values)]).toEqual([name, []]);
    looked.push(name);
  }
  expect(looked).toEqual(expect.arrayContaining([expect.stringMatching(/^log\/server\.log/)]));
  expect(found(system.output(), everything)).toEqual([]);
  const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  expect(metrics).toContain("energsys_");
  expect(found(metrics, everything)).toEqual([]);
}, 60_000);

test("S36: a backup that has all of it is sealed", async () => {
  const everything = { ...secrets, ...shown, ...personal };
  const now = new Date().toISOString();
  await db.query(sql`select pg_switch_wal()`);
  await until("the archive", async () => {
    const { backup } = (await call("GET", "/database")).value;
    return backup.base.length > 0 && (backup.coveredAt ?? "") > now;
  });
  const sealed = [...files(join(system.folder, "backups"))];
  expect(sealed.length).toBeGreaterThan(3);
  for (const { name, text } of sealed) expect([name, found(text, everything)]).toEqual([name, []]);
  // The same look finds the name of who signs in in the WAL that was archived, so finding nothing above says something.
  const wal = [...files(join(system.folder, "postgres"))].filter(({ name }) => name.includes("pg_wal"));
  expect(wal.some(({ text }) => holds(text, personal.person))).toBe(true);
}, 120_000);
