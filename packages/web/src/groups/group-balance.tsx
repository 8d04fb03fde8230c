import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, type GroupCurve } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { type Curve, largestIn } from "../parts/curve.ts";
import { formerOf } from "../parts/former.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { TimeChart } from "../parts/time-chart.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { displayUnit } from "../time/quantity.ts";
import { dayOf } from "../time/zone.ts";
import { curvesOf } from "./curves.ts";
import { balancePeriod, type GroupSearch } from "./search.ts";

/** A difference of which less is known than this says little (domain: balance and loss analysis). */
const coverageMin = 0.95;

/** What went into the group against what its members counted: figures with their coverage, both curves, and the days. */
export function GroupBalance(props: {
  readonly groupId: number;
  readonly search: GroupSearch;
  readonly change: (next: GroupSearch) => void;
}) {
  const { t, zone } = useLocale();
  const { groupId, search } = props;
  const today = dayOf(useNow(60_000), zone);
  const period = balancePeriod(search, today);
  const query = useQuery({
    queryKey: ["groups", groupId, "curve", period.from, period.to],
    queryFn: ({ signal }) => api.groupCurve(groupId, period, signal),
    placeholderData: formerOf("groups", groupId, "curve"),
    refetchInterval: 30_000,
  });
  return (
    <section className="e-panel" aria-labelledby="balance">
      <div className="e-panel-head">
        <h2 id="balance">{t("groups.balance")}</h2>
        <PeriodPicker
          period={period}
          today={today}
          onChange={(next) => props.change({ ...search, ...next })}
        />
      </div>
      <div className="e-panel-body e-stack" aria-busy={query.isPlaceholderData}>
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.total.members.present + query.data.total.balance.present === 0 ? (
          <EmptyNotice title={t("groups.no-sums")}>{t("groups.no-sums-do")}</EmptyNotice>
        ) : (
          <Shown answer={query.data} />
        )}
      </div>
    </section>
  );
}

function Shown({ answer }: { readonly answer: GroupCurve }) {
  const { t } = useLocale();
  const curves = useMemo(() => curvesOf(answer), [answer]);
  const { balance, members } = curves;
  const hasBalance = answer.total.balance.present > 0;
  return (
    <>
      <Figures answer={answer} />
      <figure aria-label={t("groups.curve")}>
        <TimeChart
          curve={hasBalance ? balance : members}
          series={t(hasBalance ? "groups.in" : "groups.out")}
          {...(hasBalance
            ? { others: [{ curve: members, series: t("groups.out"), colour: 1 }] }
            : { colour: 1 })}
          height={240}
        />
        <figcaption className="e-row e-small">
          {hasBalance ? <Key colour={0} text={t("groups.in")} /> : null}
          <Key colour={1} text={t("groups.out")} />
          <span className="e-muted">{t("groups.dashed")}</span>
        </figcaption>
      </figure>
      {answer.days.length > 1 ? <Days answer={answer} curves={[balance, members]} /> : null}
    </>
  );
}

const Key = (props: { readonly colour: 0 | 1; readonly text: string }) => (
  <span className="e-row">
    <span className="e-key" data-series={props.colour} aria-hidden="true" />
    {props.text}
  </span>
);

type Balance = GroupCurve["total"];

/** How much of what should be there is there and good, the worse side. */
const coverageOf = ({ balance, members }: Balance): number => {
  const of = ({ good, expected }: Balance["balance"]) => (expected === 0 ? 1 : good / expected);
  return Math.min(of(balance), of(members));
};

/** Percent of what went in; none where that is nothing or unknown. */
function percentOf({ difference, balance }: Balance): number | undefined {
  const input = Number(balance.energy ?? 0);
  return difference === null || input <= 0 ? undefined : (100 * Number(difference)) / input;
}

function Figures({ answer }: { readonly answer: GroupCurve }) {
  const { t, f } = useLocale();
  const { total } = answer;
  const numbers = [total.balance.energy, total.members.energy, total.difference].map((text) =>
    text === null ? Number.NaN : Number(text),
  );
  const unit = displayUnit("Wh", Math.max(...numbers.map((value) => Math.abs(value) || 0)));
  const told = (value: number) =>
    Number.isNaN(value) ? noValue : `${f.number(value * unit.factor, 1)} ${unit.label}`;
  const percent = percentOf(total);
  const coverage = coverageOf(total);
  const figures: readonly (readonly [label: string, value: string])[] = [
    [t("groups.in"), told(numbers[0]!)],
    [t("groups.out"), told(numbers[1]!)],
    [
      t("groups.difference"),
      `${told(numbers[2]!)}${percent === undefined ? "" : ` · ${f.percent(Math.round(percent * 10) / 10)}`}`,
    ],
    [
      t("groups.coverage"),
      t("groups.coverage-value", { percent: f.percent(Math.floor(coverage * 1000) / 10) }),
    ],
  ];
  return (
    <>
      <dl className="e-figures">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt className="e-muted e-small">{label}</dt>
            <dd className="e-num">{value}</dd>
          </div>
        ))}
      </dl>
      {total.difference !== null && coverage < coverageMin ? (
        <span className="e-notice" data-tone="warning">
          ▲ {t("groups.low-coverage")}
        </span>
      ) : null}
    </>
  );
}

function Days(props: { readonly answer: GroupCurve; readonly curves: readonly Curve[] }) {
  const { t, f } = useLocale();
  const { answer } = props;
  const largest = Math.max(...props.curves.map(({ values }) => largestIn(values))) * 96;
  const unit = displayUnit("Wh", largest);
  const told = (text: string | null) =>
    text === null ? noValue : f.number(Number(text) * unit.factor, unit.digits);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("groups.balance")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("groups.day")}</th>
            <th scope="col" className="e-end">
              {t("groups.in")}, {unit.label}
            </th>
            <th scope="col" className="e-end">
              {t("groups.out")}, {unit.label}
            </th>
            <th scope="col" className="e-end">
              {t("groups.difference")}, {unit.label}
            </th>
            <th scope="col" className="e-end">
              %
            </th>
            <th scope="col" className="e-end">
              {t("groups.coverage")}
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.days.map((day) => {
            const percent = percentOf(day);
            const coverage = coverageOf(day);
            return (
              <tr key={day.day}>
                <td className="e-nowrap">{f.day(day.day)}</td>
                <td className="e-num e-end">{told(day.balance.energy)}</td>
                <td className="e-num e-end">{told(day.members.energy)}</td>
                <td className="e-num e-end">{told(day.difference)}</td>
                <td className="e-num e-end">{percent === undefined ? noValue : f.number(percent, 1)}</td>
                <td className="e-num e-end">
                  {coverage < coverageMin ? "▲ " : ""}
                  {f.percent(Math.floor(coverage * 1000) / 10)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
