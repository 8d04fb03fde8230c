import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { ErasureList } from "../subscribers/erasure-list.tsx";
import { useLocale } from "../text/provider.tsx";
import { RequestList } from "./request-list.tsx";
import { requestsQuery } from "./requests-query.ts";

/** What waits for a second person. */
export function RequestsPage() {
  const { t } = useLocale();
  const may = useMay();
  const { show } = useSearch({ from: "/inside/cfg/approvals" });
  const navigate = useNavigate();
  const query = useQuery({ ...requestsQuery(show === "all" ? {} : { open: true }), refetchInterval: 60_000 });
  const rows = query.data?.rows;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.approvals") }]}
        title={t("nav.approvals")}
        aside={
          <SegmentedControl
            size="xs"
            aria-label={t("ratios.show")}
            value={show ?? "open"}
            onChange={(value) =>
              void navigate({ to: "/cfg/approvals", search: value === "all" ? { show: "all" } : {} })
            }
            data={[
              { value: "open", label: t("ratios.show-open") },
              { value: "all", label: t("ratios.show-all") },
            ]}
          />
        }
      />
      <div className="e-stack">
        <section className="e-panel" aria-label={t("ratios.requests")}>
          <div className="e-panel-head">
            <h2>{t("ratios.requests")}</h2>
          </div>
          <p className="e-panel-body e-muted e-small">{t("ratios.lead")}</p>
          {query.isPending ? <Waiting label={t("ratios.loading")} /> : null}
          {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
          {rows && rows.length === 0 ? (
            <div className="e-empty">
              <strong>{t(show === "all" ? "ratios.none-ever" : "ratios.none-open")}</strong>
              <span className="e-muted">{t("ratios.none-how")}</span>
            </div>
          ) : null}
          {rows && rows.length > 0 ? <RequestList rows={rows} withPoint /> : null}
        </section>
        {may("subscribers.see") ? <ErasureList all={show === "all"} /> : null}
      </div>
    </>
  );
}
