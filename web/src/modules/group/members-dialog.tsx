// Who is in a group.

import { Box, Button, Modal, SpaceBetween } from '@cloudscape-design/components';
import { useQuery, type CombinedError } from 'urql';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { GroupMembersDocument } from './operations.ts';
import { groupStrings as strings } from './strings.ts';

interface MembersDialogProps {
  readonly group: string;
  readonly onClose: () => void;
}

const isRefused = ({ graphQLErrors }: CombinedError): boolean =>
  graphQLErrors.some(({ extensions }) => extensions['code'] === 'UnauthorizedOperation');

export function MembersDialog({ group, onClose }: MembersDialogProps) {
  const [{ data, error }] = useQuery({ query: GroupMembersDocument, variables: { groupUri: group } });
  const members = data?.listUsersForGroup?.flatMap((member) => member ?? []).toSorted();
  return (
    <Modal
      visible
      header={strings.title(group)}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onClose}>
            {uiStrings.close}
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <Box color="text-body-secondary">{strings.text}</Box>
        {error !== undefined && (isRefused(error) ? <Box>{strings.refused}</Box> : <Failure error={error} />)}
        {error === undefined && members === undefined && <Loading />}
        {members?.length === 0 && <Box>{strings.none}</Box>}
        {members !== undefined && members.length > 0 && (
          <ul>
            {members.map((member) => (
              <li key={member}>{member}</li>
            ))}
          </ul>
        )}
      </SpaceBetween>
    </Modal>
  );
}
