import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  actingAs,
  addPhoto,
  appendActs,
  type Database,
  type ExchangeAsked,
  type ExchangeReading,
  everywhere,
  findPulseFigures,
  listExchanges,
  makeExchange,
  previewExchange,
  sql,
  undoExchange,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { dayOf, instantOf, print, wholeNumber } from "./options.ts";
import { pointOf } from "./point-of.ts";
import { addPointPlaces } from "./point-places.ts";
import { showCurve, showReadings } from "./point-values.ts";

const by = "command line";

function gapOf(text: string): string {
  if (!/^(?!0+(\.0+)?$)\d{1,5}(\.\d{1,6})?$/.test(text))
    throw new InvalidArgumentError("seconds, such as 7.2");
  return text;
}

/** `1.8.0=12345.678`, in kWh, kvarh or kVAh by its code. */
function readingOf(text: string, before: readonly ExchangeReading[] = []): ExchangeReading[] {
  const match =
    /^(?:(1-\d{1,3}:\d{1,3}\.8\.\d{1,3}\*255)|(\d{1,3})\.8\.(\d{1,3}))=(\d{1,12}(?:\.\d{1,6})?)$/.exec(text);
  if (!match) throw new InvalidArgumentError("a register and what it showed, such as 1.8.0=12345.678");
  const obis = match[1] ?? `1-0:${match[2]}.8.${match[3]}*255`;
  const group = Number(/:(\d+)\./.exec(obis)?.[1]) % 20;
  const unit = group <= 2 ? "kWh" : group <= 8 ? "kvarh" : "kVAh";
  return [...before, { obis, value: match[4]!, unit }];
}

