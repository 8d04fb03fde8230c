import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AddressPlace,
  askAddress,
  chooseAddress,
  placeOf,
  processRoles,
  readAddressChange,
  sql,
  tryAddress,
} from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { addDb } from "../src/commands/db.ts";
import { DatabaseAddress } from "../src/supervisor/database-address.ts";
import { findOwnDatabase, urlForRole } from "../src/supervisor/own-database.ts";

const { db, url, drop } = await testDatabase();
vi.stubEnv("DATABASE_URL", "");

// The server of the tests listens on a socket; an address that people type is a host and a port.
const { host: socketFolder, port: socketPort, database } = placeOf(url);
const door = createServer((client) => {
  const server = createConnection(join(socketFolder, `.s.PGSQL.${socketPort}`));
  client.pipe(server).pipe(client);
  for (const end of [client, server]) end.on("error", () => client.destroy());
});
await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
const { port } = door.address() as AddressInfo;
const place: AddressPlace = { host: "127.0.0.1", port, database, tls: "none" };
const address = `postgres://127.0.0.1:${port}/${database}?sslmode=disable`;

const passwords = Object.fromEntries(
  processRoles.map((role) => [role, decodeURIComponent(new URL(urlOfRole(url, role)).password)]),
);
const folder = mkdtempSync(join(tmpdir(), "energsys-address-"));
const file = join(folder, "database-address.json");
afterAll(async () => {
  door.close();
  rmSync(folder, { recursive: true, force: true });
  await drop();
});
beforeEach(() => {
  rmSync(file, { force: true });
  writeFileSync(join(folder, "database-roles.json"), JSON.stringify(passwords), { mode: 0o600 });
});

/** The command in this process: what it prints as JSON, line by line, or the code that stops it. */
async function energsys(...words: string[]) {
  const program = new Command().exitOverride();
  addDb(program);
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(["db", "address", ...words, "--data", folder, "--json"], { from: "user" });
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    print.mockRestore();
  }
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("every role comes through where the database is as it should be", async () => {
  const { good, roles } = await tryAddress(address, passwords);
  expect(roles.map(({ role, steps }) => [role, steps.find(({ outcome }) => outcome !== "good")])).toEqual(
    processRoles.map((role) => [role, undefined]),
  );
  expect(good).toBe(true);
});

test.each(processRoles)("a wrong password of %s alone is enough for a trial to fail", async (role) => {
  const { good, roles } = await tryAddress(address, { ...passwords, [role]: "wrong" });
  expect(good).toBe(false);
  const failed = roles.filter(({ steps }) => steps.some(({ outcome }) => outcome === "bad"));
  expect(failed.map((trial) => [trial.role, trial.steps[2]])).toEqual([
    [role, expect.objectContaining({ step: "sign-in", outcome: "bad", detail: "28P01" })],
  ]);
});

test("a database of another release and one whose roles are not made are told from a good one", async () => {
  const failedStep = async () => {
    const { roles } = await tryAddress(address, passwords);
    return roles.map(({ steps }) => steps.find(({ outcome }) => outcome === "bad")?.detail);
  };
  await db.query(sql`create table kept as select * from schema_migration where number = 1`);
  await db.query(sql`delete from schema_migration where number = 1`);
  expect(new Set(await failedStep())).toEqual(new Set(["migration.missing"]));
  await db.query(sql`insert into schema_migration select * from kept`);
  await db.query(sql`drop table kept`);
  await db.query(sql`revoke select on branch from app_headend`);
  expect(new Set(await failedStep())).toEqual(new Set(["database.roles-unmade"]));
  await db.query(sql`grant select on branch to app_headend`);
});

test("the command tries, writes a file that only its owner reads, and goes back", async () => {
  expect(await energsys("--try", address)).toEqual([
    expect.objectContaining({ good: true }),
    { embedded: true },
  ]);
  expect(findOwnDatabase(folder)).toBeUndefined();
  const [, now] = (await energsys(address)) as object[];
  expect(now).toEqual({ embedded: false, perRole: true, host: "127.0.0.1", port, database, role: "" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const own = findOwnDatabase(folder)!;
  expect(own).toEqual({ url: address, perRole: true });
  for (const role of processRoles) expect(new URL(urlForRole(folder, own, role)).username).toBe(role);
  // One that does not answer changes nothing.
  expect(await energsys("postgres://127.0.0.1:1/energsys")).toBe("database.address-untried");
  expect(findOwnDatabase(folder)).toEqual(own);
  expect(await energsys("--undo")).toEqual([{ embedded: true }]);
  expect(await energsys("--undo")).toBe("database.address-unset");
});

test("the launcher tries what the page asks for, and writes it when it was chosen and is still good", async () => {
  const launcher = new DatabaseAddress(db, folder);
  const ask = (asked: AddressPlace) =>
    askAddress(db, { id: crypto.randomUUID(), place: asked, by: "ana", askedAtMs: Date.now() });
  const choose = async () =>
    chooseAddress(db, { id: (await readAddressChange(db))!.id, by: "ana", nowMs: Date.now() });
  await ask(place);
  expect(await choose()).toBe(false);
  await launcher.look();
  expect(await readAddressChange(db)).toMatchObject({ state: "tried", good: true, by: "ana" });
  expect(findOwnDatabase(folder)).toBeUndefined();
  expect(await choose()).toBe(true);
  // Between the choice and the launcher's turn a password no longer fits: nothing is written.
  writeFileSync(join(folder, "database-roles.json"), JSON.stringify({ ...passwords, backup: "wrong" }));
  await launcher.look();
  expect(await readAddressChange(db)).toMatchObject({ state: "tried", good: false });
  expect(findOwnDatabase(folder)).toBeUndefined();
  writeFileSync(join(folder, "database-roles.json"), JSON.stringify(passwords));
  await ask(place);
  await launcher.look();
  await choose();
  await launcher.look();
  expect(await readAddressChange(db)).toMatchObject({ state: "written", good: true });
  expect(findOwnDatabase(folder)).toEqual({ url: address, perRole: true });
  expect(readFileSync(file, "utf8")).not.toContain(passwords.app_web);
  // No password stands in the row, which the log keeps.
  const { rows } = await db.query<{ text: string }>(
    sql`select coalesce(string_agg(after::text, ''), '') as text from audit.log where object_id = 'database-address'`,
  );
  for (const secret of Object.values(passwords)) expect(rows[0]!.text).not.toContain(secret);
});

test("the machine's own secrets and neighbours are never called, and DATABASE_URL stays what it is", async () => {
  const launcher = new DatabaseAddress(db, folder);
  await askAddress(db, {
    id: crypto.randomUUID(),
    place: { ...place, host: "169.254.169.254", port: 80 },
    by: "ana",
    askedAtMs: Date.now(),
  });
  await launcher.look();
  const change = await readAddressChange(db);
  expect(change).toMatchObject({ state: "tried", good: false });
  expect(change!.roles![0]!.steps[0]).toMatchObject({ step: "name", detail: "address.not-allowed" });
  await askAddress(db, { id: crypto.randomUUID(), place, by: "ana", askedAtMs: Date.now() });
  vi.stubEnv("DATABASE_URL", url);
  await launcher.look();
  vi.stubEnv("DATABASE_URL", "");
  expect(await readAddressChange(db)).toMatchObject({ state: "refused", code: "database.address-fixed" });
});
