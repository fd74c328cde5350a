// What a CloudTrail management event says about documents of ours. Pure. Real events and their requestParameters:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html

/** The parts of an event that we read; all else is ignored. */
export interface AccountEvent {
  readonly eventSource: string;
  readonly eventName: string;
  /** `AROA...:<session name>` or `AIDA...`. */
  readonly principalId: string;
  readonly region: string;
  readonly account: string;
  /** When it happened, milliseconds since the epoch; NaN where the sender does not say. */
  readonly time: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What was touched, in AWS's words. */
export type Touched =
  | { readonly kind: 'bucket' | 'access-point' | 'key' | 'database' | 'principal' | 'policy'; readonly name: string }
  | { readonly kind: 'lake-settings' };

/**
 * EventBridge sends no larger event, so a larger message is somebody else's.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const LARGEST_EVENT_BYTES = 256 * 1024;

/** Reads the body of an SQS message that EventBridge sent; undefined for anything else. */
export const parseAccountEvent = (body: string): AccountEvent | undefined => {
  if (body.length > LARGEST_EVENT_BYTES) return undefined;
  const message = asRecord(parseJson(body));
  const detail = asRecord(message['detail']);
  if (typeof detail['eventName'] !== 'string' || typeof detail['eventSource'] !== 'string') return undefined;
  return {
    eventSource: detail['eventSource'],
    eventName: detail['eventName'],
    principalId: text(asRecord(detail['userIdentity'])['principalId']),
    region: text(detail['awsRegion']),
    account: text(detail['recipientAccountId']) || text(message['account']),
    time: Date.parse(text(detail['eventTime'])),
    parameters: asRecord(detail['requestParameters']),
  };
};

/** Names that are read of one event. Lake Formation's batches name the most that we read, with 20 entries. */
export const MOST_NAMES = 100;
/** The longest that AWS has is the ARN of a policy in a deep path. What is longer names nothing, and costs those who look into it. */
const LONGEST_NAME = 2_048;
/** Values that are looked through for them: a real event has some hundred. */
const MOST_VALUES = 10_000;
/** Lake Formation's batches are the deepest that we read, with 4 levels. Anybody may send what recursion would not survive. */
const DEEPEST = 16;

/** What an event touched, once each; of one that names more than AWS's do, the first. */
export const touchedBy = ({ eventSource, eventName, parameters }: AccountEvent): readonly Touched[] => {
  const named = (kind: Exclude<Touched['kind'], 'lake-settings'>, ...keys: readonly string[]): readonly Touched[] =>
    namesIn(parameters, keys).map((name) => ({ kind, name }));
  switch (eventSource) {
    case 's3.amazonaws.com':
      return eventName.includes('AccessPoint')
        ? named('access-point', 'name')
        : named('bucket', 'bucketName', 'bucket');
    case 'kms.amazonaws.com':
      return namesIn(parameters, ['keyId']).map((id) => ({ kind: 'key', name: id.replace(/^.*key\//, '') }));
    case 'glue.amazonaws.com':
      return [
        ...named('database', 'databaseName'),
        ...(eventName === 'DeleteDatabase' ? named('database', 'name') : []),
      ];
    case 'iam.amazonaws.com':
      return [...named('principal', 'roleName', 'userName'), ...named('policy', 'policyArn')];
    case 'lakeformation.amazonaws.com':
      return lakeFormation(eventName, parameters);
    default:
      return [];
  }
};

const lakeFormation = (eventName: string, parameters: AccountEvent['parameters']): readonly Touched[] => {
  if (eventName === 'PutDataLakeSettings') return [{ kind: 'lake-settings' }];
  if (/^(Register|Deregister|Update)Resource$/.test(eventName))
    return namesIn(parameters, ['resourceArn']).map((arn) => ({
      kind: 'bucket',
      name: arn.replace(/^arn:[^:]*:s3:::/, '').split('/', 1)[0] ?? '',
    }));
  const databases = [
    ...namesIn(parameters, ['databaseName']),
    ...namesIn(parameters, ['database'], (value) => text(asRecord(value)['name'])),
  ];
  return [...new Set(databases)].map((name) => ({ kind: 'database', name }));
};

/** Strings under any of the keys, in the order in which they are written, once each. */
const namesIn = (
  parameters: AccountEvent['parameters'],
  keys: readonly string[],
  read: (value: unknown) => string = text,
): readonly string[] => {
  const names = new Set<string>();
  let left = MOST_VALUES;
  const visit = (value: unknown, depth: number): void => {
    if (depth > DEEPEST || typeof value !== 'object' || value === null) return;
    const isList = Array.isArray(value);
    for (const key in value) {
      if (names.size >= MOST_NAMES || left-- <= 0) return;
      const inner = (value as Readonly<Record<string, unknown>>)[key];
      const name = !isList && keys.includes(key) ? read(inner) : '';
      if (name !== '' && name.length <= LONGEST_NAME) names.add(name);
      visit(inner, depth + 1);
    }
  };
  visit(parameters, 0);
  return [...names];
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
