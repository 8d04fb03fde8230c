import "./texts.ts";
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Contract } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** What can be done to a contract: an end without a successor, or taking it back when it was a mistake. */
export type ContractAct = "end" | "take-back";

/** Asks for the day and the reason, and does it. */
export function ContractDialog(props: {
  readonly contract: Contract;
  readonly act: ContractAct;
  readonly onClose: () => void;
}) {
  const { t, zone } = useLocale();
  const queries = useQueryClient();
  const { contract, act } = props;
  const [day, setDay] = useState(() => fieldOfInstant(new Date().toISOString(), zone).slice(0, 10));
  const [reason, setReason] = useState("");
  const at = instantOfField(`${day}T00:00`, zone);
  const complete = reason.trim().length >= 3 && (act === "take-back" || at !== undefined);
  const run = useMutation({
    mutationFn: () =>
      act === "end"
        ? api.endContract(contract.contractId, { at: at ?? "", reason: reason.trim() })
        : api.takeBackContract(contract.contractId, { reason: reason.trim() }),
    onSuccess: async () => {
      notifications.show({ message: t(act === "end" ? "contracts.ended" : "contracts.taken-back") });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["contracts", contract.pointId] }),
        queries.invalidateQueries({ queryKey: ["subscribers"] }),
        queries.invalidateQueries({ queryKey: ["subscriber"] }),
      ]);
      props.onClose();
    },
  });
  const title = t(act === "end" ? "contracts.move-out" : "contracts.take-back");
  return (
    <Modal opened onClose={props.onClose} title={title} closeButtonProps={{ "aria-label": t("nav.close") }}>
      <form
        className="e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (complete) run.mutate();
        }}
      >
        {run.isError ? <ProblemNotice error={run.error} /> : null}
        {act === "end" ? (
          <TextInput
            type="date"
            label={t("contracts.ends")}
            value={day}
            data-autofocus
            onChange={(event) => setDay(event.currentTarget.value)}
          />
        ) : (
          <p>{t("contracts.take-back-effect", { number: contract.number, name: contract.subscriber })}</p>
        )}
        <TextInput
          label={t("contracts.reason")}
          description={t("contracts.reason-help")}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="e-row">
          <Button type="submit" loading={run.isPending} disabled={!complete}>
            {title}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
