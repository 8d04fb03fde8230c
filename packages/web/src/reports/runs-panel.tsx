import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fileAddress, type ReportRun } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { runsQuery } from "./queries.ts";

const shapes = { queued: "◌", running: "◌", waiting: "◌", done: "●", failed: "▲" } as const;

/** What became of each run, and where its file went. */
export function RunsPanel({ reportId }: { readonly reportId: number }) {
  const { t, f } = useLocale();
  const query = useQuery(runsQuery(reportId));
  return (
    <section className="e-panel" aria-labelledby="rp-runs">
      <div className="e-panel-head">
        <h2 id="rp-runs">{t("rp.runs")}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data?.rows.length === 0 ? <p className="e-panel-body e-muted">{t("rp.runs-none")}</p> : null}
      {query.data && query.data.rows.length > 0 ? (
        <Scrolled label={t("rp.runs")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("rp.run-when")}</th>
                <th scope="col">{t("rp.run-who")}</th>
                <th scope="col">{t("rp.run-days")}</th>
                <th scope="col" className="e-end">
                  {t("rp.run-rows")}
                </th>
                <th scope="col" className="e-end">
                  {t("rp.coverage")}
                </th>
                <th scope="col" className="e-end">
                  {t("rp.run-took")}
                </th>
                <th scope="col">{t("rp.run-went")}</th>
                <th scope="col">{t("rp.run-file")}</th>
              </tr>
            </thead>
            <tbody>
              {query.data.rows.map((run) => (
                <tr key={run.runId}>
                  <th scope="row" className="e-nowrap">
                    {f.instant(Date.parse(run.dueAt ?? run.requestedAt))}
                  </th>
                  <td data-label={t("rp.run-who")}>{run.requestedBy}</td>
                  <td data-label={t("rp.run-days")}>{run.from && run.to ? f.days(run.from, run.to) : "–"}</td>
                  <td data-label={t("rp.run-rows")} className="e-num e-end">
                    {run.rows === null ? "–" : f.number(run.rows)}
                  </td>
                  <td data-label={t("rp.coverage")} className="e-num e-end">
                    {run.expected && run.present !== null
                      ? `${f.number(Math.floor((run.present / run.expected) * 1_000) / 10, 1)} %`
                      : "–"}
                  </td>
                  <td data-label={t("rp.run-took")} className="e-num e-end">
                    {run.durationMs === null ? "–" : `${f.number(run.durationMs)} ms`}
                  </td>
                  <td data-label={t("rp.run-went")}>
                    {shapes[run.state]} {t(`rp.state.${run.state}`)}
                    {run.sentence ? <div className="e-tone-bad e-small">{run.sentence}</div> : null}
                    <Deliveries reportId={reportId} run={run} />
                  </td>
                  <td data-label={t("rp.run-file")}>
                    {run.fileThere ? (
                      <a
                        download
                        href={fileAddress(`/reports/${reportId}/runs/${run.runId}/file`, {})}
                        title={run.fileName ?? run.format}
                      >
                        {run.format.toUpperCase()} {f.bytes(run.fileBytes ?? 0)}
                      </a>
                    ) : (
                      run.format.toUpperCase()
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      ) : null}
    </section>
  );
}

function Deliveries({ reportId, run }: { readonly reportId: number; readonly run: ReportRun }) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: (deliveryId: number) => api.retryDelivery(deliveryId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["reports", reportId, "runs"] }),
  });
  return (
    <>
      {retry.isError ? <ProblemNotice error={retry.error} /> : null}
      {run.deliveries.map((delivery) => (
        <div key={delivery.deliveryId} className="e-small e-break">
          {shapes[delivery.state]} {delivery.target}: {t(`rp.state.${delivery.state}`)}
          {delivery.sentence && delivery.state !== "done" ? (
            <span className={delivery.state === "failed" ? "e-tone-bad" : "e-tone-warning"}>
              {" "}
              {delivery.sentence}
              {delivery.state === "waiting"
                ? `, ${t("rp.next-try", { time: f.instant(Date.parse(delivery.nextTryAt)) })}`
                : ""}
            </span>
          ) : null}
          {delivery.state === "done" || !run.fileThere ? null : (
            <>
              {" "}
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`${t("rp.retry")}: ${delivery.target}`}
                onClick={() => retry.mutate(delivery.deliveryId)}
              >
                {t("rp.retry")}
              </Button>
            </>
          )}
        </div>
      ))}
    </>
  );
}
