import { Button, FileButton, NativeSelect, TextInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type KeyOverview } from "../api/client.ts";
import { download } from "../parts/download.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { operationsQuery } from "../parts/operations-query.ts";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { KeyState } from "./key-state.tsx";

const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: ({ signal }) => api.keys(signal),
  // A change of a group goes on while one looks.
  refetchInterval: ({ state }) => (state.data?.work.some(({ open }) => open > 0) ? 2_000 : 60_000),
});

/** Keys of the whole installation: states, ages, counters, changes under way, files. Never a key. */
export function KeysPage() {
  const { t } = useLocale();
  const keys = useQuery(keysQuery);
  return (
    <>
      <PageHead crumbs={[{ label: t("nav.admin") }, { label: t("nav.keys") }]} title={t("keys.page-title")} />
      <div className="e-stack">
        {keys.isPending ? <Waiting label={t("keys.loading")} /> : null}
        {keys.isError ? <ProblemNotice error={keys.error} onRetry={() => void keys.refetch()} /> : null}
        {keys.data ? (
          <>
            <DeviceKeys keys={keys.data} />
            <Changes keys={keys.data} />
            <div className="e-pair">
              <Installation keys={keys.data} />
              <Files keys={keys.data} />
            </div>
          </>
        ) : null}
      </div>
    </>
  );
}

const keyGroups = ["cipher", "master", "broadcast", "password", "secret"] as const;
type KeyGroup = (typeof keyGroups)[number];

interface Part {
  readonly keys: KeyOverview;
}

