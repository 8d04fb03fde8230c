import { needMonths, sql } from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, expect, test, vi } from "vitest";
import { addDb } from "../src/commands/db.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);
// As a command of an installation with a role for each process has it.
process.env.DATABASE_URL = urlOfRole(url, "app_web");

async function retention(...words: string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addDb(program);
  for (const command of program.commands[0]!.commands) command.exitOverride();
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(["db", "retention", ...words], { from: "user" });
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    print.mockRestore();
  }
  return text;
}

test("times are shown with what a run would take, and set with a reason that stands in the log", async () => {
  expect(await retention()).toMatch(/^intervals +36 months .*as delivered\nregisters +120 months/);
  expect(await retention("--set", "events=48")).toBe("retention.no-reason");
  for (const wrong of ["events=12", "events=1201", "bills=36", "events"])
    expect(await retention("--set", wrong, "--reason", "x")).toBe("commander.invalidArgument");
  const month = "event_2020_01";
  await needMonths(db, "event", ["2020-01"], Date.now());
  const shown = JSON.parse(
    await retention("--set", "events=48", "--reason", "the authority asks for it", "--json"),
  );
  expect(shown.rules[2]).toMatchObject({ class: "events", months: 48, setBy: "command line" });
  expect(shown.rules[2].purpose).toBe("network operation, security, evidence of interruptions");
  expect(shown.effects[2].months).toMatchObject([{ part: month, rows: 0 }]);
  expect(await retention()).toMatch(/of events before \d{4}-\d\d-01: 1 tables of a month with 0 rows/);
  const { rows } = await db.query(sql`
    select actor, operation, reason from audit.log where operation = 'db retention'`);
  expect(rows).toEqual([
    { actor: "process:cli", operation: "db retention", reason: "the authority asks for it" },
  ]);
});
