// What would become of a request as it is filled in: who is asked, until when it would be, what is there already, what stands against it.

import { Alert, Box, SpaceBetween, StatusIndicator } from '@cloudscape-design/components';
import { RouteLink } from '../../../ui/route-link.tsx';
import { Time } from '../../../ui/time.tsx';
import type { AccessProspectFragment, RequestedDatasetFragment } from '../operations.ts';
import { requestStrings } from './strings.ts';
import type { Prospect } from './use-prospects.ts';

interface ProspectOfProps {
  readonly dataset: RequestedDatasetFragment;
  readonly prospect: Prospect | undefined;
}

export function ProspectOf({ dataset, prospect }: ProspectOfProps) {
  if (prospect === undefined) return null;
  if ('refusal' in prospect)
    return (
      <Alert type="error" header={requestStrings.wouldBeRefused}>
        {prospect.refusal}
      </Alert>
    );
  const { told } = prospect;
  return (
    <SpaceBetween size="s">
      {told.alreadyExisted && <Existing dataset={dataset} told={told} />}
      {told.problems.length > 0 && (
        <Alert type="warning" header={requestStrings.wouldNotBeGiven}>
          {told.problems.map(({ message }) => (
            <Box key={message}>{sentence(message)}</Box>
          ))}
        </Alert>
      )}
      <Asked {...told} />
    </SpaceBetween>
  );
}

const Asked = ({ isAutomatic, share }: AccessProspectFragment) => (
  <Box>
    <StatusIndicator type="info">
      {isAutomatic ? requestStrings.automatic : requestStrings.decidesText(share.deciders.join(requestStrings.or))}
    </StatusIndicator>
    {share.requestedExpiryDate !== null && (
      <Box color="text-body-secondary">
        {requestStrings.wouldEnd} <Time at={share.requestedExpiryDate} />
      </Box>
    )}
  </Box>
);

const Existing = ({
  dataset,
  told,
}: {
  readonly dataset: RequestedDatasetFragment;
  readonly told: AccessProspectFragment;
}) => {
  const asked = dataset.shareableItems.filter(({ itemUri }) => told.alreadyAsked.includes(itemUri));
  return (
    <Alert type="info">
      {requestStrings.existing} <RouteLink href={`/shares/${told.share.shareUri}`}>{requestStrings.goThere}</RouteLink>
      {asked.length > 0 && (
        <Box>
          {requestStrings.askedBefore(asked.map(({ itemName }) => itemName ?? requestStrings.bucket).join(', '))}
        </Box>
      )}
    </Alert>
  );
};

/** The operator writes them to stand after a colon. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
