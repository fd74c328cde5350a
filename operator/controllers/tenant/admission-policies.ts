// Keeps an eye on the admission policies and their settings: without them consent means nothing, so nothing is granted while one is
// missing or changed.
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import { admissionPolicies } from '../../resources/authority/policies.ts';
import { policiesMissing, type ObservedPolicy } from '../../resources/authority/in-force.ts';
import { POLICY_SETTINGS, policySettings, type Installation } from '../../resources/authority/installation.ts';
import type { Caches } from '../reconcile/specs.ts';

interface PolicyObject extends KubeObject {
  spec?: unknown;
  data?: unknown;
}

const kindOf = (kind: string, plural: string): Kind<PolicyObject> => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural,
  kind,
  scope: 'Cluster',
});

const settingsKind: Kind<PolicyObject> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  scope: 'Namespaced',
};

/** Policies and their bindings, of both sorts, and what they have for a parameter. */
export const policyKinds: readonly Kind<PolicyObject>[] = [
  settingsKind,
  kindOf('ValidatingAdmissionPolicy', 'validatingadmissionpolicies'),
  kindOf('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'),
  kindOf('MutatingAdmissionPolicy', 'mutatingadmissionpolicies'),
  kindOf('MutatingAdmissionPolicyBinding', 'mutatingadmissionpolicybindings'),
];

/** Call before the manager runs. The answer is what is wrong, one sentence each, judged anew only when a policy changed. */
export const watchPolicies = (caches: Caches, installation: Installation): (() => readonly string[]) => {
  const expected = [policySettings(installation), ...admissionPolicies(installation)];
  const settings = { namespace: installation.namespace, fieldSelector: `metadata.name=${POLICY_SETTINGS}` };
  const stores = policyKinds.map((kind) => caches.cache(kind, kind === settingsKind ? settings : {}));
  let judged = { at: '', missing: [] as readonly string[] };
  return () => {
    const at = stores.map(({ resourceVersion }) => resourceVersion).join(' ');
    if (at !== judged.at) {
      const observed = stores.flatMap((store): readonly ObservedPolicy[] => store.list());
      judged = { at, missing: policiesMissing(observed, expected) };
    }
    return judged.missing;
  };
};
