import type { RatedEnergy, Scope } from "@energsys/store";
import { accountAnswer, accountOf, comparisonOf } from "../analysis/account.ts";
import { needSubjects, periodOf } from "../analysis/asked.ts";
import { multiRateOf } from "../analysis/multi-rate.ts";
import { accountTable, multiRateTable } from "../analysis/multi-rate-tables.ts";
import { sendReport } from "../exports/send-report.ts";
import type { Call, Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import { type EnergyName, energyNames } from "../schemas/analysis.ts";
import type { Services } from "../services.ts";

interface Asked {
  readonly of: string;
  readonly from: string;
  readonly to: string;
}

async function subjectAsked(services: Services, scope: Scope, query: Asked) {
  const period = periodOf(query, services);
  const [subject] = await needSubjects(services, scope, [query.of], period);
  return { period, subject: subject! };
}

async function multiRateAsked(
  services: Services,
  scope: Scope,
  query: Asked & { readonly energies: string; readonly by: "day" | "month"; readonly tariff?: number },
) {
  const { period, subject } = await subjectAsked(services, scope, query);
  const energies = [...new Set(query.energies.split("."))].filter((name): name is RatedEnergy =>
    energyNames.includes(name as EnergyName),
  );
  const tariffId = query.tariff === undefined ? {} : { tariffId: query.tariff };
  try {
    return await orProblem(
      multiRateOf(services, subject, { ...period, energies, by: query.by, ...tariffId }),
    );
  } catch (error) {
    // A point that is read by the hour, and a switch within the hour.
    if (error instanceof RangeError) throw new Problem("tariff.intervals", { detail: error.message }, error);
    throw error;
  }
}

async function accountAsked({
  services,
  scope,
  query,
  signal,
}: Pick<Call<"getTariffAccount">, "services" | "scope" | "query" | "signal">) {
  const { period, subject } = await subjectAsked(services, scope, query);
  const account = accountAnswer(await accountOf(services, subject, period, query.tariff, signal));
  return { zone: services.zone, of: query.of, ...subject.name, account };
}

export const multiRateHandlers: Handlers<
  "getMultiRate" | "exportMultiRate" | "getTariffAccount" | "exportTariffAccount" | "compareTariffs"
> = {
  async getMultiRate({ query, scope, services }) {
    return multiRateAsked(services, scope, query);
  },

  async exportMultiRate(call) {
    const answer = await multiRateAsked(call.services, call.scope, call.query);
    const table = multiRateTable(answer, call.caller.account.language);
    return sendReport(call, table, [...(table.rows as readonly unknown[])].length);
  },

  getTariffAccount: accountAsked,

  async exportTariffAccount(call) {
    const { query } = call;
    const { account, ...head } = await accountAsked(call);
    const table = accountTable({ ...query, ...head }, account, call.caller.account.language);
    return sendReport(
      call,
      table,
      account.parts.reduce((count, { lines }) => count + lines.length, 0),
    );
  },

  async compareTariffs({ query, scope, services, signal }) {
    const { period, subject } = await subjectAsked(services, scope, query);
    return { zone: services.zone, ...(await comparisonOf(services, subject, period, signal)) };
  },
};
