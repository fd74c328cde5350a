// An error as AWS would answer it: the codec finds the HTTP status and the wire form from the code.

/**
 * Thrown by operations. `code` is the modelled error name (`EntityNotFoundException`, `NoSuchBucket`, `AccessDenied`...);
 * the wire codec looks its HTTP status and query code up in the SDK's own schema, `status` overrides it.
 * `members` are further modelled members of the error structure.
 */
export class AwsError extends Error {
  override readonly name: string;
  readonly code: string;
  readonly status: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; members?: Record<string, unknown> } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}

/** The loud answer to what the simulator cannot do. Never a silent success. */
export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `the AWS simulator does not implement ${what}`, { status: 501 });
