import { type Logger, pino } from "pino";

interface LoggedError {
  readonly name: string;
  readonly code: unknown;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause?: LoggedError;
}

/** What a log may hold of an error. PostgreSQL's `detail` and `where` quote the values of rows: names, addresses. */
function describeError(error: unknown, depth = 0): LoggedError | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause = depth < 3 ? describeError(error.cause, depth + 1) : undefined;
  const { name, message, stack } = error;
  const described = { name, code: (error as { code?: unknown }).code, message, stack };
  return cause ? { ...described, cause } : described;
}

/** JSON lines on standard error. `sync: false` lets the process go on when nobody reads them. */
export const createLogger = (
  level: string,
  { sync = true, process = "server" }: { readonly sync?: boolean; readonly process?: string } = {},
): Logger =>
  pino(
    { level, base: { process }, serializers: { err: (error: unknown) => describeError(error) } },
    pino.destination({ dest: 2, sync }),
  );
