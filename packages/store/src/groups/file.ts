import { type GroupKind, groupKinds } from "./registry.ts";
import type { Side } from "./rows.ts";

/** Columns of a file of groups, in the order in which they are written. */
export const groupFileColumns = [
  "kind",
  "branch",
  "group",
  "above",
  "role",
  "pod",
  "sign",
  "from",
  "to",
] as const;

export type GroupFileFault =
  | "columns"
  | "kind"
  | "group"
  | "role"
  | "sign"
  | "from"
  | "to"
  | "branch"
  | "above"
  | "pod";

export interface GroupFileLine {
  readonly line: number;
  readonly reason: GroupFileFault;
  readonly text: string;
  /** What was probably meant. */
  readonly proposal: string | null;
}

/** Rows of one group, role and time: one change of it. `side` null: the group alone, and what it hangs below. */
export interface GroupOfFile {
  readonly line: number;
  readonly kind: GroupKind;
  /** Names from the top joined by `/`; empty: the whole network. */
  readonly branch: string;
  readonly name: string;
  readonly above: string;
  readonly side: Side | null;
  readonly fromMs: number;
  readonly toMs: number | undefined;
  readonly pods: Map<string, { readonly sign: 1 | -1; readonly line: number }>;
}

const linesMax = 200_000;
const quarterMs = 900_000;

/** The one of these words that differs least from what was written, by at most two letters. */
export function closestOf(text: string, known: readonly string[]): string | null {
  const plain = (word: string) => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const of = plain(text);
  let best: { word: string; away: number } | undefined;
  for (const word of known) {
    const away = distance(of, plain(word), 2);
    if (away <= 2 && (!best || away < best.away)) best = { word, away };
  }
  return best?.word ?? null;
}

/** Letters to change, add or drop between two words; more than `most` is told as one more than it. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before = Array.from({ length: b.length + 1 }, (_, nth) => nth);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      now.push(Math.min(before[column]! + 1, now[column - 1]! + 1, before[column - 1]! + same));
    }
    before = now;
  }
  return before[b.length]!;
}

/**
 * Takes a file of groups apart: CSV by semicolon or comma, a head line with the columns `kind`, `group`, and where wanted `branch`, `above`, `role`,
 * `pod`, `sign`, `from`, `to`. A line that cannot be used is refused alone; `undefined` for what is no such file.
 * @param fromMs from when a line holds that does not say it
 */
export function parseGroupsFile(
  text: string,
  fromMs: number,
): { groups: GroupOfFile[]; refused: GroupFileLine[]; rows: number } | undefined {
  const [head = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const separator = [";", "\t", ","].find((each) => head.includes(each)) ?? ";";
  const names = cellsOf(head, separator).map((name) => name.toLowerCase());
  if (!names.includes("kind") || !names.includes("group") || lines.length > linesMax) return undefined;
  const groups = new Map<string, GroupOfFile>();
  const refused: GroupFileLine[] = [];
  let rows = 0;
  const read = (cells: readonly string[], line: number): Omit<GroupFileLine, "line"> | undefined => {
    const of = (name: (typeof groupFileColumns)[number]) => cells[names.indexOf(name)] ?? "";
    const fault = (reason: GroupFileFault, value: string, proposal: string | null = null) => ({
      reason,
      text: value,
      proposal,
    });
    const kind = groupKinds.find((one) => one === of("kind").toLowerCase());
    if (!kind) return fault("kind", of("kind"), closestOf(of("kind"), groupKinds));
    if (of("group") === "" || of("group").length > 200) return fault("group", of("group"));
    const pod = of("pod");
    const role = of("role").toLowerCase() || "members";
    if (role !== "members" && role !== "balance")
      return fault("role", of("role"), closestOf(role, ["members", "balance"]));
    const sign = { "": 1, "1": 1, "+1": 1, "-1": -1, "−1": -1 }[of("sign")] as 1 | -1 | undefined;
    if (sign === undefined) return fault("sign", of("sign"));
    const from = of("from") === "" ? fromMs : Date.parse(of("from"));
    if (Number.isNaN(from) || from % quarterMs !== 0) return fault("from", of("from"), quarterOf(from));
    const to = of("to") === "" ? undefined : Date.parse(of("to"));
    if (to !== undefined && !(to > from && to % quarterMs === 0)) return fault("to", of("to"), quarterOf(to));
    const side = pod === "" ? null : role;
    const key = [kind, of("branch"), of("group"), of("above"), side, from, to].join("\0");
    const group = groups.get(key) ?? {
      line,
      kind,
      branch: of("branch"),
      name: of("group"),
      above: of("above"),
      side,
      fromMs: from,
      toMs: to,
      pods: new Map(),
    };
    groups.set(key, group);
    if (pod !== "") group.pods.set(pod, { sign, line });
    return undefined;
  };
  lines.forEach((line, nth) => {
    if (line.trim() === "") return;
    rows++;
    const fault = read(cellsOf(line, separator), nth + 2);
    if (fault) refused.push({ line: nth + 2, ...fault });
  });
  return { groups: [...groups.values()], refused, rows };
}

const quarterOf = (ms: number): string | null =>
  Number.isNaN(ms) ? null : new Date(Math.floor(ms / quarterMs) * quarterMs).toISOString();

/** Cells of a line; in quotation marks a separator is part of the text, and two marks are one. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let nth = 0; nth < line.length; nth++) {
    const letter = line[nth]!;
    if (letter === '"' && quoted && line[nth + 1] === '"') {
      cell += letter;
      nth++;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += letter;
  }
  return [...cells, cell.trim()];
}
