import { readFileSync } from "node:fs";
import { fileText } from "@energsys/metering/file-text";
import { readModemList } from "@energsys/server/modem-list";
import {
  because,
  everywhere,
  importModems,
  listModems,
  listSims,
  type SimState,
  simStates,
} from "@energsys/store";
import { type Command, Option } from "commander";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, print, wholeNumber } from "./options.ts";

const listed = 1_000;
const since = (ms: number | null): string => (ms === null ? "" : `since ${new Date(ms).toISOString()}`);

/** Modems and the cards in them. */
export function addModems(program: Command): void {
  const modems = program.command("modems").description("modems and SIM cards, and what they serve");

  common(
    modems
      .command("list")
      .description("modems by serial number, with their card and what they serve")
      .option("--find <words>", "part of serial number, IMEI, type, what it serves or its card")
      .option("--limit <rows>", "at most so many", wholeNumber(1, 100_000), listed),
  ).action(({ data, json, find, limit }: Common & { find?: string; limit: number }) =>
    withKeys(data, async (db) => {
      const filter = find === undefined ? {} : { text: find };
      const { total, rows } = await listModems(db, everywhere, filter, { offset: 0, limit });
      if (json) return print([JSON.stringify({ total, modems: rows })]);
      print([
        ...rows.map((row) =>
          [
            row.serial.padEnd(16),
            row.type,
            row.imei ?? "no IMEI",
            row.serves ?? "in the store",
            since(row.since),
            row.iccid === null ? "no card" : `card ${row.iccid}`,
          ].join("  "),
        ),
        `${rows.length} of ${total} modems`,
      ]);
    }),
  );

  common(
    modems
      .command("sims")
      .description("SIM cards by ICCID, with their state and modem")
      .option("--find <words>", "part of ICCID, operator, access point or modem")
      .addOption(new Option("--state <state>", "in this state").choices(simStates))
      .option("--limit <rows>", "at most so many", wholeNumber(1, 100_000), listed),
  ).action(
    ({ data, json, find, state, limit }: Common & { find?: string; state?: SimState; limit: number }) =>
      withKeys(data, async (db) => {
        const filter = {
          ...(find === undefined ? {} : { text: find }),
          ...(state === undefined ? {} : { state }),
        };
        const { total, rows } = await listSims(db, everywhere, filter, { offset: 0, limit });
        if (json) return print([JSON.stringify({ total, sims: rows })]);
        print([
          ...rows.map((row) =>
            [
              row.iccid.padEnd(20),
              row.state.padEnd(9),
              row.operator,
              row.apn,
              row.modem === null ? "in no modem" : `modem ${row.modem}`,
              since(row.since),
            ].join("  "),
          ),
          `${rows.length} of ${total} cards`,
        ]);
      }),
  );

  common(
    modems
      .command("import <file>")
      .description(
        "a list of modems and cards as CSV: modem; imei; type; concentrator or meter; iccid; operator; apn; data_plan; msisdn; pin. Says what it would do, or does it",
      )
      .requiredOption("--reason <text>", "why; stands in the log")
      .option("--apply", "takes them in; without it nothing is written"),
  ).action(
    (file: string, { data, json, reason, apply = false }: Common & { reason: string; apply?: boolean }) =>
      withKeys(data, async (db) => {
        const read = readModemList(fileText(readFileSync(file)));
        const act = { atMs: Date.now(), reason, by: "command line" };
        const taken = apply && read.faults.length === 0;
        const outcome = await importModems(because(db, reason), everywhere, read.rows, {
          ...act,
          apply: taken,
        });
        const faults = [...read.faults, ...outcome.faults].sort((one, other) => one.line - other.line);
        const applied = apply && faults.length === 0;
        if (faults.length > 0) process.exitCode = 1;
        if (json) return print([JSON.stringify({ ...outcome, applied, faults })]);
        print([
          ...faults.map(({ line, code }) => `line ${line}: ${code}`),
          `${outcome.modems} modems, ${outcome.sims} cards, ${outcome.placed} placed`,
          applied ? "taken in" : "nothing is written",
        ]);
      }),
  );
}
