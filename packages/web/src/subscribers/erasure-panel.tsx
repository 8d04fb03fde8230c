import "./erasure-texts.ts";
import "./texts.ts";
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Erasure, type Subscriber } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { ErasureMark } from "./erasure-list.tsx";
import { type ErasureAct, erasureState } from "./erasure-state.ts";

/** Whether somebody asked to erase what names the subscriber, what became of it, and what can be done. */
export function ErasurePanel({ subscriber }: { readonly subscriber: Subscriber }) {
  const { t, f } = useLocale();
  const may = useMay();
  const nowMs = useNow(60_000);
  const [act, setAct] = useState<ErasureAct>();
  const { subscriberId } = subscriber;
  const query = useQuery({
    queryKey: ["erasures", { subscriberId }],
    queryFn: ({ signal }) => api.erasures({ subscriberId }, signal),
  });
  const shown =
    query.data &&
    erasureState(subscriber, query.data.rows, {
      mayChange: may("subscribers.change"),
      mayApprove: may("subscribers.approve"),
      nowMs,
    });
  return (
    <section className="e-panel" aria-label={t("erasure.title")}>
      <div className="e-panel-head">
        <h2>{t("erasure.title")}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {shown ? (
        <div className="e-panel-body e-stack">
          {shown.request ? (
            <RequestFacts request={shown.request} />
          ) : subscriber.erasedAt === null ? (
            <p className="e-muted">{t("erasure.none")}</p>
          ) : (
            <p>{f.instant(Date.parse(subscriber.erasedAt))}</p>
          )}
          {shown.state === "asked" && shown.request?.own ? (
            <p className="e-small e-muted">{t("erasure.own")}</p>
          ) : null}
          {shown.contractRuns && shown.state !== "erased" ? (
            <p className="e-small e-muted">{t("erasure.contract-runs")}</p>
          ) : null}
          {shown.acts.length > 0 ? (
            <div className="e-row">
              {shown.acts.map((each) => (
                <Button
                  key={each}
                  data-erasure={each}
                  size="xs"
                  variant={each === "confirm" ? "filled" : "default"}
                  onClick={() => setAct(each)}
                >
                  {t(`erasure.${each}`)}
                </Button>
              ))}
            </div>
          ) : null}
        </div>
      ) : null}
      {act && shown ? (
        <ActDialog
          act={act}
          subscriberId={subscriberId}
          erasureId={shown.request?.erasureId}
          onClose={() => setAct(undefined)}
        />
      ) : null}
    </section>
  );
}

function RequestFacts({ request }: { readonly request: Erasure }) {
  const { t, f } = useLocale();
  return (
    <dl className="e-facts">
      <dt>{t("ratios.state")}</dt>
      <dd>
        <ErasureMark state={request.state} />
      </dd>
      <dt>{t("erasure.asked-by")}</dt>
      <dd>
        {request.requestedBy}, {f.instant(Date.parse(request.requestedAt))}
      </dd>
      <dt>{t("erasure.reason")}</dt>
      <dd className="e-break">{request.reason}</dd>
      {request.decidedBy !== null && request.decidedAt !== null ? (
        <>
          <dt>{t("erasure.decided-by")}</dt>
          <dd className="e-break">
            {request.decidedBy}, {f.instant(Date.parse(request.decidedAt))}
            {request.note ? `: ${request.note}` : ""}
            {request.replayedAt === null
              ? ""
              : `; ${t("erasure.replayed", { time: f.instant(Date.parse(request.replayedAt)) })}`}
          </dd>
        </>
      ) : null}
    </dl>
  );
}

/** What it does, why, and the button. */
function ActDialog(props: {
  readonly act: ErasureAct;
  readonly subscriberId: number;
  readonly erasureId: number | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { act, subscriberId, erasureId = 0 } = props;
  const [text, setText] = useState("");
  const complete = act !== "ask" || text.trim().length >= 3;
  const run = useMutation({
    mutationFn: async (): Promise<string> => {
      if (act === "ask") {
        await api.requestErasure(subscriberId, { reason: text.trim() });
        return t("erasure.asked-toast");
      }
      if (act === "withdraw") {
        await api.withdrawErasure(erasureId);
        return t("erasure.withdrawn-toast");
      }
      const decision = { confirm: act === "confirm", note: text.trim() };
      const { state, points } = await api.decideErasure(erasureId, decision);
      return state === "erased" ? t("erasure.done-toast", { points }) : t("erasure.refused-toast");
    },
    onSuccess: async (message) => {
      notifications.show({ message });
      // Points may have lost their name, and every list the subscriber's.
      await queries.invalidateQueries();
      props.onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={act === "ask" ? t("erasure.ask") : `${t("erasure.title")}: ${t(`erasure.${act}`)}`}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <form
        className="e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (complete) run.mutate();
        }}
      >
        {run.isError ? <ProblemNotice error={run.error} /> : null}
        {act === "ask" || act === "confirm" ? <p>{t("erasure.effect")}</p> : null}
        {act === "withdraw" ? null : (
          <TextInput
            label={t(act === "ask" ? "erasure.reason" : "erasure.note")}
            description={t("erasure.reason-help")}
            maxLength={500}
            value={text}
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <div className="e-row">
          <Button type="submit" loading={run.isPending} disabled={!complete}>
            {t(`erasure.${act}`)}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
