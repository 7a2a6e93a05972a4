// An ordinary no is a member of a result's union, like its success.

/** A refusal: its `__typename` and fields are for the program, its `message` for a person. */
export type Refused<Result> = Extract<Result, { message: string }>;

/** Whether a mutation's result is a refusal. The operations of this package ask for `message`. */
export function isRefusal<Result extends object>(result: Result): result is Refused<Result> {
  return "message" in result;
}
