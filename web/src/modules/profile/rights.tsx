// What the person's groups may do, and where, as a part of their profile.

import { Box, type TableProps } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { ViewerRightsDocument, type ViewerRightsQuery } from './operations.ts';
import { profileStrings as strings } from './strings.ts';

type Right = ViewerRightsQuery['listViewerRights']['nodes'][number];

export function Rights() {
  const question = useListQuestion('rights-');
  const [{ data, fetching, error }, again] = useLiveQuery({
    query: ViewerRightsDocument,
    variables: { filter: question.filter },
  });
  const list = data?.listViewerRights;
  return (
    <ListTable
      title={strings.rights}
      description={list?.seesEverything === true ? strings.seesEverything : strings.rightsText}
      answer={{ list, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.findRights}
      trackBy={keyOf}
      columns={columns}
      empty={strings.noRights}
    />
  );
}

const keyOf = ({ type, uri, groupUri }: Right): string => `${type} ${uri ?? ''} ${groupUri}`;

const addressOf = ({ type, uri }: Right): string =>
  `/${type === 'ORGANIZATION' ? 'organizations' : 'environments'}/${uri}`;

const columns: readonly TableProps.ColumnDefinition<Right>[] = [
  {
    id: 'where',
    header: strings.where,
    isRowHeader: true,
    minWidth: 160,
    cell: (right) => (
      <>
        {right.uri === null ? strings.installation : <RouteLink href={addressOf(right)}>{right.label}</RouteLink>}
        {right.uri !== null && (
          <Box variant="small" display="block">
            {strings.kinds[right.type]}
          </Box>
        )}
      </>
    ),
  },
  {
    id: 'group',
    header: strings.byGroup,
    minWidth: 130,
    cell: ({ groupUri, owns }) => (owns ? strings.owner(groupUri) : groupUri),
  },
  {
    id: 'permissions',
    header: strings.may,
    minWidth: 260,
    cell: ({ permissions }) =>
      permissions.length === 0 ? strings.nothing : permissions.map(({ description }) => description).join('; '),
  },
];
