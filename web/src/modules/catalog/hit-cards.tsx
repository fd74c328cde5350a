// What the catalogue has found, as cards: what it is, whose it is, and the way to ask for it.

import { Badge, Box, Cards, SpaceBetween, StatusIndicator } from '@cloudscape-design/components';
import { RouteButton, RouteLink } from '../../ui/route-link.tsx';
import { CartButton } from '../share/cart/cart-button.tsx';
import type { OwnAccessQuery } from './operations.ts';
import { ownAccessOf } from './own-access.ts';
import type { CatalogHit } from './search.ts';
import { catalogStrings } from './strings.ts';

interface HitCardsProps {
  readonly hits: readonly CatalogHit[];
  readonly isLoading: boolean;
  /** What the person's groups can read. */
  readonly access: OwnAccessQuery['listAccess']['nodes'];
}

const PAGES = { dataset: '/datasets', table: '/tables', folder: '/folders' } as const;

export const HitCards = ({ hits, isLoading, access }: HitCardsProps) => (
  <Cards
    items={hits}
    trackBy="id"
    loading={isLoading}
    loadingText={catalogStrings.title}
    cardsPerRow={[{ cards: 1 }, { minWidth: 700, cards: 2 }, { minWidth: 1_500, cards: 3 }]}
    cardDefinition={{
      header: ({ id, label, name, resourceKind }) => (
        <SpaceBetween direction="horizontal" size="xs">
          <RouteLink href={`${PAGES[resourceKind]}/${id}`} fontSize="heading-m">
            {label === '' ? name : label}
          </RouteLink>
          <Badge>{catalogStrings.kinds[resourceKind]}</Badge>
        </SpaceBetween>
      ),
      sections: [
        { id: 'about', content: (hit) => <About {...hit} own={ownAccessOf(hit, access)} /> },
        { id: 'request', content: (hit) => <RequestAccess {...hit} /> },
      ],
    }}
    empty={
      <Box textAlign="center" padding="l" color="text-status-inactive">
        {catalogStrings.none} {catalogStrings.noneHint}
      </Box>
    }
  />
);

const About = ({ own, ...hit }: CatalogHit & { readonly own: string | undefined }) => (
  <SpaceBetween size="xs">
    {hit.description !== null && hit.description !== '' && <Box>{hit.description}</Box>}
    <Facts {...hit} />
    {own !== undefined && <StatusIndicator>{own}</StatusIndicator>}
    {hit.tags.length > 0 && <Tags tags={hit.tags} />}
  </SpaceBetween>
);

const Facts = ({ owner, region, environmentName, classification, datasetLabel, ...hit }: CatalogHit) => (
  <Box color="text-body-secondary" fontSize="body-s">
    {[
      `${catalogStrings.owner}: ${owner}`,
      environmentName,
      region,
      classification,
      hit.resourceKind === 'dataset'
        ? catalogStrings.countOf(hit.tables ?? 0, hit.folders ?? 0)
        : catalogStrings.inDataset(datasetLabel),
    ]
      .filter((fact) => fact !== null && fact !== '')
      .join(' · ')}
  </Box>
);

const Tags = ({ tags }: Pick<CatalogHit, 'tags'>) => (
  <SpaceBetween direction="horizontal" size="xxs">
    {tags.map((tag) => (
      <Badge key={tag} color="grey">
        {tag}
      </Badge>
    ))}
  </SpaceBetween>
);

/** A table or a folder is asked for in its dataset's request, already ticked; or later, with others. */
const RequestAccess = ({ id, datasetUri, resourceKind, label }: CatalogHit) => (
  <SpaceBetween direction="horizontal" size="xs">
    <RouteButton
      href={`/request/${datasetUri}${resourceKind === 'dataset' ? '' : `?item=${id}`}`}
      ariaLabel={catalogStrings.requestOf(label)}
    >
      {catalogStrings.request}
    </RouteButton>
    <CartButton datasetUri={datasetUri} name={label} {...(resourceKind !== 'dataset' && { item: id })} />
  </SpaceBetween>
);
