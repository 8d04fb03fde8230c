import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { MeterTypeFacts } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

export const accuracyClasses = ["A", "B", "C", "2", "1", "0.5", "0.5S", "0.2", "0.2S"] as const;
const connections = ["direct", "current-transformer", "current-voltage-transformer"] as const;

/** A household meter, to begin with. */
export const blankFacts: MeterTypeFacts = {
  model: "generic-dlms",
  phases: 1,
  connection: "direct",
  accuracyClass: "B",
  ledPulsesPerKwh: null,
  outputPulseWh: null,
  referenceVoltageV: "230",
  maxVoltageV: null,
  referenceCurrentA: null,
  maxCurrentA: null,
  indexDigits: 6,
  indexDecimals: 2,
  relay: false,
  loadProfile: true,
  tariffs: 4,
  verificationYears: null,
};

const amountShape = /^(?!0+(\.0+)?$)\d{1,6}(\.\d{1,4})?$/;
const amounts = [
  "ledPulsesPerKwh",
  "outputPulseWh",
  "referenceVoltageV",
  "maxVoltageV",
  "referenceCurrentA",
  "maxCurrentA",
] as const;
const referenceOf = { maxVoltageV: "referenceVoltageV", maxCurrentA: "referenceCurrentA" } as const;
/** A highest value below its reference. */
const isBelow = (facts: MeterTypeFacts, key: keyof typeof referenceOf): boolean =>
  facts[key] !== null && Number(facts[key]) < Number(facts[referenceOf[key]]);
export const factsAreGood = (facts: MeterTypeFacts): boolean =>
  amounts.every((key) => facts[key] === null || amountShape.test(facts[key])) &&
  !isBelow(facts, "maxVoltageV") &&
  !isBelow(facts, "maxCurrentA") &&
  facts.indexDigits >= 4 &&
  facts.tariffs >= 1 &&
  facts.model !== "";

/** What is on the plate of a type's meters, as fields. */
export function TypeFields(props: {
  readonly value: MeterTypeFacts;
  readonly models: readonly string[];
  readonly onChange: (value: MeterTypeFacts) => void;
}) {
  const { t } = useLocale();
  const { value, onChange } = props;
  const set = (change: Partial<MeterTypeFacts>) => onChange({ ...value, ...change });
  const amount = (key: (typeof amounts)[number], label: string) => (
    <TextInput
      label={label}
      inputMode="decimal"
      value={value[key] ?? ""}
      error={
        (value[key] !== null && !amountShape.test(value[key])) ||
        ((key === "maxVoltageV" || key === "maxCurrentA") &&
          isBelow(value, key) &&
          t("types.below-reference"))
      }
      onChange={(event) => {
        const text = event.currentTarget.value.trim().replace(",", ".");
        set({ [key]: text === "" ? null : text });
      }}
    />
  );
  const whole = (
    key: "indexDigits" | "indexDecimals" | "tariffs",
    label: string,
    min: number,
    max: number,
  ) => (
    <TextInput
      type="number"
      min={min}
      max={max}
      label={label}
      value={value[key]}
      onChange={(event) => set({ [key]: Number(event.currentTarget.value) })}
    />
  );
  return (
    <>
      <div className="e-log-filters">
        <NativeSelect
          label={t("meters.model")}
          value={value.model}
          data={[...props.models]}
          onChange={(event) => set({ model: event.currentTarget.value })}
        />
        <NativeSelect
          label={t("meters.phases")}
          value={String(value.phases)}
          data={["1", "3"]}
          onChange={(event) => set({ phases: event.currentTarget.value === "3" ? 3 : 1 })}
        />
        <NativeSelect
          label={t("types.connection")}
          value={value.connection}
          data={connections.map((one) => ({ value: one, label: t(`types.connection-${one}`) }))}
          onChange={(event) => {
            const chosen = connections.find((one) => one === event.currentTarget.value);
            if (chosen) set({ connection: chosen });
          }}
        />
        <NativeSelect
          label={t("types.class")}
          value={value.accuracyClass}
          data={[...accuracyClasses]}
          onChange={(event) => {
            const chosen = accuracyClasses.find((one) => one === event.currentTarget.value);
            if (chosen) set({ accuracyClass: chosen });
          }}
        />
        {amount("ledPulsesPerKwh", t("types.led"))}
        {amount("outputPulseWh", t("types.output"))}
        {amount("referenceVoltageV", t("meters.reference-voltage"))}
        {amount("maxVoltageV", t("meters.max-voltage"))}
        {amount("referenceCurrentA", t("meters.reference-current"))}
        {amount("maxCurrentA", t("meters.max-current"))}
        {whole("indexDigits", t("meters.digits"), 4, 15)}
        {whole("indexDecimals", t("meters.decimals"), 0, 6)}
        {whole("tariffs", t("types.tariffs"), 1, 63)}
        <TextInput
          type="number"
          min={1}
          max={50}
          label={t("types.years")}
          value={value.verificationYears ?? ""}
          onChange={(event) => {
            const years = Number(event.currentTarget.value);
            set({ verificationYears: years >= 1 ? years : null });
          }}
        />
      </div>
      <div className="e-row">
        <Checkbox
          label={t("types.relay")}
          checked={value.relay}
          onChange={(event) => set({ relay: event.currentTarget.checked })}
        />
        <Checkbox
          label={t("types.profile")}
          checked={value.loadProfile}
          onChange={(event) => set({ loadProfile: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}
