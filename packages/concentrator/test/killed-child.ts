import { Counters, quarterMs } from "../src/counters.ts";
import { Database } from "../src/database.ts";
import { SqliteJournal } from "../src/journal.ts";
import { LocalTime } from "../src/zone.ts";

/** Reads a counter that rises by seven in each quarter-hour, as fast as it goes, until it is killed. */
const [path = "", startText = "0"] = process.argv.slice(2);
const startMs = Number(startText);
const database = new Database({ path, nowMs: startMs });
let nowMs = Number(database.findState("seen") ?? startMs);
const time = new LocalTime("Europe/Bucharest");
const journal = new SqliteJournal(database, time, () => nowMs);
const counters = new Counters(database, journal, time);
const constant = { whPerPulse: "1", indexStartWh: "0", counterStart: 0 };
process.stdout.write("reading\n");
for (let round = 1; ; round++) {
  const count = ((nowMs - startMs) / quarterMs) * 7;
  journal.together(() => {
    counters.keep([{ logicalDevice: 17, readMs: nowMs, count, flags: 0 }]);
    database.setState("seen", String(nowMs + quarterMs));
  });
  nowMs += quarterMs;
  if (round % 4 === 0) counters.seal(17, constant);
}
