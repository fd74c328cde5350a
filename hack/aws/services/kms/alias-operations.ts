// Aliases: friendly names of keys.
import type * as sdk from '@aws-sdk/client-kms';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Need, type Output } from '../../core/operation.ts';
import { findKey, keyNeed, notFound, validation } from './key-lookup.ts';
import { pageOf } from './paging.ts';
import { kmsState, type KmsState } from './state.ts';

interface AliasInput {
  readonly AliasName?: string | undefined;
}

const arnOf = (call: Call, alias: string): string => `arn:aws:kms:${call.region}:${call.account}:${alias}`;
const stateOf = (call: Call): KmsState => kmsState(call.world, call.account, call.region);

/** An alias is a right on its own, beside the right on the key. */
const aliasNeed = (action: string, { AliasName = '' }: AliasInput, call: Call): Need => ({
  action: `kms:${action}`,
  resource: arnOf(call, AliasName),
});

const checkName = ({ AliasName = '' }: AliasInput): string => {
  if (!/^alias\/[\w/-]+$/.test(AliasName))
    throw new AwsError(
      'InvalidAliasNameException',
      `Alias ${AliasName} must begin with alias/ and hold letters, digits, / _ and - only`,
    );
  if (AliasName.startsWith('alias/aws/'))
    throw new AwsError('NotAuthorizedException', 'Aliases that begin with alias/aws/ are reserved for AWS');
  return AliasName;
};

/** Aliases and their keys are of one account and region. */
const ownKey = (keyId: string | undefined, call: Call) => {
  if (keyId?.startsWith('alias/') === true) throw validation('Aliases must refer to keys. Not aliases');
  return findKey(keyId ?? '', call);
};

const createAlias = operation<sdk.CreateAliasCommandInput, object>({
  access: 'write',
  needs: (input, call) => [
    aliasNeed('CreateAlias', input, call),
    keyNeed('CreateAlias', ownKey(input.TargetKeyId, call), call),
  ],
  handle(input, call) {
    const name = checkName(input);
    const { aliases } = stateOf(call);
    if (aliases.has(name))
      throw new AwsError('AlreadyExistsException', `An alias with the name ${arnOf(call, name)} already exists`);
    aliases.set(name, { keyId: ownKey(input.TargetKeyId, call).id, createdAt: new Date(call.world.clock.now()) });
    return {};
  },
});

const targetOf = (input: AliasInput, call: Call) => {
  const { aliases } = stateOf(call);
  const alias = aliases.get(input.AliasName ?? '');
  if (alias === undefined) throw notFound(`Alias ${arnOf(call, input.AliasName ?? '')} is not found.`);
  return alias;
};

const updateAlias = operation<sdk.UpdateAliasCommandInput, object>({
  access: 'write',
  needs: (input, call) => [
    aliasNeed('UpdateAlias', input, call),
    keyNeed('UpdateAlias', findKey(targetOf(input, call).keyId, call), call),
    keyNeed('UpdateAlias', ownKey(input.TargetKeyId, call), call),
  ],
  handle(input, call) {
    const { createdAt } = targetOf(input, call);
    stateOf(call).aliases.set(checkName(input), { keyId: ownKey(input.TargetKeyId, call).id, createdAt });
    return {};
  },
});

const deleteAlias = operation<sdk.DeleteAliasCommandInput, object>({
  access: 'write',
  needs: (input, call) => [
    aliasNeed('DeleteAlias', input, call),
    keyNeed('DeleteAlias', findKey(targetOf(input, call).keyId, call), call),
  ],
  handle(input, call) {
    stateOf(call).aliases.delete(checkName(input));
    return {};
  },
});

const listAliases = operation<sdk.ListAliasesCommandInput, Output<sdk.ListAliasesCommandOutput>>({
  access: 'read',
  needs: () => [{ action: 'kms:ListAliases', resource: '*' }],
  handle(input, call) {
    const wanted = input.KeyId === undefined ? undefined : findKey(input.KeyId, call).id;
    const aliases = [...stateOf(call).aliases].filter(([, { keyId }]) => wanted === undefined || keyId === wanted);
    const { items, ...page } = pageOf(aliases, input);
    return {
      Aliases: items.map(([AliasName, { keyId, createdAt }]) => ({
        AliasName,
        AliasArn: arnOf(call, AliasName),
        TargetKeyId: keyId,
        CreationDate: createdAt,
      })),
      ...page,
    };
  },
});

export const aliasOperations: Readonly<Record<string, AnyOperation>> = {
  CreateAlias: createAlias,
  UpdateAlias: updateAlias,
  DeleteAlias: deleteAlias,
  ListAliases: listAliases,
};
