import type { ConcentratorConfig } from "../config.ts";
import { Database } from "../database.ts";
import { Devices } from "../devices.ts";
import { firmwareVersion } from "../firmware.ts";
import { SqliteJournal } from "../journal.ts";
import { meterOf } from "../objects/served-edge.ts";
import { LocalTime } from "../zone.ts";
import { type DumpOutcome, type DumpRange, writeDump } from "./dump.ts";

/**
 * Writes a dump of a concentrator's store, whether it runs or not: the store is only read, as it stands at this moment. So there is no
 * event of it, unlike of a dump at the console.
 * @throws ConcentratorError `concentrator.store`; Error of the file system
 */
export async function dumpStore(
  config: ConcentratorConfig,
  path: string,
  range: DumpRange,
  now: () => number,
): Promise<DumpOutcome> {
  const database = new Database({ path: config.store.path, nowMs: now(), readOnly: true });
  try {
    // One state of the store to the end, whatever the concentrator writes or drops meanwhile.
    database.sqlite.exec("begin");
    const time = new LocalTime(config.zone);
    const journal = new SqliteJournal(database, time, now);
    const devices = new Devices(database, journal, time, now);
    const source = {
      identity: config.identity,
      firmware: firmwareVersion,
      journal,
      meters: () => devices.all().map(meterOf),
      now,
    };
    return await writeDump(path, source, range);
  } finally {
    database.close();
  }
}
