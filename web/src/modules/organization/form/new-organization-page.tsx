// Creates an organization.

import { useState } from 'react';
import { useNavigate } from 'react-router';
import { usePerson } from '../../../app/person.ts';
import { useAct } from '../../../ui/act.tsx';
import { PageForm } from '../../../ui/page-form.tsx';
import { Page } from '../../../ui/page.tsx';
import { CreateOrganizationDocument } from '../operations.ts';
import { formStrings as strings, organizationStrings } from '../strings.ts';
import { inputOf, isComplete, OrganizationFields, type OrganizationDraft } from './fields.tsx';

export function NewOrganizationPage() {
  const { groups } = usePerson();
  const navigate = useNavigate();
  const { act, isBusy, refusal, preview } = useAct(CreateOrganizationDocument);
  const [wasTried, setTried] = useState(false);
  const [draft, setDraft] = useState<OrganizationDraft>({
    label: '',
    description: '',
    tags: [],
    owner: groups[0] ?? '',
  });
  const create = async (): Promise<void> => {
    setTried(true);
    if (!isComplete(draft)) return;
    const input = inputOf(draft);
    const made = await act({ input }, strings.created(input.label));
    if (made?.createOrganization) void navigate(`/organizations/${made.createOrganization.organizationUri}`);
  };
  return (
    <Page
      title={strings.newTitle}
      description={strings.newText}
      above={[{ text: organizationStrings.title, href: '/organizations' }]}
    >
      <PageForm
        action={organizationStrings.create}
        isBusy={isBusy}
        refusal={refusal}
        preview={preview}
        onSubmit={() => void create()}
        cancelHref="/organizations"
      >
        <OrganizationFields
          draft={draft}
          change={(values) => setDraft({ ...draft, ...values })}
          groups={groups}
          ownerHint={strings.ownerHint}
          wasTried={wasTried}
        />
      </PageForm>
    </Page>
  );
}
