import { compareBills, formatExact, type TariffComponent } from "@energsys/metering";
import {
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
import type { MadeAccount } from "./account-runner.ts";
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
export async function readAccountGround(
  { db }: Services,
  { counted }: Pick<Named, "counted">,
  period: Period,
) {
  const series = await readAccountSeries(queryContext(db), counted, period);
  const pointIds = counted.subject.kind === "point" ? [counted.subject.pointId] : [];
  const assignments = await readTariffAssignments(db, pointIds, period);
  const tariffs = await readTariffs(db);
  return { series, tariffs, assignments, own: versionsOfPoint(assignments, tariffs) };
}

/** The account of a point: with its own tariffs, or with another. @throws Problem `tariff.not-found`, `tariff.intervals` */
export async function accountOf(
  services: Services,
  subject: Pick<Named, "counted">,
  period: Period,
  tariffId: number | undefined,
  signal: AbortSignal,
): Promise<TariffAccount> {
  const { series, tariffs, own } = await readAccountGround(services, subject, period);
  const tariff = tariffId === undefined ? undefined : tariffs.get(tariffId);
  if (tariffId !== undefined && !tariff) throw new Problem("tariff.not-found");
  const versions = [tariff ? versionsOfTariff(tariff) : own];
  const [made] = await services.accounts.make({ series, versions, period }, signal);
  return needAccount(made!);
}

/** @throws Problem `tariff.intervals` where there is none */
export function needAccount(made: MadeAccount): TariffAccount {
  if (!made.account) throw new Problem("tariff.intervals", { detail: made.detail });
  return made.account;
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

/** What the period would cost with each tariff, the cheapest first; those by which it cannot be charged say so, and come last. */
export async function comparisonOf(services: Services, subject: Named, period: Period, signal: AbortSignal) {
  const { series, tariffs, assignments, own } = await readAccountGround(services, subject, period);
  const listed = [...tariffs.values()];
  const versions = [own, ...listed.map(versionsOfTariff)];
  const [made, ...others] = await services.accounts.make({ series, versions, period }, signal);
  const ownAccount = made!.account;
  const priced =
    ownAccount && ownAccount.currency !== null && ownAccount.unpriced.length === 0 ? ownAccount : undefined;
  const rows = listed.flatMap((tariff, nth) => {
    const { account } = others[nth]!;
    if (account && account.currency === null) return [];
    const compared =
      account && priced?.currency === account.currency && account.unpriced.length === 0
        ? compareBills({ ...priced, lines: [] }, { ...account, lines: [] })
        : undefined;
    return [
      {
        tariffId: tariff.tariffId,
        code: tariff.code,
        name: tariff.name,
        total: account ? formatExact(account.total) : null,
        currency: account?.currency ?? null,
        difference: compared ? formatExact(compared.difference) : null,
        mille: compared?.mille ?? null,
        own: assignments.length > 0 && assignments.every(({ tariffId }) => tariffId === tariff.tariffId),
        unpricedDays: (account?.unpriced ?? []).reduce(
          (days, { fromDay, toDay }) => days + Temporal.PlainDate.from(fromDay).until(toDay).days,
          0,
        ),
        refused: account ? null : ("tariff.intervals" as const),
        cents: account?.total.digits,
      },
    ];
  });
  rows.sort((a, b) => {
    if (a.cents === undefined || b.cents === undefined)
      return Number(a.cents === undefined) - Number(b.cents === undefined) || (a.code < b.code ? -1 : 1);
    return a.cents < b.cents ? -1 : a.cents > b.cents ? 1 : a.code < b.code ? -1 : 1;
  });
  return {
    own: priced ? { total: formatExact(priced.total), currency: priced.currency! } : null,
    rows: rows.map(({ cents: _, ...row }) => row),
  };
}
