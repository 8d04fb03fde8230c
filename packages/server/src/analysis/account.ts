import { compareBills, formatExact, type TariffComponent } from "@energsys/metering";
import {
  type AccountSeries,
  type AccountVersion,
  makeAccount,
  type Period,
  queryContext,
  readAccountSeries,
  readTariffAssignments,
  readTariffs,
  type TariffAccount,
  versionsOfPoint,
  versionsOfTariff,
} from "@energsys/store";
import { Problem } from "../problem.ts";
import type { AccountAnswer } from "../schemas/tariffs.ts";
import type { Services } from "../services.ts";
import type { Named } from "./asked.ts";

type LineUnit = AccountAnswer["parts"][number]["lines"][number]["unit"];
const units: Readonly<Record<TariffComponent["basis"]["kind"], LineUnit>> = {
  energy: "kWh",
  rate: "kWh",
  blocks: "kWh",
  reactive: "kvarh",
  demand: "kW",
  day: "day",
  month: "month",
  fixed: "once",
  percent: "money",
};

/** What accounts of a point are made of: its energies, the versions of its own tariffs, and all tariffs. */
export async function readAccountGround({ db }: Services, { counted }: Named, period: Period) {
  const series = await readAccountSeries(queryContext(db), counted, period);
  const pointIds = counted.subject.kind === "point" ? [counted.subject.pointId] : [];
  const assignments = await readTariffAssignments(db, pointIds, period);
  const tariffs = await readTariffs(db);
  return { series, tariffs, assignments, own: versionsOfPoint(assignments, tariffs) };
}

/** The account of a point: with its own tariffs, or with another. @throws Problem `tariff.not-found` */
export async function accountOf(
  services: Services,
  subject: Named,
  period: Period,
  tariffId: number | undefined,
): Promise<TariffAccount> {
  const { series, tariffs, own } = await readAccountGround(services, subject, period);
  if (tariffId === undefined) return account(series, own, period);
  const tariff = tariffs.get(tariffId);
  if (!tariff) throw new Problem("tariff.not-found");
  return account(series, versionsOfTariff(tariff), period);
}

/** @throws Problem `tariff.intervals` where an interval is longer than what is charged, or lies across a switch */
export function account(
  series: AccountSeries,
  versions: readonly AccountVersion[],
  period: Period,
): TariffAccount {
  try {
    return makeAccount(series, versions, period);
  } catch (error) {
    if (error instanceof RangeError) throw new Problem("tariff.intervals", { detail: error.message }, error);
    throw error;
  }
}

export function accountAnswer(made: TariffAccount): AccountAnswer {
  return {
    currency: made.currency,
    net: formatExact(made.net),
    vat: formatExact(made.vat),
    total: formatExact(made.total),
    expected: made.expected,
    present: made.present,
    estimated: made.estimated,
    unpriced: made.unpriced.map(({ energyWh, ...days }) => ({ ...days, energyWh: energyWh.toString() })),
    parts: made.parts.map(({ fromDay, toDay, version, lines, net, reactiveMissing }) => {
      const components = new Map(version.terms.components.map((component) => [component.code, component]));
      return {
        fromDay,
        toDay,
        tariffId: version.tariffId,
        code: version.code,
        vatPercent: version.terms.vatPercent,
        net: formatExact(net),
        reactiveMissing,
        lines: lines.map(({ code, quantity, price, amount }) => {
          const component = components.get(code)!;
          return {
            code,
            name: component.name,
            unit: units[component.basis.kind],
            quantity: formatExact(quantity),
            price: formatExact(price),
            amount: formatExact(amount),
          };
        }),
      };
    }),
  };
}

/** What the period would cost with each tariff, the cheapest first. */
export async function comparisonOf(services: Services, subject: Named, period: Period) {
  const { series, tariffs, assignments, own } = await readAccountGround(services, subject, period);
  const ownAccount = account(series, own, period);
  const priced = ownAccount.currency !== null && ownAccount.unpriced.length === 0;
  const rows = [...tariffs.values()].flatMap((tariff) => {
    const made = account(series, versionsOfTariff(tariff), period);
    if (made.currency === null) return [];
    const compared =
      priced && made.currency === ownAccount.currency && made.unpriced.length === 0
        ? compareBills({ ...ownAccount, lines: [] }, { ...made, lines: [] })
        : undefined;
    return [
      {
        tariffId: tariff.tariffId,
        code: tariff.code,
        name: tariff.name,
        total: formatExact(made.total),
        currency: made.currency,
        difference: compared ? formatExact(compared.difference) : null,
        mille: compared?.mille ?? null,
        own: assignments.length > 0 && assignments.every(({ tariffId }) => tariffId === tariff.tariffId),
        unpricedDays: made.unpriced.reduce(
          (days, { fromDay, toDay }) => days + Temporal.PlainDate.from(fromDay).until(toDay).days,
          0,
        ),
        cents: made.total.digits,
      },
    ];
  });
  rows.sort((a, b) => (a.cents < b.cents ? -1 : a.cents > b.cents ? 1 : a.code < b.code ? -1 : 1));
  return {
    own: priced ? { total: formatExact(ownAccount.total), currency: ownAccount.currency! } : null,
    rows: rows.map(({ cents: _, ...row }) => row),
  };
}
