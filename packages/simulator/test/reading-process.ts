import { writeSync } from "node:fs";
import { GridTown } from "../src/town/grid-town.ts";
import { StageClock } from "./field-line.ts";
import { minuteMs, openStreet, smallTown } from "./street.ts";

// A process of its own, so that it can be killed: a concentrator reads its street as fast as it goes, from an instant on. What its modules
// say is told on standard output before the concentrator hears it.
const [path = "", from = "", until = ""] = process.argv.slice(2);
const clock = new StageClock(Number(from));
const street = openStreet({
  town: new GridTown(smallTown),
  concentrator: 0,
  clock,
  heard: (serial, { atMs, pulses }) => writeSync(1, `${JSON.stringify({ serial, atMs, pulses })}\n`),
});
const concentrator = await street.start({ store: { path } });
while (until === "" || clock.now() < Number(until)) {
  await clock.advance(minuteMs);
  writeSync(1, `${JSON.stringify({ nowMs: clock.now() })}\n`);
}
await concentrator.stop();
