import { Checkbox, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Fitting, type Location } from "../api/client.ts";
import { useGroupsOnMove } from "../attributes/groups-on-move.tsx";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { operationsQuery } from "../parts/operations-query.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";

const now = (zone: string) => fieldOfInstant(new Date().toISOString(), zone);
const decimalOf = (text: string) => text.trim().replace(",", ".");
const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

/** A new location, or what one is from an instant on. */
export function LocationForm(props: { readonly location?: Location; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const { location, onEnd } = props;
  const branches = useQuery(operationsQuery).data?.branches ?? [];
  const [code, setCode] = useState(location?.code ?? "");
  const [branch, setBranch] = useState(location ? String(location.branchId) : "");
  const [address, setAddress] = useState(location?.address ?? "");
  const [note, setNote] = useState(location?.note ?? "");
  const [latitude, setLatitude] = useState(location?.latitude?.toString() ?? "");
  const [longitude, setLongitude] = useState(location?.longitude?.toString() ?? "");
  const [from, setFrom] = useState(() => now(zone));
  const [reason, setReason] = useState("");
  const { asked, question } = useGroupsOnMove();
  const degrees = (text: string, limit: number) => {
    const value = Number(decimalOf(text));
    return text.trim() === "" || (Number.isFinite(value) && Math.abs(value) <= limit);
  };
  const branchId = Number(branch || branches[0]?.branchId);
  const instant = instantOfField(from, zone);
  const facts = {
    code: orNull(code),
    branchId,
    address: address.trim(),
    note: note.trim(),
    latitude: orNull(latitude) === null ? null : Number(decimalOf(latitude)),
    longitude: orNull(longitude) === null ? null : Number(decimalOf(longitude)),
    reason: reason.trim(),
  };
  return (
    <ChangeForm
      changes={[["locations"], ["location"], ["point"], ["points"], ["groups"], ["group"]]}
      onEnd={onEnd}
      complete={
        facts.address !== "" &&
        branchId > 0 &&
        facts.reason.length >= 3 &&
        degrees(latitude, 90) &&
        degrees(longitude, 180) &&
        (location === undefined || instant !== undefined)
      }
      run={async () =>
        location
          ? asked((said) =>
              api.changeLocation(location.locationId, { ...facts, from: instant ?? "", ...said }),
            )
          : api.addLocation(facts)
      }
    >
      <Field label={t("places.address")} value={address} onChange={setAddress} />
      <Field label={t("places.code")} help={t("places.code-help")} value={code} onChange={setCode} />
      <NativeSelect
        label={t("places.branch")}
        value={branch}
        data={branches.map(({ branchId: id, path }) => ({ value: String(id), label: path.join(" › ") }))}
        onChange={(event) => setBranch(event.currentTarget.value)}
      />
      <Field label={t("places.note")} value={note} onChange={setNote} />
      <Field
        label={t("places.latitude")}
        value={latitude}
        wrong={degrees(latitude, 90) ? undefined : t("places.degrees-wrong")}
        onChange={setLatitude}
      />
      <Field
        label={t("places.longitude")}
        value={longitude}
        wrong={degrees(longitude, 180) ? undefined : t("places.degrees-wrong")}
        onChange={setLongitude}
      />
      {location ? (
        <Field type="datetime-local" label={t("places.from")} value={from} onChange={setFrom} />
      ) : null}
      {question}
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

const kinds = ["enclosure", "breaker", "fuse", "rcd", "surge", "seal"] as const;
const materials = ["steel", "stainless-steel", "aluminium", "plastic", "masonry", "other"] as const;

type FactName =
  | "wallMm"
  | "locks"
  | "keyMark"
  | "ipClass"
  | "ratedCurrentA"
  | "poles"
  | "residualCurrentMa"
  | "characteristic"
  | "number";
const factFields: Readonly<Record<FactName, { readonly label: MessageKey; readonly shape: RegExp }>> = {
  wallMm: { label: "places.wall", shape: /^(\d{1,3}([.,]\d)?)?$/ },
  locks: { label: "places.locks", shape: /^\d{0,2}$/ },
  keyMark: { label: "places.key", shape: /^.{0,40}$/ },
  ipClass: { label: "places.ip", shape: /^(IP[0-6X][0-9X][A-D]?)?$/ },
  ratedCurrentA: { label: "places.rated", shape: /^(\d{1,5}([.,]\d)?)?$/ },
  poles: { label: "places.poles", shape: /^[1-4]?$/ },
  residualCurrentMa: { label: "places.residual", shape: /^\d{0,5}$/ },
  characteristic: { label: "places.characteristic", shape: /^.{0,20}$/ },
  number: { label: "places.number", shape: /^.{1,40}$/ },
};
const amounts: ReadonlySet<FactName> = new Set(["wallMm", "ratedCurrentA"]);
const factsOf: Readonly<Record<(typeof kinds)[number], readonly FactName[]>> = {
  enclosure: ["wallMm", "locks", "keyMark", "ipClass"],
  breaker: ["ratedCurrentA", "poles", "characteristic", "residualCurrentMa"],
  fuse: ["ratedCurrentA", "poles", "characteristic"],
  rcd: ["ratedCurrentA", "poles", "residualCurrentMa", "characteristic"],
  surge: ["poles", "characteristic"],
  seal: ["number"],
};

/** Something is fitted: an enclosure, a protection device, a seal. */
export function FittingForm({
  location,
  onEnd,
}: {
  readonly location: Location;
  readonly onEnd: () => void;
}) {
  const { t, zone } = useLocale();
  const [kind, setKind] = useState<(typeof kinds)[number]>("seal");
  const [label, setLabel] = useState("");
  const [material, setMaterial] = useState<(typeof materials)[number]>("steel");
  const [facts, setFacts] = useState<Partial<Record<FactName, string>>>({});
  const [pointId, setPointId] = useState("");
  const [at, setAt] = useState(() => now(zone));
  const [putBy, setPutBy] = useState("");
  const [replaces, setReplaces] = useState(false);
  const [reason, setReason] = useState("");
  const instant = instantOfField(at, zone);
  const names = factsOf[kind];
  // A comma is a decimal mark in amounts only: on a seal or a key it is part of what is written there.
  const text = (name: FactName) => {
    const typed = facts[name] ?? "";
    return names.includes(name) ? orNull(amounts.has(name) ? decimalOf(typed) : typed.trim()) : null;
  };
  const fits = (name: FactName) => factFields[name].shape.test((facts[name] ?? "").trim());
  const whole = (name: FactName) => (text(name) === null ? null : Number(text(name)));
  return (
    <ChangeForm
      changes={[["location"], ["locations"], ["alarms"]]}
      onEnd={onEnd}
      complete={instant !== undefined && isReason(reason) && names.every(fits)}
      run={() =>
        api.addFitting(location.locationId, {
          kind,
          label: label.trim(),
          pointId: pointId === "" ? null : Number(pointId),
          material: kind === "enclosure" ? material : null,
          wallMm: text("wallMm"),
          locks: whole("locks"),
          keyMark: text("keyMark"),
          ipClass: text("ipClass"),
          ratedCurrentA: text("ratedCurrentA"),
          poles: whole("poles"),
          residualCurrentMa: whole("residualCurrentMa"),
          characteristic: text("characteristic"),
          number: text("number"),
          at: instant ?? "",
          putBy: putBy.trim(),
          replaces,
          reason: reason.trim(),
        })
      }
    >
      <NativeSelect
        label={t("places.fitting")}
        value={kind}
        data={kinds.map((one) => ({ value: one, label: t(`places.kind-${one}`) }))}
        onChange={(event) => setKind(kinds.find((one) => one === event.currentTarget.value) ?? "seal")}
      />
      <Field
        label={t(kind === "seal" ? "places.closes" : "places.label")}
        {...(kind === "seal" ? {} : { help: t("places.label-help") })}
        value={label}
        onChange={setLabel}
      />
      {kind === "enclosure" ? (
        <NativeSelect
          label={t("places.material")}
          value={material}
          data={materials.map((one) => ({ value: one, label: t(`places.material-${one}`) }))}
          onChange={(event) =>
            setMaterial(materials.find((one) => one === event.currentTarget.value) ?? "steel")
          }
        />
      ) : null}
      {names.map((name) => (
        <Field
          key={name}
          label={t(factFields[name].label)}
          value={facts[name] ?? ""}
          wrong={(facts[name] ?? "") === "" || fits(name) ? undefined : t("places.fact-wrong")}
          onChange={(value) => setFacts({ ...facts, [name]: value })}
        />
      ))}
      {location.points.length > 1 && kind !== "enclosure" ? (
        <NativeSelect
          label={t("places.point")}
          value={pointId}
          data={[
            { value: "", label: "–" },
            ...location.points.map((point) => ({ value: String(point.pointId), label: point.pod })),
          ]}
          onChange={(event) => setPointId(event.currentTarget.value)}
        />
      ) : null}
      <Field type="datetime-local" label={t("places.at")} value={at} onChange={setAt} />
      <Field label={t("places.put-by")} value={putBy} onChange={setPutBy} />
      <Checkbox
        label={t("places.replaces")}
        checked={replaces}
        onChange={(event) => setReplaces(event.currentTarget.checked)}
      />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

const outcomes = ["removed", "broken", "missing"] as const;

/** It is taken down, or was found broken or missing. */
export function EndForm(props: {
  readonly location: Location;
  readonly fitting: Fitting;
  readonly onEnd: () => void;
}) {
  const { t, zone } = useLocale();
  const { location, fitting, onEnd } = props;
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>("removed");
  const [at, setAt] = useState(() => now(zone));
  const [takenBy, setTakenBy] = useState("");
  const [reason, setReason] = useState("");
  const instant = instantOfField(at, zone);
  return (
    <ChangeForm
      changes={[["location"], ["locations"], ["alarms"]]}
      onEnd={onEnd}
      complete={instant !== undefined && isReason(reason)}
      run={() =>
        api.endFitting(location.locationId, fitting.fittingId, {
          at: instant ?? "",
          outcome,
          takenBy: takenBy.trim(),
          reason: reason.trim(),
        })
      }
    >
      <NativeSelect
        label={t("places.outcome")}
        description={fitting.kind === "seal" ? t("places.alarm-note") : undefined}
        value={outcome}
        data={outcomes.map((one) => ({ value: one, label: t(`places.outcome-${one}`) }))}
        onChange={(event) =>
          setOutcome(outcomes.find((one) => one === event.currentTarget.value) ?? "removed")
        }
      />
      <Field type="datetime-local" label={t("places.at")} value={at} onChange={setAt} />
      <Field label={t("places.taken-by")} value={takenBy} onChange={setTakenBy} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

/** Only the reason: a change is taken back, or a fitting was entered by mistake. */
export function ReasonForm(props: {
  readonly run: (reason: string) => Promise<unknown>;
  readonly onEnd: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={[["location"], ["locations"], ["point"], ["points"]]}
      onEnd={props.onEnd}
      complete={isReason(reason)}
      run={() => props.run(reason.trim())}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
