// What somebody has filled in, what of it is missing, and what it asks the gateway for.

import type { NewShareObjectInput, ShareableType, ShareObjectDataPermission } from '../operations.ts';
import { requestStrings } from './strings.ts';

export interface Item {
  readonly itemUri: string;
  readonly itemType: ShareableType;
}

export interface Principal {
  readonly id: string;
  readonly type: 'Group' | 'ConsumptionRole' | 'ConsumptionUser';
}

export interface RequestForm {
  readonly environmentUri: string | undefined;
  readonly group: string | undefined;
  readonly principal: Principal | undefined;
  readonly items: readonly Item[];
  readonly permissions: readonly ShareObjectDataPermission[];
  readonly purpose: string;
  /** As typed. */
  readonly period: string;
  readonly noEnd: boolean;
}

export const EMPTY: RequestForm = {
  environmentUri: undefined,
  group: undefined,
  principal: undefined,
  items: [],
  permissions: ['Read'],
  purpose: '',
  period: '',
  noEnd: false,
};

/** How long a share may last, in months or quarters; undefined where it need not end. */
export interface Period {
  readonly min: number;
  readonly max: number;
}

/** By field, what is to be told beside it; none where the form can be submitted. */
export type Problems = Readonly<Partial<Record<keyof RequestForm, string>>>;

export function problemsOf(form: RequestForm, period: Period | undefined): Problems {
  const { environmentUri, group, principal, items, permissions } = form;
  return {
    ...(environmentUri === undefined && { environmentUri: requestStrings.missing }),
    ...(group === undefined && { group: requestStrings.missing }),
    ...(principal === undefined && { principal: requestStrings.missing }),
    ...(items.length === 0 && { items: requestStrings.missingItems }),
    ...(permissions.length === 0 && { permissions: requestStrings.missingPermissions }),
    ...(!isWithin(form, period) && { period: requestStrings.wrongPeriod }),
  };
}

function isWithin({ period: typed, noEnd }: RequestForm, period: Period | undefined): boolean {
  if (period === undefined || noEnd) return true;
  const count = Number(typed);
  return typed !== '' && Number.isInteger(count) && count >= period.min && count <= period.max;
}

/** Undefined while something is missing. */
export function inputOf(form: RequestForm, period: Period | undefined): NewShareObjectInput | undefined {
  const { environmentUri, group, principal, permissions, purpose, noEnd } = form;
  if (environmentUri === undefined || group === undefined || principal === undefined) return undefined;
  if (Object.keys(problemsOf(form, period)).length > 0) return undefined;
  return {
    environmentUri,
    groupUri: group,
    principalId: principal.id,
    principalType: principal.type,
    permissions: [...permissions],
    requestPurpose: purpose,
    ...(period !== undefined && (noEnd ? { nonExpirable: true } : { shareExpirationPeriod: Number(form.period) })),
  };
}
