import { importInventory, readGrants, sql } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, expect, test, vi } from "vitest";
import { addUsers } from "../src/commands/users.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);
process.env.DATABASE_URL = url;

/** The command in this process: what it prints as JSON, or what stops it. */
async function energsys(...words: string[]) {
  const program = new Command().exitOverride();
  addUsers(program);
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(["users", ...words, "--json"], { from: "user" });
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    print.mockRestore();
  }
  return JSON.parse(text);
}

// The machine's master key, by which codes of points are found.
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));

test("people are added, given roles for a branch or a supplier's points, disabled and listed from the machine", async () => {
  await importInventory(db, { branches: [{ path: ["Argeș", "Pitești"] }], points: [] });
  const added = await energsys("add", "Ion", "--display-name", "Ion Ionescu");
  expect(added.invitation).toMatch(/^[\w-]{32}$/);
  expect(await energsys("add", "ion", "--display-name", "x")).toBe("account.name-taken");
  expect(await energsys("grant", "ion", "operator", "--branch", "Argeș/Nowhere")).toContain(
    "branch.not-found",
  );
  expect(await energsys("grant", "ion", "king")).toBe("role.not-found");
  expect(await energsys("grant", "ion", "supplier")).toBe("supplier.not-found");
  const { grantId } = await energsys(
    "grant",
    "ion",
    "operator",
    "--branch",
    "Argeș/Pitești",
    "--reason",
    "night shift",
  );
  const { rows } = await energsys("list");
  expect(rows).toEqual([
    {
      accountId: added.accountId,
      name: "ion",
      displayName: "Ion Ionescu",
      disabled: false,
      source: null,
      grants: [{ grantId, role: "Operator", branch: ["Argeș", "Pitești"], supplier: null, until: null }],
    },
  ]);
  expect(await energsys("supplier", "30XRO-A", "RO001", "--name", "Furnizor A")).toEqual({ points: 0 });
  await energsys("grant", "ion", "supplier", "--supplier", "30XRO-A");
  expect(await readGrants(db, { accountId: added.accountId, nowMs: Date.now() })).toHaveLength(2);
  // Nobody could give rights then; with somebody else who can it is done.
  expect(await energsys("disable", "ion")).toBe("account.last-administrator");
  await energsys("add", "ana", "--display-name", "Ana");
  await energsys("grant", "ana", "administrator");
  expect(await energsys("disable", "ion")).toEqual({ accountId: added.accountId, disabled: true });
  expect(await energsys("revoke", String(grantId))).toEqual({ grantIds: [grantId] });
  expect(await energsys("revoke", String(grantId))).toBe("grant.not-found");
  const log = await db.query<{ actor: string }>(
    sql`select distinct actor from audit.log where object_type in ('account', 'role_grant')`,
  );
  expect(log.rows).toEqual([{ actor: "process:cli" }]);
});
