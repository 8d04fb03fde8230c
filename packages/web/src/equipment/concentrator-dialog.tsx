import { Button, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Concentrator } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { addJob } from "../shell/jobs.ts";
import { useLocale } from "../text/provider.tsx";

export type ConcentratorDialogKind = "adopt" | "change" | "retire" | "hand-over" | "set-clocks";

const reasonMin = 3;

/** One act on a concentrator: what it does, what it needs to know, and why it is done. */
export function ConcentratorDialog(props: {
  readonly concentrator: Concentrator;
  readonly kind: ConcentratorDialogKind | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useLocale();
  const { concentrator, kind } = props;
  const name = concentrator.name || concentrator.identity;
  return (
    <Modal
      opened={kind !== undefined}
      onClose={props.onClose}
      title={kind ? t(`gateway-dialog.${kind}`, { name }) : ""}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {kind === "adopt" || kind === "change" ? (
        <Placement concentrator={concentrator} kind={kind} onDone={props.onClose} />
      ) : kind === "hand-over" ? (
        <HandOver concentrator={concentrator} onDone={props.onClose} />
      ) : kind ? (
        <WithReason concentrator={concentrator} kind={kind} onDone={props.onClose} />
      ) : null}
    </Modal>
  );
}

interface FormProps {
  readonly concentrator: Concentrator;
  readonly onDone: () => void;
}

/** Loads what changed anew, says that it is done, and closes. */
function useDone({ concentrator, onDone }: FormProps) {
  const { t } = useLocale();
  const queries = useQueryClient();
  return async (message: "gateway-done.saved" | "gateway-done.adopted" | "gateway-done.retired") => {
    await queries.invalidateQueries({ queryKey: ["equipment"] });
    notifications.show({
      color: "accent",
      message: t(message, { name: concentrator.name || concentrator.identity }),
      autoClose: 5_000,
      withBorder: true,
    });
    onDone();
  };
}

/** Name and branch; of one that was retired also why it comes back. */
function Placement(props: FormProps & { readonly kind: "adopt" | "change" }) {
  const { t } = useLocale();
  const { concentrator, kind } = props;
  const isBack = concentrator.state === "retired";
  const done = useDone(props);
  const [name, setName] = useState(concentrator.name);
  const [branchId, setBranchId] = useState<number>();
  const [reason, setReason] = useState("");
  const branches = useQuery({
    queryKey: ["equipment", "branches"],
    queryFn: ({ signal }) => api.equipmentBranches(signal),
  });
  const path = concentrator.branch.join(" › ");
  const chosen = branchId ?? branches.data?.branches.find((each) => each.path.join(" › ") === path)?.branchId;
  const save = useMutation({
    mutationFn: async () => {
      if (kind === "change")
        return api.changeConcentrator(concentrator.gatewayId, {
          name: name.trim(),
          ...(chosen === undefined ? {} : { branchId: chosen }),
        });
      return api.adoptConcentrator(concentrator.gatewayId, {
        name: name.trim(),
        branchId: chosen ?? 0,
        ...(isBack ? { again: true, reason: reason.trim() } : {}),
      });
    },
    onSuccess: () => done(kind === "adopt" ? "gateway-done.adopted" : "gateway-done.saved"),
  });
  const complete =
    name.trim() !== "" &&
    (kind === "change" || chosen !== undefined) &&
    (!isBack || kind === "change" || reason.trim().length >= reasonMin);
  return (
    <form
      className="e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) save.mutate();
      }}
    >
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      {branches.isError ? <ProblemNotice error={branches.error} /> : null}
      {kind === "adopt" ? (
        <p>
          {t(isBack ? "gateway-dialog.take-back-lead" : "gateway-dialog.adopt-lead", {
            identity: concentrator.identity,
          })}
        </p>
      ) : null}
      <TextInput
        label={t("gateway-dialog.name")}
        description={t("gateway-dialog.name-help")}
        required
        withAsterisk={false}
        maxLength={100}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("gateway-dialog.branch")}
        description={t("gateway-dialog.branch-help")}
        value={chosen === undefined ? "" : String(chosen)}
        onChange={(event) => setBranchId(Number(event.currentTarget.value) || undefined)}
        data={[
          { value: "", label: t("people.choose") },
          ...(branches.data?.branches ?? []).map((branch) => ({
            value: String(branch.branchId),
            label: branch.path.join(" › "),
          })),
        ]}
      />
      {kind === "adopt" && isBack ? <ReasonField value={reason} onChange={setReason} /> : null}
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={save.isPending}>
          {t(
            kind === "change"
              ? "gateway-dialog.save"
              : isBack
                ? "gateway-action.take-back"
                : "gateway-action.adopt",
          )}
        </Button>
        <Button variant="default" onClick={props.onDone}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

