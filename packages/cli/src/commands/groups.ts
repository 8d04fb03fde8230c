import { readFileSync } from "node:fs";
import {
  addGroup,
  applyGroupChange,
  checkGroups,
  type Database,
  everywhere,
  findPointsByPod,
  type GroupRow,
  groupKinds,
  listGroupPoints,
  listGroups,
  previewGroupChange,
  readBranches,
  readFoldState,
  readPointRows,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";

interface Common {
  readonly data?: string;
  readonly json?: boolean;
  readonly at?: number;
}

function instantOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("an instant such as 2026-03-01T00:00:00+02:00");
  return ms;
}

const common = (command: Command): Command =>
  command
    .option("--at <instant>", "as it was, or will be, at this instant; now without it", instantOf)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON");

const print = (lines: readonly string[]): void => {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
};

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
      .description("members and balance meters as CSV: kind; group; role; POD; sign; from; to"),
  ).action(({ data, json, at = Date.now() }: Common) =>
    withKeys(data, async (db) => {
      const rows: MemberRow[] = [];
      for (const group of await listGroups(db, everywhere, {}, at)) {
        for (const side of ["balance", "members"] as const) {
          const held = await listGroupPoints(db, everywhere, group.groupId, side, at);
          const pods = await podsOf(
            db,
            held.rows.map(({ pointId }) => pointId),
          );
          for (const { pointId, sign, from, to } of held.rows) {
            rows.push({
              kind: group.kind,
              branch: group.branch.join("/"),
              group: group.name,
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
          : [columns.join(";"), ...rows.map((row) => columns.map((name) => cell(row[name])).join(";"))],
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
      withKeys(options.data, (db) => importFile(db, readFileSync(file, "utf8"), options)),
    );
}

const columns = ["kind", "branch", "group", "role", "pod", "sign", "from", "to"] as const;
type MemberRow = Record<(typeof columns)[number], string | number>;
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

interface Wanted {
  readonly kind: (typeof groupKinds)[number];
  readonly branch: string;
  readonly group: string;
  readonly side: "members" | "balance";
  readonly fromMs: number;
  readonly toMs: number | undefined;
  readonly pods: Map<string, 1 | -1>;
}

/** Rows of one group, role and time are one change. @throws CliError `groups.file-unreadable` */
function readRows(text: string, from: number | undefined): Wanted[] {
  const [head = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = head.split(";").map((name) => name.trim());
  const refuse = (line: number, what: string) =>
    new CliError("groups.file-unreadable", `line ${line}: ${what}`);
  for (const name of ["kind", "group", "role", "pod"]) {
    if (!names.includes(name)) throw refuse(1, `no column ${name}`);
  }
  const changes = new Map<string, Wanted>();
  lines.forEach((line, nth) => {
    if (line.trim() === "") return;
    const cells = line
      .split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
      .map((text) => text.trim().replace(/^"(.*)"$/, "$1"));
    const of = (name: string) => cells[names.indexOf(name)] ?? "";
    const kind = groupKinds.find((one) => one === of("kind"));
    const side = of("role");
    const fromMs = of("from") === "" ? from : Date.parse(of("from"));
    const sign = of("sign") === "-1" ? -1 : 1;
    if (!kind) throw refuse(nth + 2, `${of("kind")} is no kind of group`);
    if (side !== "members" && side !== "balance") throw refuse(nth + 2, "role is members or balance");
    if (fromMs === undefined || Number.isNaN(fromMs)) throw refuse(nth + 2, "no instant from, and no --from");
    const toMs = of("to") === "" ? undefined : Date.parse(of("to"));
    if (of("group") === "" || of("pod") === "") throw refuse(nth + 2, "group and pod must be given");
    const key = [kind, of("branch"), of("group"), side, fromMs, toMs].join("\0");
    const change = changes.get(key) ?? {
      kind,
      branch: of("branch"),
      group: of("group"),
      side,
      fromMs,
      toMs,
      pods: new Map<string, 1 | -1>(),
    };
    change.pods.set(of("pod"), sign);
    changes.set(key, change);
  });
  return [...changes.values()];
}

async function importFile(db: Database, text: string, options: ImportOptions): Promise<void> {
  const branches = [...(await readBranches(db)).values()];
  const lines: object[] = [];
  for (const wanted of readRows(text, options.from)) {
    const branch = branches.find(({ path }) => path.join("/") === wanted.branch);
    if (wanted.branch !== "" && !branch) {
      throw new CliError("groups.file-unreadable", `there is no branch ${wanted.branch}`);
    }
    const branchId = branch?.branchId ?? null;
    const known = (await listGroups(db, everywhere, { kind: wanted.kind }, Date.now())).find(
      (row) => row.name === wanted.group && row.branchId === branchId,
    );
    const found = await findPointsByPod(db, everywhere, [...wanted.pods.keys()]);
    const add = [...found].map(([pod, pointId]) => ({ pointId, sign: wanted.pods.get(pod) ?? 1 }));
    const unknown = [...wanted.pods.keys()].filter((pod) => !found.has(pod));
    const told = { group: wanted.group, role: wanted.side, from: new Date(wanted.fromMs).toISOString() };
    if (!known && !options.apply) {
      lines.push({ ...told, newGroup: true, joining: add.length, unknown });
      continue;
    }
    const groupId =
      known?.groupId ?? (await addGroup(db, { kind: wanted.kind, name: wanted.group, branchId }));
    const request = {
      groupId,
      side: wanted.side,
      fromMs: wanted.fromMs,
      ...(wanted.toMs === undefined ? {} : { toMs: wanted.toMs }),
      add,
    };
    const preview = options.apply
      ? (await applyGroupChange(db, everywhere, request, { by: "command line", reason: options.reason }))
          .preview
      : await previewGroupChange(db, everywhere, request);
    const { joining, signChanged, unchanged, refused } = preview;
    lines.push({
      ...told,
      newGroup: !known,
      joining: joining.length,
      signChanged: signChanged.length,
      unchanged,
      refused: refused.length,
      unknown,
    });
  }
  if (options.json) return print([JSON.stringify({ applied: options.apply === true, changes: lines })]);
  print([
    ...lines.map((line) =>
      Object.entries(line)
        .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(",") || "-" : value}`)
        .join(" "),
    ),
    options.apply ? "applied" : "nothing is written: give --apply to make the changes",
  ]);
}
