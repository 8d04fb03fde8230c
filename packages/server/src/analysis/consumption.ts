import {
  type Counted,
  energies,
  findCounted,
  listGroups,
  type Period,
  readPointTotals,
  readSubjectNames,
  readTotals,
  type Scope,
  type Subject,
  type SubjectName,
  type Total,
  type Totals,
} from "@energsys/store";
import type { Consumption, ConsumptionBy, Coverage, EnergyName } from "../schemas/analysis.ts";
import type { Services } from "../services.ts";
import { codeOf, type Named } from "./asked.ts";

/** Amounts of one energy, by row; `null` where a row is not in that time. */
interface Amounts {
  readonly scale: number;
  readonly keys: readonly string[];
  readonly of: ReadonlyMap<string, Total>;
}

export interface ConsumptionAsked {
  readonly subject: Named;
  readonly energy: EnergyName;
  readonly by: ConsumptionBy;
  readonly period: Period;
  /** The former time, with the same subject's points of then. */
  readonly before: { readonly period: Period; readonly counted: Counted } | undefined;
}

type Row = Consumption["rows"][number];

/** Energy by day, month, point or group, beside a former time. Of days and months the nth is compared with the nth. */
export async function readConsumption(
  services: Services,
  scope: Scope,
  asked: ConsumptionAsked,
): Promise<Omit<Consumption, "more" | "zone">> {
  const { subject, energy, by, period, before } = asked;
  const groups = by === "group" ? await groupsIn(services, scope, subject.counted.subject, period.nowMs) : [];
  const read = async (name: "A+" | "A-" | Exclude<EnergyName, "net">, when: Period, counted: Counted) =>
    amountsOf(services, scope, { counted, obis: energies[name], by, period: when, groups });
  const sides = energy === "net" ? (["A+", "A-"] as const) : ([energy] as const);
  const now: Amounts[] = [];
  const then: Amounts[] = [];
  for (const side of sides) {
    now.push(await read(side, period, subject.counted));
    if (before) then.push(await read(side, before.period, before.counted));
  }
  const scale = Math.min(...[...now, ...then].map((amounts) => amounts.scale));
  const keys = by === "day" || by === "month" ? now[0]!.keys : joinedKeys([...now, ...then]);
  const names = await namesOf(services, scope, by, keys, period.nowMs);
  const rows: Row[] = [];
  for (const [nth, key] of keys.entries()) {
    const name = names?.get(key);
    // A point that is foreign by now is in the total and has no row.
    if (names && !name) continue;
    const formerKey = by === "day" || by === "month" ? then[0]?.keys[nth] : key;
    const own = amountAt(now, key, scale);
    rows.push({
      key,
      ...(name ?? { name: "", detail: "" }),
      ...own,
      before: before && formerKey !== undefined ? withoutSides(amountAt(then, formerKey, scale)) : null,
    });
  }
  if (by === "point" || by === "group") rows.sort(byEnergy);
  const all = { counted: subject.counted, by: "all" as const };
  const whole: Amounts[] = [];
  const wholeBefore: Amounts[] = [];
  for (const side of sides) {
    whole.push(await amountsOf(services, scope, { ...all, obis: energies[side], period, groups: [] }));
    if (before) {
      const former = { counted: before.counted, by: "all" as const, obis: energies[side], groups: [] };
      wholeBefore.push(await amountsOf(services, scope, { ...former, period: before.period }));
    }
  }
  const total = {
    ...amountAt(whole, whole[0]!.keys[0]!, scale),
    before: before ? withoutSides(amountAt(wholeBefore, wholeBefore[0]!.keys[0]!, scale)) : null,
  };
  return { unit: energy === "net" ? "Wh" : unitOfEnergy(energy), scale, total, rows };
}

const unitOfEnergy = (energy: EnergyName): string =>
  energy.startsWith("A") ? "Wh" : energy.startsWith("S") ? "VAh" : "varh";

const none: Total = { energy: null, expected: 0, present: 0, good: 0, estimated: 0, sumsOnly: false };
const coverage = ({ expected, present, good, estimated }: Total): Coverage => ({
  expected,
  present,
  good,
  estimated,
});

const rescaled = (energy: bigint | null, from: number, to: number): bigint | null =>
  energy === null ? null : energy * 10n ** BigInt(from - to);

