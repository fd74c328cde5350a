// A dataset while somebody fills in the form: what is written so far, what is wrong with it, and what the gateway is sent.

import type { DatasetDetailsFragment, Language } from '../operations.ts';

export interface DatasetDraft {
  readonly label: string;
  readonly description: string;
  readonly confidentiality: string;
  /** Empty: not said. */
  readonly language: Language | '';
  readonly topics: readonly string[];
  readonly tags: readonly string[];
  readonly owner: string;
  readonly stewards: readonly string[];
  readonly autoApproval: boolean;
  readonly expires: boolean;
  readonly unit: 'Monthly' | 'Quarterly';
  /** Numbers as they are typed. */
  readonly least: string;
  readonly most: string;
}

export const newDraft = (owner: string): DatasetDraft => ({
  label: '',
  description: '',
  confidentiality: '',
  language: '',
  topics: [],
  tags: [],
  owner,
  stewards: [],
  autoApproval: false,
  expires: false,
  unit: 'Monthly',
  least: '1',
  most: '12',
});

export const draftOf = (dataset: DatasetDetailsFragment): DatasetDraft => ({
  label: dataset.label ?? '',
  description: dataset.description ?? '',
  confidentiality: dataset.confidentiality ?? '',
  language: dataset.language ?? '',
  topics: dataset.topicNames,
  tags: dataset.tags?.flatMap((tag) => tag ?? []) ?? [],
  owner: dataset.SamlAdminGroupName ?? '',
  stewards: dataset.stewardGroups,
  autoApproval: dataset.autoApprovalEnabled === true,
  expires: dataset.enableExpiration === true,
  unit: dataset.expirySetting === 'Quarterly' ? 'Quarterly' : 'Monthly',
  least: String(dataset.expiryMinDuration ?? 1),
  most: String(dataset.expiryMaxDuration ?? 12),
});

export type DraftField = 'label' | 'confidentiality' | 'owner' | 'least' | 'most';

/** Fields that the form itself sees to be missing or wrong; the gateway says the rest. */
export function wrongFields(draft: DatasetDraft): ReadonlySet<DraftField> {
  const wrong = new Set<DraftField>();
  for (const field of ['label', 'confidentiality', 'owner'] as const) if (draft[field].trim() === '') wrong.add(field);
  if (!draft.expires) return wrong;
  const least = Number(draft.least);
  const most = Number(draft.most);
  if (!Number.isInteger(least) || least < 1) wrong.add('least');
  if (!Number.isInteger(most) || most < least) wrong.add('most');
  return wrong;
}

/** What all three mutations take of it. */
export const inputOf = (draft: DatasetDraft) => ({
  label: draft.label.trim(),
  description: draft.description,
  confidentiality: draft.confidentiality,
  ...(draft.language !== '' && { language: draft.language }),
  topicNames: [...draft.topics],
  tags: [...draft.tags],
  SamlAdminGroupName: draft.owner.trim(),
  stewardGroups: [...draft.stewards],
  autoApprovalEnabled: draft.autoApproval,
  enableExpiration: draft.expires,
  ...(draft.expires && {
    expirySetting: draft.unit,
    expiryMinDuration: Number(draft.least),
    expiryMaxDuration: Number(draft.most),
  }),
});
