// One parameter of Parameter Store: its versions, names and ARNs.
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';

type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface ParameterVersion {
  readonly version: number;
  readonly type: ParameterType;
  /** SecureString under a customer key: base64 of the KMS ciphertext. Everything else: the plain value. */
  readonly value: string;
  readonly keyId?: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly tier: 'Standard' | 'Advanced';
  readonly dataType: string;
  readonly modified: Date;
  readonly modifiedBy: string;
}

export interface StoredParameter {
  readonly name: string;
  /** Oldest first; at most MAX_VERSIONS. */
  readonly versions: ParameterVersion[];
  readonly tags: Map<string, string>;
}

interface ParameterStore {
  readonly parameters: Map<string, StoredParameter>;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html: the oldest version goes when the 101st comes. */
export const MAX_VERSIONS = 100;
/** https://docs.aws.amazon.com/general/latest/gr/ssm.html: value sizes by tier. */
export const MAX_BYTES = { Standard: 4096, Advanced: 8192 } as const;
/** The same page: hierarchy levels of a name. */
const MAX_LEVELS = 15;
/** The AWS managed key: usable by everyone in the account through SSM. */
export const DEFAULT_KEY = 'alias/aws/ssm';

export const parametersOf = (call: Call): Map<string, StoredParameter> =>
  call.world.state<ParameterStore>('ssm', call.account, call.region, () => ({ parameters: new Map() })).parameters;

/** `arn:aws:ssm:<region>:<account>:parameter/<name without leading slash>` */
export const parameterArn = (call: Call, name: string): string =>
  `arn:aws:ssm:${call.region}:${call.account}:parameter/${name.replace(/^\//, '')}`;

/** Where a request names a parameter: name or ARN, optionally with `:version`. */
export function parseName(text: string): { readonly name: string; readonly version?: number } {
  const [, fromArn] = /^arn:aws[^:]*:ssm:[^:]*:\d*:parameter(\/.+)$/.exec(text) ?? [];
  const [, name = text, version] = /^(.*?):(\d+)$/.exec(fromArn ?? text) ?? [undefined, fromArn ?? text];
  return version === undefined ? { name } : { name, version: Number(version) };
}

/** Finds by name or by the path of an ARN, which does not tell whether the name began with a slash. */
export function findParameter(call: Call, text: string): StoredParameter | undefined {
  const { name } = parseName(text);
  const parameters = parametersOf(call);
  return parameters.get(name) ?? (text.startsWith('arn:') ? parameters.get(name.slice(1)) : undefined);
}

/** The version a request means; undefined when the parameter or that version does not exist. */
export function findVersion(
  call: Call,
  text: string,
): { readonly parameter: StoredParameter; readonly version: ParameterVersion } | undefined {
  const parameter = findParameter(call, text);
  if (parameter === undefined) return undefined;
  const wanted = parseName(text).version;
  const version =
    wanted === undefined ? parameter.versions.at(-1) : parameter.versions.find(({ version }) => version === wanted);
  return version === undefined ? undefined : { parameter, version };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: rules of names. */
export function checkName(name: string): void {
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError(
      'ValidationException',
      `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`,
    );
  }
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name) || name.endsWith('/')) {
    throw new AwsError(
      'ValidationException',
      'Parameter name must be a fully qualified name: only letters, numbers and the symbols _ . - / are allowed, and it must not end with a slash.',
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw new AwsError(
      'ValidationException',
      'Parameter name must be a fully qualified name: a name with a hierarchy begins with a slash.',
    );
  }
  if (name.split('/').length - 1 > MAX_LEVELS) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${MAX_LEVELS} levels.`,
    );
  }
}
