import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { NewGrant, Roles } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { addDays, dayOf, startOfDay } from "../time/zone.ts";
import { BranchField, needsSupplier, RoleField, SupplierField } from "./fields.tsx";
import { rightWords } from "./right-words.ts";

/** A role, or one right as an exception until the end of a day; what is given is only added to the change. */
export function GiveForm(props: { readonly roles: Roles; readonly onGive: (grant: NewGrant) => void }) {
  const { t, zone } = useLocale();
  const { roles } = props;
  const [kind, setKind] = useState<"role" | "exception">("role");
  const [roleId, setRoleId] = useState<number>();
  const [right, setRight] = useState("");
  const [branchId, setBranchId] = useState<number | null>();
  const [supplierId, setSupplierId] = useState<number>();
  const [day, setDay] = useState("");
  const [reason, setReason] = useState("");
  const isException = kind === "exception";
  const reach = roles.pages.find(({ page }) => right.startsWith(`${page}.`))?.reach;
  const onlyNetwork = isException && reach === "network";
  const place = onlyNetwork ? null : branchId;
  const complete =
    place !== undefined &&
    (isException
      ? right !== "" && day !== "" && reason.trim() !== ""
      : roleId !== undefined && (!needsSupplier(roles, roleId) || supplierId !== undefined));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!complete || place === undefined) return;
    props.onGive({
      branchId: place,
      ...(isException ? { action: right } : { roleId: roleId! }),
      ...(!isException && needsSupplier(roles, roleId) && supplierId !== undefined ? { supplierId } : {}),
      ...(day === "" ? {} : { validUntil: endOf(day, zone) }),
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
    });
    setReason("");
    setDay("");
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      <SegmentedControl
        aria-label={t("people.give")}
        value={kind}
        onChange={(value) => setKind(value as typeof kind)}
        data={[
          { value: "role", label: t("people.give-role") },
          { value: "exception", label: t("people.give-exception") },
        ]}
      />
      {isException ? (
        <NativeSelect
          label={t("people.right")}
          value={right}
          onChange={(event) => setRight(event.currentTarget.value)}
          data={[
            { value: "", label: t("people.choose") },
            ...roles.pages.flatMap(({ page, levels }) =>
              levels.map((level) => ({
                value: `${page}.${level}`,
                label: rightWords(t, `${page}.${level}`),
              })),
            ),
          ]}
        />
      ) : (
        <RoleField roles={roles} value={roleId} onChange={setRoleId} />
      )}
      {onlyNetwork ? (
        <p className="e-muted">{t("roles.network")}</p>
      ) : (
        <BranchField roles={roles} value={branchId} onChange={setBranchId} />
      )}
      {!isException && needsSupplier(roles, roleId) ? (
        <SupplierField roles={roles} value={supplierId} onChange={setSupplierId} />
      ) : null}
      <TextInput
        type="date"
        label={t("people.until-day")}
        required={isException}
        withAsterisk={false}
        min={dayOf(Date.now(), zone)}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <TextInput
        label={t("people.reason")}
        required={isException}
        withAsterisk={false}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <span className="e-row">
        <Button type="submit" variant="default" disabled={!complete}>
          {t("people.add-to-change")}
        </Button>
      </span>
    </form>
  );
}

/** The instant at which a day of the network's zone ends. */
const endOf = (day: string, zone: string): string =>
  new Date(startOfDay(addDays(day, 1), zone)).toISOString();
