import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileText } from "@energsys/metering/file-text";
import {
  actingAs,
  checkGroups,
  type Database,
  everywhere,
  type GroupRow,
  groupFileColumns,
  importGroupsFile,
  listGroupPoints,
  listGroups,
  readFoldState,
  readPointRows,
  undoGroupsImport,
} from "@energsys/store";
import type { Command } from "commander";
import { withKeys } from "./keyed-database.ts";
import { instantOf, print } from "./options.ts";

interface Common {
  readonly data?: string;
  readonly json?: boolean;
  readonly at?: number;
}

const common = (command: Command): Command =>
  command
    .option("--at <instant>", "as it was, or will be, at this instant; now without it", instantOf)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON");

/** Groups of points with their balance meters: to look at, to check, and by file. */
export function addGroups(program: Command): void {
  const groups = program.command("groups").description("groups of points and their balance meters");

  common(
    groups.command("list").description("groups with their members, balance meters and groups above"),
  ).action(({ data, json, at = Date.now() }: Common) =>
    withKeys(data, async (db) => {
      const [rows, sums] = [await listGroups(db, everywhere, {}, at), await readFoldState(db)];
      if (json) return print([JSON.stringify({ groups: rows, sums })]);
      print([
        ...rows.map((row) => lineOf(row, rows)),
        `${rows.length} groups; ${sums.due + sums.changes} sums wait`,
      ]);
    }),
  );

  common(
    groups.command("check").description("what does not fit together; exit code 1 when there is something"),
  ).action(({ data, json, at = Date.now() }: Common) =>
    withKeys(data, async (db) => {
      const { counts, findings } = await checkGroups(db, everywhere, at);
      const names = new Map((await listGroups(db, everywhere, {}, at)).map((row) => [row.groupId, row.name]));
      const pods = await podsOf(
        db,
        findings.flatMap(({ pointId }) => pointId ?? []),
      );
      const told = findings.map(({ kind, groupId, pointId, otherGroupId }) => ({
        kind,
        group: names.get(groupId ?? 0) ?? null,
        point: pods.get(pointId ?? 0) ?? null,
        otherGroup: names.get(otherGroupId ?? 0) ?? null,
      }));
      if (json) print([JSON.stringify({ counts, findings: told })]);
      else {
        print([
          ...told.map(({ kind, group, point, otherGroup }) =>
            [kind.padEnd(22), group, point, otherGroup].filter((part) => part !== null).join("  "),
          ),
          ...Object.entries(counts).map(([kind, count]) => `${kind}: ${count}`),
        ]);
      }
      if (Object.values(counts).some((count) => count > 0)) process.exitCode = 1;
    }),
  );

  common(
    groups
      .command("export")
      .description(
        "members and balance meters as CSV: kind; branch; group; above; role; POD; sign; from; to",
      ),
  ).action(({ data, json, at = Date.now() }: Common) =>
    withKeys(data, async (db) => {
      const rows: MemberRow[] = [];
      const all = await listGroups(db, everywhere, {}, at);
      const names = new Map(all.map(({ groupId, name }) => [groupId, name]));
      for (const group of all) {
        const own = { kind: group.kind, branch: group.branch.join("/"), group: group.name };
        const above = names.get(group.parentId ?? 0) ?? "";
        if (group.members + group.balanceMeters === 0)
          rows.push({ ...own, above, role: "", pod: "", sign: "", from: "", to: "" });
        for (const side of ["balance", "members"] as const) {
          const held = await listGroupPoints(db, everywhere, group.groupId, side, at);
          const pods = await podsOf(
            db,
            held.rows.map(({ pointId }) => pointId),
          );
          for (const { pointId, sign, from, to } of held.rows) {
            rows.push({
              ...own,
              above,
              role: side,
              pod: pods.get(pointId) ?? "",
              sign,
              from: new Date(from).toISOString(),
              to: to === null ? "" : new Date(to).toISOString(),
            });
          }
        }
      }
      print(
        json
          ? [JSON.stringify(rows)]
          : [
              groupFileColumns.join(";"),
              ...rows.map((row) => groupFileColumns.map((name) => cell(row[name])).join(";")),
            ],
      );
    }),
  );

  groups
    .command("import <file>")
    .description(
      "points of groups from such a CSV: groups that are missing are made; shows the effect, or makes it",
    )
    .requiredOption("--reason <text>", "why; stands in the log")
    .option("--from <instant>", "from when, where a row does not say it", instantOf)
    .option("--apply", "makes the changes; without it nothing is written")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((file: string, options: ImportOptions) =>
      withKeys(options.data, (db) => importFile(db, file, options)),
    );

  groups
    .command("undo-import <number>")
    .description("takes a file of groups back; what others build on stays")
    .requiredOption("--reason <text>", "why; stands in the log")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((number: string, { data, json, reason }: { data?: string; json?: boolean; reason: string }) =>
      withKeys(data, async (db) => {
        const acting = actingAs(db, { actor: "process:cli", operation: "groups undo-import", reason });
        const given = { by, reason, nowMs: Date.now() };
        const undone = await undoGroupsImport(acting, everywhere, Number(number), given);
        print([
          json
            ? JSON.stringify(undone)
            : `${undone.changes} changes and ${undone.groups} groups taken back; ${undone.kept} stay, others build on them`,
        ]);
      }),
    );
}

