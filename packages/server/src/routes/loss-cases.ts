import {
  because,
  type CaseFilter,
  changeCase,
  type Database,
  findGroup,
  findPointsByPod,
  hasPoint,
  type LossCase,
  listAssignees,
  listCases,
  openCase,
  type Queryable,
  readCase,
  readPointRows,
  type Scope,
} from "@energsys/store";
import { sendReport } from "../exports/send-report.ts";
import type { Handlers } from "../handlers.ts";
import { entryAnswer } from "../history.ts";
import { iso } from "../instants.ts";
import { suspectedOf } from "../losses/answers.ts";
import { casesTable } from "../losses/tables.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import type { Suspected } from "../schemas/losses.ts";
import { suspectsOf } from "./losses.ts";

/** Cases on a screen; beyond it they are filtered, or taken as a file. */
const shownMax = 1_000;

const filterOf = (query: {
  readonly state?: LossCase["state"] | "not-closed";
  readonly group?: number;
  readonly point?: number;
}): CaseFilter => ({
  ...(query.state === undefined
    ? {}
    : { states: query.state === "not-closed" ? (["open", "in-field"] as const) : [query.state] }),
  ...(query.group === undefined ? {} : { groupId: query.group }),
  ...(query.point === undefined ? {} : { pointId: query.point }),
});

async function withNames(db: Queryable, scope: Scope, cases: readonly LossCase[]) {
  const points = await readPointRows(db, scope, [...new Set(cases.flatMap(({ pointId }) => pointId ?? []))]);
  const byId = new Map(points.map((row) => [row.pointId, row]));
  return cases.map((row) => {
    const { caseId, groupId, group, pointId, state, outcome, assigneeId, assignee, recoveredWh, openedBy } =
      row;
    const point = byId.get(pointId ?? 0);
    return {
      caseId,
      groupId,
      group,
      pointId,
      pod: point?.pod ?? null,
      name: point?.name ?? null,
      state,
      outcome,
      assigneeId,
      assignee,
      recoveredWh,
      openedAt: iso(row.openedAtMs),
      openedBy,
      changedAt: iso(row.changedAtMs),
    };
  });
}

/** The point that is meant, by number or code; none: the group as a whole. */
async function pointOf(
  db: Database,
  scope: Scope,
  { pointId, pod }: { readonly pointId?: number; readonly pod?: string },
): Promise<number | undefined> {
  if (pointId !== undefined) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    return pointId;
  }
  if (pod === undefined) return undefined;
  const found = (await findPointsByPod(db, scope, [pod.trim()])).get(pod.trim());
  if (found === undefined) throw new Problem("point.not-found");
  return found;
}

const fields = ["state", "outcome", "assignee", "recoveredWh"] as const;

export const lossCaseHandlers: Handlers<
  "listCases" | "exportCases" | "listAssignees" | "openCase" | "getCase" | "changeCase"
> = {
  async listCases({ query, scope, services: { db } }) {
    return { rows: await withNames(db, scope, await listCases(db, scope, filterOf(query), shownMax)) };
  },

  async exportCases(call) {
    const { query, scope, services, caller } = call;
    const { db, limits, zone } = services;
    const rows = await withNames(
      db,
      scope,
      await listCases(db, scope, filterOf(query), limits.exportRowsMax),
    );
    return sendReport(call, casesTable(rows, { zone, language: caller.account.language }), rows.length);
  },

  async listAssignees({ scope, services: { db, now } }) {
    return { rows: await listAssignees(db, scope, now()) };
  },

  async openCase({ body, scope, caller, reply, services }) {
    const { db, now } = services;
    const { groupId, from, to, assigneeId, note } = body;
    if (!(await findGroup(db, scope, groupId, now()))) throw new Problem("group.not-found");
    const pointId = await pointOf(db, scope, body);
    let suspected: Suspected | undefined;
    if (pointId !== undefined && from !== undefined && to !== undefined) {
      const found = await suspectsOf(services, scope, groupId, { from, to });
      const suspect = found?.ranking.suspects.find(({ id }) => id === pointId);
      if (found && suspect) suspected = suspectedOf(suspect, found.days);
    }
    const caseId = await orProblem(
      openCase(
        because(db, note.trim()),
        scope,
        {
          groupId,
          ...(pointId === undefined ? {} : { pointId }),
          ...(assigneeId === undefined ? {} : { assigneeId }),
          ...(suspected ? { suspected } : {}),
          note: note.trim(),
        },
        { name: caller.account.name, nowMs: now() },
      ),
    );
    reply.code(201);
    return { caseId };
  },

  async getCase({ params: { caseId }, scope, services: { db } }) {
    const found = await orProblem(readCase(db, scope, caseId));
    const [row] = await withNames(db, scope, [found]);
    return {
      ...row!,
      suspected: found.suspected as Suspected | null,
      entries: found.entries.map((entry) => entryAnswer(entry, fields)),
    };
  },

  async changeCase({ params: { caseId }, body, scope, caller, services: { db, now } }) {
    const by = { name: caller.account.name, nowMs: now() };
    const note = body.note.trim();
    await orProblem(changeCase(because(db, note), scope, caseId, { ...body, note }, by));
    return undefined;
  },
};
