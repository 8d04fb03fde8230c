import { readSubjectNames, type Scope, searchSubjects } from "@energsys/store";
import { codeOf, type Named, needSubjects, periodOf, seriesOf, subjectOf } from "../analysis/asked.ts";
import { type ConsumptionAsked, readConsumption } from "../analysis/consumption.ts";
import { type Former, readPeaks } from "../analysis/peaks.ts";
import { seriesAnswer } from "../analysis/series.ts";
import { readStatistics } from "../analysis/statistics.ts";
import { consumptionTable, peaksTable, seriesTable, statisticsTable } from "../analysis/tables.ts";
import { sendReport } from "../exports/send-report.ts";
import type { Call, Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import type { ConsumptionBy, EnergyName } from "../schemas/analysis.ts";
import type { Services } from "../services.ts";

/** Rows of points or groups on a screen; the file has them all. */
const rowsMax = 500;
const peaksUsual = 20;

const codesOf = (of: string): string[] => [...new Set(of.split("."))];

interface Asked {
  readonly of: string;
  readonly from: string;
  readonly to: string;
}

async function oneSubject(services: Services, scope: Scope, query: Asked) {
  const period = periodOf(query, services);
  const [subject] = await needSubjects(services, scope, [query.of], period);
  return { period, subject: subject! };
}

interface FormerAsked {
  readonly beforeFrom?: string;
  readonly beforeTo?: string;
}

/** The former time that is asked for, with what counted in the subject then. */
async function formerAsked(
  services: Services,
  scope: Scope,
  { of, beforeFrom, beforeTo }: Pick<Asked, "of"> & FormerAsked,
): Promise<Former | undefined> {
  if ((beforeFrom === undefined) !== (beforeTo === undefined))
    throw new Problem("input.invalid", { fields: { "/beforeTo": "Both days of the former time, or none" } });
  if (beforeFrom === undefined || beforeTo === undefined) return undefined;
  const period = periodOf({ from: beforeFrom, to: beforeTo }, services, {
    from: "/beforeFrom",
    to: "/beforeTo",
  });
  const [then] = await needSubjects(services, scope, [of], period);
  return { period, counted: then!.counted };
}

async function consumptionAsked(
  services: Services,
  scope: Scope,
  query: Asked & FormerAsked & { readonly energy: EnergyName; readonly by: ConsumptionBy },
): Promise<ConsumptionAsked> {
  const { energy, by } = query;
  const { period, subject } = await oneSubject(services, scope, query);
  return { subject, energy, by, period, before: await formerAsked(services, scope, query) };
}

const headOf = ({
  query,
  services,
  caller,
}: {
  query: Asked;
  services: Services;
  caller: Call<"exportSeries">["caller"];
}) => ({
  from: query.from,
  to: query.to,
  zone: services.zone,
  language: caller.account.language,
});

async function seriesAsked(services: Services, scope: Scope, query: Asked & { readonly energy: EnergyName }) {
  const period = periodOf(query, services);
  const subjects = await needSubjects(services, scope, codesOf(query.of), period);
  const series = await seriesOf(
    services,
    subjects.map(({ counted }) => counted),
    query.energy,
    period,
  );
  return { subjects, series };
}

export const analysisHandlers: Handlers<
  | "findSubjects"
  | "getSeries"
  | "exportSeries"
  | "getConsumption"
  | "exportConsumption"
  | "getStatistics"
  | "exportStatistics"
  | "getPeaks"
  | "exportPeaks"
> = {
  async findSubjects({ query, scope, services: { db, now } }) {
    if (query.of !== undefined) {
      const codes = codesOf(query.of);
      const names = await readSubjectNames(db, scope, codes.map(subjectOf), now());
      // What is foreign has no name here, and is left out like what is not there.
      return { rows: codes.flatMap((of, nth) => (names[nth] ? [{ of, ...names[nth] }] : [])) };
    }
    const found = await searchSubjects(db, scope, query.q ?? "", now());
    return { rows: found.map(({ subject, name, detail }) => ({ of: codeOf(subject), name, detail })) };
  },

  async getSeries({ query, scope, services }) {
    const { subjects, series } = await seriesAsked(services, scope, query);
    return {
      zone: services.zone,
      from: query.from,
      to: query.to,
      series: subjects.map((subject, nth) => seriesAnswer(subject, series[nth]!)),
    };
  },

  async exportSeries(call) {
    const { query, scope, services } = call;
    const { subjects, series } = await seriesAsked(services, scope, query);
    const table = seriesTable(subjects, series, query.energy, headOf(call));
    return sendReport(call, table, Math.max(...series.map(({ values }) => values.length)));
  },

  async getConsumption({ query, scope, services }) {
    const asked = await consumptionAsked(services, scope, query);
    const answer = await readConsumption(services, scope, asked);
    const rows = answer.rows.slice(0, rowsMax);
    return { zone: services.zone, ...answer, rows, more: answer.rows.length - rows.length };
  },

  async exportConsumption(call) {
    const { query, scope, services } = call;
    const asked = await consumptionAsked(services, scope, query);
    const answer = await readConsumption(services, scope, asked);
    const before = query.beforeFrom && `${query.beforeFrom} – ${query.beforeTo}`;
    const table = consumptionTable(asked.subject, answer, { ...headOf(call), ...query, before });
    return sendReport(call, table, answer.rows.length);
  },

  async getStatistics({ query, scope, services }) {
    const { period, subject } = await oneSubject(services, scope, query);
    const rows = await readStatistics(services, subject, period);
    return { zone: services.zone, points: pointsOf(subject), rows };
  },

  async exportStatistics(call) {
    const { query, scope, services } = call;
    const { period, subject } = await oneSubject(services, scope, query);
    const rows = await readStatistics(services, subject, period);
    return sendReport(call, statisticsTable(subject, rows, headOf(call)), rows.length);
  },

  async getPeaks({ query, scope, services }) {
    const { period, subject } = await oneSubject(services, scope, query);
    const limit = query.limit ?? peaksUsual;
    const before = await formerAsked(services, scope, query);
    const peaks = await readPeaks(services, scope, subject, {
      ...period,
      energy: query.energy,
      limit,
      before,
    });
    return { zone: services.zone, ...peaks };
  },

  async exportPeaks(call) {
    const { query, scope, services } = call;
    const { period, subject } = await oneSubject(services, scope, query);
    const limit = query.limit ?? peaksUsual;
    const before = await formerAsked(services, scope, query);
    const { points, unit, coverage } = await readPeaks(services, scope, subject, {
      ...period,
      energy: query.energy,
      limit,
      before,
    });
    const table = peaksTable(
      subject,
      points,
      { unit, coverage },
      {
        ...headOf(call),
        energy: query.energy,
        before: before?.period,
      },
    );
    return sendReport(call, table, points.length);
  },
};

const pointsOf = ({ counted }: Named): number => new Set(counted.sources.map(({ pointId }) => pointId)).size;
