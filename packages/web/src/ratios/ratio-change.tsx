import { Button, Checkbox, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Point } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

type Installation = Point["installations"][number];

const exact = /^\d{1,6}([.,]\d{1,6})?$/;
const decimalOf = (text: string) => text.trim().replace(",", ".");

/** Asks for other transformer ratios of the meter that stands at the point: what follows from them, from when, and why. */
export function RatioChange(props: {
  readonly point: Point;
  readonly installation: Installation;
  readonly onEnd: () => void;
}) {
  const { t, f, zone } = useLocale();
  const { point, installation } = props;
  const client = useQueryClient();
  const [ct, setCt] = useState(installation.ctRatio);
  const [vt, setVt] = useState(installation.vtRatio);
  const [primary, setPrimary] = useState(installation.primaryValues);
  const [from, setFrom] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [reason, setReason] = useState("");
  const instant = instantOfField(from, zone);
  const complete = exact.test(ct.trim()) && exact.test(vt.trim()) && instant && reason.trim().length >= 3;
  const save = useMutation({
    mutationFn: () =>
      api.requestRatios(point.pointId, {
        ctRatio: decimalOf(ct),
        vtRatio: decimalOf(vt),
        primaryValues: primary,
        from: instant ?? "",
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      notifications.show({ message: t("ratios.asked") });
      await client.invalidateQueries({ queryKey: ["ratio-requests"] });
      props.onEnd();
    },
  });
  const factor = primary ? 1 : Number(decimalOf(ct)) * Number(decimalOf(vt));
  return (
    <form
      className="e-panel-body e-stack"
      aria-label={t("ratios.title")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) save.mutate();
      }}
    >
      <strong>{t("ratios.title")}</strong>
      <div className="e-log-filters">
        <TextInput
          label={t("ratios.ct")}
          value={ct}
          onChange={(event) => setCt(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput label={t("ratios.vt")} value={vt} onChange={(event) => setVt(event.currentTarget.value)} />
        <TextInput
          type="datetime-local"
          label={t("ratios.from")}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
      </div>
      <Checkbox
        label={t("ratios.primary")}
        checked={primary}
        onChange={(event) => setPrimary(event.currentTarget.checked)}
      />
      <TextInput
        label={t("ratios.reason")}
        description={t("ratios.reason-help")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {Number.isFinite(factor) ? (
        <p>
          {t("ratios.effect", { factor: f.decimal(String(factor)), old: f.decimal(installation.factor) })}
        </p>
      ) : null}
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      <div className="e-row">
        <Button type="submit" loading={save.isPending} disabled={!complete}>
          {t("ratios.ask")}
        </Button>
        <Button variant="default" onClick={props.onEnd}>
          {t("ratios.cancel")}
        </Button>
      </div>
    </form>
  );
}
