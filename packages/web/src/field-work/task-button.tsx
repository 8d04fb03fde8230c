import "./texts.ts";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { type DialogProps, TaskDialog } from "./task-dialog.tsx";

/** The button that opens a field task, for who may. */
export function TaskButton(props: Omit<DialogProps, "onClose" | "onDone"> & { readonly small?: boolean }) {
  const { t } = useLocale();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (!may("field-tasks.change")) return null;
  const { small, ...dialog } = props;
  return (
    <>
      <Button
        variant="default"
        {...(small ? { size: "compact-sm", "aria-label": `${t("task.title")}: ${props.where}` } : {})}
        onClick={() => setAsking(true)}
      >
        {t("task.title")}
      </Button>
      {asking ? <TaskDialog {...dialog} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
