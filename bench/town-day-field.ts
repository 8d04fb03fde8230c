import { createInterface } from "node:readline";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import {
  checkConfig,
  encodeProfileBody,
  entryKinds,
  type NewEntry,
  openCentre,
  type Past,
  type PastSource,
  silentLog,
  startConcentrator,
} from "@energsys/concentrator";
import { Bus, GridTown, pacedClock } from "@energsys/simulator";
import { concentratorOf, metersPerConcentrator, nameOf, obisCodes } from "./town-day-names.ts";

// The field of `town-day`, a process of its own: concentrators with a day of four-channel meters in their stores, which call when they are told.

const [callIn = "", pointsText = "0", begin = "", zone = ""] = process.argv.slice(2);
const points = Number(pointsText);
/** Calls begin so many a second. */
const callsPerSecond = 50;

const town = new GridTown({ points, seed: 1, begin, zone, daysKept: 4096 });
const { slots, startMs } = town.calendar.day(town.beginDay);
const clock = pacedClock(Date.now);
const log = silentLog();
const places = Math.ceil(points / metersPerConcentrator);
const mayCall = Array.from({ length: places }, () => Promise.withResolvers<void>());

/** What a meter counted in the day: import, export, and reactive energy by its power factor. */
function columnsOf(index: number) {
  const { importWh, exportWh } = town.curveOf(index).day(town.beginDay);
  const { tangent } = town.points[index]!.meter;
  const reactive = (energies: Int32Array, ratio: number) => energies.map((wh) => Math.floor(wh * ratio));
  return [importWh, exportWh, reactive(importWh, tangent.import), reactive(exportWh, tangent.export)];
}

function pastOf(concentrator: number, time: Parameters<PastSource>[0]): Past {
  const first = concentrator * metersPerConcentrator;
  const indexes = Array.from(
    { length: Math.min(metersPerConcentrator, points - first) },
    (_, n) => first + n,
  );
  const entries: NewEntry[] = indexes.map((index, n) => ({
    logicalDevice: 16 + n,
    kind: entryKinds.profile,
    fromMs: startMs,
    toMs: startMs + slots * 900_000,
    body: encodeProfileBody(
      {
        obis: "1-0:99.1.0*255",
        periodSeconds: 900,
        startMs,
        columns: columnsOf(index).map((values, column) => ({
          obis: obisCodes[column]!,
          kind: "delta",
          scaler: 0,
          unit: column < 2 ? "Wh" : "varh",
          values,
        })),
        quality: new Uint8Array(slots),
      },
      time,
    ),
  }));
  const devices = indexes.map((index, n) => ({
    logicalDevice: 16 + n,
    name: nameOf(index),
    kind: "input" as const,
    model: "pulse",
    line: "bus",
    address: "1",
    module: 0,
    input: n + 1,
  }));
  return { devices, entries, counters: [] };
}

for (let n = 0; n < places; n++) {
  const checked = checkConfig({
    identity: concentratorOf(n),
    zone,
    clockTrusted: true,
    centre: { addresses: [callIn] },
    store: { path: ":memory:" },
    lines: [{ name: "bus", url: "tcp://127.0.0.1:1", kind: "iec" }],
  });
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  await startConcentrator(checked.config, {
    clock,
    log,
    random: Math.random,
    openLine: async () => new Bus({ clock }).master(),
    openCentre: async (address) => {
      await mayCall[n]!.promise;
      return openCentre(address, undefined, clock);
    },
    past: (time) => pastOf(n, time),
  });
  await nextTurn();
}
process.stdout.write(`${JSON.stringify({ ready: true, concentrators: places })}\n`);
for await (const _ of createInterface(process.stdin)) {
  for (const [n, { resolve }] of mayCall.entries()) {
    if (n % callsPerSecond === callsPerSecond - 1) await wait(1000);
    resolve();
  }
}
