// On what operations are tried, and with which variables.

import { people } from './authority-scene.ts';
import type { Target } from './permission-rules.ts';
import type { Asker } from './permission-scene.ts';
import type { Uris } from './permission-uris.ts';

export interface Try {
  /** On what data.all asks for the permission. */
  readonly on: Target;
  readonly variables?: (uris: Uris, who: Asker) => Readonly<Record<string, unknown>>;
  /** Where data.all decides by its own code: by whom it is answered. */
  readonly by?: Rule;
}

export type Operations = Readonly<Record<string, readonly Try[]>>;

/** A permission that code asks for, or none: then lists hold what is one's own. */
type Rule = { readonly permission: string; readonly tenant?: string } | 'everybody';

/** Whose group somebody acts for in an environment: their own, or, where that is none of it, the owner's, as somebody who tries would. */
export const groupIn = (environment: 'sales' | 'marketing', who: Asker): string => {
  const members = { sales: ['eve', 'sam', 'finn', 'carl'], marketing: ['mia', 'ana'] }[environment];
  return people[members.includes(who) ? who : environment === 'sales' ? 'eve' : 'mia'];
};

export const anywhere: Try = { on: 'everywhere' };
export const acme: Try = { on: 'acme', variables: ({ acme: organizationUri }) => ({ organizationUri }) };
export const sales: Try = { on: 'sales', variables: ({ sales: environmentUri }) => ({ environmentUri }) };
export const marketing: Try = { on: 'marketing', variables: ({ marketing: environmentUri }) => ({ environmentUri }) };
export const orders: Try = { on: 'orders', variables: ({ orders: datasetUri }) => ({ datasetUri }) };
export const ordersTable: Try = { on: 'ordersTable', variables: ({ ordersTable: tableUri }) => ({ tableUri }) };
export const returnsTable: Try = { on: 'returnsTable', variables: ({ returnsTable: tableUri }) => ({ tableUri }) };
export const folder: Try = { on: 'orders', variables: ({ folder: locationUri }) => ({ locationUri }) };
export const share: Try = { on: 'share', variables: ({ share: shareUri }) => ({ shareUri }) };
export const draft: Try = { on: 'draft', variables: ({ draft: shareUri }) => ({ shareUri }) };

/** With further variables. */
export const and = (it: Try, more: Readonly<Record<string, unknown>>): Try => ({
  ...it,
  variables: (uris, who) => ({ ...it.variables?.(uris, who), ...more }),
});
