import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Attempt, api, type Concentrator } from "../api/client.ts";
import { attemptQuery } from "../parts/attempt-query.ts";
import { isOpen } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { AttemptEnd, StageLine } from "../parts/stage-line.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

/** How long the end of a request stays under the head of the page; afterwards it stands among the exchanges. */
const shownForMs = 15 * 60_000;
export const requestKinds = ["scan", "read-all", "set-clocks", "read-state", "configure"] as const;
export type RequestKind = (typeof requestKinds)[number];
export const requestKindOf = (attempt: Pick<Attempt, "asked">): RequestKind | undefined =>
  requestKinds.find((kind) => kind === attempt.asked);

/** The request that somebody made last, whoever it was: where it stands, and a way to stop it. */
export function RequestProgress(props: { readonly concentrator: Concentrator; readonly nowMs: number }) {
  const { concentrator, nowMs } = props;
  const latest = concentrator.attempts.find((attempt) => requestKindOf(attempt) !== undefined);
  if (!latest) return null;
  const isFresh =
    isOpen(latest.state) || nowMs - Date.parse(latest.endedAt ?? latest.requestedAt) < shownForMs;
  return isFresh ? <Progress concentrator={concentrator} latest={latest} /> : null;
}

function Progress(props: { readonly concentrator: Concentrator; readonly latest: Attempt }) {
  const { t } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const { gatewayId, state } = props.concentrator;
  const query = useQuery({ ...attemptQuery(props.latest.attemptId), initialData: props.latest });
  const attempt = query.data;
  const kind = requestKindOf(attempt) ?? "scan";
  const open = isOpen(attempt.state);
  useEffect(() => {
    // What it brought stands on the page.
    if (!open) void queries.invalidateQueries({ queryKey: ["equipment", gatewayId] });
  }, [open, queries, gatewayId]);
  const cancel = useMutation({
    mutationFn: () => api.cancelAttempt(attempt.attemptId),
    onSettled: () => queries.invalidateQueries({ queryKey: ["attempt", attempt.attemptId] }),
  });
  return (
    <section className="e-read" aria-label={t(`gateway-action.${kind}`)} data-state={attempt.state}>
      <div className="e-row">
        <strong>{t(`gateway-action.${kind}`)}</strong>
        <StageLine attempt={attempt} />
        {open && may("points.command") ? (
          <Button variant="default" size="xs" onClick={() => cancel.mutate()} loading={cancel.isPending}>
            {t("point.cancel")}
          </Button>
        ) : null}
      </div>
      {cancel.isError ? <ProblemNotice error={cancel.error} /> : null}
      <div role="status">
        {attempt.state === "queued" && state !== "online" ? (
          <p>{t("gateway-request.waits")}</p>
        ) : attempt.state === "done" ? (
          <p>{t(`gateway-request.${kind}`)}</p>
        ) : (
          <AttemptEnd attempt={attempt} />
        )}
      </div>
    </section>
  );
}
