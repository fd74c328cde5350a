// The command that is next for who has a shell: what an object lacks is written, asked for again, or read.

import { annotations } from '../annotations.ts';
import type { ConditionKind } from '../conditions.ts';

interface Named {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** @param reason why it is not as it should be; undefined where it is */
export function nextCommand(kind: ConditionKind, { name, namespace }: Named, reason: string | undefined): string {
  const object = `${kind.toLowerCase()} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;
  const patch = (spec: object): string => `kubectl patch ${object} --type=merge -p '${JSON.stringify({ spec })}'`;
  switch (reason) {
    case 'Draft':
      return patch({ draft: false });
    case 'Suspended':
      return patch({ suspend: false });
    case 'Expired':
      return patch({ expiresAt: '<a later time, e.g. 2027-03-31T00:00:00Z>' });
    case 'Withdrawn':
    case 'Rejected':
    case 'FiltersDisagree':
    case 'FilterNotFound':
    case 'ItemNotFound':
    case 'ExpirationNotAllowed':
      return `kubectl edit ${object}`;
    case 'ConsentMissing':
    case 'PivotRoleUnreachable':
    case 'NotBootstrapped':
      return kind === 'Environment' ? `kubectl get ${object} -o jsonpath='{.status.linkCommand}'` : describe(object);
    case 'Drifted':
    case 'StackFailed':
    case 'InvitationRejected':
    case 'AwsError':
      return `kubectl annotate ${object} ${annotations.requestedAt}="$(date -u +%FT%TZ)" --overwrite`;
    default:
      return describe(object);
  }
}

const describe = (object: string): string => `kubectl describe ${object}`;
