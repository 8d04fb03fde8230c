import { readFileSync } from "node:fs";
import { type TariffTerms, tariffFaults, tariffTemplates } from "@energsys/metering";
import {
  addTariff,
  type Database,
  listTariffs,
  readTariffs,
  StoreError,
  setTariffVersion,
} from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, print } from "./options.ts";

/** A tariff as a file has it; `validTo` is absent for a version that goes on. */
interface TariffFile {
  readonly code: string;
  readonly name: string;
  readonly versions: readonly {
    readonly validFrom: string;
    readonly validTo?: string;
    readonly terms: TariffTerms;
  }[];
}

const today = (): string => Temporal.Now.plainDateISO().toString();

/** Tariffs with their calendars, prices and versions: to look at, to check, and by file. */
export function addTariffs(program: Command): void {
  const tariffs = program.command("tariffs").description("tariffs with their calendars, prices and versions");

  common(
    tariffs.command("list").description("tariffs as they are today, and the points that have them"),
  ).action(({ data, json }: Common) =>
    withKeys(data, async (db) => {
      const rows = await listTariffs(db, today());
      if (json) return print([JSON.stringify({ tariffs: rows })]);
      print([
        ...rows.map(({ code, validFrom, validTo, rates, points, name }) =>
          [
            code.padEnd(20),
            `${validFrom ?? "–"} … ${validTo ?? ""}`.padEnd(24),
            `${points} points`.padStart(12),
            rates.join(", "),
            name,
          ].join("  "),
        ),
        `${rows.length} tariffs`,
      ]);
    }),
  );

  tariffs
    .command("check <file>")
    .description(
      "all that is wrong with the tariffs of a file; exit code 1 when there is something; no database",
    )
    .option("--json", "the result as JSON")
    .action((file: string, { json }: Common) => {
      const faults = readFile(file).flatMap(({ code, versions }) =>
        versions.flatMap(({ validFrom, terms }) =>
          tariffFaults(terms).map((fault) => ({ tariff: code, validFrom, ...fault })),
        ),
      );
      if (json) print([JSON.stringify({ faults })]);
      else
        print([
          ...faults.map(({ tariff, validFrom, code, at }) => `${tariff} ${validFrom}: ${code} ${at}`),
          `${faults.length} faults`,
        ]);
      if (faults.length > 0) process.exitCode = 1;
    });

  common(
    tariffs
      .command("export")
      .description("tariffs with all versions as JSON")
      .option("--code <code>", "this one only")
      .option("--templates", "the templates to begin with, instead"),
  ).action(({ data, code, templates }: Common & { code?: string; templates?: boolean }) => {
    if (templates) {
      const files = tariffTemplates.map(({ code, name, terms }) => ({
        code,
        name,
        versions: [{ validFrom: "2026-01-01", terms }],
      }));
      return print([JSON.stringify(files, null, 2)]);
    }
    return withKeys(data, async (db) => {
      const all = [...(await readTariffs(db)).values()].filter(
        (one) => code === undefined || one.code === code,
      );
      if (code !== undefined && all.length === 0)
        throw new StoreError("tariff.not-found", `there is no tariff ${code}`);
      const files: TariffFile[] = all.map(({ code, name, versions }) => ({
        code,
        name,
        versions: versions.map(({ validFrom, validTo, terms }) => ({
          validFrom,
          ...(validTo === undefined ? {} : { validTo }),
          terms,
        })),
      }));
      print([JSON.stringify(files, null, 2)]);
    });
  });

  common(
    tariffs
      .command("import <file>")
      .description("tariffs of such a file: new ones are made, versions of known ones are set on their days")
      .requiredOption("--reason <text>", "why; stands in the log"),
  ).action((file: string, { data, json, reason }: Common & { reason: string }) =>
    withKeys(data, async (db) => {
      const done = await importFile(db, readFile(file), reason);
      if (json) return print([JSON.stringify({ tariffs: done })]);
      print(
        done.map(({ code, added, versions }) => `${code}: ${added ? "new, " : ""}${versions} versions set`),
      );
    }),
  );
}

async function importFile(db: Database, files: readonly TariffFile[], reason: string) {
  const known = new Map([...(await readTariffs(db)).values()].map((tariff) => [tariff.code, tariff]));
  const author = { by: "command line", reason, nowMs: Date.now() };
  const done = [];
  for (const { code, name, versions } of files) {
    let tariffId = known.get(code)?.tariffId;
    let set = 0;
    for (const { validFrom, validTo, terms } of versions) {
      const given = { fromDay: validFrom, toDay: validTo ?? null, terms };
      const same = known
        .get(code)
        ?.versions.some(
          (version) =>
            version.validFrom === validFrom && version.validTo === validTo && sameTerms(version.terms, terms),
        );
      if (same) continue;
      if (tariffId === undefined) tariffId = await addTariff(db, { code, name, ...given }, author);
      else await setTariffVersion(db, tariffId, given, author);
      set++;
    }
    done.push({ code, added: !known.has(code), versions: set });
  }
  return done;
}

/** The database orders the names of an object by itself. */
const sameTerms = (a: unknown, b: unknown): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

/** @throws CliError `tariffs.file-unreadable` */
function readFile(file: string): TariffFile[] {
  const refuse = (what: string) => new CliError("tariffs.file-unreadable", `${file}: ${what}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  const list: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  for (const one of list) {
    const { code, name, versions } = (one ?? {}) as Partial<TariffFile>;
    if (typeof code !== "string" || typeof name !== "string" || !Array.isArray(versions))
      throw refuse("a tariff has code, name and versions");
    for (const { validFrom, terms } of versions as Partial<TariffFile["versions"][number]>[]) {
      const whole =
        terms?.calendar &&
        [terms.components, terms.registers, ...calendarLists(terms)].every((part) => Array.isArray(part));
      if (!/^\d{4}-\d{2}-\d{2}$/.test(validFrom ?? "") || !whole)
        throw refuse(
          `${code}: a version has validFrom (a day) and terms with calendar, registers and components`,
        );
    }
  }
  return list as TariffFile[];
}

const calendarLists = ({ calendar: { rates, dayProfiles, weeks, seasons, specialDays } }: TariffTerms) => [
  rates,
  dayProfiles,
  weeks,
  seasons,
  specialDays,
];
