// The accounts of a simulated AWS, each with an administrator who has an access key.
import { createHmac } from 'node:crypto';
import type { MemoryWorld } from './core/memory-world.ts';
import { iamState } from './services/iam/state.ts';

export interface SimulatedAccount {
  readonly id: string;
  /** Of the account's IAM user `administrator`, who has AdministratorAccess. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const defaultAccounts: Readonly<Record<string, { readonly id: string }>> = {
  hub: { id: '111111111111' },
  producer: { id: '222222222222' },
  consumer: { id: '333333333333' },
};

/** Made from the seed: the same keys in every run, so that a shell keeps working across restarts. */
const credentialsOf = (seal: string, id: string): SimulatedAccount => {
  const digest = createHmac('sha256', seal).update(`administrator of ${id}`).digest();
  return {
    id,
    accessKeyId: `AKIA${digest.subarray(0, 8).toString('hex').toUpperCase()}`,
    secretAccessKey: digest.toString('base64').slice(0, 40),
  };
};

export const seedAccount = (world: MemoryWorld, seal: string, id: string): SimulatedAccount => {
  if (!/^\d{12}$/.test(id)) throw new Error(`an AWS account id has 12 digits: ${id}`);
  const account = credentialsOf(seal, id);
  const createdAt = new Date(world.clock.now());
  const state = iamState(world, id);
  state.users.set('administrator', {
    name: 'administrator',
    path: '/',
    arn: `arn:aws:iam::${id}:user/administrator`,
    id: `AIDA${world.id(17)}`,
    createdAt,
    inline: new Map(),
    attached: new Set(['arn:aws:iam::aws:policy/AdministratorAccess']),
    tags: new Map(),
    boundary: undefined,
  });
  const { accessKeyId, secretAccessKey } = account;
  state.accessKeys.set(accessKeyId, {
    accessKeyId,
    secretAccessKey,
    userName: 'administrator',
    status: 'Active',
    createdAt,
  });
  return account;
};
