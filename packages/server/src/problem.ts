import type { ProblemDocument } from "./schemas/basics.ts";

/** Every problem that the API answers with: its status and a title. docs/errors.md explains them. */
export const problems = {
  "input.invalid": { status: 400, title: "The input is refused" },
  "input.too-large": { status: 413, title: "The body is too large" },
  "input.media-type": { status: 415, title: "The body must be JSON" },
  "password.too-short": { status: 400, title: "The password is too short" },
  "password.common": { status: 400, title: "The password is easy to guess" },
  "sign-in.refused": { status: 401, title: "Name or password is wrong" },
  "sign-in.directory-away": { status: 503, title: "A directory does not answer" },
  "sign-in.provider-away": { status: 503, title: "The provider does not answer" },
  "sign-in.provider-refused": { status: 401, title: "The provider does not vouch for this" },
  "sign-in.factor-needed": { status: 401, title: "The second step of the sign-in is missing" },
  "sign-in.slow-down": { status: 429, title: "Too many tries: wait a little" },
  "session.missing": { status: 401, title: "Nobody is signed in" },
  "right.missing": { status: 403, title: "A right is missing" },
  "session.not-found": { status: 404, title: "There is no such session" },
  "session.step-up-needed": { status: 403, title: "Show again who you are: it was too long ago" },
  "password.elsewhere": { status: 409, title: "The password of this account is not kept here" },
  "factor.refused": { status: 403, title: "That does not show who you are" },
  "factor.none": { status: 409, title: "This account has no such factor" },
  "factor.not-found": { status: 404, title: "There is no such factor" },
  "factor.too-many": { status: 409, title: "The account has too many factors" },
  "factor.no-key": { status: 409, title: "No master key is configured to seal the factor with" },
  "token.refused": { status: 401, title: "The token is wrong, revoked or too old" },
  "token.address": { status: 403, title: "The token may not be used from this address" },
  "token.scope": { status: 403, title: "The token was not made for this" },
  "token.not-found": { status: 404, title: "There is no such token" },
  "token.too-many": { status: 409, title: "The account has too many tokens" },
  "source.not-found": { status: 404, title: "There is no such directory or provider" },
  "source.label-taken": { status: 409, title: "Another one is called like that" },
  "source.in-use": { status: 409, title: "Accounts come from it: it can only be switched off" },
  "source.no-key": { status: 409, title: "No master key is configured to seal the secret with" },
  "source.secret-needed": { status: 409, title: "The secret must be given again" },
  "account.name-taken": { status: 409, title: "The name is taken" },
  "see-as.read-only": { status: 403, title: "Looking as somebody else changes nothing" },
  "account.not-found": { status: 404, title: "There is no such account" },
  "account.last-administrator": { status: 409, title: "Nobody would be left to give rights" },
  "account.no-password": { status: 409, title: "The account has no password to choose" },
  "invitation.refused": { status: 403, title: "The invitation is wrong, used or too old" },
  "branch.not-found": { status: 404, title: "There is no such branch" },
  "grant.not-found": { status: 404, title: "There is no such grant" },
  "role.not-found": { status: 404, title: "There is no such role" },
  "role.name-taken": { status: 409, title: "Another role has that name" },
  "role.ready-made": { status: 409, title: "A ready-made role is copied, not changed" },
  "role.granted": { status: 409, title: "The role is or was granted" },
  "csrf.refused": { status: 403, title: "The CSRF token is missing or wrong" },
  "origin.refused": { status: 403, title: "The call comes from another origin" },
  "host.refused": { status: 421, title: "This server is not called by that name" },
  "first-run.token-refused": { status: 403, title: "The one-time token is wrong, used or too old" },
  "first-run.done": { status: 409, title: "There is an account already" },
  "route.not-found": { status: 404, title: "There is no such address" },
  "web.not-built": { status: 404, title: "The web application is not built" },
  "gateway.not-found": { status: 404, title: "There is no such concentrator" },
  "gateway.not-adopted": { status: 409, title: "The concentrator is not adopted" },
  "gateway.meter-not-found": { status: 409, title: "The concentrator has no such meter" },
  "gateway.meter-adopted": { status: 409, title: "The meter is adopted already" },
  "installation.too-early": { status: 409, title: "The meter was not there yet at that time" },
  "import.unknown-file": { status: 409, title: "The file is none that is known" },
  "import.unreadable": { status: 409, title: "The file is not whole" },
  "import.hash": { status: 409, title: "The file was changed after it was written" },
  "import.unknown-gateway": { status: 409, title: "The file is of a concentrator that is not adopted" },
  "import.nothing": { status: 409, title: "No line of the file can be used" },
  "import.not-found": { status: 404, title: "There is no such import" },
  "import.undone": { status: 409, title: "The import was taken back already" },
  "gateway.no-configuration": { status: 409, title: "The configuration was never read" },
  "gateway.proposal-open": { status: 409, title: "Another configuration is on its way" },
  "gateway.no-change": { status: 409, title: "These are its settings already" },
  "gateway.retired": { status: 409, title: "The concentrator is retired" },
  "gateway.same": { status: 409, title: "A concentrator does not take over from itself" },
  "group.not-found": { status: 404, title: "There is no such group" },
  "group.name-taken": { status: 409, title: "Another group has that name" },
  "group.in-use": { status: 409, title: "There are groups below it" },
  "group.off-quarter": { status: 409, title: "A change begins and ends on a quarter-hour" },
  "group.preview-old": { status: 409, title: "The group was changed since the effect was shown" },
  "group.kind-order": { status: 409, title: "Such a group does not lie below such a one" },
  "group.cycle": { status: 409, title: "The group would lie below itself" },
  "group.change-not-found": { status: 404, title: "The group has no such change" },
  "group.change-undone": { status: 409, title: "The change is taken back already" },
  "group.change-overtaken": { status: 409, title: "A later change builds on it" },
  "point.not-found": { status: 404, title: "There is no such point" },
  "points-import.not-found": { status: 404, title: "There is no such import" },
  "points-import.file-unreadable": { status: 400, title: "The file is no table" },
  "points-import.file-empty": { status: 400, title: "The file has no lines" },
  "points-import.file-too-large": { status: 400, title: "The file has too many lines or columns" },
  "points-import.not-now": { status: 409, title: "The import is not in a state for this" },
  "points-import.nothing": { status: 409, title: "No line of the file would change anything" },
  "points-import.no-key": { status: 409, title: "No master key is configured to seal the file with" },
  "job.not-found": { status: 404, title: "There is no such job" },
  "job.ended": { status: 409, title: "The job has ended already" },
  "subscriber.not-found": { status: 404, title: "There is no such subscriber" },
  "subscriber.known": { status: 409, title: "Another subscriber has this number" },
  "contract.not-found": { status: 404, title: "There is no such contract" },
  "contract.known": { status: 409, title: "Another contract has this number" },
  "contract.same": { status: 409, title: "The contract at this point is this subscriber's already" },
  "contract.too-early": { status: 409, title: "A contract at this point begins at that time or later" },
  "contract.ended": { status: 409, title: "The contract has ended already" },
  "contract.not-newest": { status: 409, title: "Only the newest contract of a point can be taken back" },
  "point.no-meter": { status: 409, title: "No meter stands at the point" },
  "exchange.refused": { status: 409, title: "Such an exchange cannot be" },
  "exchange.doubtful": {
    status: 409,
    title: "Something about the exchange is doubtful and was not accepted",
  },
  "exchange.not-found": { status: 404, title: "The point has no such exchange" },
  "exchange.undone": { status: 409, title: "The exchange is taken back already" },
  "exchange.used": { status: 409, title: "Something builds on the exchange by now" },
  "photo.not-found": { status: 404, title: "There is no such picture" },
  "photo.too-large": { status: 413, title: "The picture is too large" },
  "photo.unreadable": { status: 409, title: "The file is no picture" },
  "photo.too-many": { status: 409, title: "The exchange has as many pictures as it may" },
  "ratios.same": { status: 409, title: "These are the ratios already" },
  "ratios.too-early": { status: 409, title: "The meter was not there yet at that time" },
  "ratios.asked": { status: 409, title: "Another change of this point waits for its approval" },
  "ratios.decided": { status: 409, title: "The request is decided, withdrawn or too old" },
  "ratios.not-yours": { status: 409, title: "Somebody else asked for it" },
  "ratios.own-request": { status: 409, title: "Somebody else has to approve" },
  "ratios.request-unknown": { status: 404, title: "There is no such request" },
  "log.no-key": { status: 409, title: "No key is configured to sign the file with" },
  "point.no-device": { status: 409, title: "The point has no device that is read" },
  "value.not-found": { status: 404, title: "Nothing was ever stored there" },
  "channel.not-found": { status: 404, title: "The point has no such channel" },
  "attempt.not-found": { status: 404, title: "There is no such attempt" },
  "attempt.ended": { status: 409, title: "The attempt has ended already" },
  "address.not-allowed": { status: 400, title: "Nothing is called at that address" },
  "device.exists": { status: 409, title: "Such a device, meter or point is there already" },
  "key.none-active": { status: 409, title: "No device has the keys that a change needs" },
  "key-file.unreadable": { status: 409, title: "The key file is not encrypted to this system" },
  "key-file.content": { status: 409, title: "The key file holds something else than keys of devices" },
  "key-file.recipient": { status: 409, title: "A recipient is none" },
  "key-file.empty": { status: 409, title: "None of these devices has a key in use" },
  "key.elsewhere": { status: 409, title: "A key is another device's, now or in the past" },
  "database.roles-unmade": { status: 409, title: "The roles of the database are not made" },
  "database.no-launcher": { status: 409, title: "No launcher runs that could try it" },
  "database.address-untried": { status: 409, title: "Every role must come through a trial first" },
  "pool.out-of-bounds": { status: 409, title: "Too few or too many for this program" },
  "pool.too-many-connections": {
    status: 409,
    title: "All programs together would open too many connections",
  },
  "pool.not-set": { status: 409, title: "The program has what it brings" },
  "vpn.not-set-up": { status: 409, title: "Tunnels were never set up" },
  "vpn.device-unknown": { status: 409, title: "There is no such device" },
  "vpn.exists": { status: 409, title: "The device has a tunnel" },
  "vpn.network-full": { status: 409, title: "The network of the tunnels has no address left" },
  "vpn.peer-unknown": { status: 404, title: "There is no such tunnel, or it was revoked" },
  "certificate.device-unknown": { status: 409, title: "Neither a concentrator's identity nor a device" },
  "certificate.exists": { status: 409, title: "The device has a certificate" },
  "certificate.address-missing": { status: 409, title: "Where devices call was never said" },
  "certificate.unknown": { status: 404, title: "There is no such certificate, or it was revoked" },
  "device.no-key": { status: 409, title: "No master key is configured to seal secrets with" },
  "export.too-large": { status: 400, title: "Too many rows for one file" },
  "sample-network.no-launcher": { status: 409, title: "No launcher runs that could start it" },
  "sample-network.started": { status: 409, title: "The sample network is started already" },
  "stream.full": { status: 503, title: "Too many open event streams" },
  "rate.exceeded": { status: 429, title: "Too many calls" },
  "database.away": { status: 503, title: "The database does not answer" },
  "server.fault": { status: 500, title: "Something broke on our side" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

export interface ProblemExtras {
  readonly detail?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
  /** The right that is missing, and who can give it. */
  readonly action?: string;
  readonly ask?: readonly string[];
}

/** What a call cannot do, thrown by handlers and turned into `application/problem+json` in one place. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, extras: ProblemExtras = {}, cause?: unknown) {
    super(extras.detail ?? problems[code].title, cause === undefined ? undefined : { cause });
    this.code = code;
    this.extras = extras;
  }

  get statusCode(): number {
    return problems[this.code].status;
  }
}

/** The document of a problem (RFC 9457). `reference` is the request's id, which the log has too. */
export function problemDocument(problem: Problem, reference: string): ProblemDocument {
  const { status, title } = problems[problem.code];
  const { detail, fields, action, ask } = problem.extras;
  return {
    type: `/docs/errors#${problem.code}`,
    title,
    status,
    code: problem.code,
    ...(detail === undefined ? {} : { detail }),
    reference,
    ...(fields === undefined ? {} : { fields: { ...fields } }),
    ...(action === undefined ? {} : { action }),
    ...(ask === undefined ? {} : { ask: [...ask] }),
  };
}
