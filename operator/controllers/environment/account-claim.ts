// Who has an AWS account and region: a Lease named after them, held by the first Environment that claimed them.
import { getIfPresent, isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import type { Stored } from '../../kernel/kind.ts';
import { leaseKind, type Lease } from '../../kernel/lease.ts';
import type { ReadStore, Stores } from '../../kernel/cache/store.ts';
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import { environmentKind, type Environment, type EnvironmentStatus } from '../../resources/environment.ts';
import { accountLeaseName } from '../../resources/names.ts';

export type Claim = NonNullable<EnvironmentStatus['accountClaim']>;

/** The claim of this environment; undefined while it has none, and nobody learns whether another one has. */
export const ownClaim = async (
  api: KubeApi,
  namespace: string,
  environment: Environment,
): Promise<Claim | undefined> => {
  const name = accountLeaseName(environment.spec.account);
  const heldBy = (await getIfPresent(api, leaseKind, { namespace, name }))?.spec?.holderIdentity ?? '';
  return heldBy === holderOf(environment) ? { lease: name, heldBy } : undefined;
};

/** @returns who holds the account and region now: this environment, or another that still exists */
export const claimAccount = async (
  api: KubeApi,
  namespace: string,
  environments: ReadStore<Environment>,
  environment: Environment,
): Promise<Claim> => {
  const name = accountLeaseName(environment.spec.account);
  const lease =
    (await getIfPresent(api, leaseKind, { namespace, name })) ?? (await create(api, namespace, name, environment));
  const holder = lease.spec?.holderIdentity ?? '';
  if (holder === holderOf(environment) || exists(environments, holder)) return { lease: name, heldBy: holder };
  // Its holder is gone, without having been able to let go.
  const taken: Lease = { ...lease, spec: { ...lease.spec, holderIdentity: holderOf(environment) } };
  await api.replace(leaseKind, taken);
  return { lease: name, heldBy: holderOf(environment) };
};

/** Lets go of the account and region, if they are this environment's. */
export const releaseAccount = async (api: KubeApi, namespace: string, environment: Environment): Promise<void> => {
  const name = accountLeaseName(environment.spec.account);
  const lease = await getIfPresent(api, leaseKind, { namespace, name });
  if (lease?.spec?.holderIdentity !== holderOf(environment)) return;
  await api.delete(leaseKind, { namespace, name }, { preconditions: { uid: lease.metadata.uid } });
};

export const holderOf = ({ metadata }: Environment): string => `${metadata.name}/${metadata.uid}`;

/** Other environments that name the same account, in whatever region. */
export const othersInAccount = (
  { stores }: { readonly stores: Stores },
  { metadata, spec }: Environment,
): readonly Stored<Environment>[] =>
  stores
    .get(environmentKind)
    .byIndex('account', spec.account.id)
    .filter((other) => other.metadata.uid !== metadata.uid);

/** Those of them that have their region; merely wanting one gives nobody a say. */
export const claimantsOfAccount = (
  platform: { readonly stores: Stores },
  environment: Environment,
): readonly Stored<Environment>[] =>
  othersInAccount(platform, environment).filter((other) => other.status.accountClaim?.heldBy === holderOf(other));

const exists = (environments: ReadStore<Environment>, holder: string): boolean => {
  const [name = '', uid] = holder.split('/');
  return uid !== undefined && environments.get(undefined, name)?.metadata.uid === uid;
};

const create = async (
  api: KubeApi,
  namespace: string,
  name: string,
  environment: Environment,
): Promise<Stored<Lease>> => {
  try {
    return await api.create(leaseKind, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name, labels: { [labels.managedBy]: MANAGED_BY } },
      spec: { holderIdentity: holderOf(environment) },
    });
  } catch (error) {
    // Somebody was faster: theirs is it.
    if (!isKubeError(error, 'AlreadyExists')) throw error;
    return await api.get(leaseKind, { namespace, name });
  }
};
