import { dial, realClock } from "@energsys/drivers";
import { CentreLink } from "../src/centre/centre-link.ts";
import { Database } from "../src/database.ts";
import { SqliteJournal } from "../src/journal.ts";
import { LogicalDevices } from "../src/objects/logical-devices.ts";
import { LocalTime } from "../src/zone.ts";
import { HeldCore, registersBody } from "./served.ts";

// A process of its own, so that it can be killed: keeps writing to its journal and calls its centre.
const [path = "", port = ""] = process.argv.slice(2);
const database = new Database({ path, nowMs: Date.now() });
const time = new LocalTime("Europe/Bucharest");
const journal = new SqliteJournal(database, time, () => Date.now());
const core = Object.assign(new HeldCore(Date.now()), { journal: journal as never });
const link = new CentreLink(
  new LogicalDevices(core, {
    inForce: () => "{}",
    proposed: () => "",
    propose: () => "no",
    confirmed: () => true,
    confirm: () => true,
    problem: () => "",
  }),
  {
    addresses: [Number(port)],
    open: async (to) => (await dial({ host: "127.0.0.1", port: to }, realClock)).stream(),
    nameOf: String,
    clock: realClock,
    random: Math.random,
    heartbeatMs: 60_000,
    log: { info: () => {}, warn: () => {} },
  },
);
const { encodeData } = await import("@energsys/protocols/dlms");
setInterval(() => {
  const body = encodeData(registersBody(Date.now(), journal.newest + 1));
  journal.append(Array.from({ length: 20 }, () => ({ logicalDevice: 16, kind: 2 as const, body })));
}, 5);
link.start();
