import "./texts.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { api, type Point } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useLocale } from "../text/provider.tsx";
import { ExchangeTask } from "./exchange-task.tsx";

/** One meter goes, another comes: a task on a page of its own, so that nothing is lost beside it. */
export function ExchangePage() {
  const { t } = useLocale();
  const { pointId } = useParams({ from: "/inside/points/$pointId/exchange" });
  const query = useQuery({
    queryKey: ["point", pointId],
    queryFn: ({ signal }) => api.point(pointId, signal),
    // What is typed stands on what was there when the page was opened.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.points"), to: "/points" }];
  if (query.isPending) return <Waiting label={t("exchange.loading")} />;
  if (!query.data) {
    return (
      <>
        <PageHead crumbs={crumbs} title={t("exchange.title")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  const point: Point = query.data;
  const standing = point.installations.find(({ to }) => to === null);
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: point.pod, to: `/points/${pointId}` }, { label: t("exchange.title") }]}
        title={t("exchange.of", { pod: point.pod })}
        aside={
          <span className="e-point-aside">
            <span>
              {point.name} · {point.address}
            </span>
          </span>
        }
      />
      {standing ? (
        <ExchangeTask point={point} standing={standing} />
      ) : (
        <EmptyNotice
          title={t("exchange.no-meter")}
          action={<Link to="/devices/new">{t("nav.add-device")}</Link>}
        >
          {t("exchange.no-meter-how")}
        </EmptyNotice>
      )}
    </>
  );
}
