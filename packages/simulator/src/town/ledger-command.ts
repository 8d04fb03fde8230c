import { createWriteStream, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { SimulatorError } from "../errors.ts";
import { memoryFile, SiteMemory } from "../field/site-memory.ts";
import { recallFlows } from "../field/site-recall.ts";
import { GridTown, gridPointsMax } from "./grid-town.ts";
import { concentratorIdentity, concentratorsOf } from "./town-books.ts";
import { TownLedger } from "./town-ledger.ts";

interface LedgerConfig {
  readonly out: string;
  readonly points: number;
  readonly seed: number;
  readonly from: string;
  readonly to: string;
  readonly begin: string;
  /** Of a town that ran: what was done to its relays is in the ledger. */
  readonly folder?: string;
}

const day = /^20\d\d-\d\d-\d\d$/;

/** @throws SimulatorError `simulator.option-invalid` with everything that is wrong */
export function readLedgerConfig(args: readonly string[]): LedgerConfig {
  const names = ["out", "points", "seed", "from", "to", "begin", "folder"];
  let values: Record<string, unknown>;
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
    values = parseArgs({ args: [...args], strict: true, options }).values;
  } catch (cause) {
    throw new SimulatorError("simulator.option-invalid", (cause as Error).message, cause);
  }
  const {
    out,
    points = "60",
    seed = "1",
    from,
    to,
    begin = from,
    folder,
  } = values as Record<string, string | undefined>;
  const isDay = (text: string | undefined) =>
    text !== undefined && day.test(text) && !Number.isNaN(Date.parse(text));
  const wrong = [
    ...(out ? [] : ["--out is a folder"]),
    ...(/^\d{1,5}$/.test(points) && Number(points) >= 1 && Number(points) <= gridPointsMax
      ? []
      : [`--points is 1 to ${gridPointsMax}`]),
    ...(/^\d{1,9}$/.test(seed) ? [] : ["--seed is a whole number"]),
    ...(isDay(from) && isDay(to) && isDay(begin)
      ? []
      : ["--from, --to and --begin are days such as 2026-09-01"]),
    ...((begin ?? "") >= "2024-01-01" && (begin ?? "") <= (from ?? "") && (from ?? "") < (to ?? "")
      ? []
      : ["--begin is not before 2024-01-01, --from not before it, --to later"]),
  ];
  if (wrong.length > 0) throw new SimulatorError("simulator.option-invalid", wrong.join("; "));
  return {
    out: out as string,
    points: Number(points),
    seed: Number(seed),
    from: from as string,
    to: to as string,
    begin: begin as string,
    ...(folder !== undefined && { folder }),
  };
}

/** Writes the ledger of a town for the market days [from, to) as files of JSON lines (docs/simulator.md). */
export async function writeLedger(config: LedgerConfig): Promise<void> {
  const town = new GridTown(config);
  if (config.folder !== undefined) recallRelays(town, config.folder);
  const ledger = new TownLedger(town);
  mkdirSync(config.out, { recursive: true });
  const write = (name: string, lines: Iterable<object>) =>
    pipeline(Readable.from(texts(lines)), createWriteStream(join(config.out, `${name}.ndjson`)));
  const days: { date: string; startMs: number; endMs: number }[] = [];
  const first = town.calendar.dayAt(Date.parse(`${config.from}T12:00:00Z`));
  for (let index = first; town.calendar.day(index).date < config.to; index++) {
    const { date, startMs } = town.calendar.day(index);
    days.push({ date, startMs, endMs: town.calendar.day(index + 1).startMs });
  }
  await write("points", pointFacts(town));
  await write("guilty", ledger.guilty());
  await write("happenings", happeningLines(town, ledger, days));
  await write("cells", cellDays(town, ledger, days));
  await write("flows", pointDays(town, ledger, days));
}

function recallRelays(town: GridTown, folder: string): void {
  const clock = { now: () => town.calendar.day(town.beginDay).startMs, after: () => () => undefined };
  for (const concentrator of concentratorsOf(town)) {
    const file = memoryFile(folder, concentratorIdentity(town.options.seed, concentrator.number));
    if (existsSync(file)) recallFlows(town, concentrator, new SiteMemory(file), clock);
  }
}

function* pointFacts(town: GridTown): Generator<object> {
  for (const { index, pod, meter, transformer, attachment, ratio, exchange } of town.points) {
    yield {
      point: index,
      pod,
      serial: meter.serial,
      transformer: town.transformers[transformer]?.name,
      attachment,
      ratio,
      ...(exchange && { exchange: { at: new Date(exchange.atMs).toISOString(), serial: exchange.serial } }),
    };
  }
}

type Days = readonly { readonly date: string; readonly startMs: number; readonly endMs: number }[];

/** Things by the names that the other files have. */
function* happeningLines(town: GridTown, ledger: TownLedger, days: Days): Generator<object> {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return;
  for (const happening of ledger.happenings(first.startMs, last.endMs)) {
    const { fromMs, toMs, point, transformer, feeder, ...facts } = happening;
    yield {
      ...facts,
      from: new Date(fromMs).toISOString(),
      ...(toMs !== Number.POSITIVE_INFINITY && { to: new Date(toMs).toISOString() }),
      ...(point !== undefined && { pod: town.points[point]?.pod }),
      ...(transformer !== undefined && { transformer: town.transformers[transformer]?.name }),
      ...(feeder !== undefined && { feeder: town.feeders[feeder]?.name }),
    };
  }
}

function* cellDays(town: GridTown, ledger: TownLedger, days: Days): Generator<object> {
  for (const { date, startMs, endMs } of days) {
    for (const { number, name } of town.transformers) {
      const { netWh, lossWh, stolenWh } = ledger.transformer(number, startMs, endMs);
      yield { date, transformer: name, netWh: [...netWh], lossWh: [...lossWh], stolenWh: [...stolenWh] };
    }
    for (const { number, name } of town.feeders) {
      const { netWh, lossWh, stolenWh } = ledger.feeder(number, startMs, endMs);
      yield { date, feeder: name, netWh: [...netWh], lossWh: [...lossWh], stolenWh: [...stolenWh] };
    }
  }
}

function* pointDays(town: GridTown, ledger: TownLedger, days: Days): Generator<object> {
  for (const { index, pod } of town.points) {
    for (const { date, startMs, endMs } of days) {
      const truth = ledger.point(index, startMs, endMs);
      const stolen = truth.stolenWh.some((wh) => wh > 0);
      const fed = truth.exportWh.some((wh) => wh > 0);
      yield {
        date,
        pod,
        serial: truth.serials.at(-1),
        meteredWh: [...truth.meteredWh],
        ...(fed && { exportWh: [...truth.exportWh] }),
        ...(stolen && { stolenWh: [...truth.stolenWh] }),
        registerWh: truth.registerWh.at(-1),
      };
    }
  }
}

// Written in pieces of some hundred lines: a write for each line would cost more than the line.
function* texts(lines: Iterable<object>): Generator<string> {
  let piece: string[] = [];
  for (const line of lines) {
    piece.push(`${JSON.stringify(line)}\n`);
    if (piece.length < 200) continue;
    yield piece.join("");
    piece = [];
  }
  yield piece.join("");
}
