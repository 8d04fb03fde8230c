import "./form-texts.ts";
import { Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useLocale } from "../text/provider.tsx";
import { ProblemNotice } from "./notices.tsx";

/** A form that changes data of the network: does it, reads anew what it changed, says so, and closes. */
export function ChangeForm<Answer>(props: {
  /** What is read anew, by the beginnings of its keys. */
  readonly changes: readonly (readonly unknown[])[];
  readonly run: () => Promise<Answer>;
  readonly complete: boolean;
  readonly onEnd: () => void;
  /** After that, when it goes on elsewhere. */
  readonly onDone?: (answer: Answer) => void;
  /** Its name, where it stands in a panel and not in a dialog. */
  readonly panel?: string;
  /** On the button, when it is not "Save". */
  readonly submit?: string;
  /** What is said when it is done, when it is not "Saved". */
  readonly done?: (answer: Answer) => string;
  readonly children: ReactNode;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { changes, run, complete, onEnd, panel, done } = props;
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: run,
    onSuccess: async (answer) => {
      notifications.show({ message: done?.(answer) ?? t("form.saved") });
      await Promise.all(changes.map((queryKey) => queries.invalidateQueries({ queryKey })));
      onEnd();
      props.onDone?.(answer);
    },
  });
  return (
    <form
      className={panel === undefined ? "e-stack" : "e-panel-body e-stack"}
      aria-label={panel}
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
          <b>▲</b> {t("form.incomplete")}
        </p>
      ) : null}
      <div className="e-row">
        <Button type="submit" loading={save.isPending}>
          {props.submit ?? t("form.save")}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The keyboard is in it when the form opens. */
  readonly first?: boolean;
}

export function Field(
  props: FieldProps & {
    readonly label: string;
    readonly type?: "date" | "datetime-local";
    /** Figures are typed: a phone shows those. */
    readonly figures?: boolean;
    readonly help?: string;
    readonly wrong?: string | undefined;
  },
) {
  return (
    <TextInput
      type={props.type ?? "text"}
      label={props.label}
      description={props.help}
      error={props.wrong}
      inputMode={props.figures ? "decimal" : undefined}
      value={props.value}
      maxLength={500}
      autoComplete="off"
      data-autofocus={props.first}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** Why it is changed. */
export function ReasonField(props: FieldProps) {
  const { t } = useLocale();
  return <Field label={t("form.reason")} help={t("form.reason-help")} {...props} />;
}

/** A reason that says something. */
export const isReason = (text: string): boolean => text.trim().length >= 3;
