import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, type BillingClosing, fileAddress } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

const marks: Record<BillingClosing["state"], [shape: string, tone: Tone]> = {
  waiting: ["▲", "warning"],
  closing: ["◌", "accent"],
  closed: ["●", "ok"],
  refused: ["■", "bad"],
};

/** Closings of a month: who asked, who closed, how many values are frozen. */
export function ClosingList(props: {
  readonly month: string;
  readonly chosen: number | undefined;
  readonly onChoose: (closeId: number | undefined) => void;
}) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["billing", "closings", props.month],
    queryFn: ({ signal }) => api.billingClosings({ month: props.month }, signal),
    // A job closes it: the list follows.
    refetchInterval: (last) =>
      last.state.data?.rows.some(({ state }) => state === "closing") ? 2_000 : 60_000,
  });
  const decide = useMutation({
    mutationFn: (given: { closeId: number; approve: boolean }) =>
      api.decideBillingClose(given.closeId, { approve: given.approve }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["billing"] }),
  });
  const rows = query.data?.rows;
  const closing = rows?.some(({ state }) => state === "closing") ?? false;
  const wasClosing = useRef(false);
  useEffect(() => {
    // The job is over: what the page says of the month is another thing now.
    if (wasClosing.current && !closing)
      void queries.invalidateQueries({ queryKey: ["billing", "outlook", props.month.slice(0, 7)] });
    wasClosing.current = closing;
  });
  return (
    <section className="e-panel" aria-labelledby="closings">
      <div className="e-panel-head">
        <h2 id="closings">{t("billing.closings")}</h2>
      </div>
      {decide.isError ? <ProblemNotice error={decide.error} /> : null}
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {rows?.length === 0 ? (
        <EmptyNotice title={t("billing.no-closings")}>{t("billing.no-closings-do")}</EmptyNotice>
      ) : null}
      {rows && rows.length > 0 ? (
        <Scrolled label={t("billing.closings")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("billing.part")}</th>
                <th scope="col">{t("billing.asked-by")}</th>
                <th scope="col">{t("billing.state")}</th>
                <th scope="col">{t("billing.frozen")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.closeId}>
                  <th scope="row">{row.branch === null ? t("billing.all") : row.branch.join(" › ")}</th>
                  <td data-label={t("billing.asked-by")}>
                    {row.requestedBy}, {f.instant(Date.parse(row.requestedAt))}
                    <div className="e-small e-break">{row.reason}</div>
                  </td>
                  <td data-label={t("billing.state")}>
                    <Mark shape={marks[row.state][0]} tone={marks[row.state][1]}>
                      {t(
                        row.state === "refused" && row.decidedBy === row.requestedBy
                          ? "billing.state-withdrawn"
                          : `billing.state-${row.state}`,
                      )}
                    </Mark>
                    {row.decidedBy && row.decidedAt ? (
                      <div className="e-small">
                        {row.decidedBy}, {f.instant(Date.parse(row.decidedAt))}
                      </div>
                    ) : null}
                    {row.note ? <div className="e-small e-break">{row.note}</div> : null}
                    {row.state !== "waiting" ? null : row.own ? (
                      <>
                        <div className="e-small e-muted">{t("billing.own")}</div>
                        {may("billing.approve") ? (
                          <Button
                            size="compact-sm"
                            variant="default"
                            loading={decide.isPending}
                            onClick={() => decide.mutate({ closeId: row.closeId, approve: false })}
                          >
                            {t("billing.take-back")}
                          </Button>
                        ) : null}
                      </>
                    ) : may("billing.approve") ? (
                      <span className="e-row" style={{ marginTop: 6 }}>
                        <Button
                          size="compact-sm"
                          loading={decide.isPending}
                          onClick={() => decide.mutate({ closeId: row.closeId, approve: true })}
                        >
                          {t("billing.approve")}
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => decide.mutate({ closeId: row.closeId, approve: false })}
                        >
                          {t("billing.refuse")}
                        </Button>
                      </span>
                    ) : null}
                  </td>
                  <td data-label={t("billing.frozen")}>
                    {row.billable === null || row.points === null ? (
                      "–"
                    ) : (
                      <>
                        <span className="e-num">
                          {t("billing.frozen-of", { billable: row.billable, points: row.points })}
                        </span>
                        <span className="e-row" style={{ marginTop: 6 }}>
                          <Button
                            size="compact-sm"
                            variant="default"
                            aria-expanded={props.chosen === row.closeId}
                            onClick={() =>
                              props.onChoose(props.chosen === row.closeId ? undefined : row.closeId)
                            }
                          >
                            {t("billing.values")}
                          </Button>
                          <Button
                            component="a"
                            download
                            size="compact-sm"
                            variant="default"
                            href={fileAddress(`/billing/closings/${row.closeId}/values.csv`, {})}
                          >
                            {t("common.csv")}
                          </Button>
                        </span>
                      </>
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
