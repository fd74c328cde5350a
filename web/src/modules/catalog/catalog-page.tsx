// The catalogue: words, filters and cards. All of what is asked is in the address, so that it can be sent to somebody.

import {
  Alert,
  Box,
  Button,
  Container,
  Grid,
  Header,
  Input,
  Pagination,
  SpaceBetween,
} from '@cloudscape-design/components';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useLiveQuery } from '../../app/live.ts';
import { useDebounced } from '../../ui/debounced.ts';
import { Page } from '../../ui/page.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { ToCart } from '../share/cart/to-cart.tsx';
import { FacetList } from './facet-list.tsx';
import { HitCards } from './hit-cards.tsx';
import { OwnAccessDocument } from './operations.ts';
import { facets, PAGE_SIZE, type CatalogAnswer, type Chosen, type Facet, type FacetValues } from './search.ts';
import { catalogStrings } from './strings.ts';
import { useFacets, useHits } from './use-catalog.ts';

export function CatalogPage() {
  const question = useQuestion();
  const { text, typed, chosen, page, type } = question;
  const { answer, isLoading, failure } = useHits({ text, chosen, page });
  const values = useFacets(text).answer;
  const [{ data: own }] = useLiveQuery({ query: OwnAccessDocument });
  return (
    <Page title={catalogStrings.title} description={catalogStrings.description} actions={<ToCart />}>
      <Input
        type="search"
        value={typed}
        placeholder={catalogStrings.search}
        ariaLabel={catalogStrings.search}
        onChange={({ detail }) => type(detail.value)}
        autoFocus
      />
      {failure !== undefined && (
        <Alert type="error" header={uiStrings.failed}>
          {failure}
        </Alert>
      )}
      <Grid gridDefinition={[{ colspan: { default: 12, s: 3 } }, { colspan: { default: 12, s: 9 } }]}>
        <Filters {...question} values={values} />
        <SpaceBetween size="m">
          <ResultsHeader {...question} answer={answer} />
          <HitCards
            hits={answer?.hits ?? []}
            isLoading={isLoading && answer === undefined}
            access={own?.listAccess.nodes ?? []}
          />
        </SpaceBetween>
      </Grid>
    </Page>
  );
}

type Question = ReturnType<typeof useQuestion>;

const Filters = ({ chosen, choose, clear, values }: Question & { readonly values: FacetValues | undefined }) => (
  <Container
    header={
      <Header
        variant="h2"
        actions={
          facets.some((facet) => (chosen[facet] ?? []).length > 0) && (
            <Button variant="inline-link" onClick={clear}>
              {catalogStrings.clear}
            </Button>
          )
        }
      >
        {catalogStrings.filters}
      </Header>
    }
  >
    <SpaceBetween size="m">
      {facets.map((facet) => (
        <FacetList
          key={facet}
          label={catalogStrings.facets[facet]}
          values={values?.[facet] ?? []}
          chosen={chosen[facet] ?? []}
          nameOf={(value) => nameOf(facet, value)}
          onChange={(now) => choose(facet, now)}
        />
      ))}
    </SpaceBetween>
  </Container>
);

const ResultsHeader = ({ answer, page, turn, type }: Question & { readonly answer: CatalogAnswer | undefined }) => (
  <>
    <Header
      variant="h2"
      actions={
        (answer?.total ?? 0) > PAGE_SIZE && (
          <Pagination
            currentPageIndex={page}
            pagesCount={Math.ceil((answer?.total ?? 0) / PAGE_SIZE)}
            onChange={({ detail }) => turn(detail.currentPageIndex)}
          />
        )
      }
    >
      {answer === undefined ? catalogStrings.results : catalogStrings.found(answer.total)}
    </Header>
    {(answer?.suggestions.length ?? 0) > 0 && (
      <Box>
        {catalogStrings.didYouMean}{' '}
        {answer?.suggestions.map((word) => (
          <Button key={word} variant="inline-link" onClick={() => type(word)}>
            {word}
          </Button>
        ))}
      </Box>
    )}
  </>
);

const nameOf = (facet: Facet, value: string): string =>
  facet === 'resourceKind' && value in catalogStrings.kinds
    ? catalogStrings.kinds[value as keyof typeof catalogStrings.kinds]
    : value;

function useQuestion() {
  const [search, setSearch] = useSearchParams();
  const [typed, setTyped] = useState(search.get('q') ?? '');
  const chosen: Chosen = Object.fromEntries(facets.map((facet) => [facet, search.getAll(facet)]));
  const change = (edit: (next: URLSearchParams) => void): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('page');
        edit(next);
        return next;
      },
      { replace: true },
    );
  return {
    typed,
    text: useDebounced(typed),
    chosen,
    page: Number(search.get('page') ?? 1),
    type: (value: string): void => {
      setTyped(value);
      change((next) => (value === '' ? next.delete('q') : next.set('q', value)));
    },
    choose: (facet: Facet, values: readonly string[]): void =>
      change((next) => {
        next.delete(facet);
        for (const value of values) next.append(facet, value);
      }),
    clear: (): void =>
      change((next) => {
        for (const facet of facets) next.delete(facet);
      }),
    turn: (page: number): void => change((next) => next.set('page', String(page))),
  };
}
