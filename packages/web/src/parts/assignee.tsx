import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asProblem } from "../api/problem.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";

/** Whom work is given to. Somebody to whom it may be given no more keeps what they have. */
export function Assignee(props: {
  readonly label: string;
  readonly nobody: string;
  readonly of: "loss-case-assignees" | "field-task-assignees";
  readonly load: (
    signal: AbortSignal,
  ) => Promise<{ readonly rows: readonly { readonly accountId: number; readonly name: string }[] }>;
  readonly value: string;
  /** Of whom has it now. */
  readonly name?: string | null;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useLocale();
  const people = useQuery({
    queryKey: [props.of],
    queryFn: ({ signal }) => props.load(signal),
    staleTime: 300_000,
  });
  const rows = (people.data?.rows ?? []).map(({ accountId, name }) => ({
    value: String(accountId),
    label: name,
  }));
  const { value, name } = props;
  const known = value === "" || rows.some((row) => row.value === value);
  return (
    <NativeSelect
      label={props.label}
      disabled={people.isPending}
      error={people.isError ? t(problemWords(asProblem(people.error).code).what) : undefined}
      value={value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      data={[
        { value: "", label: props.nobody },
        ...(known ? [] : [{ value, label: name ?? t("app.loading") }]),
        ...rows,
      ]}
    />
  );
}
