// How what is given is read: for each item, lines to be copied, with the names that it has in the reader's account.

import {
  Box,
  Container,
  FormField,
  Header,
  Input,
  SegmentedControl,
  Select,
  SpaceBetween,
} from '@cloudscape-design/components';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { CopiedBlock } from '../../../ui/copied.tsx';
import type { Item } from '../share-items.tsx';
import type { Share } from '../share-page.tsx';
import { languages, snippetOf, type Language, type Readable } from './snippets.ts';
import { readingStrings } from './strings.ts';

/** Every account has it. */
const PRIMARY = 'primary';

export function Reading({ share }: { readonly share: Share }) {
  const given = share.items?.nodes?.flatMap((item) => readableOf(item) ?? []) ?? [];
  const [chosen, setChosen] = useState('');
  const [language, setLanguage] = useLanguage();
  const [workgroup, setWorkgroup] = useState(share.athenaWorkgroup ?? PRIMARY);
  const one = given.find(({ id }) => id === chosen) ?? given[0];
  if (one === undefined) return null;
  const place = { region: share.dataset?.region ?? '', workgroup };
  const offered = languages.filter((name) => snippetOf(name, one.readable, place) !== undefined);
  const shown = offered.includes(language) ? language : (offered[0] ?? 'python');
  return (
    <Container
      header={
        <Header variant="h2" description={readingStrings.text(readerOf(share))}>
          {readingStrings.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {given.length > 1 && (
          <FormField label={readingStrings.item}>
            <Select
              selectedOption={{ value: one.id, label: one.name }}
              options={given.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={({ detail }) => setChosen(detail.selectedOption.value ?? '')}
            />
          </FormField>
        )}
        <SegmentedControl
          label={readingStrings.language}
          selectedId={shown}
          options={offered.map((id) => ({ id, text: readingStrings.languages[id] }))}
          onChange={({ detail }) => setLanguage(detail.selectedId as Language)}
        />
        {one.readable.kind === 'Table' && shown !== 'sql' && (
          <FormField label={readingStrings.workgroup} description={readingStrings.workgroupHint}>
            <Input value={workgroup} onChange={({ detail }) => setWorkgroup(detail.value)} />
          </FormField>
        )}
        <CopiedBlock
          text={snippetOf(shown, one.readable, place) ?? ''}
          label={readingStrings.snippet(readingStrings.languages[shown])}
        />
        <Box color="text-body-secondary" fontSize="body-s">
          {readingStrings.hints[shown]}
        </Box>
      </SpaceBetween>
    </Container>
  );
}

/** In the address, so that a colleague sees the same. */
function useLanguage(): readonly [Language, (language: Language) => void] {
  const [search, setSearch] = useSearchParams();
  const named = languages.find((name) => name === search.get('read'));
  const put = (language: Language): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.set('read', language);
        return next;
      },
      { replace: true },
    );
  return [named ?? 'sql', put];
}

const readerOf = ({ principal, consumerAccount }: Share): string =>
  [principal?.principalRoleName ?? principal?.principalName, consumerAccount]
    .filter((part) => part !== null && part !== undefined)
    .join(readingStrings.inAccount);

interface Given {
  readonly id: string;
  readonly name: string;
  readonly readable: Readable;
}

function readableOf(item: Item | null): Given | undefined {
  const { shareItemUri, itemName, address } = item ?? {};
  const found = address && readable(address);
  return found ? { id: shareItemUri ?? '', name: itemName ?? '', readable: found } : undefined;
}

function readable({
  database,
  table,
  accessPointAlias,
  bucket,
  prefix,
}: NonNullable<Item['address']>): Readable | undefined {
  if (database !== null && table !== null) return { kind: 'Table', database, table };
  const place = accessPointAlias ?? bucket;
  return place === null ? undefined : { kind: 'Objects', bucket: place, prefix: prefix ?? '' };
}
