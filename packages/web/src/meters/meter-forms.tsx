import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { api, type Meter } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { useLocale } from "../text/provider.tsx";
import { useTypeOptions } from "./add-meter.tsx";

interface FormProps {
  readonly meter: Meter;
  readonly onEnd: () => void;
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
      changes={[["meter", meter.meterId], ["meters"]]}
      onEnd={onEnd}
      complete={state !== undefined && from !== undefined && isReason(reason)}
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
      <ReasonField value={reason} onChange={setReason} />
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
      changes={[["meter", meter.meterId], ["meters"]]}
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
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={[["meter", meter.meterId], ["meters"]]}
      onEnd={onEnd}
      complete={isReason(reason)}
      run={() => api.withdrawMeterVerification(meter.meterId, verificationId, { reason: reason.trim() })}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

/** A state that was entered by mistake goes, with a reason. */
export function UndoStateForm({ meter, onEnd }: FormProps) {
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={[["meter", meter.meterId], ["meters"]]}
      onEnd={onEnd}
      complete={isReason(reason)}
      run={() => api.undoMeterState(meter.meterId, { reason: reason.trim() })}
    >
      <ReasonField value={reason} onChange={setReason} />
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
      changes={[["meter", meter.meterId], ["meters"]]}
      onEnd={onEnd}
      complete={chosen > 0 && isReason(reason) && (year === "" || /^(19[5-9]\d|20\d{2})$/.test(year))}
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
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
