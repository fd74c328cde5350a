// Names in AWS that follow from a grant.
import { accessPointName, resourceLinkName, sharedDatabaseName, sharePolicyPrefix } from '../resources/names.ts';
import type { GrantOutputs } from './document.ts';
import type { Grant } from './grant.ts';

/** Where a table is found in the consumer account. */
export interface LinkName {
  readonly database: string;
  readonly link: string;
}

/** As the shared database has it; until it has been read, the names it takes unless somebody else has them. */
export const linkNameOf = ({ item, source }: Grant, known: GrantOutputs | undefined): LinkName | undefined => {
  if (item.kind !== 'Table') return undefined;
  return {
    database: known?.database ?? sharedDatabaseName(source.database),
    link: known?.link ?? resourceLinkName(item.name, item.filters),
  };
};

/**
 * What our policies of a role or user start with. A user and a role may have one name, and would have one policy, so those of users
 * say so where no role's can.
 */
export const policyPrefixOf = (environment: { readonly prefix: string; readonly id: string }, arn: string): string => {
  const id = arn.includes(':user/') ? `${environment.id}-user` : environment.id;
  return sharePolicyPrefix({ ...environment, id }, arn.slice(arn.lastIndexOf('/') + 1));
};

/** One access point for each dataset and principal. */
export const accessPointNameOf = ({ source, principal }: Pick<Grant, 'source' | 'principal'>): string =>
  accessPointName(source.dataset.id, principal.reference.id);
