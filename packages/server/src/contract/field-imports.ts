import {
  ImportBody,
  ImportColumns,
  ImportColumnsBody,
  ImportList,
  ImportParams,
  ImportUndoBody,
  ImportUndone,
  importBytesMax,
  importCheckSchema,
} from "../schemas/field-imports.ts";
import { operation } from "./operation.ts";

/** In JSON a line break of the file takes two bytes. */
const bodyBytesMax = importBytesMax + 4 * 1024 * 1024;

/** Calls about files from the field: dumps of concentrators and readings of hand-helds. */
export const fieldImportOperations = {
  listFieldImports: operation({
    method: "GET",
    url: "/field-imports",
    action: "field-imports.see",
    tag: "field-imports",
    summary: "Files that were taken in, by whom and when, and which were taken back",
    answer: ImportList,
  }),
  readImportColumns: operation({
    method: "POST",
    url: "/field-imports/columns",
    action: "field-imports.change",
    tag: "field-imports",
    summary:
      "Columns of a CSV file or workbook of past times, what they probably hold, and how such a file was mapped before",
    body: ImportColumnsBody,
    answer: ImportColumns,
    bodyBytesMax,
    problems: [409, 413],
  }),
  checkFieldImport: operation({
    method: "POST",
    url: "/field-imports/checks",
    action: "field-imports.change",
    tag: "field-imports",
    summary: "Says what a file holds, what of it is new, differs or is refused, and writes nothing",
    body: ImportBody,
    answer: importCheckSchema.reference,
    bodyBytesMax,
    problems: [409, 413],
  }),
  createFieldImport: operation({
    method: "POST",
    url: "/field-imports",
    action: "field-imports.change",
    tag: "field-imports",
    summary:
      "Takes in a dump of a concentrator or a file of a hand-held; the same file again changes nothing",
    body: ImportBody,
    status: 201,
    answer: importCheckSchema.reference,
    bodyBytesMax,
    problems: [409, 413],
  }),
  undoFieldImport: operation({
    method: "POST",
    url: "/field-imports/:importId/undo",
    action: "field-imports.change",
    tag: "field-imports",
    summary: "Takes an import back: values are as they were before, what was changed since stays",
    params: ImportParams,
    body: ImportUndoBody,
    answer: ImportUndone,
    problems: [404, 409],
  }),
} as const;
