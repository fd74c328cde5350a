// The managed policies by which a role reads what is shared with it.

import { Box, Button, Modal, Table, type TableProps } from '@cloudscape-design/components';
import { useQuery } from 'urql';
import { Failure } from '../../../ui/failure.tsx';
import { uiStrings } from '../../../ui/strings.ts';
import { RolePoliciesDocument, type ConsumptionRoleFragment, type RolePoliciesQuery } from '../operations.ts';
import { roleStrings as strings } from '../strings.ts';

interface PoliciesDialogProps {
  readonly environmentUri: string;
  readonly role: ConsumptionRoleFragment;
  readonly onClose: () => void;
}

type Policy = NonNullable<NonNullable<RolePoliciesQuery['getConsumptionPrincipalPolicies']>[number]>;

const ATTACHED = { ATTACHED: strings.yes, NOTATTACHED: strings.no, NOTAPPLICABLE: strings.theirs } as const;

const columns: readonly TableProps.ColumnDefinition<Policy>[] = [
  { id: 'name', header: strings.policy, isRowHeader: true, cell: ({ policy_name }) => policy_name },
  { id: 'exists', header: strings.exists, cell: ({ exists }) => (exists === true ? strings.yes : strings.no) },
  { id: 'attached', header: strings.attached, cell: ({ attached }) => ATTACHED[attached] },
];

export function PoliciesDialog({ environmentUri, role, onClose }: PoliciesDialogProps) {
  const [{ data, fetching, error }] = useQuery({
    query: RolePoliciesDocument,
    variables: {
      environmentUri,
      IAMPrincipalName: role.IAMPrincipalName ?? '',
      IAMPrincipalType: role.consumptionPrincipalType,
    },
    requestPolicy: 'network-only',
  });
  return (
    <Modal
      visible
      size="large"
      header={strings.policiesTitle(role.consumptionPrincipalName ?? '')}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onClose}>
            {uiStrings.close}
          </Button>
        </Box>
      }
    >
      {error !== undefined && <Failure error={error} />}
      <Box margin={{ bottom: 's' }}>{strings.policiesText}</Box>
      <Table
        variant="embedded"
        items={data?.getConsumptionPrincipalPolicies?.flatMap((policy) => policy ?? []) ?? []}
        loading={fetching}
        loadingText={uiStrings.loading}
        columnDefinitions={columns}
        wrapLines
        empty={strings.noPolicies}
      />
    </Modal>
  );
}
