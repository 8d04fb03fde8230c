import "./texts.ts";
import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Choice, ReportLinks } from "../analysis/frame.tsx";
import { type AnalysisSearch, comparisons, formerPeriod, shownPeriod } from "../analysis/search.ts";
import { api, fileAddress, type LossReport } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { Period } from "../time/period.ts";
import { dayOf } from "../time/zone.ts";
import { FigureCells, figureHeads, LossFacts, useEnergy } from "./figures.tsx";
import { PercentMap } from "./percent-map.tsx";
import { Sankey } from "./sankey.tsx";

const usualDays = 30;

/** What the network took in, what was counted of it, what must be lost and what nobody explains: the whole, its feeders and transformers. */
export function BalancePage() {
  const { t, zone } = useLocale();
  const search = useSearch({ from: "/inside/an/balance" });
  const navigate = useNavigate();
  const change = (next: AnalysisSearch) => void navigate({ to: "/an/balance", search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const former = search.compare ? formerPeriod(period, search.compare) : undefined;
  const asked = { ...period, ...(former ? { beforeFrom: former.from, beforeTo: former.to } : {}) };
  const query = useQuery({
    queryKey: ["losses", asked],
    queryFn: ({ signal }) => api.losses(asked, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const { last: _, from: __, to: ___, ...others } = search;
  const { compare: ____, ...uncompared } = search;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.analyse") }, { label: t("nav.balance") }]}
        title={t("nav.balance")}
        actions={(["csv", "xlsx", "pdf"] as const).map((format) => (
          <Button
            key={format}
            component="a"
            download
            variant="default"
            size="xs"
            href={fileAddress(`/analysis/balance.${format}`, asked)}
          >
            {format.toUpperCase()}
          </Button>
        ))}
      />
      <ReportLinks search={search} />
      <div className="e-stack">
        <div className="e-controls e-no-print">
          <PeriodPicker
            period={period}
            today={today}
            last={search.from ? undefined : (search.last ?? usualDays)}
            onChange={(next: Period) => change({ ...others, ...next })}
          />
          <Choice
            label={t("an.compare")}
            value={search.compare ?? ""}
            options={[
              ["", t("an.compare.none")],
              ...comparisons.map((value): [string, string] => [value, t(`an.compare.${value}`)]),
            ]}
            onChange={(value) => {
              const compare = comparisons.find((one) => one === value);
              change(compare ? { ...search, compare } : uncompared);
            }}
          />
        </div>
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.total === null || query.data.total.loss === null ? (
          <EmptyNotice title={t("loss.empty")}>{t("loss.empty-do")}</EmptyNotice>
        ) : (
          <div className="e-stack" aria-busy={query.isPlaceholderData}>
            <section className="e-panel" aria-labelledby="loss-total">
              <div className="e-panel-head">
                <h2 id="loss-total">{t("loss.total")}</h2>
              </div>
              <div className="e-panel-body e-stack">
                <LossFacts figures={query.data.total} />
                <Before before={query.data.totalBefore} />
                <Sankey report={query.data} />
              </div>
            </section>
            <Tree report={query.data} search={search} compared={former !== undefined} />
            <PercentMap report={query.data} search={search} />
          </div>
        )}
        <details className="e-panel">
          <summary className="e-panel-head">{t("an.help")}</summary>
          <div className="e-panel-body e-prose">
            <p>{t("loss.help")}</p>
          </div>
        </details>
      </div>
    </>
  );
}

function Before({ before }: { readonly before: LossReport["totalBefore"] }) {
  const { t, f } = useLocale();
  const energy = useEnergy();
  if (!before) return null;
  return (
    <span className="e-num">
      {t("loss.before")}:{" "}
      {before.percent === null ? noValue : f.percent(Math.round(before.percent * 10) / 10)} ·{" "}
      {t("loss.saved")}: {energy(before.savedWh)} ± {energy(before.uncertaintyWh)}
      {before.significant ? "" : ` · ${t("loss.not-significant")}`}
      {before.reportable ? "" : ` · ▲ ${t("loss.low-coverage")}`}
    </span>
  );
}

/** The tree as a table: a group's own loss, and with all below it where something is. */
function Tree(props: {
  readonly report: LossReport;
  readonly search: AnalysisSearch;
  readonly compared: boolean;
}) {
  const { t, f } = useLocale();
  const energy = useEnergy();
  const { report, search, compared } = props;
  return (
    <section className="e-panel" aria-labelledby="loss-tree">
      <div className="e-panel-head">
        <h2 id="loss-tree">{t("loss.tree")}</h2>
      </div>
      <div className="e-panel-body">
        <Scrolled label={t("loss.tree")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("loss.group")}</th>
                {figureHeads.map((key) => (
                  <th key={key} scope="col" className="e-end e-nowrap">
                    {t(key)}
                  </th>
                ))}
                {compared ? (
                  <>
                    <th scope="col" className="e-end e-nowrap">
                      {t("loss.before")}
                    </th>
                    <th scope="col" className="e-end e-nowrap">
                      {t("loss.saved")}
                    </th>
                  </>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {report.rows.flatMap((row) =>
                (row.below > 0 ? (["all", "own"] as const) : (["own"] as const)).map((which) => (
                  <tr key={`${row.groupId} ${which}`}>
                    <th scope="row" className="e-nowrap" style={{ paddingInlineStart: 8 + row.depth * 20 }}>
                      {which === "own" && row.below > 0 ? (
                        <span className="e-muted e-small">
                          {row.name}, {t("loss.own")}
                        </span>
                      ) : (
                        <>
                          <Link to="/an/balance/$groupId" params={{ groupId: row.groupId }} search={search}>
                            {row.name}
                          </Link>{" "}
                          <span className="e-muted e-small">
                            {t(`group-kind.${row.kind}`)}
                            {row.below > 0 ? `, ${t("loss.all")}` : ""}
                          </span>
                        </>
                      )}
                    </th>
                    <FigureCells figures={row[which]} />
                    {compared ? (
                      <>
                        <td data-label={t("loss.before")} className="e-num e-end">
                          {row.before?.percent == null || (which === "own" && row.below > 0)
                            ? noValue
                            : f.percent(Math.round(row.before.percent * 10) / 10)}
                        </td>
                        <td data-label={t("loss.saved")} className="e-num e-end e-nowrap">
                          {!row.before || (which === "own" && row.below > 0)
                            ? noValue
                            : `${energy(row.before.savedWh)} ± ${energy(row.before.uncertaintyWh)}`}
                        </td>
                      </>
                    ) : null}
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </Scrolled>
      </div>
    </section>
  );
}
