import { MultiSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { api, type GroupOptions, type GroupRule } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

export const pointCategories = [
  "household",
  "business",
  "industry",
  "public",
  "lighting",
  "producer",
  "network",
  "unknown",
] as const;
export const voltageLevels = ["low", "medium", "high"] as const;

/** A rule without what is empty: it is what the server takes. */
export function soundRule(rule: GroupRule): GroupRule {
  const words = rule.words?.trim();
  return {
    ...(rule.branchIds?.length ? { branchIds: rule.branchIds } : {}),
    ...(rule.categories?.length ? { categories: rule.categories } : {}),
    ...(rule.phases ? { phases: rule.phases } : {}),
    ...(rule.voltages?.length ? { voltages: rule.voltages } : {}),
    ...(rule.models?.length ? { models: rule.models } : {}),
    ...(words ? { words } : {}),
  };
}

/** Fields of a rule, and how many points it chooses as it stands. */
export function RuleFields(props: {
  readonly options: GroupOptions;
  readonly branchId: number | null;
  readonly value: GroupRule;
  readonly onChange: (rule: GroupRule) => void;
}) {
  const { t } = useLocale();
  const { options, value, onChange } = props;
  const clear = { "aria-label": t("groups.clear") };
  return (
    <fieldset className="e-stack e-fieldset">
      <legend>{t("rule.title")}</legend>
      <span className="e-muted e-small">{t("rule.help")}</span>
      <MultiSelect
        label={t("rule.branches")}
        searchable
        clearable
        clearButtonProps={clear}
        data={options.branches.map(({ branchId, path }) => ({
          value: String(branchId),
          label: path.join(" › "),
        }))}
        value={(value.branchIds ?? []).map(String)}
        onChange={(chosen) => onChange({ ...value, branchIds: chosen.map(Number) })}
      />
      <MultiSelect
        label={t("rule.categories")}
        clearable
        clearButtonProps={clear}
        data={pointCategories.map((category) => ({ value: category, label: t(`category.${category}`) }))}
        value={[...(value.categories ?? [])]}
        onChange={(chosen) => onChange({ ...value, categories: chosen as never })}
      />
      <MultiSelect
        label={t("rule.voltages")}
        clearable
        clearButtonProps={clear}
        data={voltageLevels.map((level) => ({ value: level, label: t(`voltage.${level}`) }))}
        value={[...(value.voltages ?? [])]}
        onChange={(chosen) => onChange({ ...value, voltages: chosen as never })}
      />
      <MultiSelect
        label={t("rule.models")}
        searchable
        clearable
        clearButtonProps={clear}
        data={options.models}
        value={[...(value.models ?? [])]}
        onChange={(chosen) => onChange({ ...value, models: chosen })}
      />
      <div>
        <span className="e-small">{t("rule.phases")}</span>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t("rule.phases")}
          value={String(value.phases ?? "")}
          onChange={(chosen) => {
            const { phases: _old, ...rest } = value;
            onChange(chosen === "" ? rest : { ...rest, phases: chosen === "1" ? 1 : 3 });
          }}
          data={[
            { value: "", label: t("rule.any") },
            { value: "1", label: "1" },
            { value: "3", label: "3" },
          ]}
        />
      </div>
      <TextInput
        label={t("rule.words")}
        value={value.words ?? ""}
        maxLength={200}
        onChange={(event) => onChange({ ...value, words: event.currentTarget.value })}
      />
      <RuleCount branchId={props.branchId} rule={value} />
    </fieldset>
  );
}

function RuleCount(props: { readonly branchId: number | null; readonly rule: GroupRule }) {
  const { t } = useLocale();
  const [rule] = useDebouncedValue(soundRule(props.rule), 300);
  const query = useQuery({
    queryKey: ["groups", "rule", props.branchId, rule],
    queryFn: ({ signal }) => api.countRule({ branchId: props.branchId, rule }, signal),
  });
  return (
    <strong role="status" className="e-num">
      {query.data ? t("rule.points", { count: query.data.points }) : noValue}
    </strong>
  );
}

/** A rule in words, for reading. */
export function RuleWords(props: { readonly rule: GroupRule; readonly options: GroupOptions | undefined }) {
  const { t } = useLocale();
  const { rule } = props;
  const branchName = (id: number) =>
    props.options?.branches.find(({ branchId }) => branchId === id)?.path.join(" › ") ?? `#${id}`;
  const parts: readonly (readonly [label: string, value: string])[] = [
    [t("rule.branches"), (rule.branchIds ?? []).map(branchName).join(", ")],
    [t("rule.categories"), (rule.categories ?? []).map((one) => t(`category.${one}`)).join(", ")],
    [t("rule.phases"), rule.phases === undefined ? "" : String(rule.phases)],
    [t("rule.voltages"), (rule.voltages ?? []).map((one) => t(`voltage.${one}`)).join(", ")],
    [t("rule.models"), (rule.models ?? []).join(", ")],
    [t("rule.words"), rule.words ?? ""],
  ];
  return (
    <dl className="e-facts">
      {parts.flatMap(([label, value]) =>
        value === "" ? [] : [<dt key={`${label}-label`}>{label}</dt>, <dd key={label}>{value}</dd>],
      )}
    </dl>
  );
}
