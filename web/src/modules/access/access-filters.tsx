// What is asked about access: of which data, when, and of whom.

import {
  Box,
  Container,
  DateInput,
  FormField,
  Grid,
  SegmentedControl,
  Select,
  SpaceBetween,
  TokenGroup,
} from '@cloudscape-design/components';
import { useState } from 'react';
import { useSearchValues } from '../../ui/list-question.ts';
import { daysOf } from './audit-question.ts';
import { ItemSearch } from './item-search.tsx';
import type { AccessStanding } from './operations.ts';
import { accessStrings as strings, standingTexts } from './strings.ts';

type Mode = 'now' | 'at' | 'between';

export const AccessFilters = () => (
  <Container>
    <SpaceBetween size="m">
      <Grid gridDefinition={[COLUMN, COLUMN, COLUMN]}>
        <ItemSearch />
        <Days />
        <Standing />
      </Grid>
      <Narrowed />
    </SpaceBetween>
  </Container>
);

function Days() {
  const [search, put] = useSearchValues();
  const [mode, setMode] = useState<Mode>(search.has('from') ? 'between' : daysOf(search) === undefined ? 'now' : 'at');
  const change = (next: Mode): void => {
    setMode(next);
    if (next === 'now') put({ day: '', from: '', until: '', page: '' });
  };
  const field = (name: 'day' | 'from' | 'until', label: string) => (
    <Day
      label={label}
      value={search.get(name) ?? ''}
      onChange={(day) => put({ ...(name === 'day' ? { from: '', until: '' } : { day: '' }), [name]: day, page: '' })}
    />
  );
  return (
    <SpaceBetween size="xs">
      <div>
        <Box id={WHEN} variant="awsui-key-label">
          {strings.when}
        </Box>
        <SegmentedControl
          ariaLabelledby={WHEN}
          selectedId={mode}
          onChange={({ detail }) => change(detail.selectedId as Mode)}
          options={modes}
        />
      </div>
      {mode === 'at' && field('day', strings.day)}
      {mode === 'between' && field('from', strings.from)}
      {mode === 'between' && field('until', strings.until)}
    </SpaceBetween>
  );
}

const WHEN = 'asked-when';
const modes: readonly { readonly id: Mode; readonly text: string }[] = [
  { id: 'now', text: strings.now },
  { id: 'at', text: strings.at },
  { id: 'between', text: strings.between },
];

function Standing() {
  const [search, put] = useSearchValues();
  const chosen = search.get('standing') ?? '';
  return (
    <FormField label={strings.standing}>
      <Select
        selectedOption={standingOptions.find(({ value }) => value === chosen) ?? ALL}
        options={standingOptions}
        onChange={({ detail }) => put({ standing: detail.selectedOption.value ?? '', page: '' })}
      />
    </FormField>
  );
}

const COLUMN = { colspan: { default: 12, s: 4 } } as const;

const ALL = { value: '', label: strings.anyStanding };
const standingOptions = [
  ALL,
  ...(Object.keys(standingTexts) as AccessStanding[]).map((value) => ({ value, label: standingTexts[value] })),
];

interface DayProps {
  readonly label: string;
  /** YYYY-MM-DD, or empty. */
  readonly value: string;
  readonly onChange: (day: string) => void;
}

const Day = ({ label, value, onChange }: DayProps) => (
  <FormField label={label}>
    <DateInput
      value={value}
      placeholder={strings.dayPlaceholder}
      format="iso"
      onChange={({ detail }) => onChange(detail.value)}
    />
  </FormField>
);

/** What the address narrows beside what there are fields for, each to be taken away. */
function Narrowed() {
  const [search, put] = useSearchValues();
  const tokens = narrowing.flatMap(([name, describe]) => {
    const value = search.get(name);
    return value === null ? [] : [{ name, label: describe(value), dismissLabel: strings.drop(describe(value)) }];
  });
  if (tokens.length === 0) return null;
  return (
    <TokenGroup
      items={tokens}
      onDismiss={({ detail }) => {
        const name = tokens[detail.itemIndex]?.name;
        if (name !== undefined) put({ [name]: '', page: '' });
      }}
    />
  );
}

const narrowing: readonly (readonly [string, (value: string) => string])[] = [
  ['principal', strings.principalIs],
  ['group', strings.groupIs],
  ['account', strings.accountIs],
  ['environment', () => strings.environmentIs],
  ['own', () => strings.ownIs],
];
