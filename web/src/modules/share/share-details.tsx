// Who asks for what, for whom, until when, and who decides.

import { Box, Container, Header, KeyValuePairs } from '@cloudscape-design/components';
import { Time } from '../../ui/time.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { End } from './end.tsx';
import type { Share } from './share-page.tsx';
import { shareStrings } from './strings.ts';

export function ShareDetails({ share }: { readonly share: Share }) {
  const { dataset, permissions, deciders, group, requestPurpose } = share;
  const place = [dataset?.AwsAccountId, dataset?.region].filter((part) => part !== null && part !== undefined);
  return (
    <Container header={<Header variant="h2">{shareStrings.details}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={170}
        items={[
          { label: shareStrings.dataset, value: <DatasetLink {...share} /> },
          { label: shareStrings.purpose, value: requestPurpose ?? shareStrings.noPurpose },
          { label: shareStrings.requester, value: group },
          { label: shareStrings.principal, value: <Reader {...share} /> },
          { label: shareStrings.permissions, value: permissions?.join(', ').toLowerCase() },
          {
            label: shareStrings.expires,
            value: <Ends {...share} />,
          },
          { label: shareStrings.decides, value: deciders.join(', ') },
          { label: shareStrings.account, value: place.join(', ') },
        ]}
      />
    </Container>
  );
}

/** When it does, and when it is asked to. */
const Ends = ({ status, expiryDate, requestedExpiryDate, extensionReason, nonExpirable }: Share) => (
  <>
    <End at={expiryDate} />
    {status === 'Submitted_For_Extension' && (
      <Box fontSize="body-s" color="text-body-secondary">
        {shareStrings.laterEnd} {nonExpirable === true ? shareStrings.neverExpires : <Time at={requestedExpiryDate} />}
        {(extensionReason ?? '') !== '' && `: ${extensionReason}`}
      </Box>
    )}
  </>
);

const DatasetLink = ({ dataset }: Pick<Share, 'dataset'>) =>
  typeof dataset?.datasetUri === 'string' ? (
    <RouteLink href={`/datasets/${dataset.datasetUri}`}>{dataset.datasetName}</RouteLink>
  ) : (
    dataset?.datasetName
  );

/** Its name here, and in IAM once it is known there. */
const Reader = ({ principal }: Pick<Share, 'principal'>) => (
  <>
    {principal?.principalName}
    {principal?.principalRoleName !== null && ` (${shareStrings.role} ${principal?.principalRoleName})`}
  </>
);
