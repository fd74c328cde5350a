// What something is called, as a link to its page, and below it what it is: the first cell of lists.

import { Box } from '@cloudscape-design/components';
import { RouteLink } from './route-link.tsx';

interface NameCellProps {
  readonly href: string;
  readonly name: string | null;
  readonly description: string | null;
}

export const NameCell = ({ href, name, description }: NameCellProps) => (
  <>
    <RouteLink href={href}>{name}</RouteLink>
    {description !== null && description !== '' && (
      <Box fontSize="body-s" color="text-body-secondary">
        <bdi>{description}</bdi>
      </Box>
    )}
  </>
);
