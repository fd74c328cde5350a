// The start page: what waits for the person, and what they wait for.

import { Grid } from '@cloudscape-design/components';
import { usePerson } from '../../app/person.ts';
import { Page } from '../../ui/page.tsx';
import { RouteButton, RouteLink } from '../../ui/route-link.tsx';
import { SharesAskedFor, SharesToDecide } from './share-list.tsx';
import { homeStrings } from './strings.ts';

const HALF = { colspan: { default: 12, s: 6 } };

export function HomePage() {
  const { name } = usePerson();
  return (
    <Page
      title={homeStrings.title(name)}
      description={homeStrings.description}
      actions={
        <RouteButton variant="primary" href="/catalog">
          {homeStrings.find}
        </RouteButton>
      }
    >
      <Grid gridDefinition={[HALF, HALF]}>
        <SharesToDecide title={homeStrings.waiting} empty={homeStrings.nothingWaits} />
        <SharesAskedFor
          title={homeStrings.mine}
          empty={
            <>
              {homeStrings.nothingAsked} <RouteLink href="/catalog">{homeStrings.toCatalogue}</RouteLink>
            </>
          }
        />
      </Grid>
    </Page>
  );
}
