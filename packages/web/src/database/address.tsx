import { Button, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type AddressTrial, api, type DatabaseAddress, type DatabaseOverview } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

type Change = NonNullable<DatabaseAddress["change"]>;

const isWaiting = (change: Change | null | undefined) =>
  change?.state === "asked" || change?.state === "chosen";

/** Another address of the database: tried by the launcher as each role, chosen when all came through, used from the next start on. */
export function Address({ overview }: { readonly overview: DatabaseOverview }) {
  const { t } = useLocale();
  const mayChange = useMay()("database.change");
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["database-address"],
    queryFn: ({ signal }) => api.databaseAddress(signal),
    refetchInterval: ({ state }) => (isWaiting(state.data?.change) ? 1_000 : false),
  });
  const again = () => queries.invalidateQueries({ queryKey: ["database-address"] });
  const [place, setPlace] = useState<AddressTrial>({
    host: overview.server.host.startsWith("/") ? "" : overview.server.host,
    port: overview.server.port,
    database: overview.server.database,
    tls: "verified",
  });
  const [reason, setReason] = useState("");
  const attempt = useMutation({ mutationFn: () => api.tryDatabaseAddress(place), onSuccess: again });
  const choose = useMutation({
    mutationFn: (id: string) => api.chooseDatabaseAddress({ id, reason: reason.trim() }),
    onSuccess: () => {
      setReason("");
      return again();
    },
  });
  if (!mayChange || !query.data) return null;
  const { change, launcher } = query.data;
  const error = attempt.error ?? choose.error;
  return (
    <section className="e-panel" aria-labelledby="database-address">
      <div className="e-panel-head">
        <h2 id="database-address">{t("database.address-title")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <p className="e-small e-muted">{t("database.address-how")}</p>
        {launcher ? null : <p className="e-small">{t("database.no-launcher")}</p>}
        {error ? <ProblemNotice error={error} /> : null}
        {launcher ? (
          <form
            className="e-stack"
            onSubmit={(event) => {
              event.preventDefault();
              choose.reset();
              attempt.mutate();
            }}
          >
            <TextInput
              label={t("database.host")}
              value={place.host}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setPlace((before) => ({ ...before, host: value.trim() }));
              }}
              spellCheck={false}
              required
            />
            <div className="e-row">
              <NumberInput
                label={t("database.port")}
                value={place.port}
                onChange={(port) => setPlace((before) => ({ ...before, port: Number(port) }))}
                min={1}
                max={65_535}
                allowDecimal={false}
                thousandSeparator=""
                w={110}
                required
              />
              <TextInput
                label={t("database.name")}
                value={place.database}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  setPlace((before) => ({ ...before, database: value.trim() }));
                }}
                spellCheck={false}
                required
              />
            </div>
            <Select
              label={t("database.tls")}
              data={(["verified", "none"] as const).map((value) => ({
                value,
                label: t(`database.tls-${value}`),
              }))}
              value={place.tls}
              onChange={(tls) =>
                setPlace((before) => ({ ...before, tls: tls === "none" ? "none" : "verified" }))
              }
              allowDeselect={false}
            />
            <div className="e-row">
              <Button
                type="submit"
                size="xs"
                variant="default"
                loading={attempt.isPending || isWaiting(change)}
              >
                {t("database.address-try")}
              </Button>
            </div>
          </form>
        ) : null}
      </div>
      <div role="status">{change ? <Found change={change} /> : null}</div>
      {change?.state === "tried" && change.good ? (
        <form
          className="e-panel-body e-stack"
          onSubmit={(event) => {
            event.preventDefault();
            choose.mutate(change.id);
          }}
        >
          <Textarea
            label={t("database.reason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            required
          />
          <div className="e-row">
            <Button type="submit" size="xs" loading={choose.isPending} disabled={reason.trim().length < 3}>
              {t("database.address-choose")}
            </Button>
          </div>
        </form>
      ) : null}
    </section>
  );
}

/** How the launcher's trial went: one line a role, with the step that failed. */
function Found({ change }: { readonly change: Change }) {
  const { t, f } = useLocale();
  const host = `${change.host}:${change.port}`;
  if (isWaiting(change)) return <p className="e-panel-body">{t("database.address-asked", { host })}</p>;
  if (change.state === "refused") return <p className="e-panel-body">{t("database.address-refused")}</p>;
  return (
    <>
      <p className="e-panel-body">
        {change.state === "written"
          ? t("database.address-written", { host })
          : t("database.address-tried", {
              host,
              time: change.triedAt === null ? "" : f.time(Date.parse(change.triedAt)),
            })}{" "}
        <Mark shape={change.good ? "●" : "■"} tone={change.good ? "ok" : "bad"}>
          {t(change.good ? "database.address-good" : "database.address-bad")}
        </Mark>
      </p>
      <Scrolled label={t("database.address-title")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("database.role")}</th>
              <th scope="col">{t("database.state")}</th>
              <th scope="col">{t("database.step")}</th>
            </tr>
          </thead>
          <tbody>
            {change.roles.map(({ role, steps }) => {
              const failed = steps.find(({ outcome }) => outcome === "bad");
              const last = failed ?? steps.at(-1);
              return (
                <tr key={role}>
                  <th scope="row">{role}</th>
                  <td>
                    <Mark shape={failed ? "■" : "●"} tone={failed ? "bad" : "ok"}>
                      {t(failed ? "database.outcome-bad" : "database.outcome-good")}
                    </Mark>
                  </td>
                  <td className="e-small e-break">
                    {last ? `${t(`database.step-${last.step}`)}${last.detail ? `: ${last.detail}` : ""}` : ""}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scrolled>
    </>
  );
}
