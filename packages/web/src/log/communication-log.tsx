import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../api/client.ts";
import { AttemptMark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { LogSearch } from "./search.ts";

const pageRows = 100;

/** Who or what asked which device when, and how it ended. */
export function CommunicationLog({ search }: { readonly search: LogSearch }) {
  const { t, f } = useLocale();
  const { user, from, to, object, id } = search;
  const filter = {
    ...(user ? { actor: user } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(object === "point" && id ? { point: Number(id) } : {}),
    ...(object === "device" && id ? { device: Number(id) } : {}),
  };
  const query = useInfiniteQuery({
    queryKey: ["log", "communication", filter],
    queryFn: ({ signal, pageParam }) =>
      api.communication({ ...filter, limit: pageRows, ...(pageParam ? { before: pageParam } : {}) }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.more ? page.rows.at(-1)?.attemptId : undefined),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) return <EmptyNotice title={t("log.none")}>{t("log.none-do")}</EmptyNotice>;
  return (
    <div className="e-stack">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
      <section className="e-panel e-scroll-x" tabIndex={0} aria-label={t("log.communication")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("log.time")}</th>
              <th scope="col">{t("log.asked")}</th>
              <th scope="col">{t("log.operation")}</th>
              <th scope="col">{t("log.device")}</th>
              <th scope="col">{t("log.outcome")}</th>
              <th scope="col" className="e-num">
                {t("log.records")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.attemptId}>
                <td className="e-log-time">{f.instant(Date.parse(row.at))}</td>
                <td>{row.actor ?? t("log.by-plan")}</td>
                <td>{t(`cause.${row.cause}`)}</td>
                <td>
                  {row.identity ?? noValue}
                  {row.pointId === null ? null : (
                    <>
                      {" · "}
                      <Link
                        to="/points/$pointId"
                        params={{ pointId: row.pointId }}
                        search={{}}
                        className="e-num"
                      >
                        {row.pod}
                      </Link>
                    </>
                  )}
                </td>
                <td>
                  <AttemptMark state={row.state} />
                  {row.errorCode ? <span className="e-muted"> {row.errorCode}</span> : null}
                </td>
                <td className="e-num">{f.number(row.records)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {query.hasNextPage ? (
        <Button
          variant="default"
          style={{ alignSelf: "flex-start" }}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("log.older")}
        </Button>
      ) : null}
    </div>
  );
}
