// Which object a person means: `dataset/orders`, `dset/sales-prod/orders`, as kubectl names kinds.

import type { Kind } from '../kernel/kind.ts';
import { consumptionRoleKind } from '../resources/consumption-role.ts';
import { datasetKind } from '../resources/dataset.ts';
import { datasetTableKind } from '../resources/dataset-table.ts';
import { environmentKind } from '../resources/environment.ts';
import { organizationKind } from '../resources/organization.ts';
import { shareApprovalKind } from '../resources/share-approval.ts';
import { shareRequestKind } from '../resources/share-request.ts';
import { teamKind } from '../resources/team.ts';
import { tenantKind } from '../resources/tenant.ts';
import { CommandError } from './exit-codes.ts';

export const kindNamed = {
  Tenant: tenantKind,
  Organization: organizationKind,
  Environment: environmentKind,
  Team: teamKind,
  Dataset: datasetKind,
  DatasetTable: datasetTableKind,
  ConsumptionRole: consumptionRoleKind,
  ShareRequest: shareRequestKind,
  ShareApproval: shareApprovalKind,
} as const;

export type KindName = keyof typeof kindNamed;

type Named = { readonly [Name in KindName]: NonNullable<(typeof kindNamed)[Name]['objectType']> };

/** An object of any kind of data.all, told apart by `kind`. */
export type AnyObject = Named[KindName];

/** For a kind that is known at run time only. */
export const anyKind = (name: KindName): Kind<AnyObject> => kindNamed[name];

export const kindNames = Object.keys(kindNamed) as readonly KindName[];

export interface ObjectReference {
  readonly kind: KindName;
  /** Absent for cluster-wide kinds. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** `Kind namespace/name`, as messages of the operator have it. */
export const referenceText = ({ kind, namespace, name }: ObjectReference): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** As kubectl takes it: `sharerequest orders -n marketing-prod`. */
export const kubectlText = ({ kind, namespace, name }: ObjectReference): string =>
  `${kind.toLowerCase()} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;

/** As somebody wrote it: of a kind that is in namespaces, perhaps without one. */
export type WrittenReference = ObjectReference;

/**
 * @param text `kind/name` or `kind/namespace/name`; the kind as kubectl takes it, singular, plural or short
 * @throws CommandError `usage`
 */
export function parseReference(text: string): WrittenReference {
  const [word = '', ...rest] = text.split('/');
  const kind = kindOf(word);
  const name = rest.at(-1) ?? '';
  if (name === '' || rest.length > 2 || rest.includes(''))
    throw new CommandError('usage', `${text} names no object: write ${word}/<name> or ${word}/<namespace>/<name>`);
  if (kindNamed[kind].scope === 'Namespaced') return { kind, namespace: rest.length === 2 ? rest[0] : undefined, name };
  if (rest.length === 2)
    throw new CommandError('usage', `${text}: a ${kind} is in no namespace: write ${word}/${name}`);
  return { kind, name };
}

/** @param namespace for a name without one */
export const placed = (reference: WrittenReference, namespace: string): ObjectReference =>
  kindNamed[reference.kind].scope === 'Cluster'
    ? reference
    : { ...reference, namespace: reference.namespace ?? namespace };

function kindOf(word: string): KindName {
  const wanted = word.toLowerCase().replace(/\.dataall\.io$/, '');
  const found = kindNames.find((name) => {
    const { plural, singular, shortNames } = kindNamed[name];
    return [plural, singular, ...shortNames].includes(wanted);
  });
  if (found !== undefined) return found;
  throw new CommandError('usage', `${word} is no kind of data.all: there are ${kindNames.join(', ')}`);
}