const by = "command line";
type MemberRow = Record<(typeof groupFileColumns)[number], string | number>;
const cell = (value: string | number): string =>
  /[";\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

const lineOf = (row: GroupRow, all: readonly GroupRow[]): string =>
  [
    String(row.groupId).padStart(6),
    row.kind.padEnd(11),
    `${row.members} members`.padStart(14),
    `${row.balanceMeters} balance`.padStart(11),
    row.name,
    all.find(({ groupId }) => groupId === row.parentId)?.name ?? "",
  ].join("  ");

async function podsOf(db: Database, pointIds: readonly number[]): Promise<Map<number, string>> {
  const pods = new Map<number, string>();
  for (let start = 0; start < pointIds.length; start += 2_000) {
    for (const { pointId, pod } of await readPointRows(db, everywhere, pointIds.slice(start, start + 2_000)))
      pods.set(pointId, pod);
  }
  return pods;
}

interface ImportOptions {
  readonly reason: string;
  readonly from?: number;
  readonly apply?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

async function importFile(db: Database, file: string, options: ImportOptions): Promise<void> {
  const { reason, from, apply = false, json } = options;
  const acting = actingAs(db, { actor: "process:cli", operation: "groups import", reason });
  const outcome = await importGroupsFile(acting, everywhere, fileText(readFileSync(file)), {
    fileName: basename(file),
    by,
    reason,
    nowMs: Date.now(),
    dryRun: !apply,
    ...(from === undefined ? {} : { fromMs: from }),
  });
  if (json) return print([JSON.stringify({ applied: apply, ...outcome })]);
  print([
    ...outcome.groups.map(
      ({ kind, name, side, fromMs, isNew, above, joining, signChanged, unchanged }) =>
        `${kind} ${name}${isNew ? " (new)" : ""}${above === null ? "" : ` below ${above}`}: ${side ?? "no points"}, from ${new Date(fromMs).toISOString()}; ${joining} join, ${signChanged} change their sign, ${unchanged} were there`,
    ),
    ...outcome.refused.map(
      ({ line, reason: why, text, proposal }) =>
        `line ${line}: ${why}: ${text}${proposal === null ? "" : ` (${proposal}?)`}`,
    ),
    outcome.stored
      ? `applied as import ${outcome.stored.importId}: ${outcome.stored.made} groups made, ${outcome.stored.changes} changes; energsys groups undo-import ${outcome.stored.importId} takes it back`
      : "nothing is written: give --apply to make the changes",
  ]);
}
