// Levels of confidentiality: the installation's words, and what data.all's rules make of them.

import type { Features } from './features.ts';
import { BASE_LEVELS, type BaseLevel } from './keys.ts';

/** Every level that a Dataset may say, with the one that it means. */
function levelsOf(features: Features): ReadonlyMap<string, BaseLevel> {
  const mapping = features.get('modules.datasets_base.features.custom_confidentiality_mapping');
  return new Map(mapping === undefined ? BASE_LEVELS.map((level) => [level, level]) : Object.entries(mapping));
}

const isChosen = (features: Features): boolean =>
  features.isOn('modules.datasets_base.features.confidentiality_dropdown');

/**
 * What a new Dataset may say: a closed list, the more open first, those that mean the same by name (a mapping has no order of its own). Where
 * nobody chooses a level, nothing may be said to be open to all.
 */
export const confidentialityLevels = (features: Features): readonly string[] =>
  BASE_LEVELS.filter((base) => isChosen(features) || base !== 'Unclassified').flatMap((base) =>
    [...levelsOf(features)].flatMap(([level, means]) => (means === base ? level : [])).toSorted(),
  );

/**
 * What a level means, on the safe side: one that the installation does not know counts as Secret, and where nobody chooses one, all that
 * are less count as Official.
 */
export function baseLevel(features: Features, level: string): BaseLevel {
  const base = levelsOf(features).get(level) ?? 'Secret';
  return base === 'Unclassified' && !isChosen(features) ? 'Official' : base;
}

/**
 * Whether datasets of this level may approve requests for reading by themselves. What is said of its own word comes before what is said of
 * the one it means, unless nobody chooses words.
 */
export function mayApproveItself(features: Features, level: string): boolean {
  if (!levelsOf(features).has(level)) return false;
  const said = new Map(
    Object.entries(features.get('modules.datasets_base.features.auto_approval_for_confidentiality_level') ?? {}),
  );
  const own = isChosen(features) ? said.get(level) : undefined;
  return own ?? said.get(baseLevel(features, level)) ?? false;
}

/** The same for all levels. Where sharing is switched off, nothing new is given. */
export const standingDecisions = (features: Features): ((level: string) => boolean) =>
  features.isActive('s3_datasets_shares') ? (level) => mayApproveItself(features, level) : () => false;
