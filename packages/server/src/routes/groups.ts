import {
  addGroup,
  addGroupBelow,
  appendActs,
  applyGroupChange,
  type Balance,
  type BalanceSide,
  balanceByDay,
  balanceOf,
  changeGroupParent,
  checkGroups,
  type Database,
  editGroup,
  findGroup,
  findGroupPlan,
  findPointsByPod,
  findRulePoints,
  type Group,
  type GroupChangeRequest,
  type GroupCurve,
  type GroupCurveSide,
  type GroupPoint,
  type GroupRow,
  type GroupRule,
  groupKinds,
  hasPoint,
  isEverywhere,
  type Language,
  listGroupChanges,
  listGroupPoints,
  listGroups,
  listGroupsOfPoint,
  listModelsOfPoints,
  previewGroupChange,
  type Queryable,
  readBranches,
  readFoldState,
  readGroupCurve,
  readPointRows,
  removeGroup,
  type Scope,
  StoreError,
  undoGroupChange,
} from "@energsys/store";
import type { Body } from "../contract.ts";
import { byteOrderMark, csvLine, sendCsv, whole } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem, type ProblemCode, problems } from "../problem.ts";
import { word } from "../words.ts";

const shownMax = 200;
const changesMax = 50;
const membersDefault = 100;
const curveDaysMax = 400;
const exportBatch = 2_000;

/** Runs a change of the store; what it refuses has the same code in the API. */
async function refusing<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError && error.code in problems) {
      throw new Problem(error.code as ProblemCode, {}, error);
    }
    throw error;
  }
}

const at = (text: string | undefined, nowMs: number): number =>
  text === undefined ? nowMs : Date.parse(text);

const rowAnswer = (row: GroupRow) => ({ ...row, branch: [...row.branch] });

const ruleAnswer = (rule: GroupRule | null) => rule as Record<string, never> | null;

async function needGroup(db: Queryable, scope: Scope, groupId: number, atMs: number): Promise<Group> {
  const group = await findGroup(db, scope, groupId, atMs);
  if (!group) throw new Problem("group.not-found");
  return group;
}

/** Who may change a part of the network may make groups in it; one of the whole network is for who may change all of it. */
async function needBranch(db: Queryable, scope: Scope, branchId: number | null): Promise<void> {
  if (isEverywhere(scope)) {
    if (branchId !== null && !(await readBranches(db)).has(branchId)) throw new Problem("branch.not-found");
    return;
  }
  const mine = scope.parts.some(
    ({ branchIds, supplierId }) =>
      supplierId === null && branchId !== null && branchIds?.includes(branchId) === true,
  );
  if (!mine) throw new Problem("branch.not-found");
}

/** Points by number with what people know them by; those that are foreign by now are left out. */
async function nameOf(db: Queryable, scope: Scope, pointIds: readonly number[]) {
  const rows = await readPointRows(db, scope, pointIds.slice(0, shownMax));
  return rows.map(({ pointId, pod, name, address }) => ({ pointId, pod, name, address }));
}

async function withNames(db: Queryable, scope: Scope, points: readonly GroupPoint[]) {
  const rows = await readPointRows(
    db,
    scope,
    points.map(({ pointId }) => pointId),
  );
  const byId = new Map(rows.map((row) => [row.pointId, row]));
  return points.flatMap((point) => {
    const row = byId.get(point.pointId);
    if (!row) return [];
    const { pod, name, address, serial } = row;
    return [{ ...point, pod, name, address, serial, from: iso(point.from), to: iso(point.to) }];
  });
}

async function findingsOf(db: Queryable, scope: Scope, atMs: number, groupId?: number) {
  const { counts, findings } = await checkGroups(db, scope, atMs, groupId === undefined ? {} : { groupId });
  const groups = new Map((await listGroups(db, scope, {}, atMs)).map((row) => [row.groupId, row.name]));
  const pointIds = [...new Set(findings.flatMap(({ pointId }) => pointId ?? []))];
  const pods = new Map<number, string>();
  for (let start = 0; start < pointIds.length; start += exportBatch) {
    for (const { pointId, pod } of await readPointRows(db, scope, pointIds.slice(start, start + exportBatch)))
      pods.set(pointId, pod);
  }
  return {
    counts,
    findings: findings.map((finding) => ({
      ...finding,
      group: groups.get(finding.groupId ?? 0) ?? null,
      pod: pods.get(finding.pointId ?? 0) ?? null,
      // A second group of a foreign branch is there, and that is all that is said of it.
      otherGroupId: groups.has(finding.otherGroupId ?? 0) ? finding.otherGroupId : null,
      otherGroup: groups.get(finding.otherGroupId ?? 0) ?? null,
    })),
  };
}

