// Policies that a share takes and the role that reads does not have, where somebody has chosen to attach them themselves.

import { Alert } from '@cloudscape-design/components';
import { useQuery } from 'urql';
import { ActButton } from '../../../ui/act.tsx';
import { AttachedPoliciesDocument, AttachPoliciesDocument } from '../operations.ts';
import type { Share } from '../share-page.tsx';
import { requests } from '../side.ts';
import { careStrings } from './strings.ts';

interface MissingPoliciesProps {
  readonly share: Share;
  readonly onDone: () => void;
}

export function MissingPolicies({ share, onDone }: MissingPoliciesProps) {
  const { principal, policyManagement } = share;
  const environmentUri = principal?.environmentUri ?? undefined;
  const isOurs = policyManagement === 'PARTIALLY_MANAGED' && requests(share) && environmentUri !== undefined;
  const [{ data }] = useQuery({
    query: AttachedPoliciesDocument,
    variables: {
      environmentUri: environmentUri ?? '',
      principalName: principal?.principalRoleName ?? '',
      principalType: principal?.IAMPrincipalType ?? '',
    },
    pause: !isOurs,
  });
  const missing = (isOurs ? (data?.getConsumptionPrincipalPolicies ?? []) : []).flatMap((policy) =>
    policy?.attached === 'NOTATTACHED' ? [policy.policy_name] : [],
  );
  if (missing.length === 0) return null;
  return (
    <Alert
      type="warning"
      header={careStrings.policies(principal?.principalName ?? '')}
      action={
        <ActButton
          document={AttachPoliciesDocument}
          variables={{
            environmentUri: environmentUri ?? '',
            principalUri: principal?.principalId ?? '',
            name: principal?.principalName ?? '',
            group: share.group ?? '',
          }}
          done={careStrings.attached}
          onDone={onDone}
        >
          {careStrings.attach}
        </ActButton>
      }
    >
      {careStrings.policiesText(missing.join(', '))}
    </Alert>
  );
}
