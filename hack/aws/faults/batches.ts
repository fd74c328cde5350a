// Batch operations whose entries can fail one by one, and how their answers say so.

export interface BatchFailure {
  readonly code: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface Batch {
  readonly entries: (input: Fields) => readonly unknown[];
  /** The input with other entries. */
  readonly with: (input: Fields, entries: readonly unknown[]) => Fields;
  /** Member of the output that lists failures. */
  readonly failures: string;
  readonly failure: (entry: unknown, failure: BatchFailure) => unknown;
}

const listMember = (member: string, failures: string, failure: Batch['failure']): Batch => ({
  entries: (input) => (input[member] ?? []) as readonly unknown[],
  with: (input, entries) => ({ ...input, [member]: entries }),
  failures,
  failure,
});

const lakeFormation = listMember('Entries', 'Failures', (RequestEntry, { code, message }) => ({
  RequestEntry,
  Error: { ErrorCode: code, ErrorMessage: message },
}));

const sqs = listMember('Entries', 'Failed', (entry, { code, message }) => ({
  Id: (entry as { Id: string }).Id,
  Code: code,
  Message: message,
  SenderFault: false,
}));

/** https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html and the like */
const BATCHES: Readonly<Record<string, Batch>> = {
  'lakeformation:BatchGrantPermissions': lakeFormation,
  'lakeformation:BatchRevokePermissions': lakeFormation,
  'glue:BatchDeleteTable': listMember('TablesToDelete', 'Errors', (TableName, { code, message }) => ({
    TableName,
    ErrorDetail: { ErrorCode: code, ErrorMessage: message },
  })),
  'glue:BatchCreatePartition': listMember('PartitionInputList', 'Errors', (entry, { code, message }) => ({
    PartitionValues: (entry as { Values?: string[] }).Values,
    ErrorDetail: { ErrorCode: code, ErrorMessage: message },
  })),
  's3:DeleteObjects': {
    entries: (input) => (input['Delete'] as { Objects?: unknown[] } | undefined)?.Objects ?? [],
    with: (input, Objects) => ({ ...input, Delete: { ...(input['Delete'] as object), Objects } }),
    failures: 'Errors',
    failure: (entry, { code, message }) => ({ ...(entry as object), Code: code, Message: message }),
  },
  'sqs:SendMessageBatch': sqs,
  'sqs:DeleteMessageBatch': sqs,
  'sqs:ChangeMessageVisibilityBatch': sqs,
};

/** Does the entries that may succeed and adds failures for the others. @throws for operations without batches. */
export async function failSome(
  operation: string,
  input: unknown,
  fails: (entry: unknown, index: number) => boolean,
  failure: BatchFailure,
  next: (input: unknown) => Promise<unknown>,
): Promise<unknown> {
  const batch = BATCHES[operation];
  if (batch === undefined)
    throw new Error(`${operation} has no batch whose entries could fail; there are ${Object.keys(BATCHES).join(', ')}`);
  const entries = batch.entries(input as Fields);
  const failing = entries.filter(fails);
  const rest = entries.filter((entry) => !failing.includes(entry));
  const output = rest.length === 0 ? {} : ((await next(batch.with(input as Fields, rest))) as Fields);
  const already = (output[batch.failures] ?? []) as readonly unknown[];
  return { ...output, [batch.failures]: [...already, ...failing.map((entry) => batch.failure(entry, failure))] };
}
