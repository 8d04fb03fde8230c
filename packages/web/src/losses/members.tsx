import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CoverageCell } from "../analysis/coverage-line.tsx";
import { api } from "../api/client.ts";
import { formerOf } from "../parts/former.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { useEnergy } from "./figures.tsx";

/** What each member of a group counted in these days, with the way to its curve; a member without values is one too. */
export function Members({ groupId, period }: { readonly groupId: number; readonly period: Period }) {
  const { t } = useLocale();
  const energy = useEnergy();
  const query = useQuery({
    queryKey: ["losses", groupId, "members", period],
    queryFn: ({ signal }) =>
      api.consumption({ of: `g${groupId}`, energy: "A+", by: "point", ...period }, signal),
    placeholderData: formerOf("losses", groupId, "members"),
    staleTime: 30_000,
  });
  return (
    <section className="e-panel" aria-labelledby="loss-members">
      <div className="e-panel-head">
        <h2 id="loss-members">{t("loss.members")}</h2>
        <Link to="/an/consumption" search={{ of: `g${groupId}`, by: "point", ...period }} className="e-small">
          {t("nav.consumption")}
        </Link>
      </div>
      <div className="e-panel-body" aria-busy={query.isPlaceholderData}>
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.rows.length === 0 ? (
          <p className="e-muted">{t("loss.no-members")}</p>
        ) : (
          <Scrolled label={t("loss.members")}>
            <table className="e-list-table">
              <thead>
                <tr>
                  <th scope="col">{t("an.point")}</th>
                  <th scope="col">{t("an.name")}</th>
                  <th scope="col" className="e-end">
                    {t("loss.counted")}
                  </th>
                  <th scope="col" className="e-end">
                    {t("an.coverage")}
                  </th>
                  <th scope="col">{t("loss.point-curve")}</th>
                </tr>
              </thead>
              <tbody>
                {query.data.rows.map((row) => (
                  <tr key={row.key}>
                    <th scope="row" className="e-nowrap">
                      <Link
                        to="/points/$pointId"
                        params={{ pointId: Number(row.key.slice(1)) }}
                        search={{ tab: "curve", ...period }}
                      >
                        {row.name}
                      </Link>
                    </th>
                    <td>{row.detail}</td>
                    <td className="e-num e-end e-nowrap">
                      {energy(row.energy === null ? null : Number(row.energy) * 10 ** query.data.scale)}
                    </td>
                    <CoverageCell counts={row.coverage} />
                    <td>
                      <Link
                        to="/an/load-curve"
                        search={{ of: `${row.key}.m${groupId}`, right: `m${groupId}`, ...period }}
                        aria-label={`${t("loss.beside-balance")}: ${row.name}`}
                      >
                        {t("loss.beside-balance")}
                      </Link>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        )}
        {query.data && query.data.more > 0 ? (
          <p className="e-muted e-small">{t("an.more", { count: query.data.more })}</p>
        ) : null}
      </div>
    </section>
  );
}
