import { Button, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** Gives points a tariff by their codes. Codes that no point has stay in the form, to be put right. */
export function AssignForm(props: {
  readonly tariffId: number;
  readonly today: string;
  readonly onEnd: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [pods, setPods] = useState("");
  const [fromDay, setFromDay] = useState(props.today);
  const [toDay, setToDay] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const codes = [...new Set(pods.split(/\s+/).filter((pod) => pod !== ""))];
  const missing = {
    pods: codes.length === 0,
    from: fromDay === "",
    to: toDay !== "" && toDay <= fromDay,
    reason: reason.trim().length < 3,
  };
  const assign = useMutation({
    mutationFn: () =>
      api.assignTariff({
        tariffId: props.tariffId,
        pods: codes,
        fromDay,
        toDay: toDay || null,
        reason: reason.trim(),
      }),
    onSuccess: async ({ points, unknown }) => {
      notifications.show({ message: t("tariffs.assigned", { count: points }) });
      await queries.invalidateQueries({ queryKey: ["tariffs"] });
      if (unknown.length > 0) {
        setPods(unknown.join("\n"));
        setTried(false);
      } else props.onEnd();
    },
  });
  const unknown = assign.data?.unknown.length ?? 0;
  return (
    <section className="e-panel" aria-label={t("tariffs.assign")}>
      <form
        className="e-panel-body e-stack"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          setTried(true);
          if (!Object.values(missing).includes(true)) assign.mutate();
        }}
      >
        {assign.isError ? <ProblemNotice error={assign.error} /> : null}
        {unknown > 0 ? (
          <p className="e-notice" data-tone="warning" role="alert">
            ▲ {t("tariffs.unknown", { count: unknown })}
          </p>
        ) : null}
        <Textarea
          label={t("tariffs.pods")}
          value={pods}
          rows={4}
          error={tried && missing.pods ? t("tariffs.pods-missing") : undefined}
          onChange={(event) => setPods(event.currentTarget.value)}
        />
        <TextInput
          label={t("tariffs.from")}
          type="date"
          value={fromDay}
          error={tried && missing.from ? t("tariffs.from-missing") : undefined}
          onChange={(event) => setFromDay(event.currentTarget.value)}
        />
        <TextInput
          label={t("tariffs.to")}
          type="date"
          value={toDay}
          error={missing.to ? t("tariffs.to-before") : undefined}
          onChange={(event) => setToDay(event.currentTarget.value)}
        />
        <TextInput
          label={t("tariffs.reason")}
          description={t("tariffs.reason-help")}
          value={reason}
          maxLength={500}
          error={tried && missing.reason ? t("tariffs.reason-missing") : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="e-row">
          <Button type="submit" loading={assign.isPending}>
            {t("tariffs.save")}
          </Button>
          <Button variant="default" onClick={props.onEnd}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </section>
  );
}
