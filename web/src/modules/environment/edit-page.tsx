// Changes what an environment is called and found by, and what bounds its roles.

import { Container, FormField, Header, Input, SpaceBetween, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useQuery } from 'urql';
import { useAct } from '../../ui/act.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageForm } from '../../ui/page-form.tsx';
import { Page } from '../../ui/page.tsx';
import { TokenInput } from '../../ui/token-input.tsx';
import { EnvironmentDocument, UpdateEnvironmentDocument, type EnvironmentDetailsFragment } from './operations.ts';
import { environmentStrings as strings } from './strings.ts';

export function EditEnvironmentPage() {
  const { environmentUri = '' } = useParams();
  const [{ data, error }, again] = useQuery({ query: EnvironmentDocument, variables: { environmentUri } });
  const environment = data?.getEnvironment;
  const name = environment?.label ?? '';
  return (
    <Page
      title={strings.editTitle(name)}
      above={[
        { text: strings.title, href: '/environments' },
        { text: name, href: `/environments/${environmentUri}` },
      ]}
    >
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {error === undefined && (environment ? <EditForm environment={environment} /> : <Loading />)}
    </Page>
  );
}

function EditForm({ environment }: { readonly environment: EnvironmentDetailsFragment }) {
  const navigate = useNavigate();
  const { act, isBusy, refusal, preview } = useAct(UpdateEnvironmentDocument);
  const [label, setLabel] = useState(environment.label ?? '');
  const [description, setDescription] = useState(environment.description ?? '');
  const [tags, setTags] = useState<readonly string[]>(environment.tags?.flatMap((tag) => tag ?? []) ?? []);
  const [boundary, setBoundary] = useState(environment.PermissionsBoundaryPolicyArn ?? '');
  const [wasTried, setTried] = useState(false);
  const environmentUri = environment.environmentUri ?? '';
  const href = `/environments/${environmentUri}`;
  const save = async (): Promise<void> => {
    setTried(true);
    if (label.trim() === '') return;
    const input = { label: label.trim(), description, tags: [...tags], PermissionsBoundaryPolicyArn: boundary.trim() };
    if ((await act({ environmentUri, input }, strings.saved)) !== undefined) void navigate(href);
  };
  return (
    <PageForm
      action={strings.save}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSubmit={() => void save()}
      cancelHref={href}
    >
      <Container header={<Header variant="h2">{strings.details}</Header>}>
        <SpaceBetween size="l">
          <FormField label={strings.name} errorText={wasTried && label.trim() === '' && strings.required}>
            <Input value={label} onChange={({ detail }) => setLabel(detail.value)} />
          </FormField>
          <FormField label={strings.about}>
            <Textarea value={description} onChange={({ detail }) => setDescription(detail.value)} />
          </FormField>
          <FormField label={strings.words} description={strings.tagsHint}>
            <TokenInput words={tags} onChange={setTags} />
          </FormField>
          <FormField label={strings.boundary} description={strings.boundaryHint}>
            <Input value={boundary} spellcheck={false} onChange={({ detail }) => setBoundary(detail.value)} />
          </FormField>
        </SpaceBetween>
      </Container>
    </PageForm>
  );
}
