import type { DatabaseOverview } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

/** Roles × tables × privileges as they are; what is not as it should be stands first, with what mends it. */
export function Privileges({ overview }: { readonly overview: DatabaseOverview }) {
  const { t } = useLocale();
  const { findings, tables, roles } = overview;
  return (
    <section className="e-panel" aria-labelledby="database-privileges">
      <div className="e-panel-head">
        <h2 id="database-privileges">{t("database.privileges")}</h2>
        {findings.length === 0 ? (
          <Mark shape="●" tone="ok">
            {t("database.as-should")}
          </Mark>
        ) : (
          <Mark shape="▲" tone="warning">
            {t("database.differs", { count: findings.length })}
          </Mark>
        )}
      </div>
      {findings.length === 0 ? null : (
        <>
          <p className="e-panel-body e-small">{t("database.repair-all")}</p>
          <Scrolled label={t("database.finding")}>
            <table className="e-list-table">
              <thead>
                <tr>
                  <th scope="col">{t("database.finding")}</th>
                  <th scope="col">{t("database.role")}</th>
                  <th scope="col">{t("database.table")}</th>
                  <th scope="col">{t("database.repair")}</th>
                </tr>
              </thead>
              <tbody>
                {findings.map((finding) => (
                  <tr key={finding.repair}>
                    <td>{t(`database.kind-${finding.kind}`)}</td>
                    <td>{finding.role}</td>
                    <td>{finding.table ?? noValue}</td>
                    <td>
                      <code>{finding.repair}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        </>
      )}
      <p className="e-panel-body e-small e-muted">{t("database.privileges-how")}</p>
      <Scrolled label={t("database.privileges")}>
        <table className="e-list-table e-first-stays">
          <thead>
            <tr>
              <th scope="col">{t("database.table")}</th>
              {roles.map(({ role }) => (
                <th scope="col" key={role}>
                  {role}
                  <div className="e-small e-muted">{t(`database.role-${role}` as MessageKey)}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tables.map((row) => (
              <tr key={row.table}>
                <th scope="row">{row.table}</th>
                {row.roles.map((cell) => (
                  <td key={cell.role}>
                    <Cell {...cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function Cell({ wanted, granted }: { readonly wanted: string; readonly granted: string }) {
  const { t } = useLocale();
  if (wanted === granted) return granted === "" ? <span className="e-muted">–</span> : granted;
  return (
    <Mark shape="▲" tone="warning">
      {granted || t("database.nothing")}
      <span className="e-small"> ({t("database.should", { wanted: wanted || t("database.nothing") })})</span>
    </Mark>
  );
}
