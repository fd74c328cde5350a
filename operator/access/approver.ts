// Who may consent to sharing a dataset: its owner and its stewards, as they are when an approval is bound.
import { annotations, labels } from '../resources/annotations.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { ShareApproval } from '../resources/share-approval.ts';

/** Groups that decide about requests for the dataset. */
export const decidersOf = ({ spec }: Dataset): readonly string[] => [
  ...new Set([spec.owner, ...(spec.stewards ?? [])]),
];

/** Written by the operator and edited by nobody else: an edited one is somebody's decision, above all a rejection. */
export const isAutomatic = ({ metadata, spec }: ShareApproval): boolean =>
  metadata.labels?.[labels.autoApproved] === 'true' &&
  ['1', metadata.annotations?.[annotations.automaticGeneration]].includes(String(metadata.generation)) &&
  spec.decision === 'Approved';

/**
 * Why the approver may not decide about this dataset now, and who has to; undefined when it may. An automatic approval carries out what
 * the owner decided beforehand, so the owner may be who asks; it is nobody's but the owner's.
 */
export const approverRefusal = (
  approval: ShareApproval,
  dataset: Dataset,
  allowSelfApproval: boolean,
): string | undefined => {
  const { approver, requester } = approval.spec;
  const automatic = isAutomatic(approval);
  const deciders = automatic ? [dataset.spec.owner] : decidersOf(dataset);
  const isSelf = (group: string): boolean => group === requester && !allowSelfApproval && !automatic;
  const allowed = deciders.filter((group) => !isSelf(group));
  if (allowed.includes(approver)) return undefined;
  const { namespace, name } = dataset.metadata;
  const who = allowed.join(' or ') || 'a steward whom its owner names';
  const why = deciders.includes(approver)
    ? `${approver} asks for itself, and so may not decide`
    : `${approver ?? 'nobody'} is neither owner nor steward of Dataset ${namespace}/${name}`;
  return `${why}: ${who} has to decide, by a ShareApproval with spec.approver of that name`;
};
