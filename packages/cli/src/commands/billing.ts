import { formatScaled } from "@energsys/metering";
import {
  actingAs,
  askBillingClose,
  type Database,
  everywhere,
  listBilledValues,
  listBillingCloses,
  listBillingCorrections,
  pointNames,
  readBillingOutlook,
  readBranches,
  sql,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, print } from "./options.ts";

interface Of extends Common {
  readonly month: string;
  readonly branch?: string;
}

const by = "command line";
const valuesAtOnce = 1_000;

function monthOf(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError("a month such as 2026-10");
  return `${text}-01`;
}

function numberOf(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("a number of the list");
  return value;
}

async function branchOf(db: Database, path: string | undefined): Promise<number | null> {
  if (path === undefined) return null;
  const found = [...(await readBranches(db)).values()].find((branch) => branch.path.join("/") === path);
  if (!found) throw new CliError("branch.not-found", `there is no branch ${path}`);
  return found.branchId;
}

async function zoneOf(db: Database): Promise<string> {
  const { rows } = await db.query<{ zone: string | null }>(sql`select market_zone() as zone`);
  return rows[0]?.zone ?? "Europe/Bucharest";
}

const energy = (integer: number | null, scale: number): string =>
  integer === null ? "" : formatScaled(integer, scale);

/** Months for billing without a browser: what stands in their way, what was frozen, what is different since. */
export function addBilling(program: Command): void {
  const billing = program.command("billing").description("months closed for billing, and what changed since");

  common(
    billing
      .command("outlook")
      .description("what stands in the way of a month; exit code 1 when something does")
      .requiredOption("--month <month>", "such as 2026-10", monthOf)
      .option("--branch <path>", "only of it and below, such as Argeș/PT 1"),
  ).action(({ data, json, month, branch }: Of) =>
    withKeys(data, async (db) => {
      const part = { month, branchId: await branchOf(db, branch) };
      const outlook = await readBillingOutlook(db, everywhere, part, await zoneOf(db));
      const { points, closed, ready, neverRead, gaps, openFindings, editsWaiting, estimated } = outlook;
      if (points - closed > ready) process.exitCode = 1;
      if (json) return print([JSON.stringify(outlook)]);
      print([
        `${points} points, ${closed} closed, ${ready} ready, ${points - closed - ready} not`,
        `never read ${neverRead}; with gaps ${gaps}; with open findings ${openFindings}; with edits that wait ${editsWaiting}; with estimates ${estimated}`,
        ...outlook.byRule.map(
          ({ rule, findings, points: of }) => `  ${rule}: ${findings} findings at ${of} points`,
        ),
      ]);
    }),
  );

  common(
    billing
      .command("ask")
      .description("asks to close a month; somebody else closes it on the page")
      .requiredOption("--month <month>", "such as 2026-10", monthOf)
      .option("--branch <path>", "only of it and below, such as Argeș/PT 1")
      .requiredOption("--reason <text>", "why; stands in the log"),
  ).action(({ data, json, month, branch, reason }: Of & { readonly reason: string }) =>
    withKeys(data, async (db) => {
      const acting = actingAs(db, { actor: "process:cli", operation: "billing ask", reason });
      const part = { month, branchId: await branchOf(db, branch) };
      const asked = { by, reason, nowMs: Date.now(), zone: await zoneOf(db) };
      const closeId = await askBillingClose(acting, part, asked);
      print([
        json ? JSON.stringify({ closeId }) : `closing ${closeId} waits for somebody who may approve billing`,
      ]);
    }),
  );

  common(
    billing
      .command("closings")
      .description("closings, the newest first")
      .option("--month <month>", "such as 2026-10", monthOf),
  ).action(({ data, json, month }: Common & { readonly month?: string }) =>
    withKeys(data, async (db) => {
      const rows = await listBillingCloses(db, everywhere, {
        limit: 200,
        ...(month === undefined ? {} : { month }),
      });
      if (json) return print([JSON.stringify(rows)]);
      const names = await readBranches(db);
      print(
        rows.map((row) =>
          [
            String(row.closeId).padStart(6),
            row.month.slice(0, 7),
            row.branchId === null
              ? "whole network"
              : (names.get(row.branchId)?.path.join("/") ?? `branch ${row.branchId}`),
            row.state,
            row.points === null ? "" : `${row.billable} of ${row.points} billable`,
            `${row.requestedBy}${row.decidedBy === null ? "" : `, ${row.decidedBy}`}: ${row.reason}`,
          ].join("  "),
        ),
      );
    }),
  );

  common(
    billing
      .command("values <closing>")
      .description("what a closing froze, as CSV: one line a point and code"),
  ).action((closing: string, { data, json }: Common) =>
    withKeys(data, async (db) => {
      const closeId = numberOf(closing);
      if (!json) print(["pod;obis;energy;unit;basis;reason;billable;register_from;register_to;estimated"]);
      for (let afterPointId = 0; ; ) {
        const values = await listBilledValues(db, everywhere, { closeId, afterPointId, limit: valuesAtOnce });
        const names = await pointNames(
          db,
          values.map(({ pointId }) => pointId),
        );
        const told = values.map((value) => ({
          pod: names.get(value.pointId)?.pod ?? "",
          obis: value.obis,
          energy: energy(value.energy, value.scale),
          unit: value.unit,
          basis: value.basis,
          reason: value.reason ?? "",
          billable: value.billable,
          registerFrom: value.registerFrom ?? "",
          registerTo: value.registerTo ?? "",
          estimated: value.estimated,
        }));
        print(told.map((row) => (json ? JSON.stringify(row) : Object.values(row).join(";"))));
        if (values.length < valuesAtOnce) return;
        afterPointId = values.at(-1)!.pointId;
      }
    }),
  );

  common(
    billing
      .command("corrections")
      .description("what a month that was closed is now, where it differs")
      .requiredOption("--month <month>", "such as 2026-10", monthOf),
  ).action(({ data, json, month }: Of) =>
    withKeys(data, async (db) => {
      const rows = await listBillingCorrections(db, everywhere, { month, branchId: null, limit: 10_000 });
      if (json) return print([JSON.stringify(rows)]);
      const names = await pointNames(
        db,
        rows.map(({ pointId }) => pointId),
      );
      print(
        rows.map((row) =>
          [
            names.get(row.pointId)?.pod ?? "",
            row.obis,
            row.state,
            `${energy(row.oldEnergy, row.scale)} -> ${energy(row.newEnergy, row.scale)} ${row.unit}`,
            row.cause,
            row.causedBy ?? "",
          ].join("  "),
        ),
      );
    }),
  );
}
