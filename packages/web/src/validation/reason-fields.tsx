import { NativeSelect, TextInput } from "@mantine/core";
import type { EditReason } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

export const editReasons = [
  "no-access",
  "communication-fault",
  "network-outage",
  "device-exchange",
  "clock-set",
  "meter-faulty",
  "wrong-ratio",
  "misreading",
  "tariff-switch-fault",
  "implausible",
] as const satisfies readonly EditReason[];

/** Why a value is changed: one of the field's reasons, and one's own words. */
export function ReasonFields(props: {
  readonly reason: EditReason;
  readonly comment: string;
  readonly onReason: (reason: EditReason) => void;
  readonly onComment: (comment: string) => void;
  readonly autoFocus?: boolean;
}) {
  const { t } = useLocale();
  return (
    <div className="e-row" style={{ alignItems: "end" }}>
      <NativeSelect
        label={t("vee.reason")}
        value={props.reason}
        onChange={(event) => {
          const reason = editReasons.find((one) => one === event.currentTarget.value);
          if (reason) props.onReason(reason);
        }}
        data={editReasons.map((value) => ({ value, label: t(`vee.reason.${value}`) }))}
      />
      <TextInput
        label={t("vee.comment")}
        style={{ flex: "1 1 200px" }}
        required
        maxLength={500}
        value={props.comment}
        {...(props.autoFocus ? { "data-autofocus": true } : {})}
        onChange={(event) => props.onComment(event.currentTarget.value)}
      />
    </div>
  );
}
