// Reading and writing single parameters.
import type {
  DeleteParameterRequest,
  DeleteParametersRequest,
  DeleteParametersResult,
  GetParameterHistoryRequest,
  GetParameterHistoryResult,
  GetParameterRequest,
  GetParameterResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type Call, type Need, type AnyOperation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { requestTagContext, resourceTagContext, setTags } from '../../core/tagging.ts';
import {
  checkName,
  DEFAULT_KEY,
  findParameter,
  findVersion,
  MAX_BYTES,
  MAX_VERSIONS,
  parameterArn,
  parametersOf,
  parseName,
  type ParameterVersion,
  type StoredParameter,
} from './parameter.ts';

/** What one action on one named parameter demands. */
export const parameterNeed = (action: string, call: Call, name: string): Need => ({
  action: `ssm:${action}`,
  resource: parameterArn(call, parseName(name).name),
  context: resourceTagContext(findParameter(call, name)?.tags),
});

const notFound = (name: string): AwsError => new AwsError('ParameterNotFound', `Parameter ${name} not found.`);

const callerArn = (call: Call): string => ('arn' in call.principal ? call.principal.arn : '');

const PutParameter = operation<PutParameterRequest, PutParameterResult>({
  access: 'write',
  needs: (input, call) => {
    const need = parameterNeed('PutParameter', call, input.Name ?? '');
    const overwrite = { 'ssm:Overwrite': String(input.Overwrite ?? false) };
    return [
      { ...need, context: { ...need.context, ...overwrite, ...requestTagContext(input.Tags) } },
      ...((input.Tags ?? []).length > 0
        ? [{ ...parameterNeed('AddTagsToResource', call, input.Name ?? ''), context: requestTagContext(input.Tags) }]
        : []),
    ];
  },
  handle: async (input, call) => {
    const { name } = parseName(input.Name ?? '');
    const value = input.Value ?? '';
    checkName(name);
    const existing = findParameter(call, name);
    if (existing !== undefined && input.Overwrite !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    if (existing !== undefined && (input.Tags ?? []).length > 0) {
      throw new AwsError(
        'ValidationException',
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag.",
      );
    }
    const previous = existing?.versions.at(-1);
    const type = input.Type ?? previous?.type;
    if (type === undefined)
      throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
    checkValue(value, input);
    const tier =
      input.Tier === 'Advanced' ||
      (input.Tier === 'Intelligent-Tiering' && Buffer.byteLength(value) > MAX_BYTES.Standard) ||
      previous?.tier === 'Advanced'
        ? 'Advanced'
        : 'Standard';
    if (Buffer.byteLength(value) > MAX_BYTES[tier]) {
      throw new AwsError(
        'ValidationException',
        `${tier} tier parameters support a maximum parameter value of ${MAX_BYTES[tier]} characters.`,
      );
    }
    const keyId = type === 'SecureString' ? (input.KeyId ?? DEFAULT_KEY) : undefined;
    const description = input.Description ?? previous?.description;
    const version: ParameterVersion = {
      version: (previous?.version ?? 0) + 1,
      type,
      value: await encrypt(call, name, value, keyId),
      ...(keyId === undefined ? {} : { keyId }),
      ...(description === undefined ? {} : { description }),
      ...(input.AllowedPattern === undefined ? {} : { allowedPattern: input.AllowedPattern }),
      tier,
      dataType: input.DataType ?? 'text',
      modified: new Date(call.world.clock.now()),
      modifiedBy: callerArn(call),
    };
    const parameter: StoredParameter = existing ?? { name, versions: [], tags: new Map() };
    parameter.versions.push(version);
    if (parameter.versions.length > MAX_VERSIONS) parameter.versions.shift();
    setTags(parameter.tags, input.Tags);
    parametersOf(call).set(parameter.name, parameter);
    return { Version: version.version, Tier: tier };
  },
});

function checkValue(value: string, input: PutParameterRequest): void {
  if (value === '')
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (input.AllowedPattern !== undefined && !new RegExp(input.AllowedPattern).test(value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${input.AllowedPattern}`,
    );
  }
}

/** The key policy decides, with the caller's rights: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html */
async function encrypt(call: Call, name: string, value: string, keyId: string | undefined): Promise<string> {
  if (keyId === undefined || keyId === DEFAULT_KEY) return value;
  const { CiphertextBlob } = await call.invoke<{ CiphertextBlob: Uint8Array }>('kms', 'Encrypt', {
    KeyId: keyId,
    Plaintext: Buffer.from(value),
    EncryptionContext: { PARAMETER_ARN: parameterArn(call, name) },
  });
  return Buffer.from(CiphertextBlob).toString('base64');
}

async function reveal(call: Call, name: string, version: ParameterVersion, decrypt: boolean): Promise<string> {
  if (version.keyId === undefined) return version.value;
  if (!decrypt)
    return version.keyId === DEFAULT_KEY ? Buffer.from(`sealed:${version.version}`).toString('base64') : version.value;
  if (version.keyId === DEFAULT_KEY) return version.value;
  const { Plaintext } = await call.invoke<{ Plaintext: Uint8Array }>('kms', 'Decrypt', {
    CiphertextBlob: Buffer.from(version.value, 'base64'),
    EncryptionContext: { PARAMETER_ARN: parameterArn(call, name) },
  });
  return Buffer.from(Plaintext).toString();
}

/** A parameter as the Get operations answer it. */
export async function toParameter(
  call: Call,
  parameter: StoredParameter,
  version: ParameterVersion,
  decrypt: boolean,
): Promise<Parameter> {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: await reveal(call, parameter.name, version, decrypt),
    Version: version.version,
    LastModifiedDate: version.modified,
    ARN: parameterArn(call, parameter.name),
    DataType: version.dataType,
  };
}

const GetParameter = operation<GetParameterRequest, GetParameterResult>({
  access: 'read',
  needs: (input, call) => [parameterNeed('GetParameter', call, input.Name ?? '')],
  handle: async (input, call) => {
    const name = input.Name ?? '';
    const found = findVersion(call, name);
    if (found === undefined) {
      const { version } = parseName(name);
      if (findParameter(call, name) === undefined || version === undefined) throw notFound(name);
      throw new AwsError(
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${version} of ${parseName(name).name}.`,
      );
    }
    return { Parameter: await toParameter(call, found.parameter, found.version, input.WithDecryption ?? false) };
  },
});

