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
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What was touched, in AWS's words. */
export type Touched =
  | { readonly kind: 'bucket' | 'access-point' | 'key' | 'database' | 'principal' | 'policy'; readonly name: string }
  | { readonly kind: 'lake-settings' };

/** Reads the body of an SQS message that EventBridge sent; undefined for anything else. */
export const parseAccountEvent = (body: string): AccountEvent | undefined => {
  const message = asRecord(parseJson(body));
  const detail = asRecord(message['detail']);
  if (typeof detail['eventName'] !== 'string' || typeof detail['eventSource'] !== 'string') return undefined;
  return {
    eventSource: detail['eventSource'],
    eventName: detail['eventName'],
    principalId: text(asRecord(detail['userIdentity'])['principalId']),
    region: text(detail['awsRegion']),
    account: text(detail['recipientAccountId']) || text(message['account']),
    parameters: asRecord(detail['requestParameters']),
  };
};

/** Everything an event touched, once each. */
export const touchedBy = ({ eventSource, eventName, parameters }: AccountEvent): readonly Touched[] => {
  const named = (kind: Exclude<Touched['kind'], 'lake-settings'>, ...keys: readonly string[]): readonly Touched[] =>
    [...new Set(valuesOf(parameters, keys))].map((name) => ({ kind, name }));
  switch (eventSource) {
    case 's3.amazonaws.com':
      return eventName.includes('AccessPoint')
        ? named('access-point', 'name')
        : named('bucket', 'bucketName', 'bucket');
    case 'kms.amazonaws.com':
      return named('key', 'keyId').map((touched) =>
        'name' in touched ? { ...touched, name: touched.name.replace(/^.*key\//, '') } : touched,
      );
    case 'glue.amazonaws.com':
      return [
        ...named('database', 'databaseName'),
        ...(eventName === 'DeleteDatabase' ? named('database', 'name') : []),
      ];
    case 'iam.amazonaws.com':
      return [...named('principal', 'roleName', 'userName'), ...named('policy', 'policyArn')];
    case 'lakeformation.amazonaws.com':
      return lakeFormation(eventName, parameters, named);
    default:
      return [];
  }
};

const lakeFormation = (
  eventName: string,
  parameters: AccountEvent['parameters'],
  named: (kind: 'bucket' | 'database', ...keys: readonly string[]) => readonly Touched[],
): readonly Touched[] => {
  if (eventName === 'PutDataLakeSettings') return [{ kind: 'lake-settings' }];
  if (/^(Register|Deregister|Update)Resource$/.test(eventName))
    return named('bucket', 'resourceArn').flatMap((touched) =>
      'name' in touched
        ? [{ ...touched, name: touched.name.replace(/^arn:[^:]*:s3:::/, '').replace(/\/.*$/, '') }]
        : [],
    );
  const databases = valuesOf(parameters, ['database'], (value) => text(asRecord(value)['name']));
  return [
    ...named('database', 'databaseName'),
    ...[...new Set(databases)].map((name): Touched => ({ kind: 'database', name })),
  ];
};

/** Lake Formation's batches are the deepest that we read, with 4 levels. Anybody may send what recursion would not survive. */
const DEEPEST = 16;

/** Strings under any of the keys. */
const valuesOf = (
  value: unknown,
  keys: readonly string[],
  read: (value: unknown) => string = text,
  depth = 0,
): readonly string[] => {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, keys, read, depth + 1));
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = keys.includes(key) ? [read(inner)].filter((found) => found !== '') : [];
    return [...here, ...valuesOf(inner, keys, read, depth + 1)];
  });
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
