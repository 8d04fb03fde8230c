import { Button, Modal, NumberInput, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type DatabaseOverview } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

type Pool = DatabaseOverview["pools"]["programs"][number];
type Values = Pick<Pool, "connectionsMax" | "statementTimeoutMs">;

/** Connections and time-outs of each program: set here, taken over by the program while it runs. */
export function Pools({ overview }: { readonly overview: DatabaseOverview }) {
  const { t, f } = useLocale();
  const may = useMay();
  const [changing, setChanging] = useState<{ pool: Pool; undo: boolean }>();
  const { programs, connectionsPlanned, connectionsFree } = overview.pools;
  return (
    <section className="e-panel" aria-labelledby="database-pools">
      <div className="e-panel-head">
        <h2 id="database-pools">{t("database.pools")}</h2>
        <Mark
          shape={connectionsPlanned > connectionsFree ? "▲" : "●"}
          tone={connectionsPlanned > connectionsFree ? "warning" : "ok"}
        >
          {t("database.planned", { planned: f.number(connectionsPlanned), free: f.number(connectionsFree) })}
        </Mark>
      </div>
      <p className="e-panel-body e-small e-muted">{t("database.pools-how")}</p>
      <Scrolled label={t("database.pools")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("database.program")}</th>
              <th scope="col">{t("database.role")}</th>
              <th scope="col" className="e-num">
                {t("database.used")}
              </th>
              <th scope="col" className="e-num">
                {t("database.timeout")}
              </th>
              <th scope="col">{t("database.changed")}</th>
              <th scope="col">
                <span className="e-hidden">{t("database.change")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {programs.map((pool) => (
              <tr key={pool.program}>
                <th scope="row">
                  {pool.program}
                  <div className="e-small e-muted">{t(`database.pool-${pool.program}` as MessageKey)}</div>
                </th>
                <td>{pool.role}</td>
                <td className="e-num">{f.number(pool.connectionsMax)}</td>
                <td className="e-num">{f.duration(pool.statementTimeoutMs)}</td>
                <td className="e-small">
                  {pool.changedBy === null || pool.changedAt === null ? (
                    <span className="e-muted">{t("database.as-brought")}</span>
                  ) : (
                    `${pool.changedBy}, ${f.instant(Date.parse(pool.changedAt))}`
                  )}
                </td>
                <td>
                  {may("database.change") ? (
                    <span className="e-row">
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={t("database.change-of", { program: pool.program })}
                        onClick={() => setChanging({ pool, undo: false })}
                      >
                        {t("database.change")}
                      </Button>
                      {pool.before ? (
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          aria-label={t("database.undo-of", { program: pool.program })}
                          onClick={() => setChanging({ pool, undo: true })}
                        >
                          {t("database.undo")}
                        </Button>
                      ) : null}
                    </span>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <Modal
        opened={changing !== undefined}
        onClose={() => setChanging(undefined)}
        title={
          changing
            ? t(changing.undo ? "database.undo-of" : "database.change-of", { program: changing.pool.program })
            : ""
        }
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {changing ? (
          <PoolForm
            key={changing.pool.program}
            pool={changing.pool}
            undo={changing.undo}
            spare={connectionsFree - connectionsPlanned}
            onEnd={() => setChanging(undefined)}
          />
        ) : null}
      </Modal>
    </section>
  );
}

/** Asked for in seconds, as people say it; the API's unit is the millisecond. */
function PoolForm(props: {
  readonly pool: Pool;
  readonly undo: boolean;
  readonly spare: number;
  readonly onEnd: () => void;
}) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const { pool, undo } = props;
  const [connections, setConnections] = useState<number | string>(pool.connectionsMax);
  const [seconds, setSeconds] = useState<number | string>(pool.statementTimeoutMs / 1000);
  const [reason, setReason] = useState("");
  const wanted: Values =
    undo && pool.before
      ? pool.before
      : { connectionsMax: Number(connections), statementTimeoutMs: Math.round(Number(seconds) * 1000) };
  const save = useMutation({
    mutationFn: () =>
      undo
        ? api.undoPool({ program: pool.program, reason: reason.trim() })
        : api.changePool({ program: pool.program, ...wanted, reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["database"] });
      props.onEnd();
    },
  });
  const isSame =
    wanted.connectionsMax === pool.connectionsMax && wanted.statementTimeoutMs === pool.statementTimeoutMs;
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      {undo ? null : (
        <>
          <NumberInput
            label={t("database.used")}
            description={t("database.bounds", {
              least: f.number(pool.connections.least),
              most: f.number(pool.connections.most),
              usual: f.number(pool.usual.connectionsMax),
            })}
            value={connections}
            onChange={setConnections}
            min={pool.connections.least}
            max={pool.connections.most}
            allowDecimal={false}
            required
            data-autofocus
          />
          <NumberInput
            label={t("database.timeout-seconds")}
            description={t("database.bounds", {
              least: f.number(pool.timeoutMs.least / 1000),
              most: f.number(pool.timeoutMs.most / 1000),
              usual: f.number(pool.usual.statementTimeoutMs / 1000),
            })}
            value={seconds}
            onChange={setSeconds}
            min={pool.timeoutMs.least / 1000}
            max={pool.timeoutMs.most / 1000}
            required
          />
        </>
      )}
      <dl className="e-facts">
        <dt>{t("database.before")}</dt>
        <dd>{t("database.pool-values", valuesOf(pool, f))}</dd>
        <dt>{t("database.after")}</dt>
        <dd>{isSame ? noValue : t("database.pool-values", valuesOf(wanted, f))}</dd>
        <dt>{t("database.spare")}</dt>
        <dd>{f.number(props.spare - (wanted.connectionsMax - pool.connectionsMax))}</dd>
      </dl>
      <Textarea
        label={t("database.reason")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        autosize
        minRows={2}
        required
      />
      <div className="e-row">
        <Button type="submit" loading={save.isPending} disabled={isSame || reason.trim().length < 3}>
          {t(undo ? "database.undo" : "database.save")}
        </Button>
        <Button variant="default" onClick={props.onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

const valuesOf = (values: Values, f: ReturnType<typeof useLocale>["f"]) => ({
  connections: values.connectionsMax,
  timeout: f.duration(values.statementTimeoutMs),
});
