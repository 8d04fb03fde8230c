import "../meters/texts.ts";
import { Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useLocale } from "../text/provider.tsx";
import { ProblemNotice } from "./notices.tsx";

/** A form of a page of master data: does it, reads anew what it changed, and closes. */
export function ChangeForm(props: {
  /** What is read anew, by the beginnings of its keys. */
  readonly changes: readonly (readonly unknown[])[];
  readonly run: () => Promise<unknown>;
  readonly complete: boolean;
  readonly onEnd: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { changes, run, complete, onEnd } = props;
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      notifications.show({ message: t("meters.saved") });
      await Promise.all(changes.map((queryKey) => queries.invalidateQueries({ queryKey })));
      onEnd();
    },
  });
  return (
    <form
      className="e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        setTried(true);
        if (complete) save.mutate();
      }}
    >
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      {props.children}
      {tried && !complete ? (
        <p className="e-tone-bad e-small" role="alert">
          <b>▲</b> {t("meters.incomplete")}
        </p>
      ) : null}
      <div className="e-row">
        <Button type="submit" loading={save.isPending}>
          {t("meters.save")}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

export function Field(props: {
  readonly label: string;
  readonly value: string;
  readonly type?: "date" | "datetime-local";
  readonly help?: string;
  readonly wrong?: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextInput
      type={props.type ?? "text"}
      label={props.label}
      description={props.help}
      error={props.wrong}
      value={props.value}
      maxLength={500}
      autoComplete="off"
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
