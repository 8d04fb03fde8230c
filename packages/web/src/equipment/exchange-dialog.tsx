import { Button, Checkbox, Modal, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import type { FoundMeter } from "./adopt-meters-dialog.tsx";
import "./texts.ts";

/** A meter that went and the one in its place. */
export interface SeenExchange {
  readonly old: FoundMeter;
  readonly fresh: FoundMeter;
  readonly at: string;
}

const exact = /^\d{1,12}([.,]\d{1,6})?$/;
const decimalOf = (text: string) => text.trim().replace(",", ".");

/** Accepts an exchange: when it was, what the old meter showed last and the new one first, and why. */
export function ExchangeDialog(props: {
  readonly gatewayId: number;
  readonly exchange: SeenExchange | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useLocale();
  const { exchange } = props;
  return (
    <Modal
      opened={exchange !== undefined}
      onClose={props.onClose}
      title={exchange ? t("meters.exchange-of", { old: exchange.old.name, new: exchange.fresh.name }) : ""}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {exchange ? <ExchangeForm {...props} exchange={exchange} /> : null}
    </Modal>
  );
}

function ExchangeForm(props: {
  readonly gatewayId: number;
  readonly exchange: SeenExchange;
  readonly onClose: () => void;
}) {
  const { t, f, zone } = useLocale();
  const queries = useQueryClient();
  const { old, fresh } = props.exchange;
  const [at, setAt] = useState(() => fieldOfInstant(props.exchange.at, zone));
  const [last, setLast] = useState("");
  const [first, setFirst] = useState("");
  const [reason, setReason] = useState("");
  const [accepted, setAccepted] = useState<readonly string[]>([]);
  const instant = instantOfField(at, zone);
  const isIndex = (text: string) => text.trim() === "" || exact.test(text.trim());
  const complete = instant && isIndex(last) && isIndex(first) && reason.trim().length >= 3;
  const accept = useMutation({
    mutationFn: () =>
      api.acceptExchange(props.gatewayId, {
        oldDevice: old.logicalDevice,
        newDevice: fresh.logicalDevice,
        at: instant ?? "",
        ...(last.trim() === "" ? {} : { finalIndexKwh: decimalOf(last) }),
        ...(first.trim() === "" ? {} : { initialIndexKwh: decimalOf(first) }),
        ...(accepted.length === 0 ? {} : { accepted: [...accepted] }),
        reason: reason.trim(),
      }),
    onSuccess: async ({ days }) => {
      await queries.invalidateQueries({ queryKey: ["equipment"] });
      notifications.show({
        color: "accent",
        message: t("meters.exchange-done", { pod: old.pod ?? "", days: f.number(days) }),
        autoClose: 8_000,
        withBorder: true,
      });
      props.onClose();
    },
  });
  // What is doubtful stands in the refusal; the same call goes again once somebody says that it is so.
  const doubts =
    accept.error instanceof Problem && accept.error.code === "exchange.doubtful"
      ? accept.error.message.split(", ")
      : [];
  const doubtWords = doubts
    .map((doubt) => t(`seen-exchange.${doubt.split(" ")[0]}` as MessageKey))
    .join(", ");
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) accept.mutate();
      }}
    >
      {accept.isError ? <ProblemNotice error={accept.error} /> : null}
      <p>{t("meters.exchange-lead", { pod: old.pod ?? "", old: old.name, new: fresh.name })}</p>
      <TextInput
        type="datetime-local"
        step={60}
        label={t("meters.exchange-at")}
        description={t("meters.exchange-at-help", { zone })}
        required
        withAsterisk={false}
        data-autofocus
        value={at}
        onChange={(event) => setAt(event.currentTarget.value)}
      />
      <div className="e-row" style={{ alignItems: "start" }}>
        <TextInput
          label={t("meters.final-index", { name: old.name })}
          inputMode="decimal"
          error={isIndex(last) ? undefined : t("meters.index-wrong")}
          style={{ flex: "1 1 180px" }}
          value={last}
          onChange={(event) => setLast(event.currentTarget.value)}
        />
        <TextInput
          label={t("meters.initial-index", { name: fresh.name })}
          inputMode="decimal"
          error={isIndex(first) ? undefined : t("meters.index-wrong")}
          style={{ flex: "1 1 180px" }}
          value={first}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
      </div>
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
      {doubts.length > 0 ? (
        <Checkbox
          label={t("seen-exchange.accept", { doubts: doubtWords })}
          checked={doubts.every((doubt) => accepted.includes(doubt))}
          onChange={(event) => setAccepted(event.currentTarget.checked ? doubts : [])}
        />
      ) : null}
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={accept.isPending}>
          {t("meters.exchange")}
        </Button>
        <Button variant="default" onClick={props.onClose}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
