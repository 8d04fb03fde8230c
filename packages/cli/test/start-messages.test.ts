import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { describeError } from "../src/describe-error.ts";
import { SupervisedChild } from "../src/supervisor/child-process.ts";
import { prepareDataFolder } from "../src/supervisor/data-folder.ts";
import { findOwnDatabase } from "../src/supervisor/own-database.ts";

const folder = mkdtempSync(join(tmpdir(), "energsys-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { DATABASE_URL } = process.env;
afterEach(() => {
  if (DATABASE_URL === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = DATABASE_URL;
});

const codeOf = (error: unknown) => describeError(error).code;
const thrownBy = (work: () => unknown): unknown => {
  try {
    return void work();
  } catch (error) {
    return error;
  }
};

test("what a process says before it gives up is said on the terminal, not only in its log", async () => {
  const start = () =>
    SupervisedChild.start({
      name: "headend",
      main: "@energsys/headend/main",
      environment: { ENERGSYS_DATABASE_URL: "mysql://x", ENERGSYS_ZONE: "Mars/Base" },
      logFile: join(folder, "log", "headend.log"),
      onEnd: () => {},
    });
  // Twice: the lines of an earlier start are not this start's.
  for (const _ of [1, 2]) {
    const error = await start().then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(codeOf(error)).toBe("headend.configuration");
    expect(error?.message.match(/ENERGSYS_ZONE/g)).toHaveLength(1);
    expect(error?.message).toContain("ENERGSYS_DATABASE_URL");
  }
});

test.skipIf(process.platform !== "linux")("a folder that nobody can make is said at once", () => {
  expect(codeOf(thrownBy(() => prepareDataFolder("/proc/energsys/data")))).toBe("data.unwritable");
});

test.each([
  ["garbage", "database.url-invalid"],
  ["mysql://user:geheim@host/db", "database.url-invalid"],
])("DATABASE_URL=%s is refused without being repeated", (url, code) => {
  process.env.DATABASE_URL = url;
  const error = thrownBy(() => findOwnDatabase("/nowhere"));
  expect(codeOf(error)).toBe(code);
  expect((error as Error).message).not.toContain("geheim");
});

test.each(["postgres://u:p@h:5432/d", "postgresql://u@/d?host=/run/postgresql"])(
  "DATABASE_URL=%s is one",
  (url) => {
    process.env.DATABASE_URL = url;
    expect(findOwnDatabase("/nowhere")).toEqual({ url, perRole: false });
  },
);

test.each([
  [{ code: "ECONNREFUSED" }, "database.unreachable"],
  [{ code: "ENOTFOUND" }, "database.unreachable"],
  [{ code: "28P01" }, "database.refused"],
  [{ code: "3D000" }, "database.absent"],
  [{ code: "53100" }, "data.full"],
  [{ code: "XX000" }, "cli.failed"],
  [{ code: "url.invalid" }, "url.invalid"],
])("an error with %o is told as %s", (facts, code) => {
  expect(codeOf(Object.assign(new Error("x"), facts))).toBe(code);
});
