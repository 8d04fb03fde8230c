import {
  compileCalendar,
  marketDayOf,
  romanianHolidays,
  tariffFaults,
  tariffTemplates,
} from "@energsys/metering";
import {
  addTariff,
  assignTariff,
  because,
  endTariffVersions,
  findPointsByPod,
  findPointsOf,
  listTariffChanges,
  listTariffs,
  needTariff,
  renameTariff,
  type Scope,
  setTariffVersion,
  type TariffAccount,
  type TariffAuthor,
  undoTariffChange,
} from "@energsys/store";
import { accountAnswer, needAccount, readAccountGround } from "../analysis/account.ts";
import { needSubjects, periodOf, subjectOf } from "../analysis/asked.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import type { Terms } from "../schemas/tariffs.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";

const changesMax = 200;

const author = (caller: Caller, { now }: Services, reason: string): TariffAuthor => ({
  by: caller.account.name,
  reason,
  nowMs: now(),
});

/** The points that a body names, by codes or as a subject. */
async function pointsOf(
  { db, zone, now }: Services,
  scope: Scope,
  {
    of,
    pods,
    fromDay,
  }: { readonly of?: string; readonly pods?: readonly string[]; readonly fromDay: string },
): Promise<{ pointIds: number[]; unknown: string[] }> {
  if ((of === undefined) === (pods === undefined))
    throw new Problem("input.invalid", { fields: { "/of": "Either a subject or codes of points" } });
  if (pods !== undefined) {
    const found = await findPointsByPod(db, scope, pods);
    return { pointIds: [...found.values()], unknown: pods.filter((pod) => !found.has(pod)) };
  }
  const toDay = Temporal.PlainDate.from(fromDay).add({ days: 1 }).toString();
  const period = { fromDay, toDay, zone, nowMs: now() };
  const pointIds = await findPointsOf(db, scope, subjectOf(of!), period);
  if (!pointIds) throw new Problem("point.not-found");
  return { pointIds, unknown: [] };
}

/** Why a day of the year has its profile. */
function yearOf({ calendar }: Terms, year: number, zone: string) {
  const compiled = compileCalendar(calendar, zone);
  const holidays = romanianHolidays(year);
  const special = new Set(calendar.specialDays.map(({ on }) => on));
  const days = [];
  for (
    let day = Temporal.PlainDate.from({ year, month: 1, day: 1 });
    day.year === year;
    day = day.add({ days: 1 })
  ) {
    const date = day.toString();
    const chosen = special.has(date) || special.has(date.slice(5));
    const reason: "special" | "holiday" | "week" = chosen
      ? "special"
      : calendar.holidayProfile !== undefined && holidays.has(date)
        ? "holiday"
        : "week";
    days.push({ date, profile: compiled.dayProfileOf(date), season: compiled.seasonOf(date).from, reason });
  }
  return days;
}

export const tariffHandlers: Handlers<
  | "listTariffs"
  | "listTariffTemplates"
  | "listTariffChanges"
  | "undoTariffChange"
  | "checkTariff"
  | "previewTariff"
  | "assignTariff"
  | "addTariff"
  | "getTariff"
  | "renameTariff"
  | "setTariffVersion"
  | "endTariff"
> = {
  async listTariffs({ query, services: { db, zone, now } }) {
    const day = query.on ?? marketDayOf(now(), zone).date;
    const rows = await listTariffs(db, day);
    return { day, rows: rows.map((row) => ({ ...row, rates: [...row.rates] })) };
  },

  async listTariffTemplates() {
    return { rows: tariffTemplates.map((template) => structuredClone(template) as never) };
  },

  async listTariffChanges({ query, services: { db } }) {
    const rows = await listTariffChanges(db, {
      ...(query.tariff === undefined ? {} : { tariffId: query.tariff }),
      limit: changesMax,
    });
    return { rows: rows.map((row) => ({ ...row, at: iso(row.at) })) };
  },

  async undoTariffChange({ params, body, caller, services }) {
    const db = because(services.db, body.reason);
    const changeId = await orProblem(
      undoTariffChange(db, params.changeId, author(caller, services, body.reason)),
    );
    return { changeId };
  },

  async checkTariff({ body, services: { zone } }) {
    const faults = tariffFaults(body.terms);
    const year = body.year;
    return {
      faults: faults.map((fault) => ({ ...fault })),
      days:
        year === undefined || faults.some(({ code }) => code.startsWith("calendar."))
          ? []
          : yearOf(body.terms, year, zone),
      holidays: year === undefined ? [] : [...romanianHolidays(year)].sort(),
    };
  },

  async previewTariff({ body, scope, services, signal }) {
    const { terms, pod, from, to } = body;
    const faults = tariffFaults(terms);
    if (faults.length > 0)
      throw new Problem("tariff.faulty", {
        detail: faults.map(({ code, at }) => `${code}: ${at}`).join("; "),
      });
    const period = periodOf({ from, to }, services);
    const pointId = (await findPointsByPod(services.db, scope, [pod])).get(pod);
    if (pointId === undefined) throw new Problem("point.not-found");
    const [subject] = await needSubjects(services, scope, [`p${pointId}`], period);
    const { series, own } = await readAccountGround(services, subject!, period);
    const version = { validFrom: from, tariffId: 1, code: "", versionId: null, terms };
    const made = await services.accounts.make({ series, versions: [own, [version]], period }, signal);
    const [before, after] = made.map(needAccount) as [TariffAccount, TariffAccount];
    const cents = after.total.digits - before.total.digits;
    return {
      before: accountAnswer(before),
      after: accountAnswer(after),
      difference: before.currency === after.currency ? decimalOfCents(cents) : null,
    };
  },

  async assignTariff({ body, scope, caller, services }) {
    const { pointIds, unknown } = await pointsOf(services, scope, body);
    const { tariffId, fromDay, toDay, reason } = body;
    const db = because(services.db, reason);
    const made = await orProblem(
      assignTariff(db, scope, { tariffId, pointIds, fromDay, toDay }, author(caller, services, reason)),
    );
    return { ...made, unknown };
  },

  async addTariff({ body, caller, services }) {
    const { reason, ...given } = body;
    const tariffId = await orProblem(
      addTariff(because(services.db, reason), given, author(caller, services, reason)),
    );
    return { tariffId };
  },

  async getTariff({ params, services: { db } }) {
    const { versions, ...tariff } = await orProblem(needTariff(db, params.tariffId));
    return {
      ...tariff,
      versions: versions.map(({ validTo, at, terms, ...version }) => ({
        ...version,
        validTo: validTo ?? null,
        at: iso(at),
        terms: terms as Terms,
      })),
    };
  },

  async renameTariff({ params, body, services: { db } }) {
    await orProblem(renameTariff(db, params.tariffId, body.name));
    return undefined;
  },

  async setTariffVersion({ params, body, caller, services }) {
    const { reason, ...given } = body;
    const changeId = await orProblem(
      setTariffVersion(
        because(services.db, reason),
        params.tariffId,
        given,
        author(caller, services, reason),
      ),
    );
    return { changeId };
  },

  async endTariff({ params, body, caller, services }) {
    const { reason, ...given } = body;
    const changeId = await orProblem(
      endTariffVersions(
        because(services.db, reason),
        params.tariffId,
        given,
        author(caller, services, reason),
      ),
    );
    return { changeId };
  },
};

function decimalOfCents(cents: bigint): string {
  const size = (cents < 0n ? -cents : cents).toString().padStart(3, "0");
  return `${cents < 0n ? "-" : ""}${size.slice(0, -2)}.${size.slice(-2)}`;
}
