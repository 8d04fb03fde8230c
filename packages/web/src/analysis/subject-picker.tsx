import { CloseButton, Combobox, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useLocale } from "../text/provider.tsx";
import { foundQuery, namesQuery } from "./queries.ts";
import { subjectsMax } from "./search.ts";

export interface Named {
  readonly of: string;
  readonly name: string;
  readonly detail: string;
}

/** What people call the subjects, in their order; until the names are there, their codes. */
export function useSubjectNames(subjects: readonly string[]): readonly Named[] {
  const { t } = useLocale();
  const query = useQuery({ ...namesQuery(subjects), enabled: subjects.length > 0 });
  const known = new Map(query.data?.rows.map((row) => [row.of, row]));
  return subjects.map((of) => {
    if (of === "s") return { of, name: t("an.system"), detail: "" };
    const found = known.get(of);
    if (!found) return { of, name: of, detail: "" };
    return of.startsWith("m") ? { ...found, name: t("an.balance-of", { name: found.name }) } : found;
  });
}

const kindKeys = {
  p: "an.kind.point",
  g: "an.kind.group",
  m: "an.kind.group",
  b: "an.kind.branch",
  s: "an.kind.system",
} as const;

/** Of what the page is: points, groups, branches or the whole system, found by words. */
export function SubjectPicker(props: {
  readonly subjects: readonly string[];
  /** One at a time: choosing another replaces it. */
  readonly single?: boolean;
  /** Which subjects there are to choose from; all unless told. */
  readonly accepts?: (of: string) => boolean;
  /** What the field says, instead of the usual words. */
  readonly choose?: string;
  readonly onChange: (subjects: readonly string[]) => void;
  /** What stands behind a subject's name, such as its axis. */
  readonly after?: (of: string, nth: number) => ReactNode;
}) {
  const { t } = useLocale();
  const { subjects, single = false, onChange } = props;
  const names = useSubjectNames(subjects);
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery(foundQuery(asked));
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const options = [{ of: "s", name: t("an.system"), detail: "" }, ...(found.data?.rows ?? [])].filter(
    ({ of }) => !subjects.includes(of) && (props.accepts?.(of) ?? true),
  );
  const words = props.choose ?? t(single ? "an.choose" : "an.add");
  const choose = (of: string) => {
    onChange(single ? [of] : [...subjects, of].slice(-subjectsMax));
    setTyped("");
    combobox.closeDropdown();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own layout.
    <div className="e-row e-subjects" role="group" aria-label={t("an.of")}>
      {names.map(({ of, name, detail }, nth) => (
        <span key={of} className="e-subject" title={detail || undefined}>
          {single ? null : <span className="e-key" data-series={nth} aria-hidden="true" />}
          <span>{name}</span>
          {props.after?.(of, nth)}
          {single || subjects.length === 1 ? null : (
            <CloseButton
              size="sm"
              aria-label={t("an.remove", { name })}
              onClick={() => onChange(subjects.filter((one) => one !== of))}
            />
          )}
        </span>
      ))}
      {!single && subjects.length >= subjectsMax ? null : (
        <Combobox store={combobox} onOptionSubmit={choose} withinPortal>
          <Combobox.Target>
            <TextInput
              size="xs"
              style={{ width: 230 }}
              aria-label={words}
              placeholder={words}
              value={typed}
              onChange={({ currentTarget: { value } }) => {
                setTyped(value);
                combobox.openDropdown();
                combobox.updateSelectedOptionIndex();
              }}
              onFocus={() => combobox.openDropdown()}
              onBlur={() => combobox.closeDropdown()}
            />
          </Combobox.Target>
          <Combobox.Dropdown>
            <Combobox.Options mah={300} style={{ overflowY: "auto" }}>
              {options.map(({ of, name, detail }) => (
                <Combobox.Option key={of} value={of}>
                  {name}{" "}
                  <span className="e-muted e-small">
                    {t(kindKeys[of[0] as keyof typeof kindKeys])}
                    {detail ? ` · ${detail}` : ""}
                  </span>
                </Combobox.Option>
              ))}
              {options.length === 0 ? <Combobox.Empty>{t("an.nothing-found")}</Combobox.Empty> : null}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
      )}
    </div>
  );
}
