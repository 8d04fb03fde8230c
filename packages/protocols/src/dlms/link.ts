import { LinkError } from "../errors.ts";

/** A link that carries whole APDUs, one request at a time: HDLC or the TCP wrapper. */
export interface ApduLink {
  /** @throws LinkError `link.timeout`, `link.closed`, `link.refused` */
  connect(): Promise<void>;
  /** @throws LinkError `link.timeout`, `link.closed`, `link.garbled`, `link.unexpected`; the link is ended then */
  exchange(apdu: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The meter said no to an association. */
export class AssociationRefused extends LinkError {
  /** Name of the diagnostic, such as `authentication-failure`, or of the service error. */
  readonly diagnostic: string;
  readonly permanent: boolean;

  constructor(diagnostic: string, permanent: boolean) {
    super("association.refused", `association refused: ${diagnostic}`);
    this.diagnostic = diagnostic;
    this.permanent = permanent;
  }
}
