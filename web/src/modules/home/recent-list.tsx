// What the person has opened lately in this browser; nothing while there is none.

import { Container, Header, SpaceBetween } from '@cloudscape-design/components';
import { RouteLink } from '../../ui/route-link.tsx';
import { useRecent } from '../../ui/recent.ts';
import { homeStrings } from './strings.ts';

export function RecentList() {
  const pages = useRecent();
  if (pages.length === 0) return null;
  return (
    <Container
      header={
        <Header variant="h2" description={homeStrings.recentText}>
          {homeStrings.recent}
        </Header>
      }
    >
      <SpaceBetween size="xs">
        {pages.map(({ href, title }) => (
          <RouteLink key={href} href={href}>
            {title}
          </RouteLink>
        ))}
      </SpaceBetween>
    </Container>
  );
}
