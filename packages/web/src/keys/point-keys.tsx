import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, type Point } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { addJob } from "../shell/jobs.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { KeyState } from "./key-state.tsx";

/** Keys of a point's device with their lives; who may not see keys finds nothing here. */
export function PointKeys({ point }: { readonly point: Point }) {
  const may = useMay();
  return may("keys.see") && point.device ? <Keys point={point} /> : null;
}

function Keys({ point }: { readonly point: Point }) {
  const { t, f } = useLocale();
  const may = useMay();
  const keys = useQuery({
    queryKey: ["point", point.pointId, "keys"],
    queryFn: ({ signal }) => api.pointKeys(point.pointId, signal),
  });
  const change = useMutation({
    mutationFn: () => api.changeKeys(point.pointId),
    onSuccess: ({ attemptId }) => addJob({ attemptId, name: point.pod, pointId: point.pointId }),
  });
  const rows = keys.data?.rows ?? [];
  const instant = (text: string | null) => (text ? f.instant(Date.parse(text)) : noValue);
  const changeable = rows.some(({ kind, state }) => kind === "master" && state === "ACTIVE");
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("keys.page-title")}</h2>
        {may("keys.command") && changeable ? (
          <Button size="xs" variant="default" onClick={() => change.mutate()} loading={change.isPending}>
            {t("keys.change")}
          </Button>
        ) : null}
      </div>
      {change.error ? <ProblemNotice error={change.error} /> : null}
      {change.data ? (
        <p className="e-panel-body" role="status">
          {t("keys.change-queued")}
        </p>
      ) : null}
      {keys.isPending ? <Waiting label={t("keys.loading")} /> : null}
      {keys.isError ? <ProblemNotice error={keys.error} onRetry={() => void keys.refetch()} /> : null}
      {keys.data && rows.length === 0 ? <p className="e-panel-body e-muted">{t("keys.none-here")}</p> : null}
      {rows.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
        <section className="e-scroll-x" tabIndex={0} aria-label={t("keys.page-title")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("keys.kind")}</th>
                <th scope="col">{t("keys.state")}</th>
                <th scope="col">{t("keys.fingerprint")}</th>
                <th scope="col">{t("keys.since")}</th>
                <th scope="col">{t("keys.ended")}</th>
                <th scope="col">{t("keys.by")}</th>
                <th scope="col" className="e-num">
                  {t("keys.counter")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.meterKeyId}>
                  <td>{t(`keys.kind.${row.kind}`)}</td>
                  <td>
                    <KeyState state={row.state} />
                  </td>
                  <td>
                    <code>{row.fingerprint}</code>
                  </td>
                  <td>{instant(row.activatedAt)}</td>
                  <td>{instant(row.endedAt)}</td>
                  <td>{row.createdBy ?? noValue}</td>
                  <td className="e-num">
                    {row.nextCounter === null ? noValue : f.number(row.nextCounter, 0)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
