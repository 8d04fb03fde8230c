import { Button, Checkbox, Modal, NativeSelect, NumberInput, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type IdentitySource, type SignInPolicy } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { roleWords } from "../people/grant-words.ts";
import { rolesQuery } from "../people/queries.ts";
import { useLocale } from "../text/provider.tsx";
import { type Settings, templates } from "./fields.ts";
import { SourceForm } from "./source-form.tsx";

/** Directories and providers, what is demanded of passwords and sessions, and the two sealed accounts. */
export function SignInSettingsPage() {
  const { t } = useLocale();
  return (
    <>
      <PageHead crumbs={[{ label: t("nav.admin") }, { label: t("nav.sign-in") }]} title={t("nav.sign-in")} />
      <div className="e-stack" style={{ maxWidth: 860 }}>
        <Sources />
        <Policy />
        <BreakGlass />
      </div>
    </>
  );
}

interface Editing {
  readonly kind: "directory" | "provider";
  readonly settings: Settings;
  readonly source?: IdentitySource;
}

function Sources() {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const [editing, setEditing] = useState<Editing>();
  const sources = useQuery({ queryKey: ["sources"], queryFn: ({ signal }) => api.sources(signal) });
  const add = (template: keyof typeof templates) =>
    setEditing({
      kind: template === "oidc" ? "provider" : "directory",
      settings:
        template === "oidc"
          ? { ...templates.oidc, redirectUri: `${location.origin}/sign-in/callback` }
          : templates[template],
    });
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("sources.title")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        {sources.isError ? <ProblemNotice error={sources.error} /> : null}
        {sources.data ? null : <Waiting />}
        {sources.data?.rows.length === 0 ? <p>{t("sources.none")}</p> : null}
        {sources.data?.rows.map((source) => (
          <div key={source.sourceId} className="e-row" style={{ justifyContent: "space-between" }}>
            <span>
              <strong>{source.label}</strong>{" "}
              <span className="e-muted">{t(source.enabled ? "sources.on" : "sources.off")}</span>
              {source.servers.map(({ server, quietSeconds }) => (
                <span key={server} className="e-small" style={{ display: "block" }}>
                  <span aria-hidden="true">{quietSeconds > 0 ? "✗" : "•"}</span> {server}{" "}
                  {quietSeconds > 0 ? t("sources.quiet", { seconds: f.number(quietSeconds) }) : ""}
                </span>
              ))}
            </span>
            <Button
              variant="default"
              size="xs"
              aria-label={t("sources.change-of", { name: source.label })}
              onClick={() =>
                setEditing({
                  kind: source.directory ? "directory" : "provider",
                  settings: (source.directory ?? source.provider) as Settings,
                  source,
                })
              }
            >
              {t("sources.change")}
            </Button>
          </div>
        ))}
        <div className="e-row">
          {(Object.keys(templates) as (keyof typeof templates)[]).map((template) => (
            <Button key={template} variant="default" size="xs" onClick={() => add(template)}>
              {t(`sources.add-${template}`)}
            </Button>
          ))}
        </div>
      </div>
      <Modal
        opened={editing !== undefined}
        onClose={() => setEditing(undefined)}
        size="lg"
        title={t("sources.title")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {editing ? (
          <SourceForm
            {...editing}
            onDone={() => {
              setEditing(undefined);
              void queries.invalidateQueries({ queryKey: ["sources"] });
            }}
          />
        ) : null}
      </Modal>
    </section>
  );
}

const numbers = [
  ["passwordLengthMin", 12, 64],
  ["sessionIdleMinutes", 5, 480],
  ["sessionHours", 1, 24],
  ["backOffSecondsMax", 30, 3_600],
] as const;
const roleLists = ["factorRoles", "keyRoles"] as const;

function Policy() {
  const policy = useQuery({
    queryKey: ["sign-in-policy"],
    queryFn: ({ signal }) => api.signInPolicy(signal),
  });
  const { t } = useLocale();
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("policy.title")}</h2>
      </div>
      <div className="e-panel-body">
        {policy.isError ? <ProblemNotice error={policy.error} /> : null}
        {policy.data ? <PolicyForm policy={policy.data} /> : <Waiting />}
      </div>
    </section>
  );
}

