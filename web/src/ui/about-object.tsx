// Two buttons about what a page or a row shows: why it is as it is, and how it would stand in Git.

import { Button, SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { later } from './later.tsx';
import type { ObjectKind } from './operations.ts';
import { uiStrings } from './strings.ts';

/** The custom resource behind it. */
export interface AboutObject {
  readonly kind: ObjectKind;
  /** As getKubernetesObject takes it. */
  readonly uri: string;
  /** Of a Team. */
  readonly groupUri?: string;
}

const WhyDialog = later(async () => (await import('./why-dialog.tsx')).WhyDialog);
const ManifestDialog = later(async () => (await import('./manifest-dialog.tsx')).ManifestDialog);

interface WhyProps {
  readonly about: AboutObject;
  /** One item of it, e.g. `Table orders`: that one is told first. */
  readonly item?: string;
}

export function Why({ about, item }: WhyProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="inline-link"
        onClick={() => setOpen(true)}
        {...(item !== undefined && { ariaLabel: uiStrings.whyItem(item) })}
      >
        {uiStrings.why}
      </Button>
      {isOpen && <WhyDialog about={about} {...(item !== undefined && { item })} onClose={() => setOpen(false)} />}
    </>
  );
}

interface ShowYamlProps {
  readonly about: AboutObject;
  readonly variant?: 'normal' | 'inline-link';
}

export function ShowYaml({ about, variant = 'normal' }: ShowYamlProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant={variant} onClick={() => setOpen(true)}>
        {uiStrings.showYaml}
      </Button>
      {isOpen && <ManifestDialog about={about} onClose={() => setOpen(false)} />}
    </>
  );
}

/** The column of a list that has both. @param aboutOf undefined: there is no object of its own behind the row */
export const aboutColumn = <Row,>(
  aboutOf: (row: Row) => AboutObject | undefined,
): TableProps.ColumnDefinition<Row> => ({
  id: 'about',
  header: uiStrings.about,
  minWidth: 130,
  cell: (row) => {
    const about = aboutOf(row);
    return (
      about && (
        <SpaceBetween direction="horizontal" size="xs">
          <Why about={about} />
          <ShowYaml about={about} variant="inline-link" />
        </SpaceBetween>
      )
    );
  },
});
