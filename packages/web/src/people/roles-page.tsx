import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Roles } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { GainsAndLosses } from "./effect.tsx";
import { roleWords } from "./grant-words.ts";
import { rolesQuery } from "./queries.ts";
import { levelWords, pageWords } from "./right-words.ts";

type Role = Roles["roles"][number];
/** What is being edited: a role of one's own, or a copy that is not there yet. */
interface Draft {
  readonly roleId: number | undefined;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Roles against pages: who may what where the role is held. */
export function RolesPage() {
  const { t } = useLocale();
  const roles = useQuery(rolesQuery);
  const [draft, setDraft] = useState<Draft>();
  return (
    <>
      <PageHead crumbs={[{ label: t("nav.admin") }, { label: t("nav.roles") }]} title={t("roles.title")} />
      <div className="e-stack">
        {roles.isPending ? <Waiting /> : null}
        {roles.isError ? <ProblemNotice error={roles.error} onRetry={() => void roles.refetch()} /> : null}
        {roles.data ? (
          <>
            {draft ? (
              <RoleForm
                key={draft.roleId ?? draft.name}
                roles={roles.data}
                draft={draft}
                onDone={() => setDraft(undefined)}
              />
            ) : null}
            <Matrix roles={roles.data} onEdit={setDraft} />
          </>
        ) : null}
      </div>
    </>
  );
}

function Matrix(props: { readonly roles: Roles; readonly onEdit: (draft: Draft) => void }) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const mayChange = useMay()("roles.change");
  const remove = useMutation({
    mutationFn: (roleId: number) => api.removeRole(roleId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["people"] }),
  });
  const { pages, roles } = props.roles;
  const held = (role: Role, page: string, levels: readonly string[]) =>
    levels
      .filter((level) => role.actions.includes(`${page}.${level}`))
      .map((level) => levelWords(t, level))
      .join(" · ");
  return (
    <>
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      <section className="e-panel e-scroll-x e-first-stays" aria-label={t("roles.matrix")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("people.role")}</th>
              <th scope="col" className="e-num">
                {t("roles.holders")}
              </th>
              {pages.map(({ page }) => (
                <th key={page} scope="col">
                  {pageWords(t, page)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {roles.map((role) => {
              const name = roleWords(t, role);
              return (
                <tr key={role.roleId}>
                  <th scope="row">
                    {name}
                    {role.ready === null ? null : (
                      <span className="e-muted e-small" style={{ display: "block", fontWeight: 400 }}>
                        {t("roles.ready")}
                      </span>
                    )}
                    {mayChange ? (
                      <span className="e-row" style={{ flexWrap: "nowrap" }}>
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={t("roles.copy-of", { name })}
                          onClick={() =>
                            props.onEdit({
                              roleId: undefined,
                              name: t("roles.name-copy", { name }),
                              actions: role.actions,
                            })
                          }
                        >
                          {t("roles.copy")}
                        </Button>
                        {role.ready === null ? (
                          <>
                            <Button
                              size="compact-sm"
                              variant="default"
                              aria-label={t("roles.edit-of", { name })}
                              onClick={() => props.onEdit(role)}
                            >
                              {t("roles.edit")}
                            </Button>
                            <Button
                              size="compact-sm"
                              variant="subtle"
                              aria-label={`${t("roles.remove")}: ${name}`}
                              onClick={() => remove.mutate(role.roleId)}
                            >
                              {t("roles.remove")}
                            </Button>
                          </>
                        ) : null}
                      </span>
                    ) : null}
                  </th>
                  <td className="e-num">{f.number(role.holders)}</td>
                  {pages.map(({ page, levels }) => (
                    <td key={page}>{held(role, page, levels) || <span className="e-muted">–</span>}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </>
  );
}

function RoleForm(props: { readonly roles: Roles; readonly draft: Draft; readonly onDone: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { roleId } = props.draft;
  const [name, setName] = useState(props.draft.name);
  const [actions, setActions] = useState<readonly string[]>(props.draft.actions);
  const body = { name: name.trim(), actions: [...actions] };
  const effect = useQuery({
    queryKey: ["people", "role-effect", roleId, body.actions],
    queryFn: ({ signal }) => api.roleEffect(roleId!, { ...body, name: props.draft.name }, signal),
    enabled: roleId !== undefined,
    placeholderData: (before) => before,
  });
  const save = useMutation({
    mutationFn: async () => {
      if (roleId === undefined) await api.addRole(body);
      else await api.changeRole(roleId, body);
    },
    onSuccess: () => {
      props.onDone();
      return queries.invalidateQueries({ queryKey: ["people"] });
    },
  });
  const toggle = (right: string) =>
    setActions(actions.includes(right) ? actions.filter((each) => each !== right) : [...actions, right]);
  return (
    <section className="e-panel" aria-label={name}>
      <form
        className="e-panel-body e-stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label={t("roles.name")}
          required
          withAsterisk={false}
          maxLength={100}
          value={name}
          style={{ maxWidth: 360 }}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className="e-scroll-x">
          <table className="e-list-table">
            <tbody>
              {props.roles.pages.map(({ page, levels, reach }) => (
                <tr key={page}>
                  <th scope="row">
                    {pageWords(t, page)}
                    {reach === "network" ? (
                      <span className="e-muted e-small" style={{ display: "block", fontWeight: 400 }}>
                        {t("roles.network")}
                      </span>
                    ) : null}
                  </th>
                  <td>
                    <span className="e-row">
                      {levels.map((level) => (
                        <Checkbox
                          key={level}
                          checked={actions.includes(`${page}.${level}`)}
                          label={levelWords(t, level)}
                          aria-label={t("roles.allow", {
                            page: pageWords(t, page),
                            level: levelWords(t, level),
                          })}
                          onChange={() => toggle(`${page}.${level}`)}
                        />
                      ))}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {effect.data ? (
          <div aria-live="polite">
            <p>{t("roles.people", { count: effect.data.people })}</p>
            <GainsAndLosses gains={effect.data.gains} loses={effect.data.loses} />
          </div>
        ) : null}
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <span className="e-row">
          <Button type="submit" loading={save.isPending} disabled={body.name === ""}>
            {t("roles.save")}
          </Button>
          <Button variant="default" onClick={props.onDone}>
            {t("people.discard")}
          </Button>
        </span>
      </form>
    </section>
  );
}
