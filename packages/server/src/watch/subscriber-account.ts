import { dayAfter, formatExact, marketDayOf } from "@energsys/metering";
import { type Contract, findCounted, type Language, type Scope } from "@energsys/store";
import { accountOf } from "../analysis/account.ts";
import { scaledText } from "../csv.ts";
import { decimalText } from "../fill.ts";
import { Problem } from "../problem.ts";
import type { WatchReport } from "../schemas/watch.ts";
import type { Services } from "../services.ts";
import { word } from "../words.ts";
import { columnsOf, type WatchPart, type WatchRow } from "./report.ts";
import { watchWord } from "./words.ts";

const months = 12;
/** An account of a year takes up to a fifth of a second of a core, and somebody may have hundreds of contracts. */
const contractsMax = 10;

/** What each contract came to with its own tariffs, month by month: indicative, only the whole days on which the contract ran, the newest contracts first. */
export async function subscriberAccounts(
  services: Services,
  scope: Scope,
  contracts: readonly Contract[],
  language: Language,
  signal: AbortSignal,
): Promise<{ readonly part: WatchPart; readonly facts: WatchReport["facts"] }> {
  const { zone, now } = services;
  const today = marketDayOf(now(), zone).date;
  const since = Temporal.PlainDate.from(today).with({ day: 1 }).subtract({ months }).toString();
  const running = contracts
    .toSorted((a, b) => b.from - a.from)
    .map((contract) => ({ contract, ...wholeDays(contract, { since, today, zone }) }))
    .filter(({ fromDay, toDay }) => fromDay < toDay);
  const rows: WatchRow[] = [];
  const facts: { label: string; value: string }[] = [];
  for (const { contract, fromDay, toDay } of running.slice(0, contractsMax)) {
    const made = await contractAccount(services, scope, contract, { fromDay, toDay }, { language, signal });
    rows.push(...made.rows);
    if (made.told !== undefined)
      facts.push({
        label: watchWord("accountOf", language, { contract: contract.number }),
        value: made.told,
      });
  }
  return {
    facts,
    part: {
      key: "tariffs",
      title: watchWord("tariffs", language),
      columns: columnsOf(language, [
        ["contract", "text"],
        ["point", "point"],
        ["from", "day"],
        ["lastDay", "day"],
        ["tariff", "text"],
        ["consumption", "number", "kWh"],
        ["net", "number"],
        ["currency", "text"],
      ]),
      rows,
      more: Math.max(0, running.length - contractsMax),
    },
  };
}

/** Days on which the contract ran from midnight to midnight, [fromDay, toDay): a day that two subscribers share is of neither's account. */
function wholeDays(
  { from, to }: Contract,
  { since, today, zone }: { readonly since: string; readonly today: string; readonly zone: string },
): { readonly fromDay: string; readonly toDay: string } {
  const first = marketDayOf(from, zone);
  const begun = first.startMs < from ? dayAfter(first, zone).date : first.date;
  const ended = to === null ? today : marketDayOf(to, zone).date;
  return { fromDay: begun > since ? begun : since, toDay: ended < today ? ended : today };
}

async function contractAccount(
  services: Services,
  scope: Scope,
  { number, pointId, pod }: Contract,
  days: { readonly fromDay: string; readonly toDay: string },
  { language, signal }: { readonly language: Language; readonly signal: AbortSignal },
): Promise<{ readonly rows: WatchRow[]; readonly told?: string }> {
  const { db, zone, now } = services;
  const period = { ...days, zone, nowMs: now() };
  const [counted] = await findCounted(db, scope, [{ kind: "point", pointId }], period);
  if (!counted || counted.sources.length === 0) return { rows: [] };
  const row = (fromDay: string, toDay: string, tariff: string, more: (string | null)[]): WatchRow => ({
    cells: [
      number,
      pod,
      fromDay,
      Temporal.PlainDate.from(toDay).subtract({ days: 1 }).toString(),
      tariff,
      ...more,
    ],
    pointId,
  });
  try {
    const account = await accountOf(services, { counted }, period, undefined, signal);
    const unpriced = account.unpriced.map(({ fromDay, toDay, energyWh }) =>
      row(fromDay, toDay, word("noTariff", language), [scaledText(energyWh, -3), null, null]),
    );
    const priced = account.parts.map(({ fromDay, toDay, version, used, net }) =>
      row(fromDay, toDay, version.code, [
        scaledText(used.energyWh, -3),
        formatExact(net),
        version.terms.currency,
      ]),
    );
    const rows = [...priced, ...unpriced].sort((a, b) => (b.cells[2] ?? "").localeCompare(a.cells[2] ?? ""));
    if (account.currency === null) return { rows };
    return {
      rows,
      told: watchWord("accountText", language, {
        total: decimalText(formatExact(account.total), language),
        currency: account.currency,
        expected: account.expected,
        present: account.present,
        estimated: account.estimated,
      }),
    };
  } catch (error) {
    // The other contracts have their accounts, and the record its other tables.
    if (!(error instanceof Problem) || !error.code.startsWith("tariff.")) throw error;
    return {
      rows: [
        row(
          days.fromDay,
          days.toDay,
          watchWord(error.code === "tariff.intervals" ? "noAccount" : "accountLater", language),
          [null, null, null],
        ),
      ],
    };
  }
}