function amountAt(
  sides: readonly Amounts[],
  key: string,
  scale: number,
): Omit<Row, "key" | "name" | "detail" | "before"> {
  const [first, second] = sides.map(({ of, scale: own }) => {
    const total = of.get(key) ?? none;
    return { ...total, energy: rescaled(total.energy, own, scale) };
  });
  const told = (total: Total) => ({
    energy: total.energy?.toString() ?? null,
    coverage: coverage(total),
    sumsOnly: total.sumsOnly,
  });
  if (!second) return { ...told(first!), taken: null, given: null };
  const energy =
    first!.energy === null && second.energy === null ? null : (first!.energy ?? 0n) - (second.energy ?? 0n);
  const both = (name: keyof Coverage) => first![name] + second[name];
  return {
    ...told({
      energy,
      expected: both("expected"),
      present: both("present"),
      good: both("good"),
      estimated: both("estimated"),
      sumsOnly: first!.sumsOnly || second.sumsOnly,
    }),
    taken: told(first!),
    given: told(second),
  };
}

const withoutSides = ({ energy, coverage, sumsOnly }: Pick<Row, "energy" | "coverage" | "sumsOnly">) => ({
  energy,
  coverage,
  sumsOnly,
});

const byEnergy = (a: Row, b: Row): number => {
  const [one, other] = [a, b].map(({ energy }) => (energy === null ? null : BigInt(energy)));
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  return one! > other! ? -1 : one! < other! ? 1 : 0;
};

const joinedKeys = (amounts: readonly Amounts[]): string[] => [
  ...new Set(amounts.flatMap(({ keys }) => keys)),
];

async function namesOf(
  { db }: Services,
  scope: Scope,
  by: ConsumptionBy,
  keys: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, SubjectName> | undefined> {
  if (by === "day" || by === "month") return undefined;
  const subjects = keys.map(
    (key): Subject =>
      by === "point"
        ? { kind: "point", pointId: Number(key.slice(1)) }
        : { kind: "group", groupId: Number(key.slice(1)), side: "members" },
  );
  const names = await readSubjectNames(db, scope, subjects, nowMs);
  return new Map(keys.flatMap((key, nth) => (names[nth] ? [[key, names[nth]] as const] : [])));
}

/** Groups whose sums are compared: those of the branch that is looked at, or all that may be seen; of a group, those below it. */
async function groupsIn({ db }: Services, scope: Scope, subject: Subject, nowMs: number): Promise<number[]> {
  const filter = subject.kind === "branch" ? { branchId: subject.branchId } : {};
  const groups = await listGroups(db, scope, filter, nowMs);
  return groups
    .filter(({ parentId, groupId }) =>
      subject.kind === "group" ? parentId === subject.groupId || groupId === subject.groupId : true,
    )
    .map(({ groupId }) => groupId);
}

async function amountsOf(
  { db }: Services,
  scope: Scope,
  asked: {
    readonly counted: Counted;
    readonly obis: string;
    readonly by: ConsumptionBy | "all";
    readonly period: Period;
    readonly groups: readonly number[];
  },
): Promise<Amounts> {
  const { counted, obis, by, period, groups } = asked;
  if (by === "point") {
    const totals = await readPointTotals(db, counted, { ...period, obis, by: "all" });
    return keyed(
      totals,
      totals.pointIds.map((id) => `p${id}`),
    );
  }
  if (by === "group") {
    const list = await countedGroups({ db, scope, groups, period });
    const totals = await readTotals(db, list, { ...period, obis, by: "all" });
    return keyed(
      totals,
      list.map(({ subject }) => codeOf(subject)),
    );
  }
  const totals = await readTotals(db, [counted], { ...period, obis, by });
  const cells = new Map(totals.buckets.map((bucket, nth) => [bucket, totals.rows[0]![nth]!]));
  return { scale: totals.scale, keys: totals.buckets, of: cells };
}

async function countedGroups(given: {
  readonly db: Services["db"];
  readonly scope: Scope;
  readonly groups: readonly number[];
  readonly period: Period;
}): Promise<Counted[]> {
  const subjects = given.groups.map((groupId): Subject => ({ kind: "group", groupId, side: "members" }));
  const found = await findCounted(given.db, given.scope, subjects, given.period);
  return found.flatMap((each) => each ?? []);
}

const keyed = (totals: Totals, keys: readonly string[]): Amounts => ({
  scale: totals.scale,
  keys,
  of: new Map(keys.map((key, row) => [key, totals.rows[row]![0]!])),
});
