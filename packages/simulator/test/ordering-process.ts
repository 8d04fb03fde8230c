import { writeSync } from "node:fs";
import { checkConfig, type OrderKind, startConcentrator } from "@energsys/concentrator";
import pino from "pino";
import { dial, realClock } from "./support.ts";

// A process of its own, so that it can be killed: a concentrator above a line on a TCP port. It gives an order, when it is told one, and
// carries out what stayed open.
const [path = "", port = "", name = "", order = ""] = process.argv.slice(2);
const checked = checkConfig({
  identity: "ENC0000000000017",
  centre: { addresses: ["127.0.0.1:9"] },
  clockTrusted: true,
  store: { path },
  lines: [{ name: "a", url: `tcp://127.0.0.1:${port}`, kind: "iec", scan: ["2"] }],
});
if (!checked.ok) throw new Error(checked.faults.join("\n"));
const { edge } = await startConcentrator(checked.config, {
  clock: realClock,
  log: pino({ level: "silent" }),
  random: Math.random,
  openLine: () => dial(Number(port)),
  openCentre: () => Promise.reject(new Error("no centre")),
});
const found = () => edge.devices().find((device) => device.name === name);
if (!found()) await edge.scan();
writeSync(1, "ready\n");
if (order !== "") await edge.giveOrder(found()!.logicalDevice, order as OrderKind);
