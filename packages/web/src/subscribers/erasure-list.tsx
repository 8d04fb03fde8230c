import "./erasure-texts.ts";
import "./texts.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, type Erasure } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";

const marks: Record<Erasure["state"], [shape: string, tone: Tone]> = {
  asked: ["▲", "warning"],
  erased: ["●", "ok"],
  refused: ["■", "bad"],
  withdrawn: ["–", "muted"],
};

export function ErasureMark({ state }: { readonly state: Erasure["state"] }) {
  const { t } = useLocale();
  return (
    <Mark shape={marks[state][0]} tone={marks[state][1]}>
      {t(`erasure.state-${state}`)}
    </Mark>
  );
}

/** Erasures that wait for a second person, or all; each is decided on the page of its subscriber. */
export function ErasureList({ all }: { readonly all: boolean }) {
  const { t, f } = useLocale();
  const query = useQuery({
    queryKey: ["erasures", { all }],
    queryFn: ({ signal }) => api.erasures(all ? {} : { open: true }, signal),
    refetchInterval: 60_000,
  });
  const rows = query.data?.rows;
  return (
    <section className="e-panel" aria-label={t("erasure.waiting")}>
      <div className="e-panel-head">
        <h2>{t("erasure.waiting")}</h2>
      </div>
      <p className="e-panel-body e-muted e-small">{t("erasure.waiting-lead")}</p>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {rows?.length === 0 ? (
        <div className="e-empty">
          <strong>{t(all ? "erasure.none-ever" : "erasure.none-open")}</strong>
        </div>
      ) : null}
      {rows && rows.length > 0 ? (
        <Scrolled label={t("erasure.waiting")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("contracts.subscriber")}</th>
                <th scope="col">{t("erasure.asked-by")}</th>
                <th scope="col">{t("ratios.state")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.erasureId}>
                  <th scope="row">
                    <Link to="/cfg/subscribers/$subscriberId" params={{ subscriberId: row.subscriberId }}>
                      {row.subscriber || t("subscribers.erased", { id: String(row.subscriberId) })}
                    </Link>
                  </th>
                  <td data-label={t("erasure.asked-by")}>
                    {row.requestedBy}, {f.instant(Date.parse(row.requestedAt))}
                    <div className="e-small e-break">{row.reason}</div>
                  </td>
                  <td>
                    <ErasureMark state={row.state} />
                    {row.decidedBy !== null && row.decidedAt !== null ? (
                      <div className="e-small">
                        {row.decidedBy}, {f.instant(Date.parse(row.decidedAt))}
                      </div>
                    ) : null}
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
