// AWS tags of everything in our stacks: CloudFormation hands the stack's tags down to its resources.
import { createHash } from 'node:crypto';

export interface TagSource {
  readonly installation: string;
  /** Kind, `namespace/name` (or name) and id of the custom resource that owns the stack. */
  readonly owner: { readonly kind: string; readonly name: string; readonly id: string };
  readonly environment: string;
  /** Group that works with the resources. */
  readonly team: string;
  readonly creator: string;
  /** The user's own: of the object, and those of its environment that cascade. */
  readonly user: readonly { readonly key: string; readonly value: string }[];
}

/** Who owns a stack: read back before it is changed or deleted. */
export const ownershipTagNames = {
  installation: 'dataall:installation',
  kind: 'dataall:kind',
  name: 'dataall:name',
  id: 'dataall:id',
} as const;

export const stackTags = (source: TagSource): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(source.user.map(({ key, value }) => [key, value])),
  // `True` as data.all 2.9 spells it: policies of accounts match on it.
  dataall: 'True',
  Creator: tagValue(source.creator),
  Environment: tagValue(source.environment),
  Team: tagValue(source.team),
  [ownershipTagNames.installation]: source.installation,
  [ownershipTagNames.kind]: source.owner.kind,
  [ownershipTagNames.name]: source.owner.name,
  [ownershipTagNames.id]: source.owner.id,
});

const LONGEST_VALUE = 256;
/** What {@link tagValue} ends the value of another text with. */
const MARK = /-[0-9a-f]{16}$/;

/**
 * Tag values have fewer characters than group names, and policies tell groups apart by them: no two texts have the same value.
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
export const tagValue = (text: string): string => {
  const value = text.replace(/[^\p{L}\p{N} _.:/=+@-]/gu, '_').slice(0, LONGEST_VALUE);
  if (value === text && !MARK.test(text)) return text;
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${value.slice(0, LONGEST_VALUE - mark.length - 1)}-${mark}`;
};
