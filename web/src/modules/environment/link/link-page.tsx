// Links an AWS account: which one, what it is called, and what its administrator does to let data.all in.

import {
  Alert,
  Container,
  ExpandableSection,
  FormField,
  Header,
  Input,
  SpaceBetween,
  Textarea,
} from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useFeatures } from '../../../app/features.ts';
import { usePerson } from '../../../app/person.ts';
import { useAct } from '../../../ui/act.tsx';
import { PageForm } from '../../../ui/page-form.tsx';
import { Page } from '../../../ui/page.tsx';
import { TokenInput } from '../../../ui/token-input.tsx';
import { CreateEnvironmentDocument } from '../operations.ts';
import { environmentStrings, linkStrings as strings } from '../strings.ts';
import { linkInputOf, newLinkDraft, wrongLinkFields, type LinkDraft } from './draft.ts';
import { LetIn } from './let-in.tsx';
import { WhichAccount } from './which-account.tsx';

export interface LinkFieldsProps {
  readonly draft: LinkDraft;
  readonly change: (values: Partial<LinkDraft>) => void;
  /** Shown once somebody has tried to send it. */
  readonly wrong: ReturnType<typeof wrongLinkFields>;
}

export function LinkPage() {
  const { groups } = usePerson();
  const [search] = useSearchParams();
  const [draft, setDraft] = useState(() => newLinkDraft(groups[0] ?? '', search.get('organization') ?? ''));
  const [wasTried, setTried] = useState(false);
  const { act, isBusy, refusal, preview } = useAct(CreateEnvironmentDocument);
  const navigate = useNavigate();
  const wrong = wrongLinkFields(draft);
  const send = async (): Promise<void> => {
    setTried(true);
    if (wrong.size > 0) return;
    const input = linkInputOf(draft);
    const made = await act({ input }, strings.linked(input.label));
    if (made?.createEnvironment) void navigate(`/environments/${made.createEnvironment.environmentUri}`);
  };
  const fields = {
    draft,
    change: (values: Partial<LinkDraft>) => setDraft({ ...draft, ...values }),
    wrong: wasTried ? wrong : new Set<never>(),
  };
  const { custom_env_linking_text: further } = useFeatures().core.features ?? {};
  return (
    <Page
      title={strings.title}
      description={strings.description}
      above={[{ text: environmentStrings.title, href: '/environments' }]}
    >
      <PageForm
        action={strings.send}
        isBusy={isBusy}
        refusal={refusal}
        preview={preview}
        onSubmit={() => void send()}
        cancelHref="/environments"
      >
        {further !== undefined && <Alert type="info">{further}</Alert>}
        <WhichAccount {...fields} groups={groups} />
        <WhatItIsCalled {...fields} />
        <LetIn draft={draft} />
        <Further {...fields} />
      </PageForm>
    </Page>
  );
}

const WhatItIsCalled = ({ draft, change, wrong }: LinkFieldsProps) => (
  <Container header={<Header variant="h2">{strings.what}</Header>}>
    <SpaceBetween size="l">
      <FormField label={strings.name} errorText={wrong.has('label') && environmentStrings.required}>
        <Input value={draft.label} onChange={({ detail }) => change({ label: detail.value })} />
      </FormField>
      <FormField label={strings.about}>
        <Textarea value={draft.description} onChange={({ detail }) => change({ description: detail.value })} />
      </FormField>
      <FormField label={strings.tags} description={environmentStrings.tagsHint}>
        <TokenInput words={draft.tags} onChange={(tags) => change({ tags })} />
      </FormField>
    </SpaceBetween>
  </Container>
);

const FURTHER = [
  { field: 'prefix', label: strings.prefix, hint: strings.prefixHint },
  { field: 'roleArn', label: strings.roleArn, hint: strings.roleArnHint },
  { field: 'boundary', label: strings.boundary, hint: environmentStrings.boundaryHint },
] as const;

const Further = ({ draft, change }: LinkFieldsProps) => (
  <ExpandableSection variant="container" headerText={strings.further}>
    <SpaceBetween size="l">
      {FURTHER.map(({ field, label, hint }) => (
        <FormField key={field} label={label} description={hint}>
          <Input value={draft[field]} spellcheck={false} onChange={({ detail }) => change({ [field]: detail.value })} />
        </FormField>
      ))}
    </SpaceBetween>
  </ExpandableSection>
);
