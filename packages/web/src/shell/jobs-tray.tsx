import { Button, Popover } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { attemptQuery } from "../parts/attempt-query.ts";
import { AttemptMark, isOpen } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";
import { type Job, markTold, removeJob, useJobs } from "./jobs.ts";
import { isOpenJob, LongJobRow, useJobEnds } from "./long-jobs.tsx";

/** The reads that this browser started, and the long work of the server: what each is doing, and a way to stop it. */
export function JobsTray() {
  const { t } = useLocale();
  const jobs = useJobs();
  const [opened, setOpened] = useState(false);
  const states = useQueries({ queries: jobs.map((job) => attemptQuery(job.attemptId)) });
  const longJobs = useJobEnds();
  const open =
    states.filter((state) => state.data && isOpen(state.data.state)).length +
    longJobs.filter(isOpenJob).length;

  useEffect(() => {
    for (const [index, job] of jobs.entries()) {
      const attempt = states[index]?.data;
      if (job.told || !attempt || isOpen(attempt.state)) continue;
      markTold(job.attemptId);
      if (attempt.state === "cancelled") continue;
      const failed = attempt.state === "failed";
      notifications.show({
        color: failed ? "red" : "accent",
        message: t(failed ? "jobs.failed-toast" : "jobs.done-toast", { name: job.name }),
        autoClose: failed ? 10_000 : 5_000,
        withBorder: true,
      });
    }
  });

  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width={340}
      position="bottom-end"
      withRoles={false}
      shadow="md"
    >
      <Popover.Target>
        <button
          type="button"
          className="e-quiet-button e-num e-jobs-sign"
          aria-expanded={opened}
          aria-label={t("jobs.label", { count: open })}
          onClick={() => setOpened(!opened)}
        >
          {open}
        </button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t("jobs.title")} p="md" maw="calc(100vw - 16px)">
        <h2>{t("jobs.title")}</h2>
        {jobs.length + longJobs.length === 0 ? <p className="e-muted e-small">{t("jobs.none")}</p> : null}
        <ul className="e-stack" style={{ gap: 8, marginTop: 8 }}>
          {longJobs.map((job) => (
            <LongJobRow key={job.jobId} job={job} />
          ))}
          {jobs.toReversed().map((job) => (
            <JobRow
              key={job.attemptId}
              job={job}
              state={states[jobs.indexOf(job)]?.data?.state}
              gone={states[jobs.indexOf(job)]?.isError ?? false}
              onLeave={() => setOpened(false)}
            />
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function JobRow(props: {
  readonly job: Job;
  readonly state: Parameters<typeof isOpen>[0] | undefined;
  readonly gone: boolean;
  readonly onLeave: () => void;
}) {
  const { t } = useLocale();
  const { job, state } = props;
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => api.cancelAttempt(job.attemptId),
    onSettled: () => queries.invalidateQueries({ queryKey: ["attempt", job.attemptId] }),
  });
  return (
    <li className="e-row" style={{ justifyContent: "space-between", flexWrap: "nowrap" }}>
      <span style={{ minWidth: 0, overflowWrap: "anywhere" }}>
        {job.pointId === null ? (
          job.name
        ) : (
          <Link to="/points/$pointId" params={{ pointId: job.pointId }} search={{}} onClick={props.onLeave}>
            {job.name}
          </Link>
        )}
        <br />
        <span className="e-small">{state ? <AttemptMark state={state} /> : props.gone ? "–" : "…"}</span>
      </span>
      {state && isOpen(state) ? (
        <Button
          variant="default"
          size="compact-sm"
          loading={cancel.isPending}
          aria-label={t("jobs.cancel-of", { name: job.name })}
          onClick={() => cancel.mutate()}
        >
          {t("jobs.cancel")}
        </Button>
      ) : (
        <button
          type="button"
          className="e-quiet-button"
          aria-label={t("jobs.dismiss", { name: job.name })}
          onClick={() => removeJob(job.attemptId)}
        >
          ×
        </button>
      )}
    </li>
  );
}
