import { Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { api, type TrialResult } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import type { Secrets } from "./device-secrets.tsx";
import { branchParts, checkPointForm, type PointForm, plainRatio } from "./point-form-check.ts";

const texts = ["pod", "serial", "name", "address", "branch", "ctRatio", "vtRatio"] as const;
const labels = {
  pod: "add.pod",
  serial: "add.serial",
  name: "add.name",
  address: "add.address",
  branch: "add.branch",
  ctRatio: "add.ct",
  vtRatio: "add.vt",
} as const;
const helps = { branch: "add.branch-help", ctRatio: "add.ratio-help" } as const;

/** Where the device's meter is installed. Faults stand beside their fields, and in a summary that leads to them. */
export function PointFields(props: {
  readonly form: PointForm;
  readonly found: TrialResult;
  readonly url: string;
  readonly secrets: Partial<Secrets>;
  readonly onChange: (form: PointForm) => void;
  readonly onAdded: (added: { pointId: number; attemptId: number }, pod: string) => void;
}) {
  const { t } = useLocale();
  const { form, found } = props;
  const id = useId();
  const summary = useRef<HTMLDivElement>(null);
  const [checked, setChecked] = useState(false);
  const faults = checked ? checkPointForm(form) : {};
  const add = useMutation({
    mutationFn: () =>
      api.addDevice({
        url: props.url,
        ...props.secrets,
        identity: found.identity,
        model: found.model,
        manufacturer: found.manufacturer,
        serial: form.serial.trim(),
        pod: form.pod.trim(),
        name: form.name.trim(),
        address: form.address.trim(),
        branch: branchParts(form.branch),
        phases: form.phases === "3" ? 3 : 1,
        ctRatio: plainRatio(form.ctRatio),
        vtRatio: plainRatio(form.vtRatio),
        primaryValues: form.primaryValues,
      }),
    onSuccess: (added) => props.onAdded(added, form.pod.trim()),
  });
  const told = add.error ? asProblem(add.error).fields : {};
  const errorOf = (field: (typeof texts)[number]) => {
    const own = faults[field];
    return own ? t(own) : told[field];
  };
  const wrong = texts.filter((field) => errorOf(field));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(checkPointForm(form)).length === 0) add.mutate();
    else requestAnimationFrame(() => summary.current?.focus());
  };
  useEffect(() => {
    if (add.isError) summary.current?.focus();
  }, [add.isError]);

  return (
    <form className="e-stack" onSubmit={submit} noValidate>
      <p>{t("add.point-lead")}</p>
      <div ref={summary} tabIndex={-1}>
        {add.isError ? <ProblemNotice error={add.error} /> : null}
        {wrong.length > 0 ? (
          <div className="e-notice" role="alert">
            <strong>{t("add.summary", { count: wrong.length })}</strong>
            <ul>
              {wrong.map((field) => (
                <li key={field}>
                  <a href={`#${id}-${field}`}>{t(labels[field])}</a>: {errorOf(field)}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
      </div>
      <div className="e-pair">
        {texts.map((field) => (
          <TextInput
            key={field}
            id={`${id}-${field}`}
            label={t(labels[field])}
            description={field in helps ? t(helps[field as keyof typeof helps]) : undefined}
            inputMode={field === "ctRatio" || field === "vtRatio" ? "decimal" : "text"}
            autoComplete="off"
            value={form[field]}
            error={errorOf(field)}
            onChange={(event) => props.onChange({ ...form, [field]: event.currentTarget.value })}
          />
        ))}
        <div>
          <p id={`${id}-phases`} className="e-field-label">
            {t("add.phases")}
          </p>
          <SegmentedControl
            aria-labelledby={`${id}-phases`}
            value={form.phases}
            onChange={(phases) => props.onChange({ ...form, phases: phases as PointForm["phases"] })}
            data={["1", "3"]}
          />
        </div>
      </div>
      <Checkbox
        label={t("add.primary")}
        checked={form.primaryValues}
        onChange={(event) => props.onChange({ ...form, primaryValues: event.currentTarget.checked })}
      />
      <Button type="submit" loading={add.isPending} style={{ alignSelf: "flex-start" }}>
        {t("add.save")}
      </Button>
    </form>
  );
}
