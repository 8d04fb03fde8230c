import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  changeSubscriber,
  endContract,
  everywhere,
  findSubscriber,
  importInventory,
  type NewSubscriber,
  sql,
  startContract,
} from "@energsys/store";
import { testDatabase, testKeyRing, testMasterKey, urlOfRole } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, expect, test, vi } from "vitest";
import { addSubscribers } from "../src/commands/subscribers.ts";

const { db, url, drop } = await testDatabase();
testKeyRing(db);
const folder = mkdtempSync(join(tmpdir(), "energsys-subscribers-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await drop();
});
// As a command of an installation with a role for each process has it.
process.env.DATABASE_URL = urlOfRole(url, "app_web");
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));
vi.stubEnv("ENERGSYS_LOG_HEADS", folder);

const march = Date.parse("2026-02-28T22:00:00Z");
await importInventory(db, {
  branches: [],
  points: ["RO1", "RO2"].map((pod) => ({
    ...{ pod, name: "", address: "", branch: ["Argeș"], phases: 1 as const },
    meter: { serial: pod, manufacturer: "TST", model: "generic-dlms", phases: 1 as const },
    installedAt: "2020-01-01T00:00:00Z",
    device: {
      identity: pod,
      model: "generic-dlms",
      url: "dlms+tcp://127.0.0.1:1",
      direction: "dial" as const,
    },
  })),
});
const person = (number: string): NewSubscriber => ({
  ...{ kind: "household", number, name: "Popescu Ion", phone: "", email: "", address: "" },
});
const moveIn = (pointId: number, number: string) =>
  startContract(db, everywhere, { pointId, number, fromMs: march, subscriber: person(number) });
const gone = await moveIn(1, "A-1");
await endContract(db, everywhere, { contractId: gone.contractId, atMs: march + 86_400_000 });
const stays = await moveIn(2, "A-2");

/** The command in this process: what it prints, or the code of what stops it. */
async function energsys(...words: string[]): Promise<string> {
  const program = new Command().exitOverride();
  addSubscribers(program);
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(["subscribers", ...words], { from: "user" });
  } catch (error) {
    return `${text}${(error as { code: string }).code}`;
  } finally {
    print.mockRestore();
  }
  return text;
}

test("a subscriber is shown as they are and as they were on a day, and the log says that somebody looked", async () => {
  await changeSubscriber(
    db,
    everywhere,
    stays.subscriberId,
    { ...person("A-2"), phone: "0248" },
    { by: "ana" },
  );
  expect(await energsys("show", "A-9")).toBe("subscriber.not-found");
  const [now, contract, before] = (await energsys("show", "A-2")).split("\n");
  expect(now).toMatch(/^A-2 {2}Popescu Ion {2}household {2}0248 {2}since 20/);
  expect(contract).toBe("contract A-2  point RO2  2026-02-28T22:00:00.000Z -");
  expect(before).toMatch(/^until 20.*Z {2}A-2 {2}Popescu Ion {2}household {2}changed by ana$/);
  const then = await energsys("show", "A-2", "--on", "2026-02-01T00:00:00Z", "--json");
  expect(JSON.parse(then)).toMatchObject({ phone: "", from: null, contracts: [] });
  const { rows } = await db.query(sql`
    select actor, object_id as id from audit.log where object_type = 'subscriber' and action = 'view'`);
  const look = { actor: "process:cli", id: String(stays.subscriberId) };
  expect(rows).toEqual([look, look]);
});

test("an erasure is asked for by the customer number, and waits for a person; the list names nobody", async () => {
  expect(await energsys("ask-erasure", "A-9", "--reason", "letter 12")).toBe("subscriber.not-found");
  expect(await energsys("ask-erasure", "A-2", "--reason", "letter 12")).toBe("subscriber.contract-runs");
  expect(await energsys("ask-erasure", "A-1", "--reason", "letter of Popescu")).toBe("erasure.names-person");
  expect(await energsys("ask-erasure", "A-1", "--reason", "letter 12")).toMatch(
    /^erasure \d+ waits for somebody/,
  );
  const listed = await energsys("erasures", "--open");
  expect(listed).toMatch(new RegExp(`subscriber ${gone.subscriberId}  asked  command line .*: letter 12`));
  expect(listed).not.toContain("Popescu");
  const { rows } = await db.query(sql`
    select distinct actor, reason from audit.log where object_type = 'subscriber_erasure'`);
  expect(rows).toEqual([{ actor: "process:cli", reason: "letter 12" }]);
});

test("after a restore what was erased since is erased again, and what stands in the way is said", async () => {
  const { rows } = await db.query<{ id: number; since: number }>(
    sql`select subscriber_id as id, created_at as since from subscriber`,
  );
  const done = (subscriberId: number) => ({
    ...{ subscriberId, reason: "letter 12", requestedBy: "maria", decidedBy: "dan" },
    subscriberSince: new Date(rows.find(({ id }) => id === subscriberId)?.since ?? 0).toISOString(),
    ...{ requestedAt: "2026-04-01T10:00:00Z", decidedAt: "2026-04-01T11:00:00Z" },
  });
  const lines = [gone.subscriberId, stays.subscriberId, 999].map((id) => JSON.stringify(done(id)));
  expect(await energsys("replay-erasures")).toBe("erasures.file-unreadable");
  writeFileSync(join(folder, "erasures.jsonl"), `${lines.join("\n")}\n`);
  expect(await energsys("replay-erasures")).toBe(
    [
      `subscriber ${gone.subscriberId} erased again`,
      `subscriber ${stays.subscriberId} has a contract that has not ended: not erased`,
      "subscriber 999 is not in this database",
      "erasures.contract-runs",
    ].join("\n"),
  );
  expect((await findSubscriber(db, everywhere, gone.subscriberId))?.name).toBe("");
  expect((await findSubscriber(db, everywhere, stays.subscriberId))?.name).toBe("Popescu Ion");
  expect(JSON.parse(await energsys("erasures", "--json"))).toMatchObject([
    { state: "erased", requestedBy: "maria", decidedBy: "dan", replayedAtMs: expect.any(Number) },
  ]);
});
