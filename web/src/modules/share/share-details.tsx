// Who asks for what, for whom, until when, and who decides.

import { Container, Header, KeyValuePairs } from '@cloudscape-design/components';
import { Time } from '../../ui/time.tsx';
import { uiStrings } from '../../ui/strings.ts';
import type { Share } from './share-page.tsx';
import { shareStrings } from './strings.ts';

export function ShareDetails({ share }: { readonly share: Share }) {
  const { dataset, principal, permissions, expiryDate, deciders, group, requestPurpose } = share;
  const place = [dataset?.AwsAccountId, dataset?.region].filter((part) => part !== null && part !== undefined);
  return (
    <Container header={<Header variant="h2">{shareStrings.details}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={170}
        items={[
          { label: shareStrings.purpose, value: requestPurpose ?? shareStrings.noPurpose },
          { label: shareStrings.requester, value: group },
          { label: shareStrings.principal, value: principal?.principalName },
          { label: shareStrings.role, value: principal?.principalRoleName ?? uiStrings.unknown },
          { label: shareStrings.permissions, value: permissions?.join(', ').toLowerCase() },
          {
            label: shareStrings.expires,
            value: expiryDate === null ? shareStrings.neverExpires : <Time at={expiryDate} />,
          },
          { label: shareStrings.decides, value: deciders.join(', ') },
          { label: shareStrings.account, value: place.join(', ') },
        ]}
      />
    </Container>
  );
}
