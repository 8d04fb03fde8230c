import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testDatabase } from "@energsys/store/testing";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./s8-run.ts", import.meta.url));
/** Market days with their quarter-hours in Romania; the change of the clock is at another hour of the day in the Azores. */
const days: Readonly<Record<string, number>> = {
  "2026-03-28": 96,
  "2026-03-29": 92,
  "2026-03-30": 96,
  "2026-10-25": 100,
  "2024-02-28": 96,
  "2024-02-29": 96,
  "2024-03-01": 96,
  "2025-12-31": 96,
  "2026-01-01": 96,
};

test.each([
  ["UTC", "Europe/Bucharest"],
  ["Asia/Tokyo", "Europe/Bucharest"],
  ["America/St_Johns", "Europe/Bucharest"],
  ["Pacific/Auckland", "Atlantic/Azores"],
])(
  "S8: in a process of %s, days of %s have 92, 96 or 100 intervals, whose sum is the register's difference",
  async (processZone, zone) => {
    const { url, drop } = await testDatabase();
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", script, url, zone, ...Object.keys(days)],
        { env: { ...process.env, TZ: processZone } },
      );
      const told = JSON.parse(stdout);
      expect(told.zone).toBe(processZone);
      expect(told.days).toHaveLength(Object.keys(days).length);
      for (const { date, slots, ok, sum, difference, least } of told.days) {
        expect([date, slots, ok]).toEqual([date, days[date], days[date]]);
        expect([date, sum]).toEqual([date, difference]);
        expect(least).toBeGreaterThan(0);
      }
    } finally {
      await drop();
    }
  },
  60_000,
);