/** Groups above, from the top down. */
async function pathOf(db: Queryable, scope: Scope, group: Group, atMs: number) {
  const path: { groupId: number; name: string; kind: Group["kind"] }[] = [];
  let parentId = group.parentId;
  // No tree is deeper than twice its kinds, but for lines that branch off lines.
  for (let depth = 0; parentId !== null && depth < groupKinds.length * 10; depth++) {
    const above: Group | undefined = await findGroup(db, scope, parentId, atMs);
    if (!above) break;
    path.unshift({ groupId: above.groupId, name: above.name, kind: above.kind });
    parentId = above.parentId;
  }
  return path;
}

/** What somebody asks for, with points found by their codes and by the group's rule. */
async function requestOf(
  db: Queryable,
  scope: Scope,
  groupId: number,
  asked: Body<"previewGroupChange">,
): Promise<{ request: GroupChangeRequest; unknownPods: string[] }> {
  const fromMs = Date.parse(asked.from);
  const { mode, side, points = [], pods = [] } = asked;
  const found = await findPointsByPod(
    db,
    scope,
    pods.map(({ pod }) => pod.trim()),
  );
  const unknownPods: string[] = [];
  const wanted = points.map(({ pointId, sign = 1 }) => ({ pointId, sign }));
  for (const { pod, sign = 1 } of pods) {
    const pointId = found.get(pod.trim());
    if (pointId === undefined) unknownPods.push(pod);
    else wanted.push({ pointId, sign });
  }
  const base = {
    groupId,
    side,
    fromMs,
    ...(asked.to === undefined ? {} : { toMs: Date.parse(asked.to) }),
  };
  if (mode === "remove") {
    return { request: { ...base, remove: wanted.map(({ pointId }) => pointId) }, unknownPods };
  }
  if (mode !== "rule") return { request: { ...base, [mode]: wanted }, unknownPods };
  const group = await needGroup(db, scope, groupId, fromMs);
  if (!group.rule || side !== "members") {
    throw new Problem("input.invalid", { fields: { "/mode": "The group has no rule" } });
  }
  const chosen = await findRulePoints(db, scope, group.branchId, group.rule);
  return {
    request: { ...base, set: chosen.map((pointId) => ({ pointId, sign: 1 as const })) },
    unknownPods,
  };
}

const sideAnswer = ({ energy, ...counts }: BalanceSide, scale: number) => ({
  energy: decimalOf(energy, scale),
  ...counts,
});
const balanceAnswer = ({ balance, members, difference }: Balance, scale: number) => ({
  balance: sideAnswer(balance, scale),
  members: sideAnswer(members, scale),
  difference: decimalOf(difference, scale),
});

