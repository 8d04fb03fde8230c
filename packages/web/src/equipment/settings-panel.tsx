import { Button, NumberInput, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Concentrator } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { addJob } from "../shell/jobs.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

type Proposal = Concentrator["proposals"][number];
type Setting = Concentrator["settings"][number];

const marks: Record<Proposal["state"], [shape: string, tone: Tone]> = {
  queued: ["◌", "muted"],
  sent: ["↻", "accent"],
  confirmed: ["●", "ok"],
  "rolled-back": ["▲", "warning"],
  refused: ["■", "bad"],
  cancelled: ["⊘", "muted"],
};

/** Schedule and limits of a concentrator: what is in force, other values for it, and what became of those that were sent. */
export function SettingsPanel({ concentrator }: { readonly concentrator: Concentrator }) {
  const { t } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const { gatewayId, state, settings, proposals, configurationRead } = concentrator;
  const isOurs = state !== "quarantine" && state !== "retired";
  const read = useMutation({
    mutationFn: () => api.askConcentrator(gatewayId, { action: "read-state" }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["equipment", gatewayId] }),
  });
  const isOpen = proposals.some((proposal) => proposal.state === "queued" || proposal.state === "sent");
  return (
    <section className="e-panel" aria-labelledby="settings">
      <div className="e-panel-head">
        <h2 id="settings">{t("settings.title")}</h2>
        {may("equipment.command") && isOurs ? (
          <Button size="xs" variant="default" loading={read.isPending} onClick={() => read.mutate()}>
            {t("gateway-action.read-state")}
          </Button>
        ) : null}
      </div>
      {read.isError ? <ProblemNotice error={read.error} /> : null}
      {configurationRead ? null : <p className="e-panel-body e-muted">{t("settings.unread")}</p>}
      {configurationRead && editing ? (
        <SettingsForm concentrator={concentrator} onDone={() => setEditing(false)} />
      ) : null}
      {configurationRead && !editing ? (
        <div className="e-panel-body e-stack">
          <dl className="e-facts">
            {settings.map((row) => (
              <div key={row.setting} style={{ display: "contents" }}>
                <dt>{t(`setting.${row.setting}`)}</dt>
                <dd className="e-num">
                  <Value setting={row.setting} value={row.value} />
                </dd>
              </div>
            ))}
          </dl>
          {may("equipment.change") && isOurs ? (
            <div>
              <Button variant="default" disabled={isOpen} onClick={() => setEditing(true)}>
                {t("settings.change")}
              </Button>
            </div>
          ) : null}
        </div>
      ) : null}
      {proposals.length > 0 ? <Proposals rows={proposals} /> : null}
    </section>
  );
}

function Value(props: { readonly setting: Setting["setting"]; readonly value: number | null }) {
  const { t, f } = useLocale();
  const { setting, value } = props;
  if (value === null) return <span className="e-muted">{t("settings.default")}</span>;
  return setting.endsWith("Days") ? t("settings.days", { count: value }) : f.duration(value * 1000);
}

function SettingsForm(props: { readonly concentrator: Concentrator; readonly onDone: () => void }) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const { gatewayId, settings, name, identity } = props.concentrator;
  const [typed, setTyped] = useState<ReadonlyMap<string, number | string>>(new Map());
  const [reason, setReason] = useState("");
  const changes = settings.flatMap((row) => {
    const to = typed.get(row.setting);
    return typeof to === "number" && to !== row.value ? [{ ...row, to }] : [];
  });
  const isWrong = changes.some(({ to, min, max }) => to < min || to > max);
  const send = useMutation({
    mutationFn: () =>
      api.proposeSettings(gatewayId, {
        settings: changes.map(({ setting, to }) => ({ setting, value: to })),
        reason: reason.trim(),
      }),
    onSuccess: async ({ attemptId }) => {
      addJob({ attemptId, name: `${name || identity}: ${t("gateway-action.configure")}`, pointId: null });
      await queries.invalidateQueries({ queryKey: ["equipment", gatewayId] });
      props.onDone();
    },
  });
  const complete = changes.length > 0 && !isWrong && reason.trim().length >= 3;
  return (
    <form
      className="e-panel-body e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) send.mutate();
      }}
    >
      {send.isError ? <ProblemNotice error={send.error} /> : null}
      <div className="e-row" style={{ alignItems: "start" }}>
        {settings.map((row) => (
          <NumberInput
            key={row.setting}
            label={t(`setting.${row.setting}`)}
            description={t(row.setting.endsWith("Days") ? "settings.in-days" : "settings.in-seconds", {
              min: f.number(row.min),
              max: f.number(row.max),
            })}
            placeholder={t("settings.default")}
            allowDecimal={false}
            clampBehavior="none"
            min={row.min}
            max={row.max}
            style={{ flex: "1 1 220px" }}
            value={typed.get(row.setting) ?? row.value ?? ""}
            onChange={(value) => setTyped(new Map(typed).set(row.setting, value))}
          />
        ))}
      </div>
      <div role="status" className="e-stack" style={{ gap: 4 }}>
        {changes.length === 0 ? <p className="e-muted">{t("settings.no-change")}</p> : null}
        {changes.map((change) => (
          <p key={change.setting}>
            {t(`setting.${change.setting}`)}: <Value setting={change.setting} value={change.value} /> →{" "}
            <strong>
              <Value setting={change.setting} value={change.to} />
            </strong>
          </p>
        ))}
      </div>
      <p>{t("settings.lead")}</p>
      <Textarea
        label={t("gateway-dialog.reason")}
        description={t("gateway-dialog.reason-help")}
        required
        withAsterisk={false}
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={send.isPending}>
          {t("settings.send")}
        </Button>
        <Button variant="default" onClick={props.onDone}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

function Proposals({ rows }: { readonly rows: readonly Proposal[] }) {
  const { t, f } = useLocale();
  return (
    <div className="e-panel-body">
      <h3>{t("settings.history")}</h3>
      <ul className="e-stack e-small" style={{ gap: 8, marginTop: 8 }}>
        {rows.map((row) => {
          const [shape, tone] = marks[row.state];
          return (
            <li key={row.proposalId}>
              <span className="e-row">
                <Mark shape={shape} tone={tone}>
                  {t(`proposal.${row.state}`)}
                </Mark>
                <time className="e-num e-muted" dateTime={row.proposedAt}>
                  {f.instant(Date.parse(row.proposedAt))}
                </time>
                <span className="e-muted">{row.proposedBy}</span>
              </span>
              {row.changes.map((change) => (
                <div key={change.setting}>
                  {t(`setting.${change.setting}`)}:{" "}
                  {change.from === null ? noValue : <Value setting={change.setting} value={change.from} />} →{" "}
                  <Value setting={change.setting} value={change.to} />
                </div>
              ))}
              <div className="e-muted e-break">{[row.reason, row.error].filter(Boolean).join(" · ")}</div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
