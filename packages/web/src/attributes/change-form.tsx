import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Point } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { formOf, thousandths, valuesOf } from "./values.ts";

const voltages = ["low", "medium", "high"] as const;
const directions = ["import", "export", "both"] as const;
const categories = [
  "unknown",
  "household",
  "business",
  "industry",
  "public",
  "lighting",
  "producer",
  "network",
] as const;

/** Gives a point other attributes from an instant on, and why. */
export function ChangeForm({ point, onEnd }: { readonly point: Point; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const queries = useQueryClient();
  const [form, setForm] = useState(() => formOf(point));
  const [from, setFrom] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const [unknownPod, setUnknownPod] = useState(false);
  const values = valuesOf(form, point);
  const fromAt = instantOfField(from, zone);
  const toAt = to === "" ? undefined : instantOfField(to, zone);
  const pod = form.checkPod.trim();
  const checkDiffers = pod !== (point.checkPoint?.pod ?? "");
  const differs = values !== undefined && (Object.keys(values).length > 0 || checkDiffers);
  const complete =
    differs && fromAt !== undefined && (to === "" || toAt !== undefined) && reason.trim().length >= 3;
  const set = <Key extends keyof typeof form>(key: Key, value: (typeof form)[Key]) =>
    setForm((now) => ({ ...now, [key]: value }));
  const save = useMutation({
    mutationFn: async () => {
      let check = {};
      if (checkDiffers) {
        const found =
          pod === ""
            ? null
            : (await api.search(pod, new AbortController().signal)).points.find((one) => one.pod === pod);
        if (found === undefined) {
          setUnknownPod(true);
          return null;
        }
        check = { checkPointId: found === null ? null : found.pointId };
      }
      return api.changePoint(point.pointId, {
        from: fromAt!,
        ...(toAt === undefined ? {} : { to: toAt }),
        values: { ...values, ...check },
        reason: reason.trim(),
      });
    },
    onSuccess: async (answer) => {
      if (answer === null) return;
      await Promise.all(
        ["point", "point-changes"].map((first) => queries.invalidateQueries({ queryKey: [first] })),
      );
      notifications.show({
        color: "accent",
        message: t(answer.changeId === null ? "attributes.nothing" : "attributes.done"),
        withBorder: true,
      });
      onEnd();
    },
  });
  return (
    <form
      className="e-panel-body e-stack"
      aria-label={t("attributes.title")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) save.mutate();
      }}
    >
      <strong>{t("attributes.title")}</strong>
      <p className="e-muted">{t("attributes.lead")}</p>
      <div className="e-fields">
        <NativeSelect
          label={t("attribute.phases")}
          data-autofocus
          value={form.phases}
          data={["1", "3"]}
          onChange={(event) => set("phases", event.currentTarget.value)}
        />
        <NativeSelect
          label={t("attribute.voltage")}
          value={form.voltage}
          data={voltages.map((value) => ({ value, label: t(`voltage.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            set("voltage", voltages.find((one) => one === value) ?? "low")
          }
        />
        <NativeSelect
          label={t("attribute.direction")}
          value={form.direction}
          data={directions.map((value) => ({ value, label: t(`direction.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            set("direction", directions.find((one) => one === value) ?? "import")
          }
        />
        <NativeSelect
          label={t("attribute.category")}
          value={form.category}
          data={categories.map((value) => ({ value, label: t(`category.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            set("category", categories.find((one) => one === value) ?? "unknown")
          }
        />
        <TextInput
          label={t("attributes.power")}
          inputMode="decimal"
          value={form.powerKw}
          error={thousandths(form.powerKw) === undefined ? t("attributes.number") : undefined}
          onChange={(event) => set("powerKw", event.currentTarget.value)}
        />
        <TextInput
          label={t("attributes.year")}
          inputMode="decimal"
          value={form.yearKwh}
          error={thousandths(form.yearKwh) === undefined ? t("attributes.number") : undefined}
          onChange={(event) => set("yearKwh", event.currentTarget.value)}
        />
        <NativeSelect
          label={t("attribute.exportContract")}
          value={form.exportContract}
          data={[
            { value: "unknown", label: t("attribute.not-said") },
            { value: "yes", label: t("common.yes") },
            { value: "no", label: t("common.no") },
          ]}
          onChange={({ currentTarget: { value } }) =>
            set("exportContract", value === "yes" || value === "no" ? value : "unknown")
          }
        />
        <TextInput
          label={t("attributes.check")}
          description={t("attributes.check-help")}
          maxLength={60}
          value={form.checkPod}
          error={unknownPod ? t("attributes.check-unknown") : undefined}
          onChange={(event) => {
            setUnknownPod(false);
            set("checkPod", event.currentTarget.value);
          }}
        />
      </div>
      <Checkbox
        label={t("attribute.isProtected")}
        checked={form.isProtected}
        onChange={(event) => set("isProtected", event.currentTarget.checked)}
      />
      <div className="e-fields">
        <TextInput
          type="datetime-local"
          label={t("attributes.from")}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t("attributes.to")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <TextInput
          label={t("ratios.reason")}
          description={t("ratios.reason-help")}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      <div className="e-row">
        <Button type="submit" loading={save.isPending} disabled={!complete}>
          {t("attributes.save")}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
        {differs ? null : <span className="e-muted e-small">{t("attributes.nothing")}</span>}
      </div>
    </form>
  );
}
