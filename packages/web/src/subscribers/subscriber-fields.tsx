import "./texts.ts";
import { NativeSelect, TextInput } from "@mantine/core";
import type { SubscriberGiven } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

export const nobody: SubscriberGiven = {
  kind: "household",
  number: "",
  name: "",
  phone: "",
  email: "",
  address: "",
};

/** Blanks at the ends are no part of a name. */
export const trimmed = (given: SubscriberGiven): SubscriberGiven => ({
  kind: given.kind,
  number: given.number.trim(),
  name: given.name.trim(),
  phone: given.phone.trim(),
  email: given.email.trim(),
  address: given.address.trim(),
});

export const isComplete = ({ name, number }: SubscriberGiven): boolean =>
  name.trim() !== "" && number.trim() !== "";

/** What is known of a subscriber, as fields. */
export function SubscriberFields(props: {
  readonly value: SubscriberGiven;
  readonly onChange: (value: SubscriberGiven) => void;
}) {
  const { t } = useLocale();
  const { value, onChange } = props;
  const text = (key: "name" | "number" | "phone" | "email", max: number, required = false) => (
    <TextInput
      label={t(`subscribers.${key}`)}
      value={value[key]}
      required={required}
      withAsterisk={false}
      maxLength={max}
      autoComplete="off"
      {...(key === "email"
        ? { inputMode: "email" as const }
        : key === "phone"
          ? { inputMode: "tel" as const }
          : {})}
      onChange={(event) => onChange({ ...value, [key]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <div className="e-log-filters">
        {text("name", 200, true)}
        {text("number", 40, true)}
        <NativeSelect
          label={t("subscribers.kind")}
          value={value.kind}
          data={[
            { value: "household", label: t("subscribers.household") },
            { value: "organisation", label: t("subscribers.organisation") },
          ]}
          onChange={(event) =>
            onChange({
              ...value,
              kind: event.currentTarget.value === "organisation" ? "organisation" : "household",
            })
          }
        />
        {text("phone", 40)}
        {text("email", 200)}
      </div>
      <TextInput
        label={t("subscribers.address")}
        description={t("subscribers.address-help")}
        value={value.address}
        maxLength={300}
        autoComplete="off"
        onChange={(event) => onChange({ ...value, address: event.currentTarget.value })}
      />
    </>
  );
}
