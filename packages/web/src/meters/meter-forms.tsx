import { Button, NativeSelect, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { api, type Meter } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { useTypeOptions } from "./add-meter.tsx";

interface FormProps {
  readonly meter: Meter;
  readonly onEnd: () => void;
}

/** A form of the meter's page: does it, reads the meter anew, and closes. */
function ChangeForm(props: {
  readonly meter: Meter;
  readonly run: () => Promise<unknown>;
  readonly complete: boolean;
  readonly onEnd: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { meter, run, complete, onEnd } = props;
  const save = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      notifications.show({ message: t("meters.saved") });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["meter", meter.meterId] }),
        queries.invalidateQueries({ queryKey: ["meters"] }),
      ]);
      onEnd();
    },
  });
  return (
    <form
      className="e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) save.mutate();
      }}
    >
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      {props.children}
      <div className="e-row">
        <Button type="submit" loading={save.isPending} disabled={!complete}>
          {t("meters.save")}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

function Field(props: {
  readonly label: string;
  readonly value: string;
  readonly type?: "date" | "datetime-local";
  readonly help?: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextInput
      type={props.type ?? "text"}
      label={props.label}
      description={props.help}
      value={props.value}
      maxLength={500}
      autoComplete="off"
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** The next step of the meter's life, among those that may follow. */
export function StateForm({ meter, onEnd }: FormProps) {
  const { t, zone } = useLocale();
  const [state, setState] = useState(meter.next[0]);
  const [at, setAt] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [place, setPlace] = useState("");
  const [reason, setReason] = useState("");
  const from = instantOfField(at, zone);
  return (
    <ChangeForm
      meter={meter}
      onEnd={onEnd}
      complete={state !== undefined && from !== undefined && reason.trim().length >= 3}
      run={() =>
        api.addMeterState(meter.meterId, {
          state: state ?? "stock",
          at: from ?? "",
          place: place.trim(),
          reason: reason.trim(),
        })
      }
    >
      <NativeSelect
        label={t("meters.state")}
        value={state ?? ""}
        data={meter.next.map((one) => ({ value: one, label: t(`meters.state-${one}`) }))}
        onChange={(event) => setState(meter.next.find((one) => one === event.currentTarget.value))}
      />
      <Field type="datetime-local" label={t("meters.at")} value={at} onChange={setAt} />
      <Field label={t("meters.place")} value={place} onChange={setPlace} />
      <Field label={t("meters.reason")} help={t("meters.reason-help")} value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

const kinds = ["first", "periodic", "after-repair", "on-request"] as const;

/** What a laboratory found. */
export function VerificationForm({ meter, onEnd }: FormProps) {
  const { t, zone } = useLocale();
  const [kind, setKind] = useState<(typeof kinds)[number]>("periodic");
  const [passed, setPassed] = useState(true);
  const [verifiedOn, setVerifiedOn] = useState(() =>
    fieldOfInstant(new Date().toISOString(), zone).slice(0, 10),
  );
  const [validUntil, setValidUntil] = useState("");
  const [laboratory, setLaboratory] = useState("");
  const [bulletin, setBulletin] = useState("");
  return (
    <ChangeForm
      meter={meter}
      onEnd={onEnd}
      complete={
        verifiedOn !== "" &&
        laboratory.trim() !== "" &&
        bulletin.trim() !== "" &&
        (!passed || validUntil > verifiedOn)
      }
      run={() =>
        api.addMeterVerification(meter.meterId, {
          verifiedOn,
          kind,
          passed,
          laboratory: laboratory.trim(),
          document: bulletin.trim(),
          validUntil: passed ? validUntil : null,
          note: "",
        })
      }
    >
      <NativeSelect
        label={t("meters.kind")}
        value={kind}
        data={kinds.map((one) => ({ value: one, label: t(`meters.kind-${one}`) }))}
        onChange={(event) => setKind(kinds.find((one) => one === event.currentTarget.value) ?? "periodic")}
      />
      <NativeSelect
        label={t("meters.result")}
        value={passed ? "passed" : "failed"}
        data={[
          { value: "passed", label: t("meters.passed") },
          { value: "failed", label: t("meters.failed") },
        ]}
        onChange={(event) => setPassed(event.currentTarget.value === "passed")}
      />
      <Field type="date" label={t("meters.verified-on")} value={verifiedOn} onChange={setVerifiedOn} />
      {passed ? (
        <Field type="date" label={t("meters.valid-until")} value={validUntil} onChange={setValidUntil} />
      ) : null}
      <Field label={t("meters.laboratory")} value={laboratory} onChange={setLaboratory} />
      <Field label={t("meters.document")} value={bulletin} onChange={setBulletin} />
    </ChangeForm>
  );
}

/** A verification was entered by mistake. */
export function WithdrawalForm({
  meter,
  verificationId,
  onEnd,
}: FormProps & { readonly verificationId: number }) {
  const { t } = useLocale();
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      meter={meter}
      onEnd={onEnd}
      complete={reason.trim().length >= 3}
      run={() => api.withdrawMeterVerification(meter.meterId, verificationId, { reason: reason.trim() })}
    >
      <Field label={t("meters.reason")} help={t("meters.reason-help")} value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

/** Which type of the catalogue the meter is of, and the year on its plate. */
export function TypeForm({ meter, onEnd }: FormProps) {
  const { t } = useLocale();
  const { options } = useTypeOptions();
  const [typeId, setTypeId] = useState(meter.meterTypeId === null ? "" : String(meter.meterTypeId));
  const [year, setYear] = useState(meter.midYear === null ? "" : String(meter.midYear));
  const [reason, setReason] = useState("");
  const chosen = Number(typeId || options?.[0]?.value);
  return (
    <ChangeForm
      meter={meter}
      onEnd={onEnd}
      complete={
        chosen > 0 && reason.trim().length >= 3 && (year === "" || /^(19[5-9]\d|20\d{2})$/.test(year))
      }
      run={() =>
        api.setMeterType(meter.meterId, {
          meterTypeId: chosen,
          midYear: year === "" ? null : Number(year),
          reason: reason.trim(),
        })
      }
    >
      <NativeSelect
        label={t("meters.type")}
        value={typeId}
        data={options ?? []}
        onChange={(event) => setTypeId(event.currentTarget.value)}
      />
      <Field label={t("meters.mid-year")} value={year} onChange={setYear} />
      <Field label={t("meters.reason")} help={t("meters.reason-help")} value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
