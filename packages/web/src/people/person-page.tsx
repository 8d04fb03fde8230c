import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  api,
  type Grant,
  type GrantChange,
  type NewGrant,
  type PersonDetail,
  type Roles,
} from "../api/client.ts";
import { ItsLog } from "../log/its-log.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { sessionQuery, useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { Conflicts, GainsAndLosses } from "./effect.tsx";
import { GiveForm } from "./give-form.tsx";
import { grantWords, placeWords, roleWords, stateWords, timeWords } from "./grant-words.ts";
import { InvitationLink } from "./invitation-link.tsx";
import { personQuery, rolesQuery } from "./queries.ts";
import { levels, levelWords, pageWords, rightWords } from "./right-words.ts";

/** One person: what they hold, and a change of it with its effect before it is saved. */
export function PersonPage() {
  const { t } = useLocale();
  const { accountId } = useParams({ from: "/inside/adm/users/$accountId" });
  const person = useQuery(personQuery(accountId));
  const roles = useQuery(rolesQuery);
  const error = person.error ?? roles.error;
  if (error) return <ProblemNotice error={error} />;
  if (!person.data || !roles.data) return <Waiting label={t("app.loading")} />;
  return <PersonView key={accountId} detail={person.data} roles={roles.data} />;
}

const noChange: { readonly add: readonly NewGrant[]; readonly end: readonly number[] } = { add: [], end: [] };

function PersonView(props: { readonly detail: PersonDetail; readonly roles: Roles }) {
  const { t } = useLocale();
  const may = useMay();
  const { person, conflicts, mayChange } = props.detail;
  const [change, setChange] = useState(noChange);
  const mayGive = may("users.change");
  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.admin") },
          { label: t("nav.people"), to: "/adm/users" },
          { label: person.displayName },
        ]}
        title={person.displayName}
        actions={
          <>
            <ItsLog search={{ object: "account", id: String(person.accountId) }} />
            <ItsLog search={{ tab: "application", user: person.name }} text="log.acts" />
            {mayGive && mayChange ? <AccountActions detail={props.detail} /> : null}
          </>
        }
      />
      <div className="e-stack">
        {mayGive && !mayChange ? <p className="e-muted">{t("people.elsewhere")}</p> : null}
        <Conflicts conflicts={conflicts} />
        <Facts detail={props.detail} />
        <Held
          grants={person.grants}
          ended={change.end}
          {...(mayGive
            ? {
                onToggle: (grantId: number) =>
                  setChange({
                    ...change,
                    end: change.end.includes(grantId)
                      ? change.end.filter((id) => id !== grantId)
                      : [...change.end, grantId],
                  }),
              }
            : {})}
        />
        {mayGive ? (
          <div className="e-columns">
            <section className="e-panel" aria-labelledby="give">
              <div className="e-panel-head">
                <h2 id="give">{t("people.give")}</h2>
              </div>
              <div className="e-panel-body">
                <GiveForm
                  roles={props.roles}
                  onGive={(grant) => setChange({ ...change, add: [...change.add, grant] })}
                />
              </div>
            </section>
            <Change
              detail={props.detail}
              roles={props.roles}
              change={change}
              onDone={() => setChange(noChange)}
            />
          </div>
        ) : null}
        <Rights actions={props.detail.actions} />
      </div>
    </>
  );
}

function AccountActions(props: { readonly detail: PersonDetail }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { person } = props.detail;
  const own = useQuery(sessionQuery).data?.account.accountId === person.accountId;
  const mayReset = useMay()("sign-in.change") && !own;
  const { accountId } = person;
  const refresh = () => queries.invalidateQueries({ queryKey: ["people"] });
  const enable = useMutation({
    mutationFn: () => api.changePerson(accountId, { disabled: !person.disabled }),
    onSuccess: refresh,
  });
  const invite = useMutation({ mutationFn: () => api.invitePerson(accountId), onSuccess: refresh });
  // Everything that was fetched is of one's own view: the page begins anew.
  const look = useMutation({ mutationFn: () => api.seeAs(accountId), onSuccess: () => location.assign("/") });
  const renew = useMutation({ mutationFn: () => api.renewPerson(accountId), onSuccess: refresh });
  const error = enable.error ?? invite.error ?? look.error ?? renew.error;
  return (
    <div className="e-stack" style={{ gap: 8 }}>
      <span className="e-row">
        {own ? null : (
          <Button variant="default" loading={look.isPending} onClick={() => look.mutate()}>
            {t("seen-as.begin")}
          </Button>
        )}
        {person.source === null && !person.breakGlass && !person.disabled ? (
          <Button variant="default" loading={invite.isPending} onClick={() => invite.mutate()}>
            {t("people.invite-again")}
          </Button>
        ) : null}
        {person.unused ? (
          <Button loading={renew.isPending} onClick={() => renew.mutate()}>
            {t("people.renew")}
          </Button>
        ) : null}
        {mayReset ? <FactorReset accountId={accountId} name={person.displayName} /> : null}
        {own ? null : (
          <Button variant="default" loading={enable.isPending} onClick={() => enable.mutate()}>
            {t(person.disabled ? "people.enable" : "people.disable")}
          </Button>
        )}
      </span>
      {error ? <ProblemNotice error={error} /> : null}
      {invite.data ? <InvitationLink name={person.displayName} invitation={invite.data} /> : null}
    </div>
  );
}

