import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api, type PointsImport } from "../api/client.ts";
import { ItsLog } from "../log/its-log.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { isOpenJob, LongJobRow, longJobsQuery } from "../shell/long-jobs.tsx";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { ColumnsPanel } from "./columns-panel.tsx";
import { FaultsPanel } from "./faults-panel.tsx";

/** One file: which column holds what, what is wrong in it, what it would do, and the way to do it and to take it back. */
export function ImportPage() {
  const { t } = useLocale();
  const { pointsImportId } = useParams({ from: "/inside/cfg/import/$pointsImportId" });
  const query = useQuery({
    queryKey: ["points-import", pointsImportId],
    queryFn: ({ signal }) => api.pointsImport(pointsImportId, signal),
  });
  const found = query.data;
  const jobs = useQuery(longJobsQuery).data?.rows;
  const job = jobs?.find(({ jobId }) => jobId === found?.jobId);
  const { refetch } = query;
  const state = job?.state;
  // When its job ends the page shows what has become of it.
  useEffect(() => {
    if (state && state !== "queued" && state !== "running") void refetch();
  }, [state, refetch]);
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.import"), to: "/cfg/import" }];
  if (query.isPending) return <Waiting />;
  if (!found)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.import")} />
        <ProblemNotice error={query.error} onRetry={() => void refetch()} />
      </>
    );
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: found.name }]}
        title={found.name}
        aside={<span className="e-muted e-small">{t(`points-import.state.${found.state}`)}</span>}
        actions={<ItsLog search={{ object: "pointsImport", id: String(pointsImportId) }} />}
      />
      <div className="e-stack">
        {job ? (
          <section className="e-panel e-panel-body">
            <ul className="e-plain-list">
              <LongJobRow job={job} />
            </ul>
          </section>
        ) : null}
        <Effect found={found} idle={jobs !== undefined && !(job && isOpenJob(job))} />
        {found.state === "undone" && found.jobId !== null ? <Left found={found} jobId={found.jobId} /> : null}
        {found.faults.length > 0 ? <FaultsPanel found={found} /> : null}
        {found.changes.length > 0 && found.state === "checked" ? <Changes found={found} /> : null}
        {found.state === "checked" ? <ColumnsPanel key={pointsImportId} found={found} /> : null}
      </div>
    </>
  );
}

/** Stores the file, or takes it back. */
function useBegin(pointsImportId: number, onBegun: () => void = () => undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (what: "run" | "undo") =>
      what === "run" ? api.runPointsImport(pointsImportId) : api.undoPointsImport(pointsImportId),
    onSuccess: async () => {
      onBegun();
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["points-import", pointsImportId] }),
        queries.invalidateQueries({ queryKey: ["points-imports"] }),
        queries.invalidateQueries({ queryKey: longJobsQuery.queryKey }),
      ]);
    },
  });
}

/** What it would do. `idle`: no job is at it; one that broke in the middle is begun again here. */
function Effect({ found, idle }: { readonly found: PointsImport; readonly idle: boolean }) {
  const { t, f } = useLocale();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const { pointsImportId, effect, state } = found;
  const begin = useBegin(pointsImportId, () => setAsking(false));
  const count = effect.new + effect.change;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t(state === "checked" ? "points-import.effect" : "points-import.compared")}</h2>
        {may("import.change") && (state === "checked" || state === "running") ? (
          <Button
            size="xs"
            disabled={count === 0 || (state === "running" && !idle)}
            loading={begin.isPending}
            onClick={() => begin.mutate("run")}
          >
            {t("points-import.run", { count })}
          </Button>
        ) : null}
        {may("import.change") && (state === "done" || (state === "undoing" && idle)) ? (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t("points-import.undo")}
          </Button>
        ) : null}
      </div>
      <dl className="e-statistics" style={{ border: 0, borderRadius: 0 }}>
        {(["new", "change", "same", "faulty"] as const).map((what) => (
          <div key={what}>
            <dt>{t(`points-import.${what}`)}</dt>
            <dd>
              <strong className="e-num">{f.number(effect[what])}</strong>
            </dd>
          </div>
        ))}
      </dl>
      {begin.isError ? (
        <div className="e-panel-body">
          <ProblemNotice error={begin.error} />
        </div>
      ) : null}
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("points-import.undo")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <div className="e-stack">
          <p>{t("points-import.undo-effect")}</p>
          <div className="e-row">
            <Button loading={begin.isPending} onClick={() => begin.mutate("undo")}>
              {t("points-import.undo")}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {t("common.cancel")}
            </Button>
          </div>
        </div>
      </Modal>
    </section>
  );
}

/** Lines whose points stayed when the import was taken back, and why; they alone are tried again. */
function Left({ found, jobId }: { readonly found: PointsImport; readonly jobId: number }) {
  const { t } = useLocale();
  const may = useMay();
  const begin = useBegin(found.pointsImportId);
  const left = useQuery({ queryKey: ["job", jobId, "failures"], queryFn: () => api.jobFailures(jobId) });
  const rows = left.data?.rows ?? [];
  if (left.isError) return <ProblemNotice error={left.error} />;
  if (rows.length === 0) return null;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("points-import.left")}</h2>
        {may("import.change") ? (
          <Button size="xs" variant="default" loading={begin.isPending} onClick={() => begin.mutate("undo")}>
            {t("jobs.retry-failed")}
          </Button>
        ) : null}
      </div>
      {begin.isError ? <ProblemNotice error={begin.error} /> : null}
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("points-import.line")}</th>
            <th scope="col">{t("points-import.what")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ item, code }) => (
            <tr key={item}>
              <td className="e-num">{item}</td>
              <td>{t(problemWords(code).what)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Changes({ found }: { readonly found: PointsImport }) {
  const { t } = useLocale();
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("points-import.changes")}</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
      <section className="e-scroll-x" tabIndex={0} aria-label={t("points-import.changes")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("points-import.line")}</th>
              <th scope="col">{t("points-import.col.pod")}</th>
              <th scope="col">{t("points-import.column")}</th>
              <th scope="col">{t("points-import.was")}</th>
              <th scope="col">{t("points-import.becomes")}</th>
            </tr>
          </thead>
          <tbody>
            {found.changes.flatMap(({ row, pod, fields }) =>
              fields.map(({ field, before, after }) => (
                <tr key={`${row} ${field}`}>
                  <td className="e-num">{row}</td>
                  <td className="e-nowrap">{pod}</td>
                  <td>{t(`points-import.col.${field}`)}</td>
                  <td>{before || "–"}</td>
                  <td>
                    <strong>{after}</strong>
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </section>
    </section>
  );
}
