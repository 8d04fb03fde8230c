import { Button, NativeSelect } from "@mantine/core";
import { useLocale } from "../text/provider.tsx";
import type { Draft, Keyed, Named } from "./draft.ts";
import { useFaultAt } from "./faults.ts";

/** One part of the version, and how it is changed. */
export interface PartProps {
  readonly draft: Draft;
  readonly change: (next: Partial<Draft>) => void;
}

/** A list with one of its rows changed. */
export const changed = <Row extends Keyed>(list: readonly Row[], key: string, next: Partial<Row>): Row[] =>
  list.map((row) => (row.key === key ? { ...row, ...next } : row));
export const without = <Row extends Keyed>(list: readonly Row[], key: string): Row[] =>
  list.filter((row) => row.key !== key);

/** Choices by key; one that names nothing any more is shown as such. */
export function KeySelect(props: {
  readonly label: string;
  readonly list: readonly Named[];
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (key: string) => void;
}) {
  const { list, value } = props;
  return (
    <NativeSelect
      size="xs"
      aria-label={props.label}
      error={props.error}
      value={list.some(({ key }) => key === value) ? value : ""}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      data={[{ value: "", label: "–" }, ...list.map(({ key, name }) => ({ value: key, label: name }))]}
    />
  );
}

export function RemoveButton(props: { readonly what: string; readonly onClick: () => void }) {
  const { t } = useLocale();
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      aria-label={t("tariffs.remove", { what: props.what })}
      onClick={props.onClick}
    >
      ✕
    </Button>
  );
}

export function AddButton(props: { readonly label: string; readonly onClick: () => void }) {
  return (
    <div>
      <Button variant="default" size="compact-sm" onClick={props.onClick}>
        + {props.label}
      </Button>
    </div>
  );
}

/** A fault of a whole part, where no single field could say it. */
export function Fault({ at }: { readonly at: string }) {
  const words = useFaultAt()(at);
  return words === undefined ? null : (
    <p className="e-small e-tone-bad">
      <b>▲</b> {words}
    </p>
  );
}
