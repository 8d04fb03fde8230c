import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import type { LogSearch } from "./search.ts";

/** The way from an object to its part of the activity log, for who may see that. */
export function ItsLog(props: {
  readonly search: LogSearch;
  readonly text?: MessageKey;
  readonly small?: true;
}) {
  const { t } = useLocale();
  const may = useMay();
  if (!may("log.see")) return null;
  return (
    <Button
      variant="default"
      {...(props.small ? { size: "xs" } : {})}
      renderRoot={(given) => <Link to="/adm/log" search={props.search} {...given} />}
    >
      {t(props.text ?? "log.its")}
    </Button>
  );
}