/** For somebody who has lost every factor and every recovery code. */
function FactorReset(props: { readonly accountId: number; readonly name: string }) {
  const { t } = useLocale();
  const [asking, setAsking] = useState(false);
  const reset = useMutation({ mutationFn: () => api.resetFactors(props.accountId) });
  const close = () => {
    setAsking(false);
    reset.reset();
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t("people.reset-factors")}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={t("people.reset-factors")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <div className="e-stack">
          {reset.isError ? <ProblemNotice error={reset.error} /> : null}
          {reset.isSuccess ? (
            <p role="status">✓ {t("people.factors-gone", { name: props.name })}</p>
          ) : (
            <>
              <p>{t("people.reset-lead", { name: props.name })}</p>
              <Button data-autofocus loading={reset.isPending} onClick={() => reset.mutate()}>
                {t("people.reset-now")}
              </Button>
            </>
          )}
        </div>
      </Modal>
    </>
  );
}

function Facts(props: { readonly detail: PersonDetail }) {
  const { t, f } = useLocale();
  const { person } = props.detail;
  return (
    <section className="e-panel" aria-labelledby="facts">
      <div className="e-panel-head">
        <h2 id="facts">{t("people.facts")}</h2>
      </div>
      <dl className="e-panel-body e-facts">
        <dt>{t("people.sign-in-name")}</dt>
        <dd>{person.name}</dd>
        <dt>{t("people.source")}</dt>
        <dd>{person.source ?? t("people.local")}</dd>
        <dt>{t("people.state")}</dt>
        <dd>{stateWords(t, f, person)}</dd>
        <dt>{t("people.created")}</dt>
        <dd>{timeWords(f, person.createdAt, "")}</dd>
        <dt>{t("people.last")}</dt>
        <dd>{timeWords(f, person.lastSignedInAt, t("people.never"))}</dd>
      </dl>
    </section>
  );
}

