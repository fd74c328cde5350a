// Changes what an organization is called and found by, and whose it is.

import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useQuery } from 'urql';
import { usePerson } from '../../../app/person.ts';
import { useAct } from '../../../ui/act.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageForm } from '../../../ui/page-form.tsx';
import { Page } from '../../../ui/page.tsx';
import { OrganizationDocument, UpdateOrganizationDocument, type OrganizationDetailsFragment } from '../operations.ts';
import { formStrings as strings, organizationStrings } from '../strings.ts';
import { inputOf, isComplete, OrganizationFields, type OrganizationDraft } from './fields.tsx';

export function EditOrganizationPage() {
  const { organizationUri = '' } = useParams();
  const [{ data, error }, again] = useQuery({ query: OrganizationDocument, variables: { organizationUri } });
  const organization = data?.getOrganization;
  const name = organization?.label ?? '';
  return (
    <Page
      title={strings.editTitle(name)}
      above={[
        { text: organizationStrings.title, href: '/organizations' },
        { text: name, href: `/organizations/${organizationUri}` },
      ]}
    >
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {error === undefined && (organization ? <EditForm organization={organization} /> : <Loading />)}
    </Page>
  );
}

function EditForm({ organization }: { readonly organization: OrganizationDetailsFragment }) {
  const { groups } = usePerson();
  const navigate = useNavigate();
  const { act, isBusy, refusal, preview } = useAct(UpdateOrganizationDocument);
  const [wasTried, setTried] = useState(false);
  const [draft, setDraft] = useState<OrganizationDraft>({
    label: organization.label ?? '',
    description: organization.description ?? '',
    tags: organization.tags?.flatMap((tag) => tag ?? []) ?? [],
    owner: organization.SamlGroupName ?? '',
  });
  const organizationUri = organization.organizationUri ?? '';
  const href = `/organizations/${organizationUri}`;
  const save = async (): Promise<void> => {
    setTried(true);
    if (!isComplete(draft)) return;
    if ((await act({ organizationUri, input: inputOf(draft) }, strings.saved)) !== undefined) void navigate(href);
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
      <OrganizationFields
        draft={draft}
        change={(values) => setDraft({ ...draft, ...values })}
        groups={groups}
        ownerHint={strings.ownerEditHint}
        wasTried={wasTried}
      />
    </PageForm>
  );
}