function PolicyForm(props: { readonly policy: SignInPolicy }) {
  const { t } = useLocale();
  const [policy, setPolicy] = useState(props.policy);
  const [typed, setTyped] = useState(() => props.policy.blockedWords.join("\n"));
  const store = useMutation({ mutationFn: () => api.changeSignInPolicy(policy) });
  const wrong = Object.keys(store.error ? asProblem(store.error).fields : {});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    store.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {store.isError ? <ProblemNotice error={store.error} /> : null}
      {store.isSuccess ? <p role="status">✓ {t("policy.stored")}</p> : null}
      {numbers.map(([name, min, max]) => (
        <NumberInput
          key={name}
          label={t(`policy.${name}`)}
          min={min}
          max={max}
          allowDecimal={false}
          value={policy[name]}
          onChange={(value) => setPolicy({ ...policy, [name]: Number(value) })}
        />
      ))}
      <NumberInput
        label={t("policy.unusedDaysMax")}
        description={t("policy.unused-help")}
        min={7}
        max={3_650}
        allowDecimal={false}
        value={policy.unusedDaysMax ?? ""}
        onChange={(value) => setPolicy({ ...policy, unusedDaysMax: value === "" ? null : Number(value) })}
      />
      <NativeSelect
        label={t("policy.factorFor")}
        value={policy.factorFor}
        data={(["nobody", "roles", "everybody"] as const).map((value) => ({
          value,
          label: t(`policy.factor-${value}`),
        }))}
        onChange={(event) =>
          setPolicy({ ...policy, factorFor: event.currentTarget.value as SignInPolicy["factorFor"] })
        }
      />
      <Textarea
        label={t("policy.blockedWords")}
        description={t("policy.list-help")}
        autosize
        minRows={1}
        value={typed}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          const words = text.split("\n").map((word) => word.trim());
          setPolicy({ ...policy, blockedWords: words.filter((word) => word !== "") });
        }}
      />
      {roleLists.map((name) => (
        <RoleChoice
          key={name}
          label={t(`policy.${name}`)}
          chosen={policy[name]}
          isWrong={wrong.some((field) => field.startsWith(`${name}.`))}
          onChange={(chosen) => setPolicy({ ...policy, [name]: chosen })}
        />
      ))}
      <Button type="submit" style={{ alignSelf: "flex-start" }} loading={store.isPending}>
        {t("policy.store")}
      </Button>
    </form>
  );
}

/** Roles by their names as people read them. One that is in the policy and no role any more can only be taken out. */
function RoleChoice(props: {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly isWrong: boolean;
  readonly onChange: (chosen: string[]) => void;
}) {
  const { t } = useLocale();
  const roles = useQuery(rolesQuery);
  const known = roles.data?.roles ?? [];
  const gone = props.chosen.filter((name) => !known.some((role) => role.name === name));
  if (roles.isPending) return <Waiting />;
  return (
    <Checkbox.Group
      label={props.label}
      description={t("policy.roles-help")}
      error={props.isWrong ? t("policy.no-role") : undefined}
      value={[...props.chosen]}
      onChange={props.onChange}
    >
      {roles.isError ? <ProblemNotice error={roles.error} /> : null}
      <div className="e-row">
        {known.map((role) => (
          <Checkbox key={role.roleId} value={role.name} label={roleWords(t, role)} />
        ))}
        {gone.map((name) => (
          <Checkbox key={name} value={name} label={t("policy.role-gone", { name })} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function BreakGlass() {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const accounts = useQuery({ queryKey: ["break-glass"], queryFn: ({ signal }) => api.breakGlass(signal) });
  const make = useMutation({
    mutationFn: (number: number) => api.makeBreakGlass(number),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["break-glass"] }),
  });
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("glass.title")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <p>{t("glass.lead")}</p>
        {make.isError ? <ProblemNotice error={make.error} /> : null}
        {[1, 2].map((number) => {
          const known = accounts.data?.rows.find(({ name }) => name === `break-glass-${number}`);
          return (
            <div key={number} className="e-row" style={{ justifyContent: "space-between" }}>
              <span>
                <strong>break-glass-{number}</strong>{" "}
                <span className="e-muted">
                  {!known
                    ? t("glass.absent")
                    : known.lastSignedInAt
                      ? t("glass.used", { time: f.instant(Date.parse(known.lastSignedInAt)) })
                      : t("glass.sealed", { time: f.instant(Date.parse(known.passwordChangedAt)) })}
                </span>
              </span>
              <Button
                variant="default"
                size="xs"
                aria-label={t(known ? "glass.renew-of" : "glass.make-of", { name: `break-glass-${number}` })}
                onClick={() => make.mutate(number)}
              >
                {t(known ? "glass.renew" : "glass.make")}
              </Button>
            </div>
          );
        })}
        {make.data ? (
          <div role="status" className="e-stack">
            <p>{t("glass.once", { name: make.data.name })}</p>
            <code style={{ fontSize: "1.1rem" }}>{make.data.password}</code>
          </div>
        ) : null}
      </div>
    </section>
  );
}