/** The grants, each of which can be put into the change. */
function Held(props: {
  readonly grants: readonly Grant[];
  readonly ended: readonly number[];
  readonly onToggle?: (grantId: number) => void;
}) {
  const { t, f } = useLocale();
  const { onToggle } = props;
  return (
    <section className="e-panel" aria-labelledby="held">
      <div className="e-panel-head">
        <h2 id="held">{t("people.grants")}</h2>
      </div>
      {props.grants.length === 0 ? (
        <p className="e-panel-body e-muted">{t("people.no-grants")}</p>
      ) : (
        <div className="e-scroll-x">
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("people.role")}</th>
                <th scope="col">{t("people.where")}</th>
                <th scope="col">{t("people.since")}</th>
                <th scope="col">{t("people.until")}</th>
                <th scope="col">{t("people.by")}</th>
                <th scope="col">{t("people.reason")}</th>
                <th scope="col">{t("people.last-used")}</th>
                {onToggle ? <td /> : null}
              </tr>
            </thead>
            <tbody>
              {props.grants.map((grant) => (
                <tr key={grant.grantId} data-ended={props.ended.includes(grant.grantId) || undefined}>
                  <td>{grantWords(t, grant)}</td>
                  <td>{placeWords(t, grant)}</td>
                  <td>{timeWords(f, grant.validFrom, "")}</td>
                  <td>{timeWords(f, grant.validUntil, "–")}</td>
                  <td>{grant.grantedBy ?? t("people.by-system")}</td>
                  <td>{grant.reason || "–"}</td>
                  <td>{timeWords(f, grant.lastUsedAt, t("people.never"))}</td>
                  {onToggle ? (
                    <td>
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={t("people.take-away-of", { name: grantWords(t, grant) })}
                        aria-pressed={props.ended.includes(grant.grantId)}
                        onClick={() => onToggle(grant.grantId)}
                      >
                        {t(props.ended.includes(grant.grantId) ? "people.keep" : "people.take-away")}
                      </Button>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** What will be given and taken, what that does, and the button that does it. */
function Change(props: {
  readonly detail: PersonDetail;
  readonly roles: Roles;
  readonly change: typeof noChange;
  readonly onDone: () => void;
}) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const { person } = props.detail;
  const { add, end } = props.change;
  const body: GrantChange = { add: [...add], end: [...end] };
  const isEmpty = add.length + end.length === 0;
  const effect = useQuery({
    queryKey: ["people", person.accountId, "effect", body],
    queryFn: ({ signal }) => api.grantEffect(person.accountId, body, signal),
    enabled: !isEmpty,
  });
  const save = useMutation({
    mutationFn: () => api.changeGrants(person.accountId, body),
    onSuccess: () => {
      props.onDone();
      return queries.invalidateQueries({ queryKey: ["people"] });
    },
  });
  const given = (grant: NewGrant): string => {
    const role = props.roles.roles.find((each) => each.roleId === grant.roleId);
    const branch = props.roles.branches.find((each) => each.branchId === grant.branchId)?.path ?? null;
    const supplier = props.roles.suppliers.find((each) => each.supplierId === grant.supplierId)?.name ?? null;
    const what = role ? roleWords(t, role) : rightWords(t, grant.action ?? "");
    const until = grant.validUntil
      ? `, ${t("people.until").toLowerCase()} ${timeWords(f, grant.validUntil, "")}`
      : "";
    return `${what} (${placeWords(t, { branch, supplier })}${until})`;
  };
  const ended = person.grants.filter(({ grantId }) => end.includes(grantId));
  return (
    <section className="e-panel" aria-labelledby="change">
      <div className="e-panel-head">
        <h2 id="change">{t("people.change")}</h2>
      </div>
      <div className="e-panel-body e-stack" aria-live="polite">
        {isEmpty ? <p className="e-muted">{t("people.change-none")}</p> : null}
        {isEmpty ? null : (
          <ul className="e-plain-list">
            {add.map((grant) => (
              <li key={JSON.stringify(grant)}>{t("people.will-give", { what: given(grant) })}</li>
            ))}
            {ended.map((grant) => (
              <li key={grant.grantId}>
                {t("people.will-take", { what: `${grantWords(t, grant)} (${placeWords(t, grant)})` })}
              </li>
            ))}
          </ul>
        )}
        {effect.data && !isEmpty ? (
          <>
            <GainsAndLosses gains={effect.data.gains} loses={effect.data.loses} />
            <p>
              {t("people.effect-points", {
                after: effect.data.points.after,
                gained: f.number(effect.data.points.gained),
                lost: f.number(effect.data.points.lost),
              })}
            </p>
            <Conflicts conflicts={effect.data.conflicts} />
          </>
        ) : null}
        {effect.isError ? <ProblemNotice error={effect.error} /> : null}
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        {isEmpty ? null : (
          <span className="e-row">
            <Button loading={save.isPending} disabled={!effect.data} onClick={() => save.mutate()}>
              {t("people.save")}
            </Button>
            <Button variant="default" onClick={props.onDone}>
              {t("people.discard")}
            </Button>
          </span>
        )}
      </div>
    </section>
  );
}

/** All that the grants add up to, by page. */
function Rights(props: { readonly actions: readonly string[] }) {
  const { t } = useLocale();
  const pages = Map.groupBy(props.actions, (right) => right.slice(0, right.lastIndexOf(".")));
  return (
    <section className="e-panel" aria-labelledby="may">
      <div className="e-panel-head">
        <h2 id="may">{t("people.may")}</h2>
      </div>
      {pages.size === 0 ? (
        <p className="e-panel-body e-muted">{t("roles.some")}</p>
      ) : (
        <dl className="e-panel-body e-facts">
          {[...pages].map(([page, rights]) => (
            <div key={page} style={{ display: "contents" }}>
              <dt>{pageWords(t, page)}</dt>
              <dd>
                {levels
                  .filter((level) => rights.includes(`${page}.${level}`))
                  .map((level) => levelWords(t, level))
                  .join(", ")}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
