import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Person } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { fold } from "../text/fold.ts";
import { useLocale } from "../text/provider.tsx";
import { grantWords, placeWords, stateWords, timeWords } from "./grant-words.ts";
import { peopleQuery } from "./queries.ts";

/** People with what they hold; from here to each one's rights. */
export function PeoplePage() {
  const { t } = useLocale();
  const may = useMay();
  const people = useQuery(peopleQuery);
  const [wanted, setWanted] = useState("");
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.admin") }, { label: t("nav.people") }]}
        title={t("people.title")}
        actions={
          may("users.change") ? (
            <Button renderRoot={(own) => <Link to="/adm/users/new" {...own} />}>{t("people.add")}</Button>
          ) : null
        }
      />
      <div className="e-stack">
        <TextInput
          data-filter
          aria-label={t("people.find")}
          placeholder={t("people.find")}
          value={wanted}
          style={{ maxWidth: 360 }}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        {people.isPending ? <Waiting /> : null}
        {people.isError ? <ProblemNotice error={people.error} onRetry={() => void people.refetch()} /> : null}
        {people.data ? <PeopleTable people={people.data.rows} wanted={wanted} /> : null}
      </div>
    </>
  );
}

function PeopleTable(props: { readonly people: readonly Person[]; readonly wanted: string }) {
  const { t, f } = useLocale();
  const holds = (person: Person) =>
    person.grants.map((grant) => `${grantWords(t, grant)} (${placeWords(t, grant)})`);
  const needle = fold(props.wanted.trim());
  const shown = props.people.filter((person) =>
    fold([person.displayName, person.name, ...holds(person)].join(" ")).includes(needle),
  );
  if (shown.length === 0) return <EmptyNotice title={t("people.none")} />;
  return (
    <section className="e-panel e-scroll-x" aria-label={t("people.title")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("people.name")}</th>
            <th scope="col">{t("people.sign-in-name")}</th>
            <th scope="col">{t("people.holds")}</th>
            <th scope="col">{t("people.state")}</th>
            <th scope="col">{t("people.last")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((person) => (
            <tr key={person.accountId}>
              <td>
                <Link to="/adm/users/$accountId" params={{ accountId: person.accountId }}>
                  {person.displayName}
                </Link>
              </td>
              <td>{person.name}</td>
              <td>{holds(person).join("; ") || t("people.no-grants")}</td>
              <td>{stateWords(t, f, person)}</td>
              <td>{timeWords(f, person.lastSignedInAt, t("people.never"))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
