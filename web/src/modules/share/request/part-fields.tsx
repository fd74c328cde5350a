// What is asked for of one dataset: its items, for how long, and what will become of the request.

import {
  Button,
  Container,
  ExpandableSection,
  FormField,
  Header,
  Multiselect,
  SpaceBetween,
} from '@cloudscape-design/components';
import type { Outcome } from '../../../ui/each.ts';
import { OutcomeOf } from '../../../ui/outcome.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { TokenInput } from '../../../ui/token-input.tsx';
import type { RequestAccessMutation, RequestedDatasetFragment } from '../operations.ts';
import { itemTypeNames } from '../strings.ts';
import { partProblemsOf, periodOf, type Item, type Part, type PartProblems } from './form.ts';
import { PeriodField } from './period-field.tsx';
import { ProspectOf } from './prospect-of.tsx';
import { requestStrings } from './strings.ts';
import type { Prospect } from './use-prospects.ts';

interface PartFieldsProps {
  readonly dataset: RequestedDatasetFragment;
  readonly part: Part;
  readonly isTried: boolean;
  readonly prospect: Prospect | undefined;
  readonly outcome: Outcome<RequestAccessMutation> | undefined;
  readonly onChange: (changes: Partial<Part>) => void;
  /** Undefined where it is the only one. */
  readonly onRemove: (() => void) | undefined;
}

export function PartFields({ dataset, part, isTried, prospect, outcome, onChange, onRemove }: PartFieldsProps) {
  const period = periodOf(dataset);
  const problems: PartProblems = isTried ? partProblemsOf(part, period) : {};
  const remove = onRemove && (
    <Button onClick={onRemove} ariaLabel={requestStrings.removeOf(dataset.label ?? '')}>
      {requestStrings.remove}
    </Button>
  );
  return (
    <Container
      header={
        <Header variant="h2" description={dataset.description} actions={outcome?.state !== 'done' && remove}>
          {onRemove === undefined ? requestStrings.what : dataset.label}
        </Header>
      }
    >
      {outcome?.state === 'done' ? (
        <Sent outcome={outcome} />
      ) : (
        <SpaceBetween size="l">
          <ItemsField dataset={dataset} part={part} problem={problems.items} onChange={onChange} />
          <FilterFields dataset={dataset} part={part} onChange={onChange} />
          {period !== undefined && (
            <PeriodField
              value={part}
              problem={problems.period}
              onChange={onChange}
              bounds={period}
              setting={dataset.expirySetting ?? ''}
            />
          )}
          <ProspectOf dataset={dataset} prospect={prospect} />
          <OutcomeOf outcome={outcome} />
        </SpaceBetween>
      )}
    </Container>
  );
}

const Sent = ({ outcome }: { readonly outcome: Extract<Outcome<RequestAccessMutation>, { state: 'done' }> }) => (
  <SpaceBetween direction="horizontal" size="xs">
    <OutcomeOf outcome={outcome} />
    <RouteLink href={`/shares/${outcome.data.requestAccess?.share.shareUri}`}>{requestStrings.goThere}</RouteLink>
  </SpaceBetween>
);

type FieldProps = Pick<PartFieldsProps, 'dataset' | 'part' | 'onChange'>;

const nameOf = ({ itemName }: RequestedDatasetFragment['shareableItems'][number]): string =>
  itemName ?? requestStrings.bucket;

function ItemsField({ dataset, part, problem, onChange }: FieldProps & { readonly problem: string | undefined }) {
  const options = dataset.shareableItems.map((item) => ({
    value: item.itemUri,
    label: nameOf(item),
    description: itemTypeNames[item.itemType],
  }));
  const chosen = new Map(part.items.map((item) => [item.itemUri, item]));
  return (
    <FormField label={requestStrings.items} description={requestStrings.itemsHint} errorText={problem}>
      <Multiselect
        selectedOptions={options.filter(({ value }) => chosen.has(value))}
        options={options}
        filteringType="auto"
        placeholder={requestStrings.chooseItems}
        empty={requestStrings.noItems}
        ariaLabel={requestStrings.items}
        onChange={({ detail }) => {
          const now = new Set(detail.selectedOptions.map(({ value }) => value));
          const items = dataset.shareableItems
            .filter(({ itemUri }) => now.has(itemUri))
            .map(({ itemUri, itemType }): Item => chosen.get(itemUri) ?? { itemUri, itemType, filters: [] });
          onChange({ items });
        }}
      />
    </FormField>
  );
}

/** Seldom needed, and folded until it is. */
function FilterFields({ dataset, part, onChange }: FieldProps) {
  const names = new Map(dataset.shareableItems.map((item) => [item.itemUri, nameOf(item)]));
  const tables = part.items.filter(({ itemType }) => itemType === 'Table');
  if (tables.length === 0) return null;
  const filter = (wanted: Item, filters: readonly string[]): void =>
    onChange({ items: part.items.map((item) => (item === wanted ? { ...item, filters } : item)) });
  return (
    <ExpandableSection
      headerText={requestStrings.partly}
      defaultExpanded={tables.some(({ filters }) => filters.length > 0)}
    >
      <SpaceBetween size="s">
        {tables.map((item) => (
          <FormField
            key={item.itemUri}
            label={requestStrings.filtersOf(names.get(item.itemUri) ?? '')}
            description={requestStrings.filtersHint}
          >
            <TokenInput words={item.filters} onChange={(words) => filter(item, words)} />
          </FormField>
        ))}
      </SpaceBetween>
    </ExpandableSection>
  );
}