/** integer × 10^scale (at most 0) as exact decimal text. */
function decimalOf(integer: bigint | null, scale: number): string | null {
  if (integer === null) return null;
  const negative = integer < 0n;
  const digits = (negative ? -integer : integer).toString().padStart(1 - scale, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, scale)}.${digits.slice(scale)}`;
  return negative ? `-${text}` : text;
}

const valuesOf = ({ values }: GroupCurveSide): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

/** Runs of slots in which all of either side is there and good. */
function wholeRuns({ balance, members }: GroupCurve): number[][] {
  const isWhole = (slot: number) =>
    [balance, members].every(({ expected, good }) => good[slot] === expected[slot]);
  const runs: number[][] = [];
  for (let slot = 0; slot < members.values.length; slot++) {
    if (!isWhole(slot)) continue;
    const last = runs.at(-1);
    if (last && last[0]! + last[1]! === slot) last[1] = last[1]! + 1;
    else runs.push([slot, 1]);
  }
  return runs;
}

function checkPeriod(from: string, to: string): void {
  const days = Temporal.PlainDate.from(from).until(to).days;
  if (days < 1 || days > curveDaysMax) {
    throw new Problem("input.invalid", {
      fields: { "/to": `At least one day after /from, at most ${curveDaysMax}` },
    });
  }
}

async function* memberLines(
  db: Database,
  scope: Scope,
  group: Group,
  atMs: number,
  language: Language,
): AsyncGenerator<string> {
  const heads = ["group", "side", "pod", "sign", "from", "until", "name", "address"] as const;
  yield byteOrderMark +
    csvLine(
      heads.map((head) => word(head, language)),
      language,
    );
  for (const side of ["balance", "members"] as const) {
    const { rows } = await listGroupPoints(db, scope, group.groupId, side, atMs);
    for (let start = 0; start < rows.length; start += exportBatch) {
      const named = await withNames(db, scope, rows.slice(start, start + exportBatch));
      yield named
        .map(({ pod, sign, from, to, name, address }) =>
          csvLine([group.name, word(side, language), pod, whole(sign), from, to, name, address], language),
        )
        .join("");
    }
  }
}

export const groupHandlers: Handlers<
  | "listGroups"
  | "checkGroups"
  | "countRule"
  | "listGroupOptions"
  | "addGroup"
  | "getGroup"
  | "editGroup"
  | "removeGroup"
  | "listGroupMembers"
  | "exportGroup"
  | "previewGroupChange"
  | "changeGroup"
  | "undoGroupChange"
  | "changeGroupParent"
  | "getGroupCurve"
  | "listPointGroups"
> = {
  async listGroups({ query, scope, services: { db, now } }) {
    const atMs = at(query.at, now());
    const { q, kind, branch } = query;
    const filter = {
      ...(q === undefined ? {} : { text: q }),
      ...(kind === undefined ? {} : { kind }),
      ...(branch === undefined ? {} : { branchId: branch }),
    };
    const [rows, { counts }, state] = await Promise.all([
      listGroups(db, scope, filter, atMs),
      checkGroups(db, scope, atMs, { limit: 1 }),
      readFoldState(db),
    ]);
    return {
      rows: rows.map(rowAnswer),
      checks: counts,
      sums: { waiting: state.changes + state.due, since: iso(state.since) },
    };
  },

  checkGroups: ({ query, scope, services: { db, now } }) => findingsOf(db, scope, at(query.at, now())),

  async countRule({ body, scope, services: { db } }) {
    await needBranch(db, scope, body.branchId);
    const found = await findRulePoints(db, scope, body.branchId, body.rule as GroupRule);
    return { points: found.length };
  },

  async listGroupOptions({ scope, services: { db } }) {
    const all = [...(await readBranches(db)).values()];
    const mine = new Set(
      scope.parts.flatMap(({ branchIds, supplierId }) => (supplierId === null ? (branchIds ?? []) : [])),
    );
    const wholeNetwork = isEverywhere(scope);
    return {
      wholeNetwork,
      branches: all
        .filter(({ branchId }) => wholeNetwork || mine.has(branchId))
        .map(({ branchId, path }) => ({ branchId, path: [...path] })),
      models: await listModelsOfPoints(db, scope),
    };
  },

  async addGroup({ body, scope, caller, reply, services: { db, now } }) {
    await needBranch(db, scope, body.branchId);
    if (body.rule && body.kind !== "free") {
      throw new Problem("input.invalid", { fields: { "/rule": "Only a free group has a rule" } });
    }
    const { kind, branchId, rule } = body;
    const name = body.name.trim();
    const group = { kind, name, branchId, rule: (rule ?? null) as GroupRule | null };
    const { parentId } = body;
    const fromMs = at(body.from, Math.floor(now() / 900_000) * 900_000);
    const groupId = await refusing(
      parentId === undefined
        ? addGroup(db, group)
        : addGroupBelow(db, scope, group, { parentId, fromMs }, { by: caller.account.name, reason: "" }),
    );
    reply.code(201);
    return { groupId };
  },

  async getGroup({ params, query, scope, services: { db, now } }) {
    const atMs = at(query.at, now());
    const group = await needGroup(db, scope, params.groupId, atMs);
    const { groupId } = group;
    const [path, all, balance, { findings }, changes] = await Promise.all([
      pathOf(db, scope, group, atMs),
      listGroups(db, scope, {}, atMs),
      listGroupPoints(db, scope, groupId, "balance", atMs),
      findingsOf(db, scope, atMs, groupId),
      listGroupChanges(db, scope, groupId, changesMax),
    ]);
    return {
      ...rowAnswer(group),
      rule: ruleAnswer(group.rule),
      plan: await findGroupPlan(db, groupId),
      path,
      below: all.filter(({ parentId }) => parentId === groupId).map(rowAnswer),
      balance: await withNames(db, scope, balance.rows),
      findings,
      changes: changes.map((change) => ({
        ...change,
        at: iso(change.at),
        effectiveFrom: iso(change.effectiveFrom),
      })),
    };
  },

  async editGroup({ params, body, scope, services: { db, now } }) {
    const group = await needGroup(db, scope, params.groupId, now());
    if (body.rule && group.kind !== "free") {
      throw new Problem("input.invalid", { fields: { "/rule": "Only a free group has a rule" } });
    }
    await refusing(
      editGroup(db, scope, params.groupId, {
        ...(body.name === undefined ? {} : { name: body.name.trim() }),
        ...(body.rule === undefined ? {} : { rule: body.rule as GroupRule | null }),
      }),
    );
    return undefined;
  },

  async removeGroup({ params, body, scope, caller, services: { db, now } }) {
    const given = { by: caller.account.name, reason: body.reason, nowMs: now() };
    await refusing(removeGroup(db, scope, params.groupId, given));
    return undefined;
  },

  async listGroupMembers({ params, query, scope, services: { db, now } }) {
    const atMs = at(query.at, now());
    await needGroup(db, scope, params.groupId, atMs);
    const { offset = 0, limit = membersDefault } = query;
    const window = { offset, limit };
    const { total, rows } = await listGroupPoints(db, scope, params.groupId, "members", atMs, window);
    return { total, rows: await withNames(db, scope, rows) };
  },

  async exportGroup({ params, query, scope, caller, reply, services: { db, now, limits } }) {
    const atMs = at(query.at, now());
    const group = await needGroup(db, scope, params.groupId, atMs);
    const records = group.members + group.balanceMeters;
    if (records > limits.exportRowsMax) {
      throw new Problem("export.too-large", {
        detail: `${records} rows, at most ${limits.exportRowsMax} fit`,
      });
    }
    await appendActs(db, [
      {
        action: "export",
        objectType: "group",
        objectId: group.groupId,
        records,
        after: { filter: { at: iso(atMs) } },
      },
    ]);
    return sendCsv(
      reply,
      `group-${group.groupId}`,
      memberLines(db, scope, group, atMs, caller.account.language),
    );
  },

  async previewGroupChange({ params, body, scope, services: { db } }) {
    const { request, unknownPods } = await requestOf(db, scope, params.groupId, body);
    const effect = await refusing(previewGroupChange(db, scope, request));
    const names = (pointIds: readonly number[]) => nameOf(db, scope, pointIds);
    const elsewhere = effect.elsewhere.slice(0, shownMax);
    const named = new Map(
      (await names(elsewhere.map(({ pointId }) => pointId))).map((row) => [row.pointId, row]),
    );
    return {
      token: effect.token,
      before: effect.before,
      after: effect.after,
      joining: effect.joining.length,
      leaving: effect.leaving.length,
      signChanged: effect.signChanged.length,
      unchanged: effect.unchanged,
      joiningPoints: await names(effect.joining),
      leavingPoints: await names(effect.leaving),
      signChangedPoints: await names(effect.signChanged),
      refused: await names(effect.refused),
      unknownPods: unknownPods.slice(0, shownMax),
      elsewhere: elsewhere.flatMap(({ pointId, groupId, name: group }) => {
        const point = named.get(pointId);
        return point ? [{ ...point, groupId, group }] : [];
      }),
      bothSides: await names(effect.bothSides),
    };
  },

  async changeGroup({ params, body, scope, caller, services: { db } }) {
    const { token, reason, ...asked } = body;
    const { request } = await requestOf(db, scope, params.groupId, asked);
    const given = { by: caller.account.name, reason: reason.trim(), token };
    const { changeId } = await refusing(applyGroupChange(db, scope, request, given));
    return { changeId };
  },

  async undoGroupChange({ params, body, scope, caller, services: { db, now } }) {
    await needGroup(db, scope, params.groupId, now());
    const own = await listGroupChanges(db, scope, params.groupId, 1_000_000);
    if (!own.some(({ changeId }) => changeId === params.changeId))
      throw new Problem("group.change-not-found");
    const given = { by: caller.account.name, reason: body.reason.trim() };
    return { changeId: await refusing(undoGroupChange(db, scope, params.changeId, given)) };
  },

  async changeGroupParent({ params, body, scope, caller, services: { db } }) {
    const change = {
      groupId: params.groupId,
      parentId: body.parentId,
      fromMs: Date.parse(body.from),
    };
    const given = { by: caller.account.name, reason: body.reason.trim() };
    return { changeId: await refusing(changeGroupParent(db, scope, change, given)) };
  },

  async getGroupCurve({ params, query, scope, services: { db, now, zone } }) {
    const { from, to } = query;
    await needGroup(db, scope, params.groupId, now());
    checkPeriod(from, to);
    const curve = await readGroupCurve(db, params.groupId, {
      fromDay: from,
      toDay: to,
      zone,
      nowMs: now(),
    });
    const { scale } = curve;
    return {
      zone,
      from,
      to,
      start: iso(curve.startMs),
      stepSeconds: 900,
      unit: "Wh",
      scale,
      balance: valuesOf(curve.balance),
      members: valuesOf(curve.members),
      whole: wholeRuns(curve),
      total: balanceAnswer(balanceOf(curve, 0, curve.members.values.length), scale),
      days: balanceByDay(curve).map(({ day, ...balance }) => ({ day, ...balanceAnswer(balance, scale) })),
    };
  },

  async listPointGroups({ params, scope, services: { db, now } }) {
    if (!(await hasPoint(db, scope, params.pointId))) throw new Problem("point.not-found");
    const rows = await listGroupsOfPoint(db, scope, params.pointId, now());
    return { rows: rows.map((row) => ({ ...row, from: iso(row.from) })) };
  },
};
