import type { SystemHealth } from "../api/client.ts";
import { EmptyNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { LevelMark } from "./level-mark.tsx";

/** Where the backups lie, how far they reach, and how the last ones ended. */
export function Backups({ backup }: { readonly backup: SystemHealth["backup"] }) {
  const { t, f } = useLocale();
  const runs = [
    ...backup.base.map((run) => ({ kind: "base" as const, ...run })),
    ...backup.check.map((run) => ({ kind: "check" as const, ...run })),
  ];
  return (
    <section className="e-panel" aria-labelledby="health-backups">
      <div className="e-panel-head">
        <h2 id="health-backups">{t("health.backups")}</h2>
      </div>
      {backup.folder === null ? (
        <EmptyNotice title={t("health.backups-none")}>{t("health.backups-none-do")}</EmptyNotice>
      ) : (
        <>
          <p className="e-panel-body e-small">
            {backup.folder}
            {backup.coveredAt === null
              ? null
              : ` · ${t("health.covered", { time: f.instant(Date.parse(backup.coveredAt)) })}`}
          </p>
          <table className="e-list-table">
            <tbody>
              {runs.map((run) => (
                <tr key={`${run.kind} ${run.startedAt}`}>
                  <th scope="row">{t(`health.run-${run.kind}`)}</th>
                  <td>
                    <LevelMark
                      level={run.state === "failed" ? "bad" : run.state === "done" ? "good" : "none"}
                    />
                    {run.errorCode === null ? null : <div className="e-small e-break">{run.errorCode}</div>}
                  </td>
                  <td className="e-num">{f.instant(Date.parse(run.endedAt ?? run.startedAt))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
