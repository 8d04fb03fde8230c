import { Button, Progress } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, type LongJob } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { jobName } from "./job-words.ts";

const openMs = 2_000;
const quietMs = 20_000;

export const isOpenJob = ({ state }: LongJob): boolean => state === "queued" || state === "running";

/** Long work that the server does: one's own, and others' that one may see. Asked for often only while some of it runs. */
export const longJobsQuery = queryOptions({
  queryKey: ["long-jobs"],
  queryFn: ({ signal }) => api.jobs(signal),
  refetchInterval: ({ state }) => (state.data?.rows.some(isOpenJob) ? openMs : quietMs),
});

/** Tells quietly of a job whose end comes while somebody looks; whoever comes later finds it in the list. */
export function useJobEnds(): readonly LongJob[] {
  const { t } = useLocale();
  const queries = useQueryClient();
  const rows = useQuery(longJobsQuery).data?.rows;
  const open = useRef<ReadonlySet<number>>(new Set());
  useEffect(() => {
    if (!rows) return;
    for (const job of rows) {
      if (isOpenJob(job) || !open.current.has(job.jobId)) continue;
      void queries.invalidateQueries({ queryKey: ["job", job.jobId] });
      if (job.state === "cancelled") continue;
      const bad = job.state === "failed" || job.failed > 0;
      notifications.show({
        color: bad ? "red" : "accent",
        message: t(
          job.state === "failed" ? "jobs.long-failed" : bad ? "jobs.long-partly" : "jobs.long-done",
          { name: jobName(t, job), failed: job.failed },
        ),
        autoClose: bad ? 10_000 : 5_000,
        withBorder: true,
      });
    }
    open.current = new Set(rows.filter(isOpenJob).map(({ jobId }) => jobId));
  }, [rows, t, queries]);
  return rows ?? none;
}
const none: readonly LongJob[] = [];

/** How far a job is: a bar while it runs, a word when it has ended, and a way to stop it. */
export function LongJobRow({ job }: { readonly job: LongJob }) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => api.cancelJob(job.jobId),
    onSettled: () => queries.invalidateQueries({ queryKey: longJobsQuery.queryKey }),
  });
  const name = jobName(t, job);
  const counts =
    job.total === null
      ? ""
      : t("jobs.counts", { done: f.number(job.done), total: f.number(job.total), failed: job.failed });
  return (
    <li className="e-row" style={{ justifyContent: "space-between", flexWrap: "nowrap" }}>
      <span style={{ minWidth: 0, flex: "1 1 auto", overflowWrap: "anywhere" }}>
        {name}
        <br />
        <span className="e-small" style={{ display: "block" }}>
          <JobMark job={job} /> <span className="e-muted e-num">{counts}</span>
          {job.errorCode ? <> {t(problemWords(job.errorCode).what)}</> : null}
        </span>
        {job.state === "running" && job.total ? (
          <Progress
            value={(100 * job.done) / job.total}
            size="sm"
            mt={4}
            aria-label={t("jobs.progress-of", { name })}
          />
        ) : null}
      </span>
      {isOpenJob(job) ? (
        <Button
          variant="default"
          size="compact-sm"
          style={{ flex: "none" }}
          loading={cancel.isPending || job.cancelRequestedBy !== null}
          aria-label={t("jobs.cancel-of", { name })}
          onClick={() => cancel.mutate()}
        >
          {t("jobs.cancel")}
        </Button>
      ) : null}
      <RetryFailed job={job} />
    </li>
  );
}

/** Of an acceptance that ended: those that failed once more, as a job of their own. */
function RetryFailed({ job }: { readonly job: LongJob }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { rule, method } = job.result ?? {};
  const retry = useMutation({
    mutationFn: async () => {
      const { rows } = await api.jobFailures(job.jobId);
      const findingIds = rows.map(({ item }) => Number(item)).filter(Number.isSafeInteger);
      return api.acceptFindings({ rule: rule as "V03", method: method as "E3", findingIds });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: longJobsQuery.queryKey }),
  });
  if (job.kind !== "accept-findings" || isOpenJob(job) || job.failed === 0 || !rule || !method) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      style={{ flex: "none" }}
      loading={retry.isPending}
      disabled={retry.isSuccess}
      onClick={() => retry.mutate()}
    >
      {t("jobs.retry-failed")}
    </Button>
  );
}

function JobMark({ job }: { readonly job: LongJob }) {
  const { t } = useLocale();
  if (job.state === "failed")
    return (
      <Mark shape="■" tone="bad">
        {t("jobs.state.failed")}
      </Mark>
    );
  if (job.state === "done")
    return job.failed > 0 ? (
      <Mark shape="▲" tone="warning">
        {t("jobs.state.partly")}
      </Mark>
    ) : (
      <Mark shape="●" tone="ok">
        {t("jobs.state.done")}
      </Mark>
    );
  return (
    <Mark shape={job.state === "cancelled" ? "⊘" : "◌"} tone={job.state === "cancelled" ? "muted" : "accent"}>
      {t(`jobs.state.${job.state}`)}
    </Mark>
  );
}
