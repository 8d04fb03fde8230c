import { SendingCounter } from "@energsys/protocols/dlms";
import { Database } from "../src/database.ts";
import { StoredKeyCounters } from "../src/key-counters.ts";

/** Sends under one key, as fast as it goes, and tells each counter, until it is killed. */
const database = new Database({ path: process.argv[2] ?? "", nowMs: 0 });
const sending = new SendingCounter(new StoredKeyCounters(database).open(new Uint8Array(16).fill(7)));
for (;;) {
  process.stdout.write(`${await sending.next()}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