function DeviceKeys({ keys }: Part) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("keys.of-devices")}</h2>
      </div>
      {keys.meterKeys.length === 0 ? <p className="e-panel-body e-muted">{t("keys.none")}</p> : null}
      {keys.meterKeys.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
        <section className="e-scroll-x" tabIndex={0} aria-label={t("keys.of-devices")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("keys.kind")}</th>
                <th scope="col">{t("keys.state")}</th>
                <th scope="col" className="e-num">
                  {t("keys.count")}
                </th>
                <th scope="col">{t("keys.oldest")}</th>
                <th scope="col">{t("keys.alarms")}</th>
              </tr>
            </thead>
            <tbody>
              {keys.meterKeys.map((row) => (
                <tr key={`${row.kind} ${row.state}`}>
                  <td>{t(`keys.kind.${row.kind}`)}</td>
                  <td>
                    <KeyState state={row.state} />
                  </td>
                  <td className="e-num">{f.number(row.keys, 0)}</td>
                  <td>{row.oldestAt ? f.instant(Date.parse(row.oldestAt)) : noValue}</td>
                  <td>
                    {row.counterAlarms > 0 ? (
                      <Mark shape="▲" tone="warning">
                        {f.number(row.counterAlarms, 0)}
                      </Mark>
                    ) : (
                      noValue
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function Changes({ keys }: Part) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["keys"] });
  // Whoever may see the figures is shown their branches to choose from; without them it is the whole network.
  const figures = useQuery({ ...operationsQuery, enabled: may("operations.see") });
  const [branch, setBranch] = useState("");
  const [what, setWhat] = useState<KeyGroup>("cipher");
  const start = useMutation({
    mutationFn: () => api.changeKeysOfMany({ what, ...(branch === "" ? {} : { branchId: Number(branch) }) }),
    onSuccess: again,
  });
  const cancel = useMutation({ mutationFn: (id: number) => api.cancelKeyChange(id), onSettled: again });
  const error = start.error ?? cancel.error;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("keys.changes")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <p className="e-muted">{t("keys.change-how")}</p>
        {may("keys.command") ? (
          <form
            className="e-row"
            onSubmit={(event) => {
              event.preventDefault();
              start.mutate();
            }}
          >
            <NativeSelect
              label={t("keys.change-of")}
              value={branch}
              onChange={(event) => setBranch(event.currentTarget.value)}
              data={[
                { value: "", label: t("keys.everything") },
                ...(figures.data?.branches ?? []).map(({ branchId, path }) => ({
                  value: String(branchId),
                  label: path.join(" › "),
                })),
              ]}
            />
            <NativeSelect
              label={t("keys.change-what")}
              value={what}
              onChange={(event) => setWhat(event.currentTarget.value as KeyGroup)}
              data={keyGroups.map((group) => ({ value: group, label: t(`keys.group.${group}`) }))}
            />
            <Button
              type="submit"
              size="xs"
              variant="default"
              style={{ alignSelf: "end" }}
              loading={start.isPending}
            >
              {t("keys.change")}
            </Button>
          </form>
        ) : null}
        {error ? <ProblemNotice error={error} /> : null}
        {keys.work.length === 0 ? <p className="e-muted">{t("keys.no-changes")}</p> : null}
        {keys.work.map((work) => (
          <div key={work.keyWorkId} className="e-row">
            <span>
              <strong>
                {work.subject === "*" || work.subject === "all" ? t("keys.everything") : work.subject}
              </strong>
              <span className="e-muted e-small">
                {" "}
                {t("keys.asked", {
                  who: work.requestedBy ?? noValue,
                  time: f.instant(Date.parse(work.startedAt)),
                })}
              </span>
            </span>
            <progress
              max={work.total}
              value={work.done + work.failed + work.cancelled}
              aria-label={t("keys.changes")}
            />
            <span role="status">
              {t("keys.progress", {
                done: work.done,
                total: work.total,
                failed: work.failed,
                open: work.open,
              })}
            </span>
            {work.open > 0 && may("keys.command") ? (
              <Button size="xs" variant="default" onClick={() => cancel.mutate(work.keyWorkId)}>
                {t("keys.cancel")}
              </Button>
            ) : null}
          </div>
        ))}
      </div>
    </section>
  );
}

function Installation({ keys }: Part) {
  const { t } = useLocale();
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("keys.installation")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <p>
          {t("keys.master")} <span className="e-num">{keys.master}</span>
        </p>
        <ul>
          {keys.dataKeys.map(({ master, dataKeys, current }) => (
            <li key={master}>
              {t("keys.data-keys", { count: dataKeys, master })}
              {current ? null : (
                <>
                  {" "}
                  <Mark shape="▲" tone="warning">
                    {t("keys.older")}
                  </Mark>
                </>
              )}
            </li>
          ))}
        </ul>
        <p className="e-muted">{t("keys.rotate-how")}</p>
      </div>
    </section>
  );
}

function Files({ keys }: Part) {
  const { t } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [recipient, setRecipient] = useState("");
  const take = useMutation({
    mutationFn: async (file: File) => api.importKeys(await base64Of(file)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  const give = useMutation({
    mutationFn: () => api.exportKeys(recipient.trim()),
    onSuccess: (file) => download(file, "keys.age"),
  });
  const error = take.error ?? give.error;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("keys.files")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        {error ? <ProblemNotice error={error} /> : null}
        <p>
          {t("keys.recipient")} <code className="e-break">{keys.recipient}</code>
        </p>
        {may("keys.change") ? (
          <div className="e-row">
            <FileButton onChange={(file) => file && take.mutate(file)} accept=".age">
              {(props) => (
                <Button {...props} size="xs" variant="default" loading={take.isPending}>
                  {t("keys.import")}
                </Button>
              )}
            </FileButton>
          </div>
        ) : null}
        {take.data ? (
          <div role="status">
            <p>{t("keys.imported", { keys: take.data.keys, devices: take.data.devices })}</p>
            {take.data.unknown.length > 0 ? (
              <p>{t("keys.unknown", { names: take.data.unknown.slice(0, 10).join(", ") })}</p>
            ) : null}
          </div>
        ) : null}
        {may("keys.command") ? (
          <form
            className="e-stack"
            onSubmit={(event) => {
              event.preventDefault();
              give.mutate();
            }}
          >
            <TextInput
              label={t("keys.export-to")}
              description={t("keys.export-how")}
              value={recipient}
              onChange={(event) => setRecipient(event.currentTarget.value)}
              pattern="\s*age1[a-z0-9]{20,}\s*"
              required
            />
            <div className="e-row">
              <Button type="submit" size="xs" variant="default" loading={give.isPending}>
                {t("keys.export")}
              </Button>
            </div>
          </form>
        ) : null}
      </div>
    </section>
  );
}

async function base64Of(file: File): Promise<string> {
  let text = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}
