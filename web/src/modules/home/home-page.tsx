// The start page: what waits for the person, what they wait for, and what is to be looked after.

import { Grid, SpaceBetween } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { usePerson } from '../../app/person.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteButton, RouteLink } from '../../ui/route-link.tsx';
import { ToCart } from '../share/cart/to-cart.tsx';
import { soon } from '../share/list/soon.ts';
import { HomeDocument } from './operations.ts';
import { RecentList } from './recent-list.tsx';
import { ShareList } from './share-list.tsx';
import { homeStrings } from './strings.ts';

const UNDECIDED = ['Submitted', 'Submitted_For_Extension'];
const HALF = { colspan: { default: 12, s: 6 } };

export function HomePage() {
  const { name } = usePerson();
  const [{ data, error }, again] = useLiveQuery({
    query: HomeDocument,
    variables: { undecided: UNDECIDED, endsBefore: soon(Date.now()) },
  });
  const panels = [
    <ShareList
      key="waiting"
      title={homeStrings.waiting}
      list={data?.waiting}
      all="/shares?tab=received&status=Submitted&status=Submitted_For_Extension"
      empty={homeStrings.nothingWaits}
    />,
    <ShareList
      key="mine"
      title={homeStrings.mine}
      list={data?.mine}
      all="/shares?tab=sent"
      empty={
        <>
          {homeStrings.nothingAsked} <RouteLink href="/catalog">{homeStrings.toCatalogue}</RouteLink>
        </>
      }
    />,
    // Boxes that would be empty are none.
    ...attention.flatMap(({ key, ...panel }) =>
      (data?.[key]?.count ?? 0) === 0 ? [] : [<ShareList key={key} {...panel} list={data?.[key]} empty="" />],
    ),
    <RecentList key="recent" />,
  ];
  return (
    <Page
      title={homeStrings.title(name)}
      description={homeStrings.description}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ToCart />
          <RouteButton variant="primary" href="/catalog">
            {homeStrings.find}
          </RouteButton>
        </SpaceBetween>
      }
    >
      {error !== undefined && data === undefined ? (
        <Failure error={error} onRetry={again} />
      ) : (
        <Grid gridDefinition={panels.map(() => HALF)}>{panels}</Grid>
      )}
    </Page>
  );
}

const attention = [
  { key: 'broken', title: homeStrings.broken, text: homeStrings.brokenText, all: '/shares?tab=sent&attention=broken' },
  {
    key: 'brokenOfMine',
    title: homeStrings.brokenOfMine,
    text: homeStrings.brokenOfMineText,
    all: '/shares?tab=received&attention=broken',
  },
  {
    key: 'ending',
    title: homeStrings.ending,
    text: homeStrings.endingText,
    all: '/shares?tab=sent&attention=ending',
    when: 'expiryDate',
  },
] as const;
