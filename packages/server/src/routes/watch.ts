import { marketDay } from "@energsys/metering";
import {
  addPlannedWork,
  because,
  type DatedVoltageLimits,
  listPlannedWorks,
  listVoltageLimits,
  type Scope,
  setVoltageLimits,
  withdrawPlannedWork,
} from "@energsys/store";
import { periodOf } from "../analysis/asked.ts";
import { sendReport } from "../exports/send-report.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import type { WatchQueryValues, WatchReport, WatchReportName } from "../schemas/watch.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";
import { readWatchReport } from "../watch/read-report.ts";
import { tableOf } from "../watch/report.ts";

interface Asked {
  readonly query: WatchQueryValues;
  readonly scope: Scope;
  readonly services: Services;
  readonly caller: Caller;
}

const readReport = (
  report: WatchReportName,
  { query, scope, services, caller }: Asked,
  whole: boolean,
): Promise<WatchReport> =>
  readWatchReport(report, {
    services,
    scope,
    query,
    language: query.language ?? caller.account.language,
    whole,
  });

const percent = (share: number): number => Math.round(share * 10_000) / 100;
const limitsAnswer = ({
  shareRequired,
  unflaggedMin,
  unbalanceMaxPercent,
  enteredAt,
  ...same
}: DatedVoltageLimits) => ({
  ...same,
  sharePercent: percent(shareRequired),
  unflaggedPercent: percent(unflaggedMin),
  unbalancePercent: unbalanceMaxPercent,
  enteredAt: iso(enteredAt),
});

export const watchHandlers: Handlers<
  | "getWatchReport"
  | "exportWatchReport"
  | "listVoltageLimits"
  | "setVoltageLimits"
  | "listPlannedWorks"
  | "addPlannedWork"
  | "withdrawPlannedWork"
> = {
  getWatchReport: (call) => readReport(call.params.report, call, false),

  async exportWatchReport(call) {
    const { services, caller, params } = call;
    const report = await readReport(params.report, call, true);
    const records = report.parts.reduce((sum, { rows }) => sum + rows.length, 0);
    const language = call.query.language ?? caller.account.language;
    return sendReport(call, tableOf(report, { zone: services.zone, language }), records);
  },

  async listVoltageLimits({ services: { db } }) {
    return { rows: (await listVoltageLimits(db)).map(limitsAnswer) };
  },

  async setVoltageLimits({ body, caller, services: { db } }) {
    const { sharePercent, unflaggedPercent, unbalancePercent, ...limits } = body;
    const ordered =
      limits.wideLowV <= limits.lowV &&
      limits.lowV < 230 &&
      limits.highV > 230 &&
      limits.highV <= limits.wideHighV;
    if (!ordered)
      throw new Problem("input.invalid", {
        fields: { "/lowV": "The wide limits lie around the narrow ones, and 230 V between them" },
      });
    await setVoltageLimits(because(db, limits.reason), {
      ...limits,
      shareRequired: sharePercent / 100,
      unflaggedMin: unflaggedPercent / 100,
      unbalanceMaxPercent: unbalancePercent,
      by: caller.account.name,
    });
    return undefined;
  },

  async listPlannedWorks({ query, scope, services }) {
    const { fromDay, toDay, zone } = periodOf(query, services);
    const works = await listPlannedWorks(services.db, scope, {
      fromMs: marketDay(fromDay, zone).startMs,
      toMs: marketDay(toDay, zone).startMs,
    });
    return {
      rows: works.map(({ plannedWorkId, fromMs, toMs, enteredAt, ...same }) => ({
        workId: plannedWorkId,
        ...same,
        from: iso(fromMs),
        to: iso(toMs),
        enteredAt: iso(enteredAt),
      })),
    };
  },

  async addPlannedWork({ body, scope, caller, services: { db } }) {
    const [fromMs, toMs] = [Date.parse(body.from), Date.parse(body.to)];
    if (toMs <= fromMs) throw new Problem("input.invalid", { fields: { "/to": "Must be after the begin" } });
    const id = Number(body.of.slice(1));
    const workId = await addPlannedWork(because(db, body.reason), scope, {
      ...(body.of[0] === "g" ? { groupId: id } : { branchId: id }),
      ...{ fromMs, toMs, cause: body.cause, reason: body.reason, by: caller.account.name },
    });
    if (workId === undefined) throw new Problem(body.of[0] === "g" ? "group.not-found" : "branch.not-found");
    return { workId };
  },

  async withdrawPlannedWork({ params, scope, caller, services: { db, now } }) {
    const { workId } = params;
    const gone = await withdrawPlannedWork(db, scope, {
      plannedWorkId: workId,
      by: caller.account.name,
      nowMs: now(),
    });
    if (!gone) throw new Problem("planned-work.not-found");
    return undefined;
  },
};
