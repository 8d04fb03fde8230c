// A process that sums groups until it is killed: `folding.ts URL`. Says `ready` when it begins.
import { GroupFolder, openDatabase } from "@energsys/store";

const db = openDatabase({ url: process.argv[2]!, connectionsMax: 2 });
const folder = new GroupFolder(db, {
  zone: "Europe/Bucharest",
  now: () => Date.UTC(2026, 10, 23, 12),
  idleMs: 1,
  busyMs: 0,
  onFault: (error) => process.stderr.write(`${error}\n`),
});
folder.start();
process.stdout.write("ready\n");
