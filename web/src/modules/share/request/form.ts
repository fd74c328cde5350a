// What somebody has filled in, what of it is missing, and what it asks the gateway for: one request for each dataset.

import type {
  AccessRequestInput,
  PrincipalType,
  RequestedDatasetFragment,
  ShareableType,
  ShareObjectDataPermission,
} from '../operations.ts';
import { requestStrings } from './strings.ts';

export interface Item {
  readonly itemUri: string;
  readonly itemType: ShareableType;
  /** Names of data filters; none: the whole table. */
  readonly filters: readonly string[];
}

export interface Principal {
  readonly id: string;
  readonly type: Exclude<PrincipalType, 'RedshiftRole'>;
}

/** What is asked for of one dataset. */
export interface Part {
  readonly items: readonly Item[];
  /** As typed. */
  readonly period: string;
  readonly noEnd: boolean;
}

export interface RequestForm {
  readonly environmentUri: string | undefined;
  readonly group: string | undefined;
  readonly principal: Principal | undefined;
  readonly permissions: readonly ShareObjectDataPermission[];
  readonly purpose: string;
  /** By uri of the dataset. */
  readonly parts: ReadonlyMap<string, Part>;
}

export const EMPTY_PART: Part = { items: [], period: '', noEnd: false };

export const EMPTY: RequestForm = {
  environmentUri: undefined,
  group: undefined,
  principal: undefined,
  permissions: ['Read'],
  purpose: '',
  parts: new Map(),
};

/** How long a share may last, in months or quarters; undefined where it need not end. */
export interface Period {
  readonly min: number;
  readonly max: number;
}

type Ending = Pick<RequestedDatasetFragment, 'enableExpiration' | 'expiryMinDuration' | 'expiryMaxDuration'>;

export const periodOf = ({ enableExpiration, expiryMinDuration, expiryMaxDuration }: Ending): Period | undefined =>
  enableExpiration === true ? { min: expiryMinDuration ?? 1, max: expiryMaxDuration ?? 1 } : undefined;

type Place = 'environmentUri' | 'group' | 'principal' | 'permissions';

/** What is to be told beside each field; empty where the form can be sent. */
export type Problems = Readonly<Partial<Record<Place, string>>>;
export type PartProblems = Readonly<Partial<Record<'items' | 'period', string>>>;

export function problemsOf({ environmentUri, group, principal, permissions }: RequestForm): Problems {
  return {
    ...(environmentUri === undefined && { environmentUri: requestStrings.missing }),
    ...(group === undefined && { group: requestStrings.missing }),
    ...(principal === undefined && { principal: requestStrings.missing }),
    ...(permissions.length === 0 && { permissions: requestStrings.missingPermissions }),
  };
}

export function partProblemsOf(part: Part, period: Period | undefined): PartProblems {
  return {
    ...(part.items.length === 0 && { items: requestStrings.missingItems }),
    ...(!isWithin(part, period) && { period: requestStrings.wrongPeriod }),
  };
}

function isWithin({ period: typed, noEnd }: Part, period: Period | undefined): boolean {
  if (period === undefined || noEnd) return true;
  const count = Number(typed);
  return typed !== '' && Number.isInteger(count) && count >= period.min && count <= period.max;
}

/** What is asked of one dataset; undefined while something is missing. */
export function inputOf(
  form: RequestForm,
  datasetUri: string,
  period: Period | undefined,
): AccessRequestInput | undefined {
  const { environmentUri, group, principal, permissions, purpose, parts } = form;
  const part = parts.get(datasetUri) ?? EMPTY_PART;
  if (environmentUri === undefined || group === undefined || principal === undefined) return undefined;
  if ([problemsOf(form), partProblemsOf(part, period)].some((problems) => Object.keys(problems).length > 0))
    return undefined;
  return {
    datasetUri,
    environmentUri,
    groupUri: group,
    principalId: principal.id,
    principalType: principal.type,
    items: part.items.map(({ filters, ...item }) => ({
      ...item,
      ...(filters.length > 0 && { filters: [...filters] }),
    })),
    permissions: [...permissions],
    purpose,
    ...(period !== undefined && (part.noEnd ? { nonExpirable: true } : { shareExpirationPeriod: Number(part.period) })),
  };
}
