// What a request can fail with. A refusal is no failure: it is a member of a result's union.

export interface InputProblem {
  path: string;
  message: string;
}

/** The `extensions` of an error, as the API writes them. */
export interface Extensions {
  code?: string;
  /** Seconds after which to try again. */
  retryAfter?: number;
  requestId?: string;
  resetsAt?: string;
  problems?: InputProblem[];
}

export interface Facts {
  extensions?: Extensions;
  /** What the answer has beside the error: fields that were answered. */
  data?: unknown;
  cause?: unknown;
}

/** `code` is stable and for the program; `message` is in words, in the client's language. */
export class SeapoolError extends Error {
  readonly code: string;
  readonly extensions: Extensions;
  readonly data: unknown;

  constructor(code: string, message: string, { extensions = {}, data, cause }: Facts = {}) {
    super(message, { cause });
    this.name = new.target.name;
    this.code = code;
    this.extensions = extensions;
    this.data = data;
  }

  /** Seconds after which to try again, where the API says so. */
  get retryAfter(): number | undefined {
    return this.extensions.retryAfter;
  }
}

/** The request or its answer was lost: it may have been done. */
export class ConnectionLost extends SeapoolError {}
/** The token is missing, expired or of a member who has left. */
export class Unauthenticated extends SeapoolError {}
/** The member or the organization asks for too much at once. Nothing was done. */
export class OverBudget extends SeapoolError {}
/** The API is busy, or a machine behind it is away. It may have been done. */
export class Unavailable extends SeapoolError {}
/** The operation is not one of this API: a bug, or a client of another version. */
export class BadRequest extends SeapoolError {}
/** The API runs no document of this id. */
export class UnknownDocument extends SeapoolError {}
/** A fault of the service; `extensions.requestId` names it to the people who run it. */
export class InternalError extends SeapoolError {}
/** The cursor has expired or is from another database. */
export class Resync extends SeapoolError {}
/** The subscription was read too slowly. */
export class SlowReader extends SeapoolError {}
export class TooManySubscriptions extends SeapoolError {}
/** `extensions.resetsAt` says when there may be another look-up. */
export class TooManyLookups extends SeapoolError {}
/** A value that no type of the API accepts; `extensions.problems` names the fields. */
export class InvalidValue extends SeapoolError {}

const CLASSES: Record<string, typeof SeapoolError> = {
  UNAUTHENTICATED: Unauthenticated,
  OVER_BUDGET: OverBudget,
  UNAVAILABLE: Unavailable,
  BAD_REQUEST: BadRequest,
  PERSISTED_QUERY_NOT_FOUND: UnknownDocument,
  INTERNAL: InternalError,
  RESYNC: Resync,
  SLOW_READER: SlowReader,
  TOO_MANY_SUBSCRIPTIONS: TooManySubscriptions,
  TOO_MANY_LOOKUPS: TooManyLookups,
  InvalidInput: InvalidValue,
};

const STATUSES: Record<number, string> = { 401: "UNAUTHENTICATED", 429: "OVER_BUDGET" };
const PASSING = [408, 502, 503, 504];

export function lost(cause: unknown): ConnectionLost {
  return new ConnectionLost("CONNECTION_LOST", "The connection was lost.", { cause });
}

/** The error of an answer whose body is not GraphQL's, as a proxy sends it. */
export function errorOfStatus(status: number, retryAfter?: number): SeapoolError {
  const code = STATUSES[status] ?? (PASSING.includes(status) ? "UNAVAILABLE" : "BAD_REQUEST");
  return errorOf({ message: `HTTP status ${status}`, extensions: { code, retryAfter } });
}

export function errorOf(
  { message, extensions = {} }: { message: string; extensions?: Extensions },
  data?: unknown,
): SeapoolError {
  const code = extensions.code ?? "BAD_REQUEST";
  return new (CLASSES[code] ?? SeapoolError)(code, message, { extensions, data });
}
