import {
  checkConfig,
  encodeProfileBody,
  LocalTime,
  type NewEntry,
  openCentre,
  type RunningConcentrator,
  startConcentrator,
} from "@energsys/concentrator";
import { realClock } from "@energsys/drivers";
import { type DrainPlan, dayValues, drainChannels, drainIdentity } from "./drain-plan.ts";

// Concentrators with a full day in their journals, in a process of their own. They are filled first; the first line on the input names the
// centre, and then all call it.
const plan = JSON.parse(process.argv[2] ?? "") as DrainPlan;
const time = new LocalTime(plan.zone);
const centre = Promise.withResolvers<string>();
const nothing = () => {};
const quiet = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => quiet,
};
// What a concentrator has to say is not asked for here.
const log = quiet as unknown as Parameters<typeof startConcentrator>[1]["log"];

const started: RunningConcentrator[] = [];
for (let nth = 0; nth < plan.concentrators; nth++) {
  const checked = checkConfig({
    identity: drainIdentity(nth),
    clockTrusted: true,
    centre: { addresses: ["127.0.0.1:1"] },
    store: { path: ":memory:" },
    // It has none, and one has to be named.
    lines: [{ name: "none", url: "tcp://127.0.0.1:1", kind: "iec" }],
  });
  if (!checked.ok) throw new Error(checked.faults.join("; "));
  const one = await startConcentrator(checked.config, {
    clock: realClock,
    log,
    random: Math.random,
    openLine: () => Promise.reject(new Error("there is no line")),
    openCentre: async () => openCentre(await centre.promise, undefined, realClock),
  });
  one.edge.journal.append(entriesOf(nth));
  started.push(one);
}
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
process.stdin.once("data", (place) => centre.resolve(place.toString("utf8").trim()));
process.stdin.on("end", async () => {
  await Promise.all(started.map((one) => one.stop()));
  process.exit(0);
});

function entriesOf(concentrator: number): NewEntry[] {
  const quality = new Uint8Array(plan.intervals);
  return Array.from({ length: plan.metersEach }, (_, meter) => ({
    logicalDevice: 16 + meter,
    kind: 1,
    fromMs: plan.startMs,
    toMs: plan.startMs + plan.intervals * 900_000,
    body: encodeProfileBody(
      {
        obis: "1-0:99.1.0*255",
        periodSeconds: 900,
        startMs: plan.startMs,
        columns: drainChannels.map((channel, nth) => ({
          ...channel,
          kind: "delta" as const,
          scaler: 0,
          values: dayValues(concentrator * plan.metersEach + meter, nth, plan.intervals),
        })),
        quality,
      },
      time,
    ),
  }));
}
