import { Button, Checkbox, CopyButton, Modal, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { api, keepCsrfToken } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { rightWords } from "../people/right-words.ts";
import { sessionQuery } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { NewFactor, RecoveryCodes } from "./new-factor.tsx";

/** One's own account: second factors, password, where one is signed in, tokens for programs. */
export function AccountPage() {
  const { t } = useLocale();
  return (
    <>
      <PageHead crumbs={[{ label: t("account.title") }]} title={t("account.title")} />
      <div className="e-stack" style={{ maxWidth: 860 }}>
        <Factors />
        <Password />
        <Sessions />
        <Tokens />
      </div>
    </>
  );
}

function Panel(props: { readonly title: string; readonly action?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{props.title}</h2>
        {props.action}
      </div>
      <div className="e-panel-body e-stack">{props.children}</div>
    </section>
  );
}

/** A line of a list with what can be done about it. */
function Row(props: { readonly what: ReactNode; readonly detail: ReactNode; readonly action?: ReactNode }) {
  return (
    <li className="e-row" style={{ justifyContent: "space-between" }}>
      <span>
        {props.what}
        <br />
        <span className="e-muted e-small">{props.detail}</span>
      </span>
      {props.action}
    </li>
  );
}

const list = { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: 12 } as const;

function Factors() {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const factors = useQuery({ queryKey: ["factors"], queryFn: ({ signal }) => api.factors(signal) });
  const changed = () => void queries.invalidateQueries({ queryKey: ["factors"] });
  const remove = useMutation({
    mutationFn: (factorId: number) => api.removeFactor(factorId),
    onSuccess: changed,
  });
  const codes = useMutation({
    mutationFn: () => api.recoveryCodes(),
    onSuccess: changed,
  });
  return (
    <Panel
      title={t("account.factors")}
      action={
        <Button size="xs" onClick={() => setAdding(true)}>
          {t("account.add-factor")}
        </Button>
      }
    >
      {factors.isError ? <ProblemNotice error={factors.error} /> : null}
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      {factors.data ? null : <Waiting />}
      {factors.data?.factors.length === 0 ? <p>{t("account.no-factors")}</p> : null}
      <ul style={list}>
        {factors.data?.factors.map(({ factorId, kind, label, lastUsedAt }) => (
          <Row
            key={factorId}
            what={label}
            detail={`${t(`factor.kind-${kind}`)} · ${lastUsedAt ? t("account.used", { time: f.instant(Date.parse(lastUsedAt)) }) : t("account.unused")}`}
            action={
              <Button
                variant="default"
                size="xs"
                aria-label={t("account.remove-of", { name: label })}
                onClick={() => remove.mutate(factorId)}
              >
                {t("account.remove")}
              </Button>
            }
          />
        ))}
      </ul>
      {factors.data && factors.data.factors.length > 0 ? (
        <div className="e-row">
          <span>{t("account.codes-left", { count: factors.data.recoveryCodesLeft })}</span>
          <Button variant="default" size="xs" loading={codes.isPending} onClick={() => codes.mutate()}>
            {t("account.new-codes")}
          </Button>
        </div>
      ) : null}
      {codes.isError ? <ProblemNotice error={codes.error} /> : null}
      {codes.data ? <RecoveryCodes codes={codes.data.recoveryCodes} onKept={() => codes.reset()} /> : null}
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t("account.add-factor")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <NewFactor
          onDone={() => {
            setAdding(false);
            changed();
          }}
        />
      </Modal>
    </Panel>
  );
}

function Password() {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const factors = useQuery({ queryKey: ["factors"], queryFn: ({ signal }) => api.factors(signal) });
  const change = useMutation({
    mutationFn: () => api.changePassword({ current, password }),
    onSuccess: (session) => {
      keepCsrfToken(session.csrfToken);
      queries.setQueryData(sessionQuery.queryKey, session);
      void queries.invalidateQueries({ queryKey: ["sessions"] });
      setCurrent("");
      setPassword("");
    },
  });
  if (factors.data?.password === false) {
    return (
      <Panel title={t("sign-in.password")}>
        <p>{t("account.password-elsewhere")}</p>
      </Panel>
    );
  }
  const fields = change.error ? asProblem(change.error).fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const shown = { visibilityToggleButtonProps: { "aria-label": t("sign-in.show"), tabIndex: 0 } };
  return (
    <Panel title={t("sign-in.password")}>
      <form className="e-stack" onSubmit={submit}>
        {change.isError ? <ProblemNotice error={change.error} /> : null}
        {change.isSuccess ? <p role="status">✓ {t("account.password-changed")}</p> : null}
        <PasswordInput
          {...shown}
          label={t("account.password-now")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={current}
          error={fields.current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          {...shown}
          label={t("account.password-new")}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={12}
          value={password}
          error={fields.password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" style={{ alignSelf: "flex-start" }} loading={change.isPending}>
          {t("account.password-change")}
        </Button>
      </form>
    </Panel>
  );
}

function Sessions() {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: ({ signal }) => api.sessions(signal) });
  const changed = () => void queries.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({ mutationFn: api.endSession, onSuccess: changed });
  const endOthers = useMutation({ mutationFn: api.endOtherSessions, onSuccess: changed });
  const rows = sessions.data?.rows ?? [];
  return (
    <Panel
      title={t("account.sessions")}
      action={
        rows.length > 1 ? (
          <Button variant="default" size="xs" onClick={() => endOthers.mutate()}>
            {t("account.end-others")}
          </Button>
        ) : undefined
      }
    >
      {sessions.isError ? <ProblemNotice error={sessions.error} /> : null}
      {end.isError ? <ProblemNotice error={end.error} /> : null}
      <ul style={list}>
        {rows.map((row) => (
          <Row
            key={row.sessionId}
            what={row.current ? <strong>{t("account.this-session")}</strong> : browserOf(row.agent)}
            detail={t("account.session-detail", {
              address: row.address ?? "–",
              since: f.instant(Date.parse(row.createdAt)),
              seen: f.instant(Date.parse(row.lastSeenAt)),
            })}
            action={
              row.current ? undefined : (
                <Button
                  variant="default"
                  size="xs"
                  aria-label={t("account.end-of", { name: browserOf(row.agent) })}
                  onClick={() => end.mutate(row.sessionId)}
                >
                  {t("account.end")}
                </Button>
              )
            }
          />
        ))}
      </ul>
    </Panel>
  );
}

/** The name in a browser's long description of itself, which lists others for old times' sake. */
export function browserOf(agent: string | null): string {
  const found = /(Firefox|Edg|OPR|Chrome|Safari|curl)\/(\d+)/.exec(agent ?? "");
  return found ? `${found[1] === "Edg" ? "Edge" : found[1] === "OPR" ? "Opera" : found[1]} ${found[2]}` : "–";
}

function Tokens() {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const tokens = useQuery({ queryKey: ["tokens"], queryFn: ({ signal }) => api.tokens(signal) });
  const changed = () => void queries.invalidateQueries({ queryKey: ["tokens"] });
  const revoke = useMutation({ mutationFn: api.revokeToken, onSuccess: changed });
  return (
    <Panel
      title={t("account.tokens")}
      action={
        <Button size="xs" onClick={() => setAdding(true)}>
          {t("account.add-token")}
        </Button>
      }
    >
      {tokens.isError ? <ProblemNotice error={tokens.error} /> : null}
      {revoke.isError ? <ProblemNotice error={revoke.error} /> : null}
      {tokens.data?.rows.length === 0 ? <p>{t("account.no-tokens")}</p> : null}
      <ul style={list}>
        {tokens.data?.rows.map((row) => (
          <Row
            key={row.tokenId}
            what={row.label}
            detail={`${row.actions.map((action) => rightWords(t, action)).join(", ")} · ${t("account.token-until", { time: f.instant(Date.parse(row.expiresAt)) })} · ${row.lastUsedAt ? t("account.used", { time: f.instant(Date.parse(row.lastUsedAt)) }) : t("account.unused")}`}
            action={
              <Button
                variant="default"
                size="xs"
                aria-label={t("account.revoke-of", { name: row.label })}
                onClick={() => revoke.mutate(row.tokenId)}
              >
                {t("account.revoke")}
              </Button>
            }
          />
        ))}
      </ul>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t("account.add-token")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <NewToken
          actions={tokens.data?.actions ?? []}
          onDone={() => {
            setAdding(false);
            changed();
          }}
        />
      </Modal>
    </Panel>
  );
}

function NewToken(props: { readonly actions: readonly string[]; readonly onDone: () => void }) {
  const { t } = useLocale();
  const [label, setLabel] = useState("");
  const [actions, setActions] = useState<string[]>([]);
  const [addresses, setAddresses] = useState("");
  const [days, setDays] = useState<number | string>(90);
  const make = useMutation({
    mutationFn: () =>
      api.makeToken({
        label: label.trim(),
        actions,
        addresses: addresses.split(/[\s,;]+/).filter((address) => address !== ""),
        days: Number(days),
      }),
  });
  if (make.data) {
    const { token } = make.data;
    return (
      <div className="e-stack">
        <p role="status">{t("account.token-once")}</p>
        <code style={{ overflowWrap: "anywhere" }}>{token}</code>
        <div className="e-row">
          <CopyButton value={token}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t("common.copied") : t("account.token-copy")}
              </Button>
            )}
          </CopyButton>
          <Button onClick={props.onDone}>{t("account.token-kept")}</Button>
        </div>
      </div>
    );
  }
  const fields = make.error ? asProblem(make.error).fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {make.isError ? <ProblemNotice error={make.error} /> : null}
      <TextInput
        data-autofocus
        label={t("account.token-label")}
        required
        withAsterisk={false}
        maxLength={80}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <Checkbox.Group label={t("account.token-actions")} value={actions} onChange={setActions}>
        <div className="e-stack" style={{ gap: 6 }}>
          {props.actions.map((action) => (
            <Checkbox key={action} value={action} label={rightWords(t, action)} />
          ))}
        </div>
      </Checkbox.Group>
      <TextInput
        label={t("account.token-addresses")}
        description={t("account.token-addresses-help")}
        value={addresses}
        error={fields.addresses}
        onChange={(event) => setAddresses(event.currentTarget.value)}
      />
      <NumberInput
        label={t("account.token-days")}
        min={1}
        max={365}
        allowDecimal={false}
        value={days}
        onChange={setDays}
      />
      <Button type="submit" disabled={actions.length === 0} loading={make.isPending}>
        {t("account.token-make")}
      </Button>
    </form>
  );
}
