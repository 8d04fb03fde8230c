import { useLocale } from "../text/provider.tsx";
import { pageWords, rightWords } from "./right-words.ts";

interface Conflict {
  readonly kind: string;
  readonly page: string;
}

/** What comes and what goes, in words. */
export function GainsAndLosses(props: {
  readonly gains: readonly string[];
  readonly loses: readonly string[];
}) {
  const { t } = useLocale();
  const list = (rights: readonly string[]) => rights.map((right) => rightWords(t, right)).join(", ");
  return (
    <>
      {props.gains.length > 0 ? <p>{t("people.gains", { rights: list(props.gains) })}</p> : null}
      {props.loses.length > 0 ? <p>{t("people.loses", { rights: list(props.loses) })}</p> : null}
      {props.gains.length + props.loses.length === 0 ? <p>{t("people.no-effect")}</p> : null}
    </>
  );
}

/** Rights that one person should not hold together: told, not refused. */
export function Conflicts(props: { readonly conflicts: readonly Conflict[] }) {
  const { t } = useLocale();
  if (props.conflicts.length === 0) return null;
  return (
    <div className="e-notice" data-tone="warning">
      <strong>{t("people.conflicts")}</strong>
      {props.conflicts.map(({ kind, page }) => (
        <span key={`${kind} ${page}`}>
          {t(kind === "asks-and-approves" ? "people.conflict-asks" : "people.conflict-grants", {
            page: pageWords(t, page),
          })}
        </span>
      ))}
    </div>
  );
}
