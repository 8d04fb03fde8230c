import "./texts.ts";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Quality } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { dayOf } from "../time/zone.ts";
import { PolicyForm } from "./policy-form.tsx";
import { qualityQuery } from "./queries.ts";
import { ruleWords } from "./words.ts";

const monthsShown = 13;

/** How a billing month stands: what can be billed, and what is open by rule, branch and age, until the month closes. */
export function QualityPage() {
  const { t, f, zone } = useLocale();
  const { month } = useSearch({ from: "/inside/op/quality" });
  const navigate = useNavigate();
  const quality = useQuery(qualityQuery(month));
  const nowMs = useNow(60_000);
  const thisMonth = Temporal.PlainYearMonth.from(dayOf(nowMs, zone).slice(0, 7));
  const months = Array.from({ length: monthsShown }, (_, back) =>
    thisMonth.subtract({ months: back }).toString(),
  );
  const words = (of: string) => f.month(Date.parse(`${of}-15T12:00:00Z`));
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.operate") }, { label: t("nav.quality") }]}
        title={t("nav.quality")}
        aside={
          <NativeSelect
            size="xs"
            aria-label={t("quality-page.month")}
            value={month ?? quality.data?.month ?? months[0]}
            data={months.map((value) => ({ value, label: words(value) }))}
            onChange={(event) =>
              void navigate({
                to: "/op/quality",
                search: { month: event.currentTarget.value },
                replace: true,
              })
            }
          />
        }
      />
      {quality.isPending ? <Waiting /> : null}
      {quality.isError ? (
        <ProblemNotice error={quality.error} onRetry={() => void quality.refetch()} />
      ) : null}
      {quality.data ? <Shown quality={quality.data} nowMs={nowMs} /> : null}
    </>
  );
}

function Shown({ quality, nowMs }: { readonly quality: Quality; readonly nowMs: number }) {
  const { t, f } = useLocale();
  const may = useMay();
  const closesMs = Date.parse(quality.closesAt);
  const share = (billable: number, points: number) =>
    points === 0 ? noValue : f.percent(Math.floor((1000 * billable) / points) / 10);
  const open = quality.byRule.reduce((sum, { count }) => sum + count, 0);
  const figures: readonly (readonly [label: string, value: string])[] = [
    [t("quality-page.billable"), share(quality.billable, quality.points)],
    [t("quality-page.points"), t("vee.billable-of", { billable: quality.billable, points: quality.points })],
    [t("quality-page.open"), f.number(open)],
    [t("quality-page.waiting"), f.number(quality.waitingEdits)],
    [
      t(closesMs > nowMs ? "quality-page.closes" : "quality-page.closed"),
      closesMs > nowMs ? `${f.duration(closesMs - nowMs)} (${f.instant(closesMs)})` : f.instant(closesMs),
    ],
  ];
  return (
    <div className="e-stack">
      <section className="e-panel e-panel-body" aria-label={t("nav.quality")}>
        <dl className="e-figures">
          {figures.map(([label, value]) => (
            <div key={label}>
              <dt className="e-muted e-small">{label}</dt>
              <dd className="e-num">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="e-muted e-small" style={{ marginTop: 8 }}>
          {t("quality-page.billable-help")}
        </p>
      </section>
      {quality.points === 0 ? (
        <section className="e-panel">
          <EmptyNotice title={t("quality-page.none")}>{t("quality-page.none-do")}</EmptyNotice>
        </section>
      ) : (
        <div className="e-halves">
          <Bars
            title={t("quality-page.by-rule")}
            none={t("vee.none")}
            rows={quality.byRule.map(({ rule, severity, count }) => ({
              key: `${rule} ${severity}`,
              label: (
                <Link to="/op/validation" search={{ rule, severity, state: "open" }}>
                  {ruleWords(t, rule)}, {t(`vee.severity.${severity}`)}
                </Link>
              ),
              count,
            }))}
          />
          <Bars
            title={t("quality-page.by-age")}
            none={t("vee.none")}
            rows={quality.byAge.map(({ from, to, count }) => ({
              key: String(from),
              label:
                to === null ? t("quality-page.days-from", { from }) : t("quality-page.days", { from, to }),
              count,
            }))}
          />
          <section className="e-panel" aria-labelledby="by-branch">
            <div className="e-panel-head">
              <h2 id="by-branch">{t("quality-page.by-branch")}</h2>
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
            <section className="e-scroll-x" tabIndex={0} aria-labelledby="by-branch">
              <table className="e-list-table">
                <thead>
                  <tr>
                    <th scope="col">{t("vee.branch")}</th>
                    <th scope="col" className="e-end">
                      {t("quality-page.billable")}
                    </th>
                    <th scope="col" className="e-end">
                      {t("quality-page.points")}
                    </th>
                    <th scope="col" className="e-end">
                      {t("quality-page.open")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {quality.byBranch.map((row) => (
                    <tr key={row.branchId}>
                      <td>
                        <Link to="/op/validation" search={{ branchId: row.branchId }}>
                          {row.branch.join(" › ")}
                        </Link>
                      </td>
                      <td className="e-num">{share(row.billable, row.points)}</td>
                      <td className="e-num">{f.number(row.points)}</td>
                      <td className="e-num">{f.number(row.open)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </section>
          {may("validation-rules.change") ? <PolicyForm /> : null}
        </div>
      )}
    </div>
  );
}

/** Counts as a list with bars; the number stands beside each. */
function Bars(props: {
  readonly title: string;
  readonly none: string;
  readonly rows: readonly { readonly key: string; readonly label: React.ReactNode; readonly count: number }[];
}) {
  const { f } = useLocale();
  const most = Math.max(1, ...props.rows.map(({ count }) => count));
  return (
    <section className="e-panel" aria-label={props.title}>
      <div className="e-panel-head">
        <h2>{props.title}</h2>
      </div>
      <ul className="e-panel-body">
        {props.rows.length === 0 ? <li className="e-muted">{props.none}</li> : null}
        {props.rows.map(({ key, label, count }) => (
          <li key={key} className="e-bar-row">
            <span>{label}</span>
            <span className="e-bar" aria-hidden="true">
              <i style={{ width: `${(100 * count) / most}%` }} />
            </span>
            <span className="e-num">{f.number(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
