import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Modem, type Sim } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

const changes = [["modems"], ["modem"], ["sims"], ["sim"]];
const now = (zone: string) => fieldOfInstant(new Date().toISOString(), zone);

/** A modem that came into the store. */
export function ModemForm({ onEnd }: { readonly onEnd: () => void }) {
  const { t } = useLocale();
  const [serial, setSerial] = useState("");
  const [imei, setImei] = useState("");
  const [type, setType] = useState("");
  const [note, setNote] = useState("");
  const [reason, setReason] = useState("");
  const good = /^(\d{15})?$/.test(imei.trim());
  return (
    <ChangeForm
      changes={changes}
      onEnd={onEnd}
      complete={serial.trim() !== "" && type.trim() !== "" && good && isReason(reason)}
      run={() =>
        api.addModem({
          serial: serial.trim(),
          imei: imei.trim() || null,
          type: type.trim(),
          note: note.trim(),
          reason: reason.trim(),
        })
      }
    >
      <Field label={t("modems.serial")} value={serial} onChange={setSerial} />
      <Field
        label={t("modems.imei")}
        value={imei}
        wrong={good ? undefined : t("modems.imei-wrong")}
        onChange={setImei}
      />
      <Field label={t("modems.type")} value={type} onChange={setType} />
      <Field label={t("modems.note")} value={note} onChange={setNote} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

/** A card that came from its operator. */
export function SimForm({ onEnd }: { readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const [iccid, setIccid] = useState("");
  const [operator, setOperator] = useState("");
  const [apn, setApn] = useState("");
  const [dataPlan, setDataPlan] = useState("");
  const [msisdn, setMsisdn] = useState("");
  const [pin, setPin] = useState("");
  const [at, setAt] = useState(() => now(zone));
  const [reason, setReason] = useState("");
  const instant = instantOfField(at, zone);
  const goodIccid = /^(\d{18,20})?$/.test(iccid.trim());
  const goodPin = /^(\d{4,8})?$/.test(pin.trim());
  return (
    <ChangeForm
      changes={changes}
      onEnd={onEnd}
      complete={
        iccid.trim() !== "" &&
        goodIccid &&
        goodPin &&
        operator.trim() !== "" &&
        instant !== undefined &&
        isReason(reason)
      }
      run={() =>
        api.addSim({
          iccid: iccid.trim(),
          operator: operator.trim(),
          apn: apn.trim(),
          dataPlan: dataPlan.trim(),
          msisdn: msisdn.trim(),
          pin: pin.trim() || null,
          state: "stock",
          at: instant ?? "",
          reason: reason.trim(),
        })
      }
    >
      <Field
        label={t("modems.iccid")}
        value={iccid}
        wrong={goodIccid ? undefined : t("modems.iccid-wrong")}
        onChange={setIccid}
      />
      <Field label={t("modems.operator")} value={operator} onChange={setOperator} />
      <Field label={t("modems.apn")} value={apn} onChange={setApn} />
      <Field label={t("modems.plan")} value={dataPlan} onChange={setDataPlan} />
      <Field label={t("modems.msisdn")} value={msisdn} onChange={setMsisdn} />
      <Field
        label={t("modems.pin")}
        help={t("modems.pin-help")}
        value={pin}
        wrong={goodPin ? undefined : t("modems.pin-wrong")}
        onChange={setPin}
      />
      <Field type="datetime-local" label={t("modems.at")} value={at} onChange={setAt} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

/** What a modem serves from an instant on: a concentrator, or nothing. A meter with its own modem comes by file or by the API. */
export function PlaceModemForm({ modem, onEnd }: { readonly modem: Modem; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const may = useMay();
  const [target, setTarget] = useState("");
  const [at, setAt] = useState(() => now(zone));
  const [reason, setReason] = useState("");
  const instant = instantOfField(at, zone);
  const gateways = useQuery({
    queryKey: ["equipment", "for-modem"],
    queryFn: ({ signal }) => api.concentrators({ limit: 500 }, signal),
    enabled: may("equipment.see"),
  });
  return (
    <ChangeForm
      changes={changes}
      onEnd={onEnd}
      complete={instant !== undefined && isReason(reason)}
      run={() =>
        api.placeModem(modem.modemId, {
          gatewayId: target === "" ? null : Number(target),
          meterId: null,
          at: instant ?? "",
          reason: reason.trim(),
        })
      }
    >
      <NativeSelect
        label={t("modems.to")}
        value={target}
        data={[
          { value: "", label: t("modems.in-store") },
          ...(gateways.data?.rows ?? []).map(({ gatewayId, name, identity }) => ({
            value: String(gatewayId),
            label: name || identity,
          })),
        ]}
        onChange={(event) => setTarget(event.currentTarget.value)}
      />
      <Field type="datetime-local" label={t("modems.at")} value={at} onChange={setAt} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

const states = ["stock", "active", "suspended", "ended"] as const;

/** The state of a card from an instant on. */
export function SimStateForm({ sim, onEnd }: { readonly sim: Sim; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const others = states.filter((one) => one !== sim.state);
  const [state, setState] = useState<(typeof states)[number]>(others[0]!);
  const [at, setAt] = useState(() => now(zone));
  const [reason, setReason] = useState("");
  const instant = instantOfField(at, zone);
  return (
    <ChangeForm
      changes={changes}
      onEnd={onEnd}
      complete={instant !== undefined && isReason(reason)}
      run={() => api.setSimState(sim.simId, { state, at: instant ?? "", reason: reason.trim() })}
    >
      <NativeSelect
        label={t("modems.state")}
        value={state}
        data={others.map((one) => ({ value: one, label: t(`modems.state-${one}`) }))}
        onChange={(event) => setState(others.find((one) => one === event.currentTarget.value) ?? state)}
      />
      <Field type="datetime-local" label={t("modems.at")} value={at} onChange={setAt} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

/** The modem in which a card sits from an instant on. */
export function PlaceSimForm({ sim, onEnd }: { readonly sim: Sim; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const [target, setTarget] = useState("");
  const [at, setAt] = useState(() => now(zone));
  const [reason, setReason] = useState("");
  const instant = instantOfField(at, zone);
  const modems = useQuery({
    queryKey: ["modems", "for-sim"],
    queryFn: ({ signal }) => api.modems({ limit: 500 }, signal),
  });
  return (
    <ChangeForm
      changes={changes}
      onEnd={onEnd}
      complete={instant !== undefined && isReason(reason)}
      run={() =>
        api.placeSim(sim.simId, {
          modemId: target === "" ? null : Number(target),
          at: instant ?? "",
          reason: reason.trim(),
        })
      }
    >
      <NativeSelect
        label={t("modems.to-modem")}
        value={target}
        data={[
          { value: "", label: t("modems.none-modem") },
          ...(modems.data?.rows ?? []).map(({ modemId, serial, serves }) => ({
            value: String(modemId),
            label: [serial, serves].filter(Boolean).join(" · "),
          })),
        ]}
        onChange={(event) => setTarget(event.currentTarget.value)}
      />
      <Field type="datetime-local" label={t("modems.at")} value={at} onChange={setAt} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
