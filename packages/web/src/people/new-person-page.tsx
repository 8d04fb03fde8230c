import { Button, NativeSelect, Radio, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, type NewPerson, type Person, type Roles } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useLocale } from "../text/provider.tsx";
import { BranchField, needsSupplier, RoleField, SupplierField } from "./fields.tsx";
import { grantWords } from "./grant-words.ts";
import { InvitationLink } from "./invitation-link.tsx";
import { peopleQuery, rolesQuery } from "./queries.ts";

type Way = "colleague" | "role" | "nothing";

/** A new account: the names, and the rights of a colleague for one branch, a role, or none yet. */
export function NewPersonPage() {
  const { t } = useLocale();
  const roles = useQuery(rolesQuery);
  const people = useQuery(peopleQuery);
  const error = roles.error ?? people.error;
  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.admin") },
          { label: t("nav.people"), to: "/adm/users" },
          { label: t("people.add") },
        ]}
        title={t("people.add")}
      />
      {error ? <ProblemNotice error={error} /> : null}
      {roles.data && people.data ? (
        <NewPersonForm roles={roles.data} people={people.data.rows} />
      ) : error ? null : (
        <Waiting />
      )}
    </>
  );
}

function NewPersonForm(props: { readonly roles: Roles; readonly people: readonly Person[] }) {
  const { t, language } = useLocale();
  const queries = useQueryClient();
  const [displayName, setDisplayName] = useState("");
  const [name, setName] = useState("");
  const [spoken, setSpoken] = useState(language);
  const [way, setWay] = useState<Way>("colleague");
  const [colleague, setColleague] = useState<number>();
  const [branchId, setBranchId] = useState<number | null>();
  const [roleId, setRoleId] = useState<number>();
  const [supplierId, setSupplierId] = useState<number>();
  const add = useMutation({
    mutationFn: (body: NewPerson) => api.addPerson(body),
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleQuery.queryKey }),
  });
  const model = props.people.find((person) => person.accountId === colleague);
  const fields = add.error ? asProblem(add.error).fields : {};

  const rightsChosen =
    way === "nothing" ||
    (way === "colleague"
      ? colleague !== undefined && typeof branchId === "number"
      : roleId !== undefined &&
        branchId !== undefined &&
        (!needsSupplier(props.roles, roleId) || supplierId !== undefined));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!rightsChosen) return;
    add.mutate({
      name: name.trim(),
      displayName: displayName.trim(),
      language: spoken,
      ...(way === "colleague" && colleague !== undefined && typeof branchId === "number"
        ? { copy: { accountId: colleague, branchId } }
        : {}),
      ...(way === "role" && roleId !== undefined && branchId !== undefined
        ? { grants: [{ roleId, branchId, ...(supplierId === undefined ? {} : { supplierId }) }] }
        : {}),
    });
  };

  if (add.data)
    return (
      <div className="e-stack" style={{ maxWidth: 720 }}>
        <InvitationLink name={displayName} invitation={add.data} />
        <span className="e-row">
          <Button
            renderRoot={(own) => (
              <Link to="/adm/users/$accountId" params={{ accountId: add.data.accountId }} {...own} />
            )}
          >
            {t("people.to-person", { name: displayName })}
          </Button>
        </span>
      </div>
    );
  return (
    <form className="e-stack" style={{ maxWidth: 560 }} onSubmit={submit}>
      <TextInput
        label={t("people.name")}
        required
        withAsterisk={false}
        value={displayName}
        error={fields.displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <TextInput
        label={t("people.sign-in-name")}
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={fields.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("people.language")}
        value={spoken}
        onChange={(event) => setSpoken(event.currentTarget.value === "ro" ? "ro" : "en")}
        data={[
          { value: "ro", label: t("language.ro") },
          { value: "en", label: t("language.en") },
        ]}
      />
      <Radio.Group label={t("people.rights")} value={way} onChange={(value) => setWay(value as Way)}>
        <div className="e-stack" style={{ gap: 8, paddingTop: 8 }}>
          <Radio value="colleague" label={t("people.as-colleague")} />
          <Radio value="role" label={t("people.as-role")} />
          <Radio value="nothing" label={t("people.as-nothing")} />
        </div>
      </Radio.Group>
      {way === "colleague" ? (
        <>
          <NativeSelect
            label={t("people.colleague")}
            value={colleague === undefined ? "" : String(colleague)}
            onChange={(event) => setColleague(Number(event.currentTarget.value) || undefined)}
            data={[
              { value: "", label: t("people.choose") },
              ...props.people
                .filter((person) => person.grants.length > 0)
                .map((person) => ({ value: String(person.accountId), label: person.displayName })),
            ]}
          />
          <BranchField roles={props.roles} network={false} value={branchId} onChange={setBranchId} />
          {model && typeof branchId === "number" ? (
            <Copied
              person={model}
              branch={props.roles.branches.find((each) => each.branchId === branchId)?.path}
            />
          ) : null}
        </>
      ) : null}
      {way === "role" ? (
        <>
          <RoleField roles={props.roles} value={roleId} onChange={setRoleId} />
          <BranchField roles={props.roles} value={branchId} onChange={setBranchId} />
          {needsSupplier(props.roles, roleId) ? (
            <SupplierField roles={props.roles} value={supplierId} onChange={setSupplierId} />
          ) : null}
        </>
      ) : null}
      {add.isError ? <ProblemNotice error={add.error} /> : null}
      <span className="e-row">
        <Button type="submit" loading={add.isPending} disabled={!rightsChosen}>
          {t("people.create")}
        </Button>
      </span>
    </form>
  );
}

/** What of a colleague's rights reaches the branch, and so will be given there. */
function Copied(props: { readonly person: Person; readonly branch: readonly string[] | undefined }) {
  const { t } = useLocale();
  const reaches = (path: readonly string[] | null) =>
    path === null || path.every((part, index) => props.branch?.[index] === part);
  const copied = [
    ...new Set(
      props.person.grants.filter(({ branch }) => reaches(branch)).map((grant) => grantWords(t, grant)),
    ),
  ];
  return (
    <p role="status">
      {copied.length === 0 ? t("people.copied-none") : `${t("people.copied")}: ${copied.join(", ")}`}
    </p>
  );
}
