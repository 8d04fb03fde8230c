import { Button, Modal, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type RatioRequest } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

const marks: Record<RatioRequest["state"], [shape: string, tone: Tone]> = {
  open: ["▲", "warning"],
  approved: ["●", "ok"],
  refused: ["■", "bad"],
  withdrawn: ["–", "muted"],
  overtaken: ["–", "muted"],
  expired: ["–", "muted"],
};

/** Changes of ratios that were asked for: what was, what would be, who asked and why, and what can be done about each. */
export function RequestList(props: { readonly rows: readonly RatioRequest[]; readonly withPoint?: true }) {
  const { t, f } = useLocale();
  const may = useMay();
  const [deciding, setDeciding] = useState<{ request: RatioRequest; approve: boolean }>();
  const queries = useQueryClient();
  const again = () =>
    Promise.all(["ratio-requests", "point"].map((first) => queries.invalidateQueries({ queryKey: [first] })));
  const withdraw = useMutation({ mutationFn: api.withdrawRatios, onSuccess: again });
  return (
    <>
      {withdraw.isError ? <ProblemNotice error={withdraw.error} /> : null}
      <Scrolled label={t("ratios.requests")}>
        <table className="e-list-table e-block-table">
          <thead>
            <tr>
              {props.withPoint ? <th scope="col">{t("points.pod")}</th> : null}
              <th scope="col" className="e-num">
                {t("ratios.before")}
              </th>
              <th scope="col" className="e-num">
                {t("ratios.after")}
              </th>
              <th scope="col">{t("ratios.from")}</th>
              <th scope="col">{t("ratios.asked-by")}</th>
              <th scope="col">{t("ratios.state")}</th>
            </tr>
          </thead>
          <tbody>
            {props.rows.map((request) => (
              <tr key={request.requestId}>
                {props.withPoint ? (
                  <th scope="row">
                    <Link
                      to="/points/$pointId"
                      params={{ pointId: request.pointId }}
                      search={{ tab: "configuration" }}
                    >
                      {request.pod ?? `#${request.pointId}`}
                    </Link>
                    <div className="e-small e-muted">{request.name}</div>
                  </th>
                ) : null}
                <td className="e-num" data-label={t("ratios.before")}>
                  <Values ratios={request.before} />
                </td>
                <td className="e-num" data-label={t("ratios.after")}>
                  <strong>
                    <Values ratios={request.after} />
                  </strong>
                </td>
                <td data-label={t("ratios.from")}>{f.instant(Date.parse(request.from))}</td>
                <td data-label={t("ratios.asked-by")}>
                  {request.requestedBy}, {f.instant(Date.parse(request.requestedAt))}
                  <div className="e-small e-break" style={{ minWidth: 220 }}>
                    {request.reason}
                  </div>
                </td>
                <td>
                  <Mark shape={marks[request.state][0]} tone={marks[request.state][1]}>
                    {t(`ratios.state-${request.state}`)}
                  </Mark>
                  <div className="e-small">
                    {request.state === "open"
                      ? t("ratios.until", { time: f.instant(Date.parse(request.validUntil)) })
                      : request.decidedBy && request.decidedAt
                        ? `${request.decidedBy}, ${f.instant(Date.parse(request.decidedAt))}`
                        : null}
                  </div>
                  {request.state === "overtaken" ? (
                    <div className="e-small e-muted">{t("ratios.overtaken-why")}</div>
                  ) : null}
                  {request.note ? (
                    <div className="e-small e-break" style={{ minWidth: 160 }}>
                      {request.note}
                    </div>
                  ) : null}
                  {request.state !== "open" ? null : request.own ? (
                    <div className="e-row" style={{ marginTop: 6 }}>
                      <span className="e-small e-muted">{t("ratios.own")}</span>
                      {may("points.change") ? (
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => withdraw.mutate(request.requestId)}
                          loading={withdraw.isPending}
                        >
                          {t("ratios.withdraw")}
                        </Button>
                      ) : null}
                    </div>
                  ) : may("points.approve") ? (
                    <span className="e-row" style={{ marginTop: 6 }}>
                      <Button size="compact-sm" onClick={() => setDeciding({ request, approve: true })}>
                        {t("ratios.approve")}
                      </Button>
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => setDeciding({ request, approve: false })}
                      >
                        {t("ratios.refuse")}
                      </Button>
                    </span>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <Modal
        opened={deciding !== undefined}
        onClose={() => setDeciding(undefined)}
        title={deciding ? t(deciding.approve ? "ratios.approve-title" : "ratios.refuse-title") : ""}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {deciding ? (
          <DecisionForm
            {...deciding}
            onEnd={async () => {
              setDeciding(undefined);
              await again();
            }}
          />
        ) : null}
      </Modal>
    </>
  );
}

function Values({ ratios }: { readonly ratios: RatioRequest["before"] }) {
  const { t, f } = useLocale();
  return (
    <>
      <span className="e-nowrap">
        {f.decimal(ratios.ctRatio)} × {f.decimal(ratios.vtRatio)}
      </span>
      {ratios.primaryValues ? <div className="e-small e-muted">{t("config.primary")}</div> : null}
    </>
  );
}

/** The same before and after once more, since this is where bills change. */
function DecisionForm(props: {
  readonly request: RatioRequest;
  readonly approve: boolean;
  readonly onEnd: () => Promise<void>;
}) {
  const { t, f } = useLocale();
  const { request, approve } = props;
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: () =>
      api.decideRatios(request.requestId, {
        approve,
        ...(note.trim() === "" ? {} : { note: note.trim() }),
      }),
    onSuccess: async ({ state, days }) => {
      notifications.show({
        message:
          state === "approved"
            ? t("ratios.done", { days })
            : t(state === "overtaken" ? "ratios.overtaken-why" : "ratios.state-refused"),
      });
      await props.onEnd();
    },
  });
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        decide.mutate();
      }}
    >
      {decide.isError ? <ProblemNotice error={decide.error} /> : null}
      <dl className="e-facts">
        <dt>{t("ratios.before")}</dt>
        <dd>
          <Values ratios={request.before} />
        </dd>
        <dt>{t("ratios.after")}</dt>
        <dd>
          <Values ratios={request.after} />
        </dd>
        <dt>{t("ratios.from")}</dt>
        <dd>{f.instant(Date.parse(request.from))}</dd>
        <dt>{t("ratios.reason")}</dt>
        <dd className="e-break">{request.reason}</dd>
      </dl>
      <p className="e-small e-muted">{t(approve ? "ratios.approve-lead" : "ratios.refuse-lead")}</p>
      <Textarea
        label={t("ratios.note")}
        value={note}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className="e-row">
        <Button type="submit" loading={decide.isPending}>
          {t(approve ? "ratios.approve" : "ratios.refuse")}
        </Button>
        <Button variant="default" onClick={() => void props.onEnd()}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
