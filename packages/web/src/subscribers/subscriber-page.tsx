import "./texts.ts";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, fileAddress, type Subscriber } from "../api/client.ts";
import { OnDate } from "../attributes/on-date.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { ChangeList } from "./change-list.tsx";
import { ContractTable } from "./contract-table.tsx";
import { ErasurePanel } from "./erasure-panel.tsx";
import { isComplete, SubscriberFields, trimmed } from "./subscriber-fields.tsx";

/** One subscriber: who they are and where they have, or had, a contract; also as it was on a day. */
export function SubscriberPage() {
  const { t } = useLocale();
  const { subscriberId } = useParams({ from: "/inside/cfg/subscribers/$subscriberId" });
  const { on } = useSearch({ from: "/inside/cfg/subscribers/$subscriberId" });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["subscriber", subscriberId, on ?? "now"],
    queryFn: ({ signal }) => api.subscriber(subscriberId, signal, on),
  });
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.subscribers"), to: "/cfg/subscribers" }];
  const subscriber = query.data;
  if (query.isPending) return <Waiting />;
  if (!subscriber)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.subscribers")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  const look = (next: string | undefined) =>
    void navigate({
      to: "/cfg/subscribers/$subscriberId",
      params: { subscriberId },
      search: next === undefined ? {} : { on: next },
      replace: true,
    });
  const erased = subscriber.erasedAt !== null;
  const name = erased ? t("subscribers.erased", { id: String(subscriberId) }) : subscriber.name;
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: name }]}
        title={name}
        aside={<span className="e-muted e-small">{t(`subscribers.${subscriber.kind}`)}</span>}
        actions={
          <>
            {erased ? null : (
              <Link to="/an/subscribers/$subscriberId" params={{ subscriberId }}>
                {t("subscribers.see-record")}
              </Link>
            )}
            {(erased ? [] : (["pdf", "xlsx", "csv"] as const)).map((format) => (
              <Button
                key={format}
                component="a"
                download
                variant="default"
                size="xs"
                href={fileAddress(`/subscribers/${subscriberId}/record.${format}`, {})}
              >
                {t("subscribers.record", { format: format.toUpperCase() })}
              </Button>
            ))}
            <ItsLog search={{ object: "subscriber", id: String(subscriberId) }} />
          </>
        }
      />
      <div className="e-stack">
        <OnDate what={t("subscribers.on-what")} on={on} onChange={look} />
        {erased ? null : <SubscriberData key={`${subscriberId} ${on}`} subscriber={subscriber} />}
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("subscribers.contracts")}</h2>
          </div>
          {subscriber.contracts.length === 0 && on !== undefined ? (
            <p className="e-panel-body e-muted">{t("subscribers.no-contract-then")}</p>
          ) : subscriber.contracts.length === 0 ? (
            <EmptyNotice title={t("subscribers.no-contract")}>{t("subscribers.no-contract-do")}</EmptyNotice>
          ) : (
            <ContractTable contracts={subscriber.contracts} of="subscriber" />
          )}
        </section>
        {erased ? null : <ChangeList subscriber={subscriber} />}
        {on === undefined ? <ErasurePanel key={`erasure ${subscriberId}`} subscriber={subscriber} /> : null}
      </div>
    </>
  );
}

function SubscriberData({ subscriber }: { readonly subscriber: Subscriber }) {
  const { t } = useLocale();
  const may = useMay();
  const [editing, setEditing] = useState(false);
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("subscribers.data")}</h2>
        {may("subscribers.change") && subscriber.on === null && !editing ? (
          <Button variant="default" size="xs" onClick={() => setEditing(true)}>
            {t("subscribers.edit")}
          </Button>
        ) : null}
      </div>
      {editing ? (
        <EditForm subscriber={subscriber} onEnd={() => setEditing(false)} />
      ) : (
        <dl className="e-panel-body e-facts">
          <dt>{t("subscribers.number")}</dt>
          <dd className="e-num">{subscriber.number}</dd>
          <dt>{t("subscribers.phone")}</dt>
          <dd className="e-num">{subscriber.phone || noValue}</dd>
          <dt>{t("subscribers.email")}</dt>
          <dd>{subscriber.email || noValue}</dd>
          <dt>{t("subscribers.address")}</dt>
          <dd>{subscriber.address || noValue}</dd>
        </dl>
      )}
    </section>
  );
}

function EditForm(props: { readonly subscriber: Subscriber; readonly onEnd: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { subscriberId, version } = props.subscriber;
  const [given, setGiven] = useState(() => trimmed(props.subscriber));
  const save = useMutation({
    mutationFn: () => api.changeSubscriber(subscriberId, { ...trimmed(given), seen: version }),
    onSuccess: async () => {
      notifications.show({ message: t("subscribers.saved") });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["subscriber", subscriberId] }),
        queries.invalidateQueries({ queryKey: ["subscribers"] }),
        queries.invalidateQueries({ queryKey: ["contracts"] }),
      ]);
      props.onEnd();
    },
  });
  return (
    <form
      className="e-panel-body e-stack"
      aria-label={t("subscribers.edit")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (isComplete(given)) save.mutate();
      }}
    >
      <SubscriberFields value={given} onChange={setGiven} />
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      <div className="e-row">
        <Button type="submit" loading={save.isPending} disabled={!isComplete(given)}>
          {t("subscribers.save")}
        </Button>
        <Button variant="default" onClick={props.onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
