import "./texts.ts";
import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Choice, ReportLinks } from "../analysis/frame.tsx";
import { api, fileAddress } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { caseStates, casesSearch } from "./search.ts";

/** What is looked into because energy is lost there, what was found and what came back. */
export function CasesPage() {
  const { t, f } = useLocale();
  const search = useSearch({ from: "/inside/an/cases" });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["loss-cases", search],
    queryFn: ({ signal }) => api.lossCases(search, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.analyse") }, { label: t("nav.cases") }]}
        title={t("nav.cases")}
        actions={(["csv", "xlsx", "pdf"] as const).map((format) => (
          <Button
            key={format}
            component="a"
            download
            variant="default"
            size="xs"
            href={fileAddress(`/loss-cases.${format}`, { ...search })}
          >
            {format.toUpperCase()}
          </Button>
        ))}
      />
      <ReportLinks search={{}} />
      <div className="e-stack">
        <div className="e-controls e-no-print">
          <Choice
            label={t("case.filter")}
            value={search.state ?? ""}
            options={[
              ["", t("case.all")],
              ["not-closed", t("case.not-closed")],
              ...caseStates.map((state): [string, string] => [state, t(`case.${state}`)]),
            ]}
            onChange={(state) =>
              void navigate({ to: "/an/cases", search: casesSearch({ state }), replace: true })
            }
          />
        </div>
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.rows.length === 0 ? (
          <EmptyNotice title={t("case.empty")}>{t("case.empty-do")}</EmptyNotice>
        ) : (
          <section className="e-panel" aria-label={t("nav.cases")} aria-busy={query.isPlaceholderData}>
            <Scrolled label={t("nav.cases")}>
              <table className="e-list-table">
                <thead>
                  <tr>
                    {(
                      [
                        "case.number",
                        "case.group",
                        "case.point",
                        "case.state",
                        "case.outcome",
                        "case.assignee",
                        "case.recovered",
                        "case.opened",
                        "case.changed",
                      ] as const
                    ).map((key) => (
                      <th key={key} scope="col" className={key === "case.recovered" ? "e-end" : ""}>
                        {t(key)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {query.data.rows.map((row) => (
                    <tr key={row.caseId}>
                      <th scope="row" className="e-nowrap">
                        <Link to="/an/cases/$caseId" params={{ caseId: row.caseId }}>
                          {t("loss.case-at", { number: String(row.caseId) })}
                        </Link>
                      </th>
                      <td className="e-nowrap">{row.group}</td>
                      <td className="e-nowrap">{row.pod ?? noValue}</td>
                      <td className="e-nowrap">{t(`case.${row.state}`)}</td>
                      <td className="e-nowrap">{row.outcome ? t(`case.${row.outcome}`) : noValue}</td>
                      <td className="e-nowrap">{row.assignee ?? noValue}</td>
                      <td className="e-num e-end">
                        {row.recoveredWh === null ? noValue : f.number(row.recoveredWh / 1000, 1)}
                      </td>
                      <td className="e-nowrap">{f.instant(Date.parse(row.openedAt))}</td>
                      <td className="e-nowrap">{f.instant(Date.parse(row.changedAt))}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scrolled>
          </section>
        )}
        <details className="e-panel">
          <summary className="e-panel-head">{t("an.help")}</summary>
          <div className="e-panel-body e-prose">
            <p>{t("case.help")}</p>
          </div>
        </details>
      </div>
    </>
  );
}
