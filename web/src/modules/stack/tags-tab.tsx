// Tags in AWS of everything that is made for an environment or a dataset.

import { Box, Button, Container, Header, KeyValuePairs } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { AwsTagsDocument } from './operations.ts';
import { tagStrings as strings } from './strings.ts';
import { TagsDialog, type AwsTag } from './tags-dialog.tsx';
import type { StackTarget } from './target.ts';

export function TagsTab({ target }: { readonly target: StackTarget }) {
  const variables = { targetUri: target.uri, targetType: target.type };
  const [{ data, error }, again] = useQuery({
    query: AwsTagsDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  const [isEditing, setEditing] = useState(false);
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  if (data === undefined) return error === undefined ? <Loading /> : <Failure error={error} onRetry={refresh} />;
  const tags = tagsOf(data.listKeyValueTags ?? []);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={strings.description}
          counter={`(${tags.length})`}
          actions={target.isOwner && <Button onClick={() => setEditing(true)}>{strings.edit}</Button>}
        >
          {strings.title}
        </Header>
      }
    >
      {tags.length === 0 ? (
        <Box color="text-status-inactive">{strings.none}</Box>
      ) : (
        <KeyValuePairs
          columns={4}
          minColumnWidth={170}
          items={tags.map(({ key, value, cascade }) => ({
            label: key,
            value: cascade ? `${value} (${strings.passedOn})` : value,
          }))}
        />
      )}
      {isEditing && (
        <TagsDialog
          target={target}
          before={tags}
          onClose={() => {
            setEditing(false);
            refresh();
          }}
        />
      )}
    </Container>
  );
}

type Answered = { readonly key: string | null; readonly value: string | null; readonly cascade: boolean | null } | null;

const tagsOf = (answered: readonly Answered[]): AwsTag[] =>
  answered.flatMap((tag) =>
    tag === null ? [] : [{ key: tag.key ?? '', value: tag.value ?? '', cascade: tag.cascade === true }],
  );
