// Words of data.all's interface that a dataset may have others for: closed lists there, what the installation lists here.

import { baseLevel, confidentialityLevels } from '../../../operator/features/confidentiality.ts';
import type { Language, Topic } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { invalidInput } from '../../server/failure.ts';

/** Of data.all's clients. */
export const topics = [
  'Finances',
  'HumanResources',
  'Products',
  'Services',
  'Operations',
  'Research',
  'Sales',
  'Orders',
  'Sites',
  'Energy',
  'Customers',
  'Misc',
] as const satisfies readonly Topic[];
const languages = ['English', 'French', 'German'] as const satisfies readonly Language[];

export const isKnownTopic = (word: string): word is Topic => topics.some((topic) => topic === word);

export const knownTopics = (words: readonly string[]): Topic[] => words.filter(isKnownTopic);

export const knownLanguage = (word: string | null): Language | null =>
  languages.find((language) => language === word) ?? null;

/** Names and types of its columns are everybody's who is signed in. */
export const isUnclassified = (
  { features }: Pick<GatewayContext, 'features'>,
  { confidentiality }: { readonly confidentiality: string },
): boolean => baseLevel(features, confidentiality) === 'Unclassified';

/** Told here in data.all's words; admission refuses it to everybody. @throws GraphQLError InvalidInput */
export function demandLevel({ features }: Pick<GatewayContext, 'features'>, action: string, level: string): void {
  const levels = confidentialityLevels(features);
  if (!levels.includes(level)) throw invalidInput(action, 'confidentiality', level, `one of ${levels.join(', ')}`);
}

/** data.all's enum is spelled wrong, and its values are not. */
export const expirationSettings = { Monthly: 'Monthly', Quarterly: 'Quarterly', Quartely: 'Quarterly' } as const;
