import { everywhere, importInventory, readTask } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, expect, test, vi } from "vitest";
import { addFieldTasks } from "../src/commands/field-tasks.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);
process.env.DATABASE_URL = url;
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));

async function run(...args: string[]): Promise<string> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const program = new Command().exitOverride();
  addFieldTasks(program);
  try {
    await program.parseAsync(["field-tasks", ...args], { from: "user" });
  } finally {
    write.mockRestore();
  }
  return out;
}

test("a task is opened at a point, listed, and done with what it came to", async () => {
  await importInventory(db, {
    branches: [],
    points: [{ pod: "RO1", name: "", address: "", branch: ["Argeș"], phases: 1 as const }].map((point) => ({
      ...point,
      meter: { serial: "1", manufacturer: "TST", model: "generic-dlms", phases: 1 as const },
      installedAt: "2020-01-01T00:00:00Z",
      device: {
        identity: "1",
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:1",
        direction: "dial" as const,
      },
    })),
  });
  await expect(run("open", "--note", "nicăieri")).rejects.toMatchObject({ code: "input.invalid" });
  await expect(run("open", "--point", "RO9")).rejects.toMatchObject({ code: "points.unknown" });
  const opened = JSON.parse(
    await run("open", "--point", "RO1", "--kind", "seal", "--due", "2026-11-30", "--json"),
  );
  expect(opened).toEqual({ taskId: 1, opened: true });
  expect(await run("list")).toBe(
    "     1  open  seal  RO1  normal  due 2026-11-30  nobody\n1 of 1 field tasks\n",
  );
  await expect(run("done", "1", "--note", " ")).rejects.toMatchObject({ code: "field-task.outcome" });
  expect(await run("done", "1", "--note", "sigiliu pus")).toBe("field task 1 done\n");
  expect(await run("list", "--due-by", "2026-11-29")).toBe("0 of 0 field tasks\n");
  const { state, outcome, closedBy } = await readTask(db, everywhere, 1);
  expect([state, outcome, closedBy]).toEqual(["done", "sigiliu pus", `cli:${process.env.USER ?? "unknown"}`]);
});
