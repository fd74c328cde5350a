// Changes to resource shares and the questions asked about them. Lake Formation makes and empties shares through this file.
import type { PolicyDocument, Statement } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';
import { sharesWithinOrganization } from './organization-sharing.ts';
import type { ResourceShare, SharePrincipal } from './ram-state.ts';
import { ramState } from './ram-state.ts';

const uuid = (world: World): string => {
  const hex = (length: number): string =>
    Array.from({ length }, () => Math.floor(world.random() * 16).toString(16)).join('');
  return [8, 4, 4, 4, 12].map(hex).join('-');
};

/** Makes an empty share. */
export const createShare = (world: World, owner: string, region: string, name: string): ResourceShare => {
  const now = world.clock.now();
  const arn = `arn:aws:ram:${region}:${owner}:resource-share/${uuid(world)}`;
  const share: ResourceShare = {
    arn,
    name,
    owner,
    region,
    createdAt: now,
    updatedAt: now,
    resources: new Map(),
    principals: new Map(),
  };
  ramState(world, owner, region).shares.set(arn, share);
  return share;
};

/**
 * Adds a principal. Outside the organization its account gets an invitation and the association waits for the answer.
 * https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-create.html
 */
export const addPrincipal = (world: World, share: ResourceShare, account: string): void => {
  if (share.principals.has(account)) return;
  const now = world.clock.now();
  const invited = account !== share.owner && !sharesWithinOrganization(world, share.owner, account);
  share.principals.set(account, {
    account,
    status: invited ? 'ASSOCIATING' : 'ASSOCIATED',
    since: now,
    updated: now,
  });
  share.updatedAt = now;
  if (!invited) return;
  const arn = `arn:aws:ram:${share.region}:${share.owner}:resource-share-invitation/${uuid(world)}`;
  ramState(world, share.owner, share.region).invitations.set(arn, {
    arn,
    shareArn: share.arn,
    shareName: share.name,
    sender: share.owner,
    receiver: account,
    sentAt: now,
    answer: 'PENDING',
  });
};

export const removePrincipal = (world: World, share: ResourceShare, account: string): void => {
  share.principals.delete(account);
  share.updatedAt = world.clock.now();
  const { invitations } = ramState(world, share.owner, share.region);
  for (const invitation of invitations.values())
    if (invitation.shareArn === share.arn && invitation.receiver === account) invitations.delete(invitation.arn);
};

/** Adds a resource. In an accepted share it is readable at once: an invitation is for the share, not for a resource. */
export const addResource = (world: World, share: ResourceShare, arn: string): void => {
  if (share.resources.has(arn)) return;
  const now = world.clock.now();
  share.resources.set(arn, { arn, type: resourceType(arn), since: now });
  share.updatedAt = now;
};

export const removeResource = (world: World, share: ResourceShare, arn: string): void => {
  share.resources.delete(arn);
  share.updatedAt = world.clock.now();
};

/**
 * Removes a share with its invitations at once. (AWS still lists it as DELETED for up to two hours; a deleted share
 * lets nobody read anything, so the simulator forgets it.)
 */
export const deleteShare = (world: World, share: ResourceShare): void => {
  const state = ramState(world, share.owner, share.region);
  state.shares.delete(share.arn);
  for (const invitation of state.invitations.values())
    if (invitation.shareArn === share.arn) state.invitations.delete(invitation.arn);
};

/** `glue:Table` for `arn:aws:glue:...:table/db/t`. https://docs.aws.amazon.com/ram/latest/userguide/shareable.html */
export const resourceType = (arn: string): string => {
  const [, , service = '', , , rest = ''] = arn.split(':');
  const noun = rest.split('/')[0] ?? '';
  return `${service}:${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;
};

/** Shares of an owner that hold a resource for an account, accepted or not. */
export const sharesOf = function* (
  world: World,
  owner: string,
  region: string,
  resourceArn: string,
  account: string,
): Iterable<{ share: ResourceShare; association: SharePrincipal }> {
  for (const share of ramState(world, owner, region).shares.values()) {
    const association = share.principals.get(account);
    if (association && share.resources.has(resourceArn)) yield { share, association };
  }
};

/** True when the resource is in a share that the account accepted. */
export const isShareAccepted = (
  world: World,
  owner: string,
  region: string,
  resourceArn: string,
  account: string,
): boolean => {
  for (const { association } of sharesOf(world, owner, region, resourceArn, account))
    if (association.status === 'ASSOCIATED') return true;
  return false;
};

/**
 * The resource policies RAM keeps on shared catalog resources: they, not the Glue resource policy, are the owner's side of a
 * cross-account call. A shared table opens itself and names its ancestors; a shared database opens its tables. Lake Formation
 * decides after them which table and column is meant.
 * Actions: managed permissions AWSRAMPermissionGlue{Table,AllTables,Database}ReadWrite*,
 * https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
 */
export const catalogSharePolicies = (
  world: World,
  owner: string,
  region: string,
  account: string,
): PolicyDocument[] => {
  if (owner === account) return [];
  const policies: PolicyDocument[] = [];
  for (const share of ramState(world, owner, region).shares.values()) {
    const accepted = [...share.principals.values()].filter(
      (entry) => entry.account === account && entry.status === 'ASSOCIATED',
    );
    if (accepted.length > 0 && share.resources.size > 0) policies.push(policyOf(share, accepted));
  }
  return policies;
};

/** The evaluator remembers policies by object, so an unchanged share keeps its object. */
const remembered = new WeakMap<ResourceShare, Map<string, PolicyDocument>>();

const policyOf = (share: ResourceShare, accepted: readonly SharePrincipal[]): PolicyDocument => {
  const key = JSON.stringify([accepted.map((entry) => entry.account), [...share.resources.keys()]]);
  const known = remembered.get(share)?.get(key);
  if (known) return known;
  const statement: Statement = {
    Effect: 'Allow',
    Principal: {
      AWS: accepted.map(({ account: id }) => `arn:aws:iam::${id}:root`),
    },
    Action: SHARED_CATALOG_ACTIONS,
    Resource: [...new Set([...share.resources.keys()].flatMap(withRelatives))],
  };
  const policy: PolicyDocument = { Version: '2012-10-17', Statement: [statement] };
  remembered.set(share, new Map([[key, policy]]));
  return policy;
};

const SHARED_CATALOG_ACTIONS = [
  'glue:GetDatabase',
  'glue:GetDatabases',
  'glue:GetTable',
  'glue:GetTables',
  'glue:GetTableVersion',
  'glue:GetTableVersions',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:BatchGetPartition',
  'glue:SearchTables',
  'glue:CreateTable',
  'glue:UpdateTable',
  'glue:DeleteTable',
  'glue:BatchDeleteTable',
  'glue:CreatePartition',
  'glue:BatchCreatePartition',
  'glue:UpdatePartition',
  'glue:BatchUpdatePartition',
  'glue:DeletePartition',
  'glue:BatchDeletePartition',
];

/** A catalog resource, what it lies in and what lies in it. */
const withRelatives = (arn: string): string[] => {
  const found = /^(arn:aws:glue:[^:]+:\d{12}):(table|database)\/([^/]+)/.exec(arn);
  if (!found) return [arn];
  const [, prefix = '', kind = '', database = ''] = found;
  const ancestors = [`${prefix}:catalog`, `${prefix}:database/${database}`];
  return kind === 'table' ? [arn, ...ancestors] : [...ancestors, `${prefix}:table/${database}/*`];
};