interface ExchangeOptions {
  readonly at: number;
  readonly serial: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly phases?: string;
  readonly imax?: string;
  readonly digits?: string;
  readonly last?: readonly ExchangeReading[];
  readonly first?: readonly ExchangeReading[];
  readonly led?: string;
  readonly output?: string;
  readonly identity?: string;
  readonly fittedBy: string;
  readonly reason: string;
  readonly accept: readonly string[];
  readonly photo: readonly string[];
  readonly apply?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

const several = (text: string, before: readonly string[]): string[] => [...before, text];

/** Points of measure: their values, exchanges of their meters. */
export function addPoints(program: Command): void {
  const points = program
    .command("points")
    .description("points of measure: where they stand, their values, exchanges of their meters");
  addPointPlaces(points);

  points
    .command("exchange <pod>")
    .description("exchanges the meter of a point; shows what it would do, or does it with --apply")
    .requiredOption("--at <instant>", "when the one was taken down and the other put up", instantOf)
    .requiredOption("--serial <serial>", "the meter that is put up")
    .option("--manufacturer <code>", "its manufacturer, where several have this serial or it is new")
    .option("--model <name>", "of a new meter: its model")
    .option("--phases <1|3>", "of a new meter: phases")
    .option("--imax <A>", "of a new meter: maximum current")
    .option("--digits <n>", "of a new meter: digits of the index before the point")
    .option("--last <register=index>", "what the old meter showed last; once for each register", readingOf)
    .option("--first <register=index>", "what the new meter showed first; once for each register", readingOf)
    .option("--led <imp/kWh>", "pulses of the light on its front for a kWh")
    .option("--output <Wh/imp>", "Wh of a pulse of its output")
    .option("--identity <name>", "how the new meter names itself, to be read at the old one's address")
    .requiredOption("--fitted-by <name>", "who exchanged them")
    .requiredOption("--reason <text>", "why; stands in the log")
    .option("--accept <doubt>", "a doubt that is as it should be, as the check names it", several, [])
    .option("--photo <file>", "a picture of the meters; may be given several times", several, [])
    .option("--apply", "makes the exchange; without it nothing is written")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((pod: string, options: ExchangeOptions) =>
      withKeys(options.data, (db) => exchange(db, pod, options)),
    );

  points
    .command("exchanges <pod>")
    .description("exchanges of the meter of a point, the newest first")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((pod: string, { data, json }: { data?: string; json?: boolean }) =>
      withKeys(data, async (db) => {
        const rows = await listExchanges(db, await pointOf(db, pod));
        if (json) return print([JSON.stringify(rows)]);
        const shown = (readings: readonly ExchangeReading[]) =>
          readings.map(({ obis, value, unit }) => `${obis} ${value} ${unit}`).join(", ");
        print(
          rows.map((row) =>
            [
              String(row.exchangeId).padStart(6),
              new Date(row.atMs).toISOString(),
              `${row.oldSerial} (${shown(row.last)}) -> ${row.newSerial} (${shown(row.first)})`,
              `${row.fittedBy}: ${row.reason}`,
              row.undoneBy === null ? "" : `taken back by ${row.undoneBy}: ${row.undoReason}`,
            ].join("  "),
          ),
        );
      }),
    );

  points
    .command("pulses <pod>")
    .description("what pulses of the meter mean by the constants of its installation")
    .option("--gap <s>", "seconds between two pulses: the power that they mean", gapOf)
    .option("--at <instant>", "as it stood then", instantOf)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((pod: string, options: { gap?: string; at?: number; data?: string; json?: boolean }) =>
      withKeys(options.data, async (db) => {
        const found = await findPulseFigures(db, {
          pointId: await pointOf(db, pod),
          atMs: options.at ?? Date.now(),
          ...(options.gap === undefined ? {} : { gapSeconds: options.gap }),
        });
        if (!found) throw new CliError("points.no-meter", `no meter stood at ${pod}`);
        if (options.json) return print([JSON.stringify(found)]);
        print([
          `${found.serial}: ${found.mostW === null ? "nobody said its maximum current" : `carries ${found.mostW} W`}`,
          ...found.figures.map(({ of, constant, powerW, mostPerSecond, shortestGapSeconds, counted }) =>
            [
              `  ${of === "led" ? `light, ${constant} imp/kWh` : `output, ${constant} Wh/imp`}`,
              ...(powerW === null ? [] : [`${powerW} W`]),
              ...(mostPerSecond === null
                ? []
                : [
                    `at most ${mostPerSecond} pulses a second, ${shortestGapSeconds} s apart${counted ? "" : ", too fast for a module"}`,
                  ]),
            ].join("; "),
          ),
        ]);
      }),
    );

  points
    .command("readings <pod>")
    .description("register readings of a point, the newest first")
    .option("--obis <code>", "of this register, in full")
    .option("--known-at <instant>", "as they were known then", instantOf)
    .option("--limit <rows>", "at most so many", wholeNumber(1, 10_000), 100)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((pod: string, { data, json, ...asked }: ValuesAsked & { limit: number }) =>
      withKeys(data, async (db) => {
        const pointId = await pointOf(db, pod);
        const { lines, json: whole, records } = await showReadings(db, pointId, asked);
        await logRead(db, "points readings", pointId, records, asked);
        print(json ? [JSON.stringify(whole)] : lines);
      }),
    );

  points
    .command("curve <pod>")
    .description("intervals of a point, day after day; instants are in UTC")
    .requiredOption("--from <day>", "the first day", dayOf)
    .requiredOption("--to <day>", "the day after the last one", dayOf)
    .option("--obis <code>", "of this channel, in full; the first without it")
    .option("--known-at <instant>", "as they were known then", instantOf)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((pod: string, { data, json, ...asked }: ValuesAsked & { from: string; to: string }) =>
      withKeys(data, async (db) => {
        const pointId = await pointOf(db, pod);
        const shown = await showCurve(db, pointId, { ...asked, ...(await contextOf(db)) });
        await logRead(db, "points curve", pointId, shown.records, asked);
        print(json ? [JSON.stringify(shown.json)] : shown.lines);
      }),
    );

  points
    .command("undo-exchange <number>")
    .description("takes an exchange back, as long as nothing builds on it")
    .requiredOption("--reason <text>", "why; stands in the log")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((number: string, { data, json, reason }: { data?: string; json?: boolean; reason: string }) =>
      withKeys(data, async (db) => {
        const acting = actingAs(db, { actor: "process:cli", operation: "points undo-exchange", reason });
        const context = await contextOf(db);
        const outcome = await undoExchange(acting, everywhere, Number(number), { by, reason }, context);
        print([json ? JSON.stringify(outcome) : `taken back; ${outcome.days} days derived again`]);
      }),
    );
}

interface ValuesAsked {
  readonly data?: string;
  readonly json?: boolean;
  readonly obis?: string;
  readonly knownAt?: number;
}

/** Values of one point are personal data: who takes them out stands in the log. */
async function logRead(
  db: Database,
  operation: string,
  pointId: number,
  records: number,
  filter: object,
): Promise<void> {
  const acting = actingAs(db, { actor: "process:cli", operation, reason: "" });
  await appendActs(acting, [
    { action: "export", objectType: "point", objectId: pointId, records, after: { filter } },
  ]);
}

/** The zone of the market days is a fact of the database. */
async function contextOf(db: Database) {
  const { rows } = await db.query<{ zone: string }>(sql`select market_zone() as zone`);
  return { nowMs: Date.now(), zone: rows[0]?.zone ?? "Europe/Bucharest" };
}

async function exchange(db: Database, pod: string, options: ExchangeOptions): Promise<void> {
  const { last = [], first = [], reason, fittedBy, json } = options;
  const optional = <Key extends string, Value>(key: Key, value: Value | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const asked: ExchangeAsked = {
    pointId: await pointOf(db, pod),
    atMs: options.at,
    meter: {
      serial: options.serial,
      ...optional("manufacturer", options.manufacturer),
      ...optional("model", options.model),
      ...(options.model === undefined
        ? {}
        : { phases: options.phases === "3" ? (3 as const) : (1 as const) }),
      ...optional("maxCurrentA", number(options.imax)),
      ...optional("indexDigits", number(options.digits)),
    },
    last,
    first,
    ...optional("ledPulsesPerKwh", options.led),
    ...optional("outputPulseWh", options.output),
    ...optional("identity", options.identity),
  };
  const context = await contextOf(db);
  const preview = await previewExchange(db, asked, context);
  if (!options.apply) {
    if (json) return print([JSON.stringify(preview)]);
    return print([
      ...preview.findings.map(({ word, refused, obis, value, unit, atMs }) =>
        [
          refused ? "refused " : "doubtful",
          word,
          obis,
          value,
          unit,
          atMs === null ? null : new Date(atMs).toISOString(),
        ]
          .filter((part) => part !== null)
          .join("  "),
      ),
      ...preview.effects.map(
        ({ obis, unit, scale, days, missing, sumBefore, sumAfter }) =>
          `${obis}: ${days} days, ${sumBefore * 10 ** scale} ${unit} become ${sumAfter * 10 ** scale} ${unit}; ${missing} intervals around the exchange without a value`,
      ),
      "nothing is written: give --apply to make the exchange",
    ]);
  }
  const acting = actingAs(db, { actor: "process:cli", operation: "points exchange", reason });
  const given = { fittedBy, reason, accepted: options.accept, by: { name: by, accountId: null } };
  const made = await makeExchange(acting, asked, given, context);
  for (const file of options.photo) {
    const photo = { fileName: basename(file), bytes: readFileSync(file) };
    await addPhoto(acting, everywhere, made.exchangeId, photo, { by, nowMs: context.nowMs });
  }
  print([json ? JSON.stringify(made) : `exchange ${made.exchangeId} made; ${made.days} days derived again`]);
}
