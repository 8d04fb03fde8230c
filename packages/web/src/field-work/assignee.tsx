import { api } from "../api/client.ts";
import { Assignee } from "../parts/assignee.tsx";
import { useLocale } from "../text/provider.tsx";

/** Who goes there. */
export function Goes(props: {
  readonly value: string;
  readonly name?: string | null;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useLocale();
  return (
    <Assignee
      {...props}
      label={t("task.assignee")}
      nobody={t("task.nobody")}
      of="field-task-assignees"
      load={api.fieldTaskAssignees}
    />
  );
}
