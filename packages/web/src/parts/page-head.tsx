import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useLocale } from "../text/provider.tsx";

export interface Crumb {
  readonly label: string;
  readonly to?: string;
}

/** Where the page stands, its title and its actions; names the browser's tab as well. */
export function PageHead(props: {
  readonly crumbs: readonly Crumb[];
  readonly title: string;
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const { t } = useLocale();
  useEffect(() => {
    document.title = `${props.title} · ENERGSys`;
  }, [props.title]);
  return (
    <>
      <nav className="e-crumbs" aria-label={t("crumbs.label")}>
        <ol>
          {props.crumbs.map((crumb) => (
            <li key={crumb.label}>{crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : crumb.label}</li>
          ))}
        </ol>
      </nav>
      <div className="e-head">
        <h1>{props.title}</h1>
        {props.aside}
        {props.actions ? <div className="e-head-actions">{props.actions}</div> : null}
      </div>
    </>
  );
}
