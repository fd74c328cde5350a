// Stands where a page of a module would be that this installation does not have, and says how it comes to have it.

import { Alert, Box, SpaceBetween } from '@cloudscape-design/components';
import { CopiedBlock } from '../ui/copied.tsx';
import { Page } from '../ui/page.tsx';
import { RouteButton } from '../ui/route-link.tsx';
import { useFeatures } from './features.ts';
import { appStrings as strings } from './strings.ts';

interface ModuleOffPageProps {
  /** What people call it. */
  readonly title: string;
  /** As config.json names it. */
  readonly module: string;
}

export function ModuleOffPage({ title, module }: ModuleOffPageProps) {
  const isHere = useFeatures().modules[module]?.inThisVersion === true;
  return (
    <Page title={title}>
      <Alert type="info" header={isHere ? strings.moduleOff(title) : strings.moduleNotHere(title)}>
        <SpaceBetween size="s">
          <Box>{isHere ? strings.moduleOffText : strings.moduleNotHereText}</Box>
          <CopiedBlock text={switchOn(module)} label={strings.moduleLines} />
          <RouteButton href="/">{strings.goHome}</RouteButton>
        </SpaceBetween>
      </Alert>
    </Page>
  );
}

/** What config.json has to say. */
const switchOn = (module: string): string => JSON.stringify({ modules: { [module]: { active: true } } }, undefined, 2);
