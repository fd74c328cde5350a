// What an approver has chosen of what waits: which items, and by which filters.

import type { ApprovedItemInput, ShareDecisionInput } from '../operations.ts';

/** Of one item that waits. */
export interface Choice {
  readonly shareItemUri: string;
  readonly isGiven: boolean;
  /** Undefined: as it is asked for. */
  readonly filters: readonly string[] | undefined;
}

/** What the gateway is told; where nothing was narrowed, that all of it is given. @param asked as it stood there: not what came after it */
export function approvalOf(
  { shareUri, asked }: Pick<ShareDecisionInput, 'shareUri' | 'asked'>,
  choices: readonly Choice[],
  note: string,
): ShareDecisionInput {
  const isWhole = choices.every(({ isGiven, filters }) => isGiven && filters === undefined);
  const items = choices
    .filter(({ isGiven }) => isGiven)
    .map(({ shareItemUri, filters }): ApprovedItemInput => ({
      shareItemUri,
      ...(filters !== undefined && { filters: [...filters] }),
    }));
  return { shareUri, asked, verdict: 'Approve', note, ...(!isWhole && { items }) };
}
