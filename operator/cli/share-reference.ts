// How a share, a role and items are written at a shell: `marketing-prod/orders-for-analysts`, `consumptionrole/analysts`, `Table/orders:eu,slim`.

import { itemKinds, principalKinds, type PrincipalKind, type ShareItem } from '../resources/share-item.ts';
import { CommandError } from './exit-codes.ts';

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** @throws CommandError `usage` */
export function namespacedName(text: string, namespace: string): NamespacedName {
  const [first = '', second, ...more] = text.split('/');
  if (first === '' || second === '' || more.length > 0)
    throw new CommandError('usage', `${text} is no name: write <name>, or <namespace>/<name>`);
  return second === undefined ? { namespace, name: first } : { namespace: first, name: second };
}

/** @throws CommandError `usage` */
export function principalOf(text: string): { readonly kind: PrincipalKind; readonly name: string } {
  const [word = '', name = '', ...more] = text.split('/');
  const kind = principalKinds.find((one) => one.toLowerCase() === word.toLowerCase());
  if (kind === undefined || name === '' || more.length > 0)
    throw new CommandError('usage', `${text} is no principal: write team/<name> or consumptionrole/<name>`);
  return { kind, name };
}

/** @throws CommandError `usage` */
export function itemOf(text: string): ShareItem {
  const [, word = '', name = '', names] = /^(\w+)\/([^:]+)(?::(.+))?$/.exec(text) ?? [];
  const kind = itemKinds.find((one) => one.toLowerCase() === word.toLowerCase());
  if (kind === undefined)
    throw new CommandError(
      'usage',
      `${text} is no item: write table/<name>, table/<name>:<filter>,<filter>, folder/<name> or bucket/<name>`,
    );
  return { kind, name, ...(names !== undefined && { filters: names.split(',') }) };
}
