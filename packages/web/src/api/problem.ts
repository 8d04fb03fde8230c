/** What the server (or the way to it) answered instead of a result: `code` is stable, see docs/errors.md. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: string;
  readonly status: number;
  /** What to quote when asking for help: the same stands in the server's log. */
  readonly reference: string | undefined;
  /** Messages by path of the input, for forms. */
  readonly fields: Readonly<Record<string, string>>;
  /** The right that is missing, as page.level, and who can give it. */
  readonly right: string | undefined;
  readonly ask: readonly string[];

  constructor(
    code: string,
    status: number,
    detail: string,
    fields: Readonly<Record<string, string>> = {},
    reference?: string,
    missing: { readonly right?: string; readonly ask?: readonly string[] } = {},
  ) {
    super(detail);
    this.right = missing.right;
    this.ask = missing.ask ?? [];
    this.reference = reference;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** Reads an `application/problem+json` body; anything else becomes `web.answer` with the status. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
    const { detail, title, fields, reference, action, ask } = body as {
      detail?: unknown;
      action?: unknown;
      ask?: unknown;
      reference?: unknown;
      title?: unknown;
      fields?: unknown;
    };
    const text = typeof detail === "string" ? detail : typeof title === "string" ? title : body.code;
    return new Problem(
      body.code,
      status,
      text,
      fieldsOf(fields),
      typeof reference === "string" ? reference : undefined,
      {
        ...(typeof action === "string" ? { right: action } : {}),
        ask: Array.isArray(ask) ? ask.filter((name) => typeof name === "string") : [],
      },
    );
  }
  return new Problem("web.answer", status, `HTTP ${status}`);
}

/** Paths come as JSON pointers: "/password" is the field `password`. */
function fieldsOf(fields: unknown): Record<string, string> {
  if (typeof fields !== "object" || fields === null) return {};
  return Object.fromEntries(
    Object.entries(fields)
      .filter((entry): entry is [string, string] => typeof entry[1] === "string")
      .map(([path, message]) => [path.replace(/^\//, "").replaceAll("/", "."), message]),
  );
}

/** Any error as a problem with a code: no network is `web.offline`, a fault of ours `web.fault`. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message))
    return new Problem("web.offline", 0, error.message);
  return new Problem("web.fault", 0, error instanceof Error ? error.message : String(error));
}