const GetParameters = operation<GetParametersRequest, GetParametersResult>({
  access: 'read',
  needs: (input, call) => (input.Names ?? []).map((name) => parameterNeed('GetParameters', call, name)),
  handle: async (input, call) => {
    const names = input.Names ?? [];
    const found = names.map((name) => findVersion(call, name)).filter((version) => version !== undefined);
    return {
      Parameters: await Promise.all(
        found.map(({ parameter, version }) => toParameter(call, parameter, version, input.WithDecryption ?? false)),
      ),
      InvalidParameters: names.filter((name) => findVersion(call, name) === undefined),
    };
  },
});

const GetParameterHistory = operation<GetParameterHistoryRequest, GetParameterHistoryResult>({
  access: 'read',
  needs: (input, call) => [parameterNeed('GetParameterHistory', call, input.Name ?? '')],
  handle: async (input, call) => {
    const parameter = findParameter(call, input.Name ?? '');
    if (parameter === undefined) throw notFound(input.Name ?? '');
    const { items, next } = page(parameter.versions, input.NextToken, input.MaxResults ?? 50, 'InvalidNextToken');
    const Parameters = await Promise.all(
      items.map(async (version) => ({
        Name: parameter.name,
        Type: version.type,
        KeyId: version.keyId,
        LastModifiedDate: version.modified,
        LastModifiedUser: version.modifiedBy,
        Description: version.description,
        Value: await reveal(call, parameter.name, version, input.WithDecryption ?? false),
        AllowedPattern: version.allowedPattern,
        Version: version.version,
        Tier: version.tier,
        DataType: version.dataType,
      })),
    );
    return { Parameters, NextToken: next };
  },
});

const DeleteParameter = operation<DeleteParameterRequest, object>({
  access: 'write',
  needs: (input, call) => [parameterNeed('DeleteParameter', call, input.Name ?? '')],
  handle: (input, call) => {
    if (!parametersOf(call).delete(parseName(input.Name ?? '').name)) throw notFound(input.Name ?? '');
    return {};
  },
});

const DeleteParameters = operation<DeleteParametersRequest, DeleteParametersResult>({
  access: 'write',
  needs: (input, call) => (input.Names ?? []).map((name) => parameterNeed('DeleteParameters', call, name)),
  handle: (input, call) => {
    const names = input.Names ?? [];
    const deleted = names.filter((name) => parametersOf(call).delete(parseName(name).name));
    return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
  },
});

export const parameterOperations: Readonly<Record<string, AnyOperation>> = {
  PutParameter,
  GetParameter,
  GetParameters,
  GetParameterHistory,
  DeleteParameter,
  DeleteParameters,
};
