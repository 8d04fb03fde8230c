import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Consumption, fileAddress } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { Period } from "../time/period.ts";
import { type DisplayUnit, displayUnit } from "../time/quantity.ts";
import { dayOf, daysBetween, startOfDay } from "../time/zone.ts";
import { Bars } from "./bars.tsx";
import { CoverageCell, CoverageLine } from "./coverage-line.tsx";
import { AnalysisFrame, Choice } from "./frame.tsx";
import { consumptionAsked, consumptionQuery } from "./queries.ts";
import {
  type AnalysisSearch,
  energies,
  formerPeriod,
  type RowKind,
  rowKinds,
  shownPeriod,
  subjectsOf,
} from "./search.ts";

const usualDays = 30;

/** Energy by day, month, point or group, beside a former time. */
export function ConsumptionPage() {
  const { t, zone } = useLocale();
  const search = useSearch({ from: "/inside/an/consumption" });
  const navigate = useNavigate();
  const change = (next: AnalysisSearch) =>
    void navigate({ to: "/an/consumption", search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const by = search.by ?? "day";
  const former = search.compare ? formerPeriod(period, search.compare) : undefined;
  const asked = consumptionAsked(subjectsOf(search)[0]!, search.energy ?? "A+", by, period, former);
  const query = useQuery(consumptionQuery(asked));
  return (
    <AnalysisFrame
      title="nav.consumption"
      help="an.help.consumption"
      search={search}
      change={change}
      period={period}
      today={today}
      usualDays={usualDays}
      energies={energies}
      comparing
      file={(format) => fileAddress(`/analysis/consumption.${format}`, asked)}
      controls={
        <Choice
          label={t("an.by")}
          value={by}
          options={rowKinds.map((value) => [value, t(`an.by.${value}`)])}
          onChange={(value) => {
            const next = rowKinds.find((one) => one === value);
            const { by: _by, ...rest } = search;
            change(next && next !== "day" ? { ...rest, by: next } : rest);
          }}
        />
      }
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.total.coverage.present === 0 &&
        query.data.rows.every(({ coverage }) => coverage.present === 0) ? (
        <EmptyNotice title={t("an.empty")}>{t("an.empty-do")}</EmptyNotice>
      ) : (
        <div className="e-stack" aria-busy={query.isPlaceholderData}>
          <Shown answer={query.data} by={by} period={period} former={former} />
        </div>
      )}
    </AnalysisFrame>
  );
}

const daysIn = ({ from, to }: Period): number => daysBetween(from, to);

type Amount = { readonly energy: string | null } | null;

/** Half a month less than a whole one says nothing of who used less: what lacks more than a twentieth is not compared. */
const isKnown = (amount: Consumption["total"]["before"]): boolean =>
  amount !== null && amount.energy !== null && amount.coverage.present >= 0.95 * amount.coverage.expected;

/** Exact integers as the number that a screen shows. */
const numberOf = (amount: Amount, scale: number): number =>
  amount?.energy == null ? Number.NaN : Number(amount.energy) * 10 ** scale;

function Shown(props: {
  readonly answer: Consumption;
  readonly by: RowKind;
  readonly period: Period;
  readonly former: Period | undefined;
}) {
  const { t, f, zone } = useLocale();
  const { answer, by, former, period } = props;
  const { scale, rows, total } = answer;
  const unit = useMemo(
    () => displayUnit(answer.unit, Math.max(...rows.map((row) => Math.abs(numberOf(row, scale)) || 0), 0)),
    [answer, rows, scale],
  );
  const labelOf = (key: string) =>
    by === "month" ? f.month(startOfDay(key, zone)) : by === "day" ? f.dayShort(key) : key;
  return (
    <section className="e-panel" aria-labelledby="consumption">
      <div className="e-panel-head">
        <h2 id="consumption">{t("an.table")}</h2>
        {former ? (
          <span className="e-row e-small">
            <span className="e-key" data-series={0} aria-hidden="true" />
            {f.days(period.from, period.to)}
            <span className="e-key" data-series={1} aria-hidden="true" />
            {f.days(former.from, former.to)}
          </span>
        ) : null}
      </div>
      <div className="e-panel-body e-stack">
        {(by === "day" || by === "month") && rows.length > 1 ? (
          <figure aria-label={t("an.bars")}>
            <figcaption className="e-muted e-small">{unit.label}</figcaption>
            <Bars
              unit={unit}
              bars={rows.map((row) => ({
                key: row.key,
                label: labelOf(row.key),
                value: numberOf(row, scale),
                before: former ? numberOf(row.before, scale) : undefined,
              }))}
            />
          </figure>
        ) : null}
        <CoverageLine counts={total.coverage} zone={zone} />
        {former && daysIn(former) !== daysIn(period) ? (
          <p className="e-notice" data-tone="warning">
            ▲ {t("an.other-length", { shown: daysIn(period), before: daysIn(former) })}
          </p>
        ) : null}
        <Rows {...props} unit={unit} labelOf={labelOf} />
        {answer.more > 0 ? <p className="e-muted e-small">{t("an.more", { count: answer.more })}</p> : null}
      </div>
    </section>
  );
}

function Rows(props: {
  readonly answer: Consumption;
  readonly by: RowKind;
  readonly former: Period | undefined;
  readonly unit: DisplayUnit;
  readonly labelOf: (key: string) => string;
}) {
  const { t, f } = useLocale();
  const { answer, by, former, unit } = props;
  const { scale, total } = answer;
  const net = total.taken !== null;
  const named = by === "point" || by === "group";
  const told = (amount: Amount) => {
    const value = numberOf(amount, scale);
    return Number.isNaN(value) ? noValue : f.number(value * unit.factor, unit.digits);
  };
  const line = (row: Consumption["total"]) => {
    const [now, then] = [numberOf(row, scale), numberOf(row.before, scale)];
    const share = (100 * now) / numberOf(total, scale);
    return (
      <>
        {net ? (
          <>
            <td className="e-num e-end">{told(row.taken)}</td>
            <td className="e-num e-end">{told(row.given)}</td>
          </>
        ) : null}
        <td className="e-num e-end">{told(row)}</td>
        {named && !net ? (
          <td className="e-num e-end">{Number.isFinite(share) ? f.percent(share) : noValue}</td>
        ) : null}
        {former ? (
          <>
            <td className="e-num e-end">
              {row.before?.energy != null && !isKnown(row.before) ? "▲ " : ""}
              {told(row.before)}
            </td>
            <td className="e-num e-end">
              {then > 0 && isKnown(row) && isKnown(row.before)
                ? `${f.signed((100 * (now - then)) / then, 1)} %`
                : noValue}
            </td>
          </>
        ) : null}
        <CoverageCell counts={row.coverage} />
      </>
    );
  };
  const head = (text: string) => (
    <th key={text} scope="col" className="e-end">
      {text}
    </th>
  );
  return (
    <Scrolled label={t("an.table")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t(`an.${by}`)}</th>
            {named ? <th scope="col">{t("an.name")}</th> : null}
            {net ? [head(`${t("an.taken")}, ${unit.label}`), head(`${t("an.given")}, ${unit.label}`)] : null}
            {head(`${t(net ? "an.net" : "an.now")}, ${unit.label}`)}
            {named && !net ? head(t("an.share")) : null}
            {former ? [head(`${t("an.before")}, ${unit.label}`), head(t("an.change"))] : null}
            {head(t("an.coverage"))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="e-nowrap">
                {named ? (
                  <Subject of={row.key} name={row.name} />
                ) : by === "day" ? (
                  f.day(row.key)
                ) : (
                  props.labelOf(row.key)
                )}
                <SumsOnly amount={row} />
              </th>
              {named ? <td>{row.detail}</td> : null}
              {line(row)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              {t("an.total")}
              <SumsOnly amount={total} />
            </th>
            {named ? <td /> : null}
            {line(total)}
          </tr>
        </tfoot>
      </table>
    </Scrolled>
  );
}

/** Months whose intervals went at their time are known by their sums alone. */
function SumsOnly({ amount }: { readonly amount: { readonly sumsOnly: boolean } }) {
  const { t } = useLocale();
  return amount.sumsOnly ? <div className="e-small e-muted">{t("an.sums-only")}</div> : null;
}

/** A point or group by its name, which leads to its page. */
function Subject({ of, name }: { readonly of: string; readonly name: string }) {
  const id = Number(of.slice(1));
  return of.startsWith("p") ? (
    <Link to="/points/$pointId" params={{ pointId: id }} search={{}}>
      {name}
    </Link>
  ) : (
    <Link to="/cfg/groups/$groupId" params={{ groupId: id }} search={{}}>
      {name}
    </Link>
  );
}
