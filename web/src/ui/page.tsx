// A page: where it is, what it is called, what can be done with it.

import { BreadcrumbGroup, ContentLayout, Header, SpaceBetween } from '@cloudscape-design/components';
import { useEffect, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { ShowYaml, Why, type AboutObject } from './about-object.tsx';

export interface Crumb {
  readonly text: string;
  readonly href: string;
}

interface PageProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
  /** Beside the title. */
  readonly info?: ReactNode;
  /** Pages above this one, the start page left out. */
  readonly above?: readonly Crumb[];
  /** The custom resource that it shows: why it is as it is, and how it would stand in Git. */
  readonly about?: AboutObject | undefined;
  readonly children: ReactNode;
}

const PRODUCT = 'data.all';

export function Page({ title, description, actions, info, above, about, children }: PageProps) {
  const navigate = useNavigate();
  useEffect(() => {
    document.title = `${title} · ${PRODUCT}`;
  }, [title]);
  return (
    <ContentLayout
      {...(above !== undefined && {
        breadcrumbs: (
          <BreadcrumbGroup
            items={[...above, { text: title, href: '#' }]}
            onFollow={(event) => {
              event.preventDefault();
              if (event.detail.href !== '#') void navigate(event.detail.href);
            }}
          />
        ),
      })}
      header={
        <Header
          variant="h1"
          description={description ? <bdi>{description}</bdi> : undefined}
          actions={
            about === undefined ? (
              actions
            ) : (
              <SpaceBetween direction="horizontal" size="xs">
                <ShowYaml about={about} />
                {actions}
              </SpaceBetween>
            )
          }
          info={
            about === undefined ? (
              info
            ) : (
              <SpaceBetween direction="horizontal" size="xs">
                {info}
                <Why about={about} />
              </SpaceBetween>
            )
          }
        >
          <bdi>{title}</bdi>
        </Header>
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  );
}