function ReasonField(props: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useLocale();
  return (
    <Textarea
      label={t("gateway-dialog.reason")}
      description={t("gateway-dialog.reason-help")}
      required
      withAsterisk={false}
      maxLength={500}
      autosize
      minRows={2}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** What cannot be undone, or marks data: its effect, and a reason. */
function WithReason(props: FormProps & { readonly kind: "retire" | "set-clocks" }) {
  const { t, f } = useLocale();
  const { concentrator, kind } = props;
  const { gatewayId, meterList } = concentrator;
  const queries = useQueryClient();
  const done = useDone(props);
  const [reason, setReason] = useState("");
  const name = concentrator.name || concentrator.identity;
  const points = meterList.filter(({ pointId }) => pointId !== null).length;
  const isStranger = concentrator.state === "quarantine";
  const act = useMutation({
    mutationFn: async () => {
      if (kind === "retire") {
        await api.retireConcentrator(gatewayId, reason.trim());
        return undefined;
      }
      return api.askConcentrator(gatewayId, { action: "set-clocks", reason: reason.trim() });
    },
    onSuccess: async (queued) => {
      if (!queued) return done("gateway-done.retired");
      addJob({
        attemptId: queued.attemptId,
        name: `${name}: ${t("gateway-action.set-clocks")}`,
        pointId: null,
      });
      await queries.invalidateQueries({ queryKey: ["equipment", gatewayId] });
      props.onDone();
    },
  });
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim().length >= reasonMin) act.mutate();
      }}
    >
      {act.isError ? <ProblemNotice error={act.error} /> : null}
      <p>
        {kind === "set-clocks"
          ? t("gateway-dialog.set-clocks-lead", { count: meterList.length })
          : isStranger
            ? t("gateway-dialog.turn-away-lead")
            : t("gateway-dialog.retire-lead", { count: points })}
      </p>
      {kind === "retire" && concentrator.entriesWaiting > 0 && !isStranger ? (
        <p className="e-notice" data-tone="warning">
          {t("gateway-dialog.retire-waiting", { count: f.number(concentrator.entriesWaiting) })}
        </p>
      ) : null}
      <ReasonField value={reason} onChange={setReason} />
      <div className="e-row">
        <Button type="submit" disabled={reason.trim().length < reasonMin} loading={act.isPending}>
          {t(
            kind === "retire"
              ? isStranger
                ? "gateway-action.turn-away"
                : "gateway-action.retire"
              : "gateway-action.set-clocks",
          )}
        </Button>
        <Button variant="default" onClick={props.onDone}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** Which one takes its place, what that does, and why. */
function HandOver(props: FormProps) {
  const { t } = useLocale();
  const { concentrator } = props;
  const { gatewayId } = concentrator;
  const done = useDone(props);
  const [to, setTo] = useState<number>();
  const [reason, setReason] = useState("");
  const others = useQuery({
    queryKey: ["equipment", "others"],
    queryFn: ({ signal }) => api.concentrators({ limit: 500 }, signal),
  });
  const effect = useQuery({
    queryKey: ["equipment", gatewayId, "handover", to],
    queryFn: ({ signal }) => api.handOverEffect(gatewayId, to ?? 0, signal),
    enabled: to !== undefined,
  });
  const act = useMutation({
    mutationFn: () => api.handOverConcentrator(gatewayId, { to: to ?? 0, reason: reason.trim() }),
    onSuccess: () => done("gateway-done.retired"),
  });
  const complete = to !== undefined && effect.isSuccess && reason.trim().length >= reasonMin;
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) act.mutate();
      }}
    >
      {act.isError ? <ProblemNotice error={act.error} /> : null}
      {others.isError ? <ProblemNotice error={others.error} /> : null}
      <p>{t("gateway-dialog.hand-over-lead")}</p>
      <NativeSelect
        label={t("gateway-dialog.hand-over-to")}
        value={to === undefined ? "" : String(to)}
        onChange={(event) => setTo(Number(event.currentTarget.value) || undefined)}
        data={[
          { value: "", label: t("people.choose") },
          ...(others.data?.rows ?? [])
            .filter(
              (row) => row.gatewayId !== gatewayId && row.state !== "quarantine" && row.state !== "retired",
            )
            .map((row) => ({ value: String(row.gatewayId), label: row.name || row.identity })),
        ]}
      />
      {effect.isError ? <ProblemNotice error={effect.error} /> : null}
      {effect.data ? <p role="status">{t("gateway-dialog.hand-over-effect", { ...effect.data })}</p> : null}
      <ReasonField value={reason} onChange={setReason} />
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={act.isPending}>
          {t("gateway-action.hand-over")}
        </Button>
        <Button variant="default" onClick={props.onDone}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
