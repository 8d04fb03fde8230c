import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Point } from "../api/client.ts";
import { attemptQuery } from "../parts/attempt-query.ts";
import { isOpen } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { AttemptEnd, StageLine } from "../parts/stage-line.tsx";
import { addJob, useJobs } from "../shell/jobs.ts";
import { useLocale } from "../text/provider.tsx";

/** Asks for a read of this point; the tray keeps it when the page is left. */
export function useReadNow(point: Pick<Point, "pointId" | "pod"> | undefined) {
  const queries = useQueryClient();
  const jobs = useJobs();
  const latest = jobs.findLast((job) => job.pointId === point?.pointId)?.attemptId;
  const attempt = useQuery({ ...attemptQuery(latest ?? 0), enabled: latest !== undefined });
  const start = useMutation({
    mutationFn: (pointId: number) => api.readNow(pointId),
    onSuccess: ({ attemptId }) => {
      if (point) addJob({ attemptId, name: point.pod, pointId: point.pointId });
    },
  });
  const cancel = useMutation({
    mutationFn: (attemptId: number) => api.cancelAttempt(attemptId),
    onSettled: (_answer, _error, attemptId) =>
      queries.invalidateQueries({ queryKey: ["attempt", attemptId] }),
  });
  const open = attempt.data !== undefined && isOpen(attempt.data.state);
  return {
    attempt: latest === undefined ? undefined : attempt.data,
    open: open || start.isPending,
    error: start.error ?? cancel.error,
    start: () => point && !open && start.mutate(point.pointId),
    cancel: () => latest !== undefined && cancel.mutate(latest),
    cancelling: cancel.isPending,
  };
}

export type ReadNow = ReturnType<typeof useReadNow>;

/** The stages of the read that was asked for, live. */
export function ReadProgress(props: { readonly read: ReadNow; readonly pod: string }) {
  const { t } = useLocale();
  const { read } = props;
  if (read.error) return <ProblemNotice error={read.error} />;
  if (!read.attempt) return null;
  return (
    <section
      className="e-read"
      aria-label={t("point.read-progress", { pod: props.pod })}
      data-state={read.attempt.state}
    >
      <div className="e-row">
        <StageLine attempt={read.attempt} />
        {read.open ? (
          <Button variant="default" size="xs" onClick={read.cancel} loading={read.cancelling}>
            {t("point.cancel")}
          </Button>
        ) : null}
      </div>
      <div role="status">
        <AttemptEnd attempt={read.attempt} />
      </div>
    </section>
  );
}
