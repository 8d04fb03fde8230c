import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type DataExport, fileAddress } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { addDays } from "../time/zone.ts";

const openMs = 2_000;
const quietMs = 60_000;
const marks: Record<NonNullable<DataExport["state"]>, [shape: string, tone: Tone]> = {
  queued: ["◌", "accent"],
  running: ["◌", "accent"],
  done: ["●", "ok"],
  failed: ["■", "bad"],
  cancelled: ["▲", "warning"],
};
const isOpen = ({ state }: DataExport) => state === "queued" || state === "running";

/** The files that somebody had written, until their days are over. */
export function FileList() {
  const { t } = useLocale();
  const query = useQuery({
    queryKey: ["exports", "list"],
    queryFn: ({ signal }) => api.dataExports(signal),
    refetchInterval: ({ state }) => (state.data?.rows.some(isOpen) ? openMs : quietMs),
  });
  const { data } = query;
  return (
    <section className="e-panel" aria-labelledby="my-files">
      <div className="e-panel-head">
        <h2 id="my-files">{t("exports.mine")}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {data?.rows.length === 0 ? (
        <EmptyNotice title={t("exports.none")}>{t("exports.none-do", { days: data.days })}</EmptyNotice>
      ) : null}
      {data && data.rows.length > 0 ? (
        <Scrolled label={t("exports.mine")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("exports.file")}</th>
                <th scope="col">{t("exports.asked")}</th>
                <th scope="col">{t("exports.state")}</th>
                <th scope="col">{t("exports.content")}</th>
                <th scope="col">
                  <span className="e-hidden">{t("exports.now")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row) => (
                <FileRow key={row.dataExportId} row={row} />
              ))}
            </tbody>
          </table>
        </Scrolled>
      ) : null}
    </section>
  );
}

function FileRow({ row }: { readonly row: DataExport }) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeDataExport(row.dataExportId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["exports", "list"] }),
  });
  const subject = row.of === "s" ? t("an.system") : row.name || row.of;
  const name = `${subject} ${row.energy} ${row.format.toUpperCase()}`;
  const [shape, tone] = row.state ? marks[row.state] : (["●", "ok"] as const);
  return (
    <tr>
      <th scope="row">
        {subject}
        <div className="e-small e-muted">
          {row.energy} · {f.day(row.from)} – {f.day(addDays(row.to, -1))} · {row.format.toUpperCase()}
        </div>
      </th>
      <td data-label={t("exports.asked")}>
        {f.instant(Date.parse(row.requestedAt))}
        <div className="e-small e-muted">
          {t("exports.until", { when: f.instant(Date.parse(row.expiresAt)) })}
        </div>
      </td>
      <td data-label={t("exports.state")}>
        <Mark shape={shape} tone={tone}>
          {t(`exports.state-${row.state ?? "done"}`)}
        </Mark>
        {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      </td>
      <td data-label={t("exports.content")} className="e-num">
        {row.points === null || row.rows === null || row.bytes === null
          ? "–"
          : t("exports.holds", {
              points: row.points,
              rows: row.rows,
              size: f.bytes(row.bytes),
            })}
      </td>
      <td>
        <span className="e-row">
          {row.madeAt === null ? null : (
            <Button
              component="a"
              download
              size="compact-sm"
              href={fileAddress(`/exports/${row.dataExportId}/file`, {})}
              aria-label={t("exports.download-this", { name })}
            >
              {t("exports.now")}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            loading={remove.isPending}
            aria-label={t("exports.remove-this", { name })}
            onClick={() => remove.mutate()}
          >
            {t("exports.remove")}
          </Button>
        </span>
      </td>
    </tr>
  );
}
