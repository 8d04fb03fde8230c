import { readFileSync } from "node:fs";
import { fileText } from "@energsys/metering/file-text";
import { readMeterList } from "@energsys/server/meter-list";
import {
  addMeterState,
  addMeterTest,
  because,
  type EnteredMeterState,
  endMeterTest,
  enteredMeterStates,
  everywhere,
  findMeter,
  importMeters,
  listMeters,
  listMeterTypes,
  type MeterLifeState,
  meterStates,
  undoMeterState,
  withdrawMeterTest,
} from "@energsys/store";
import { type Command, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, dayOf, idOf, instantOf, print, wholeNumber, zoneName } from "./options.ts";

const by = "command line";
const listed = 1_000;

/** The catalogue of meter types and the lives of meters: to look at, by file, and step by step. */
export function addMeters(program: Command): void {
  const meters = program
    .command("meters")
    .description("meter types, meters in stock and at points, verifications");

  common(meters.command("types").description("the catalogue of meter types")).action(
    ({ data, json }: Common) =>
      withKeys(data, async (db) => {
        const types = await listMeterTypes(db, Date.now());
        if (json) return print([JSON.stringify({ types })]);
        print(
          types.map(
            ({
              manufacturer,
              name,
              accuracyClass,
              phases,
              ledPulsesPerKwh,
              outputPulseWh,
              certificate,
              meters,
            }) =>
              [
                manufacturer,
                name,
                `class ${accuracyClass}`,
                `${phases} ph`,
                `${ledPulsesPerKwh ?? "?"} imp/kWh`,
                `${outputPulseWh ?? "?"} Wh/imp`,
                certificate ? `MID ${certificate.number}` : "no certificate",
                `${meters} meters`,
              ].join("  "),
          ),
        );
      }),
  );

  common(
    meters
      .command("list")
      .description("meters with their state and until when their verification holds")
      .option("--find <words>", "part of serial number, manufacturer, type or place")
      .addOption(new Option("--state <state>", "in this state").choices(meterStates))
      .option("--due <day>", "only what no verification covers on that day", dayOf)
      .option("--limit <rows>", "at most so many", wholeNumber(1, 100_000), listed),
  ).action(
    ({
      data,
      json,
      find,
      state,
      due,
      limit,
    }: Common & { find?: string; state?: MeterLifeState; due?: string; limit: number }) =>
      withKeys(data, async (db) => {
        const filter = {
          ...(find === undefined ? {} : { text: find }),
          ...(state === undefined ? {} : { state }),
          ...(due === undefined ? {} : { dueBefore: due }),
        };
        const order = { sort: due === undefined ? "serial" : "dueOn", descending: false } as const;
        const { total, rows } = await listMeters(db, everywhere, filter, order, { offset: 0, limit });
        if (json) return print([JSON.stringify({ total, meters: rows })]);
        print([
          ...rows.map((row) =>
            [
              String(row.meterId).padStart(7),
              row.serial.padEnd(16),
              row.state.padEnd(13),
              (row.dueOn ?? "-").padEnd(10),
              `${row.manufacturer} ${row.typeName ?? row.model}`,
              row.place,
            ].join("  "),
          ),
          `${rows.length} of ${total} meters`,
        ]);
      }),
  );

  common(
    meters
      .command("show")
      .argument("<id>", "number of the meter", idOf)
      .description("one meter with its life and verifications"),
  ).action((id: number, { data, json }: Common) =>
    withKeys(data, async (db) => {
      const meter = await findMeter(db, everywhere, id);
      if (!meter) throw new CliError("meter.not-found", `there is no meter ${id}`);
      if (json) return print([JSON.stringify(meter)]);
      print([
        `${meter.manufacturer} ${meter.serial}  ${meter.typeName ?? meter.model}  ${meter.state}`,
        ...meter.life.map(({ state, from, pod, place, reason }) =>
          [new Date(from).toISOString(), state.padEnd(13), pod ?? place, reason].join("  "),
        ),
        ...meter.verifications.map(({ verifiedOn, passed, laboratory, document, validUntil, withdrawnBy }) =>
          [
            verifiedOn,
            passed ? `holds until ${validUntil}` : "failed",
            laboratory,
            document,
            withdrawnBy === null ? "" : "withdrawn",
          ].join("  "),
        ),
      ]);
    }),
  );

  common(
    meters
      .command("state")
      .argument("<id>", "number of the meter", idOf)
      .argument("<state>")
      .description(`the next step of a meter's life: ${enteredMeterStates.join(", ")}`)
      .requiredOption("--reason <text>", "why; stands in the log")
      .option("--at <instant>", "from then; now without it", instantOf)
      .option("--place <text>", "store, laboratory or workshop", ""),
  ).action(
    (
      id: number,
      state: string,
      { data, json, reason, at, place }: Common & { reason: string; at?: number; place: string },
    ) =>
      withKeys(data, async (db) => {
        if (!(enteredMeterStates as readonly string[]).includes(state))
          throw new CliError("meter.no-transition", `${state} is no state that is entered`);
        const given = { state: state as EnteredMeterState, atMs: at ?? Date.now(), place, reason, by };
        await addMeterState(because(db, reason), everywhere, id, given);
        const meter = await findMeter(db, everywhere, id);
        print([json ? JSON.stringify(meter) : `${meter?.serial}: ${meter?.state}`]);
      }),
  );

  common(
    meters
      .command("undo-state")
      .argument("<id>", "number of the meter", idOf)
      .description("takes the last state back that was entered by mistake")
      .requiredOption("--reason <text>", "why; stands in the log"),
  ).action((id: number, { data, json, reason }: Common & { reason: string }) =>
    withKeys(data, async (db) => {
      await undoMeterState(because(db, reason), everywhere, id);
      const meter = await findMeter(db, everywhere, id);
      print([json ? JSON.stringify(meter) : `${meter?.serial}: ${meter?.state}`]);
    }),
  );

  common(
    meters
      .command("test")
      .argument("<id>", "number of the meter", idOf)
      .description("a meter was under test, or is: what it counts then is refused and estimated (V08)")
      .option("--from <instant>", "since then; now without it", instantOf)
      .option("--to <instant>", "until then; without it the test goes on", instantOf)
      .option("--end <number>", "ends this test that goes on, at --to or now", idOf)
      .option("--withdraw <number>", "takes this test back: what the meter counted counts again", idOf)
      .option("--zone <name>", "zone of the market days", zoneName, "Europe/Bucharest")
      .requiredOption("--reason <text>", "why; stands in the log"),
  ).action(
    (
      id: number,
      options: Common & {
        from?: number;
        to?: number;
        end?: number;
        withdraw?: number;
        zone: string;
        reason: string;
      },
    ) =>
      withKeys(options.data, async (opened) => {
        const { from, to, end, withdraw, zone, reason, json } = options;
        const db = because(opened, reason);
        const context = { nowMs: Date.now(), zone };
        if (end !== undefined)
          await endMeterTest(db, everywhere, id, { meterTestId: end, atMs: to ?? context.nowMs }, context);
        else if (withdraw !== undefined)
          await withdrawMeterTest(db, everywhere, id, { meterTestId: withdraw, why: reason, by }, context);
        else {
          const fromMs = from ?? context.nowMs;
          if (to !== undefined && to <= fromMs)
            throw new CliError("meter.test-empty", "the test ends before it begins");
          await addMeterTest(db, everywhere, id, { fromMs, toMs: to ?? null, reason, by }, context);
        }
        const tests = (await findMeter(opened, everywhere, id))?.tests ?? [];
        if (json) return print([JSON.stringify({ tests })]);
        print(
          tests.map((test) =>
            [
              String(test.meterTestId).padStart(5),
              new Date(test.from).toISOString(),
              test.to === null ? "goes on" : new Date(test.to).toISOString(),
              test.reason,
              test.withdrawnBy === null ? "" : "withdrawn",
            ].join("  "),
          ),
        );
      }),
  );

  common(
    meters
      .command("import <file>")
      .description(
        "a list of meters as CSV: manufacturer; type; serial; year; place; verified_on; laboratory; document; valid_until. Says what it would do, or does it",
      )
      .requiredOption("--reason <text>", "why; stands in the log")
      .option("--apply", "takes them in; without it nothing is written"),
  ).action(
    (file: string, { data, json, reason, apply = false }: Common & { reason: string; apply?: boolean }) =>
      withKeys(data, async (db) => {
        const read = readMeterList(fileText(readFileSync(file)));
        const options = { apply: apply && read.faults.length === 0, atMs: Date.now(), reason, by };
        const outcome = await importMeters(because(db, reason), everywhere, read.meters, options);
        const faults = [...read.faults, ...outcome.faults].sort((one, other) => one.line - other.line);
        const applied = apply && faults.length === 0;
        if (faults.length > 0) process.exitCode = 1;
        if (json) return print([JSON.stringify({ ...outcome, applied, faults })]);
        const { added, known, verifications } = outcome;
        print([
          ...faults.map(({ line, code }) => `line ${line}: ${code}`),
          `${added} new, ${known} known, ${verifications} verifications`,
          applied ? "taken in" : "nothing is written",
        ]);
      }),
  );
}
