import { Button, Modal, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type BillingCorrection, fileAddress } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol, shownRegister } from "../parts/obis.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

/** As many as the server gives. */
const shownMax = 200;

/** What of a billed month is another one by now, and late values that somebody has to decide about. */
export function CorrectionList(props: { readonly month: string; readonly branchId: number | null }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [deciding, setDeciding] = useState<{ row: BillingCorrection; take: boolean }>();
  const asked = { month: props.month, ...(props.branchId === null ? {} : { branch: props.branchId }) };
  const query = useQuery({
    queryKey: ["billing", "corrections", asked],
    queryFn: ({ signal }) => api.billingCorrections(asked, signal),
  });
  const run = useMutation({
    mutationFn: () => api.runBillingCorrections({ month: props.month, branchId: props.branchId }),
    onSuccess: async (outcome) => {
      notifications.show({ message: t("billing.run-done", { ...outcome }) });
      await queries.invalidateQueries({ queryKey: ["billing", "corrections"] });
    },
  });
  const rows = query.data?.rows;
  const shown = (value: string, unit: string) => f.decimal(shownRegister(value, unit).value);
  return (
    <section className="e-panel" aria-labelledby="corrections">
      <div className="e-panel-head">
        <h2 id="corrections">{t("billing.corrections")}</h2>
        <span className="e-row">
          {may("billing.change") ? (
            <Button variant="default" size="xs" loading={run.isPending} onClick={() => run.mutate()}>
              {t("billing.run")}
            </Button>
          ) : null}
          <Button
            component="a"
            download
            variant="default"
            size="xs"
            href={fileAddress("/billing/corrections.csv", asked)}
          >
            {t("common.csv")}
          </Button>
        </span>
      </div>
      {run.isError ? <ProblemNotice error={run.error} /> : null}
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {rows?.length === 0 ? (
        <EmptyNotice title={t("billing.no-corrections")}>{t("billing.no-corrections-do")}</EmptyNotice>
      ) : null}
      {rows && rows.length > 0 ? (
        <Scrolled label={t("billing.corrections")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("billing.point")}</th>
                <th scope="col" className="e-num">
                  {t("billing.change")}
                </th>
                <th scope="col">{t("billing.cause")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.correctionId}>
                  <th scope="row">
                    <Link to="/points/$pointId" params={{ pointId: row.pointId }} search={{ tab: "curve" }}>
                      {row.pod ?? `#${row.pointId}`}
                    </Link>{" "}
                    <span className="e-muted">{obisSymbol(row.obis)}</span>
                    <div className="e-small e-muted">{row.name}</div>
                  </th>
                  <td className="e-num" data-label={t("billing.change")}>
                    {shown(row.oldEnergy, row.unit)} → <strong>{shown(row.newEnergy, row.unit)}</strong>{" "}
                    {shownRegister(row.newEnergy, row.unit).unit}
                    <div className="e-small">
                      {row.difference.startsWith("-") ? "" : "+"}
                      {shown(row.difference, row.unit)}
                    </div>
                  </td>
                  <td data-label={t("billing.cause")}>
                    {row.kind === "held" ? (
                      <Mark
                        shape={row.state === "waiting" ? "▲" : "–"}
                        tone={row.state === "waiting" ? "warning" : "muted"}
                      >
                        {t("billing.held")}
                      </Mark>
                    ) : (
                      <>
                        {t(`billing.cause-${row.cause}`)}
                        {row.causedBy ? ` · ${row.causedBy}` : ""}
                      </>
                    )}
                    {row.causeReason ? <div className="e-small e-break">{row.causeReason}</div> : null}
                    <div className="e-small e-muted">{f.instant(Date.parse(row.foundAt))}</div>
                    {row.decidedBy && row.decidedAt ? (
                      <div className="e-small">
                        {t(row.state === "taken" ? "billing.taken" : "billing.left")} · {row.decidedBy},{" "}
                        {f.instant(Date.parse(row.decidedAt))} · {row.decisionNote}
                      </div>
                    ) : null}
                    {row.state === "waiting" && may("billing.approve") ? (
                      <span className="e-row" style={{ marginTop: 6 }}>
                        <Button size="compact-sm" onClick={() => setDeciding({ row, take: true })}>
                          {t("billing.take")}
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => setDeciding({ row, take: false })}
                        >
                          {t("billing.leave")}
                        </Button>
                      </span>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      ) : null}
      {rows?.length === shownMax ? (
        <p className="e-panel-body e-small e-muted">{t("billing.newest", { count: shownMax })}</p>
      ) : null}
      <Modal
        opened={deciding !== undefined}
        onClose={() => setDeciding(undefined)}
        title={deciding ? t("billing.decide", { pod: deciding.row.pod ?? "" }) : ""}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {deciding ? <DecideForm {...deciding} onEnd={() => setDeciding(undefined)} /> : null}
      </Modal>
    </section>
  );
}

function DecideForm(props: {
  readonly row: BillingCorrection;
  readonly take: boolean;
  readonly onEnd: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: () => api.decideHeldValues(props.row.correctionId, { take: props.take, note: note.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["billing"] });
      props.onEnd();
    },
  });
  const complete = note.trim().length >= 3;
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) decide.mutate();
      }}
    >
      {decide.isError ? <ProblemNotice error={decide.error} /> : null}
      <Textarea
        label={t("billing.reason")}
        required
        withAsterisk={false}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={decide.isPending}>
          {t(props.take ? "billing.take" : "billing.leave")}
        </Button>
        <Button variant="default" onClick={props.onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
