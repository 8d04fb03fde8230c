import { Button, Checkbox, NativeSelect, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type IdentitySource, type SourceGiven } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { directoryFields, type Field, grantsOf, providerFields, type Settings, wordsOf } from "./fields.ts";

const ways = ["none", "member-of", "matching-rule", "walk"] as const;

/** Settings of one directory or provider, with the trial of a directory. */
export function SourceForm(props: {
  readonly kind: "directory" | "provider";
  readonly settings: Settings;
  readonly source?: IdentitySource;
  readonly onDone: () => void;
}) {
  const { t } = useLocale();
  const { kind, source } = props;
  const [label, setLabel] = useState(source?.label ?? "");
  const [enabled, setEnabled] = useState(source?.enabled ?? true);
  const [settings, setSettings] = useState(props.settings);
  const [secret, setSecret] = useState("");
  const [grants, setGrants] = useState(
    (source?.grants ?? []).map(({ group, role }) => `${group} = ${role}`).join("\n"),
  );
  const [person, setPerson] = useState({ name: "", password: "" });
  const given = (): SourceGiven =>
    ({
      label: label.trim(),
      enabled,
      grants: [...(source?.grants ?? []).filter(({ branchId }) => branchId !== null), ...grantsOf(grants)],
      [kind]: settings,
      ...(secret === "" ? {} : { secret }),
    }) as SourceGiven;
  const store = useMutation({
    mutationFn: () => (source ? api.changeSource(source.sourceId, given()) : api.addSource(given())),
    onSuccess: props.onDone,
  });
  const attempt = useMutation({
    mutationFn: () =>
      api.trySource({
        directory: settings as never,
        ...(source ? { sourceId: source.sourceId } : {}),
        ...(secret === "" ? {} : { secret }),
        ...(person.name === "" ? {} : { person }),
      }),
  });
  const problems = asProblem(store.error ?? attempt.error ?? new Error()).fields;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    store.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {store.isError ? <ProblemNotice error={store.error} /> : null}
      <TextInput
        data-autofocus
        label={t("source.label")}
        required
        withAsterisk={false}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      {(kind === "directory" ? directoryFields : providerFields).map((field) => (
        <SettingField
          key={field.name}
          field={field}
          value={settings[field.name]!}
          error={problems[`${kind}.${field.name}`] ?? problems[`${kind}.${field.name}.0`]}
          onChange={(value) => setSettings({ ...settings, [field.name]: value })}
        />
      ))}
      <PasswordInput
        label={t(kind === "directory" ? "source.password" : "source.client-secret")}
        description={source?.secretThere ? t("source.secret-there") : undefined}
        autoComplete="off"
        value={secret}
        visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      <Textarea
        label={t("source.grants")}
        description={t("source.grants-help")}
        autosize
        minRows={2}
        value={grants}
        onChange={(event) => setGrants(event.currentTarget.value)}
      />
      <Checkbox
        label={t("source.enabled")}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      {kind === "directory" ? (
        <fieldset className="e-panel e-panel-body e-stack">
          <legend>{t("source.try")}</legend>
          <TextInput
            label={t("source.try-name")}
            value={person.name}
            onChange={(event) => setPerson({ ...person, name: event.currentTarget.value })}
          />
          <PasswordInput
            label={t("source.try-password")}
            autoComplete="off"
            value={person.password}
            visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
            onChange={(event) => setPerson({ ...person, password: event.currentTarget.value })}
          />
          <Button variant="default" loading={attempt.isPending} onClick={() => attempt.mutate()}>
            {t("source.try-now")}
          </Button>
          {attempt.isError ? <ProblemNotice error={attempt.error} /> : null}
          <ol role="status" style={{ margin: 0, paddingInlineStart: 20 }}>
            {attempt.data?.steps.map(({ server, step, code, detail }) => (
              <li key={`${server} ${step}`}>
                <span aria-hidden="true">{code === null ? "✓" : "✗"}</span> {t(`source.step-${step}`)}{" "}
                <span className="e-muted e-small" style={{ overflowWrap: "anywhere" }}>
                  {server} {code} {detail}
                </span>
              </li>
            ))}
          </ol>
        </fieldset>
      ) : null}
      <Button type="submit" loading={store.isPending}>
        {t("source.store")}
      </Button>
    </form>
  );
}

function SettingField(props: {
  readonly field: Field;
  readonly value: Settings[string];
  readonly error: string | undefined;
  readonly onChange: (value: Settings[string]) => void;
}) {
  const { t } = useLocale();
  const { field, value, error, onChange } = props;
  const [typed, setTyped] = useState(() => (typeof value === "object" ? value.join(", ") : String(value)));
  const common = { label: t(field.label), error } as const;
  if (field.kind === "yes") {
    return (
      <Checkbox
        label={t(field.label)}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (field.kind === "groups") {
    return (
      <NativeSelect
        {...common}
        value={String(value)}
        data={ways.map((way) => ({ value: way, label: t(`source.groups-${way}`) }))}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const take = (text: string) => {
    setTyped(text);
    onChange(field.kind === "list" ? wordsOf(text) : text);
  };
  return field.kind === "long" ? (
    <Textarea
      {...common}
      autosize
      minRows={2}
      maxRows={6}
      value={typed}
      onChange={(event) => take(event.currentTarget.value)}
    />
  ) : (
    <TextInput {...common} value={typed} onChange={(event) => take(event.currentTarget.value)} />
  );
}
